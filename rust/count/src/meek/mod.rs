//! Meek's method and Warren's: everybody elected keeps a part of each paper, reckoned again until nobody keeps more
//! than the quota. Hill, Wichmann and Woodall 1987; Schedule 1A of the Local Electoral Regulations 2001 (New
//! Zealand); the PR Foundation's reference rule.
//!
//! What a paper does depends only on whom it names up to its first candidate who still hopes. Papers with the same
//! such path are put together once after each election or exclusion, so that an iteration costs little.

mod numbers;

use std::collections::{BTreeMap, HashMap};

use crate::board::{Back, Board, Standing, extreme};
use crate::number::Units;
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused, Sheet, Tie, Transfer};
use numbers::Numbers;

/// What the variants differ in.
struct Variant {
    warren: bool,
    round_up: bool,
    /// One unit above the cut share of the votes, or the share itself, rounded up.
    quota_above: bool,
    /// The iteration ends when all surpluses together are less than this.
    surplus_below: Units,
    /// Or when for every elected candidate the quota is within this share of the votes, in units of one.
    ratio_within: Option<Units>,
    /// Or when the lowest could not overtake the next even with all surpluses.
    early: bool,
    /// Or when nobody was elected and the surpluses are not less than before.
    standstill: bool,
    /// Whether those no further above the lowest than the total surplus are tied with it.
    within: bool,
    /// Whether hopefuls are tested in every iteration, or only where the keep values have settled.
    test_each: bool,
    /// Whether a new keep value is rounded after the product and again after the division.
    keep_twice: bool,
    /// Whether only those above the quota have new keep values.
    keep_above: bool,
}

/// Why somebody goes out next, as the sheet's words number it.
#[derive(Clone, Copy)]
enum Why {
    Nothing = 0,
    Still = 1,
    Gone = 2,
    Safe = 3,
    NoChange = 4,
    AtRest = 5,
}

struct Count<'a> {
    board: Board<'a>,
    variant: Variant,
    keep: Vec<Units>,
    paths: Vec<(Box<[u16]>, Units)>,
    share: Units,
    whole: Units,
    excluded: Vec<usize>,
    /// Whether the present distribution is written down.
    noted: bool,
    /// How often all votes were distributed, and why the keep values were last found good enough.
    distributions: Units,
    why: Why,
    /// New Zealand's numbers, one for each candidate; and everybody's votes at each iteration, for its ties.
    numbers: Option<Numbers>,
    history: Vec<Vec<Units>>,
}

/// Counts by the parameters named in `Variant::of`.
///
/// # Errors
/// See [`crate::count`].
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
) -> Result<Sheet, Refused> {
    let places = parameters.number("places")?;
    if places > 12 {
        return Err(Refused::unknown("places", parameters.text("places")?));
    }
    let ties = [
        "behind at the first difference, else the pseudo-random number",
        "lot",
        "one order drawn before the count",
    ];
    let back = [Back::FirstDifference, Back::Never, Back::Drawn][parameters.one_of("ties", &ties)?];
    let numbered = back == Back::FirstDifference;
    let board = Board::new(papers, places, seats, seed, back);
    let unit = board.unit;
    let size = papers.candidates.len();
    let mut count = Count {
        variant: Variant::of(parameters)?,
        keep: vec![unit; size],
        paths: Vec::new(),
        share: seats as Units + 1,
        whole: Units::from(papers.uniques.total()) * unit,
        board,
        excluded: Vec::new(),
        noted: false,
        distributions: 0,
        why: Why::Nothing,
        numbers: numbered.then(|| Numbers::drawn(size, seats, papers.uniques.total())),
        history: Vec::new(),
    };
    count.board.by_name = true;
    count.run()?;
    let quota = count.board.quota;
    Ok(count.board.sheet(places, Some(quota)))
}

impl Variant {
    fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let only = [
            ("order_elected", "most votes first, equal ones by name: the rules give no order"),
            (
                "last_vacancies",
                "all seats filled, or as many continue as seats are left: all elected, no vote moves",
            ),
        ];
        for (question, answer) in only {
            parameters.one_of(question, &[answer])?;
        }
        let quotas = [
            "at every iteration: (valid - not transferable) / (seats + 1)",
            "at every iteration: (valid - not transferable) / (seats + 1) cut to the last place, and one unit of it \
             more",
        ];
        let tests = [
            "at the end of each iteration, at the quota or above, unless they are more than the seats left",
            "in every iteration, at the quota or above",
        ];
        let exclusions = [
            "one lowest, whom every paper passes by from then on",
            "one of those no further above the lowest than the total surplus, all of them tied, whom every paper \
             passes by from then on",
        ];
        let gives = [
            "of what is left of it, the share that the keep value says",
            "the keep value as a price, as far as what is left of it goes",
        ];
        let ends = [
            "the total surplus is under 0.0001, or with all of it the lowest stays under the next",
            "the total surplus is under 0.000001, or not smaller than in the iteration before",
            "everybody elected has the quota to 1 part in 100,000, or the total surplus is under 0.000001",
        ];
        let keeps = [
            "keep value x quota / votes, rounded once",
            "keep value x quota, then / votes, each rounded",
            "keep value x quota / votes, rounded once, of those above the quota",
        ];
        let keep = parameters.one_of("new_keep", &keeps)?;
        let end = parameters.one_of("iteration_ends", &ends)?;
        let unit: Units = 10_i128.pow(parameters.number("places")?);
        Ok(Self {
            within: parameters.one_of("exclusion", &exclusions)? == 1,
            warren: parameters.one_of("paper_gives", &gives)? == 1,
            round_up: parameters.one_of("rounding", &["cut", "up"])? == 1,
            quota_above: parameters.one_of("quota", &quotas)? == 1,
            surplus_below: if end == 0 { unit / 10_000 } else { unit / 1_000_000 },
            ratio_within: (end == 2).then_some(unit / 100_000),
            early: end == 0,
            standstill: end == 1,
            keep_twice: keep == 1,
            keep_above: keep == 2,
            test_each: parameters.one_of("elected_when", &tests)? == 1,
        })
    }
}

impl Count<'_> {
    fn run(&mut self) -> Result<(), Refused> {
        if self.variant.test_each { self.testing_each() } else { self.testing_at_rest() }
    }

    /// Hopefuls against the quota in every iteration (New Zealand, PR Foundation).
    fn testing_each(&mut self) -> Result<(), Refused> {
        let mut act = String::from("first preferences");
        loop {
            // one round: iterate until somebody is to go out, or nobody is left to elect
            self.follow();
            let mut before: Option<Units> = None;
            loop {
                self.distribute();
                let elected = self.test(&mut act)?;
                if self.finished(&mut act)? {
                    return Ok(());
                }
                if elected {
                    self.follow();
                    before = None;
                    // the PR Foundation begins a new round, with the same keep values
                    if self.variant.standstill {
                        continue;
                    }
                }
                let surplus = self.surplus();
                let still = self.variant.standstill && before.is_some_and(|last| surplus >= last);
                before = Some(surplus);
                self.why = match () {
                    () if still => Why::Still,
                    () if self.early(surplus) => Why::Safe,
                    () if self.settled(surplus) => Why::Gone,
                    () if self.lower_keeps() || self.variant.standstill => continue,
                    () => Why::NoChange,
                };
                break;
            }
            self.exclude(&mut act)?;
            if self.board.continuing().len() <= self.board.vacancies {
                return self.last_exclusion(std::mem::take(&mut act));
            }
            // New Zealand reckons keep values anew for every distribution
            if self.variant.early {
                self.lower_keeps();
            }
        }
    }

    /// Hopefuls against the quota only once the keep values have settled. The program printed with Algorithm 123 goes
    /// on to new ones from each distribution, from the one that settled too.
    fn testing_at_rest(&mut self) -> Result<(), Refused> {
        let mut act = String::from("first preferences");
        loop {
            self.follow();
            self.distribute();
            if self.finished(&mut act)? {
                return Ok(());
            }
            while !self.settled(self.surplus()) && self.lower_keeps() {
                self.distribute();
            }
            self.why = Why::AtRest;
            if self.test(&mut act)? {
                if self.board.vacancies == 0 {
                    return Ok(());
                }
            } else {
                self.exclude(&mut act)?;
                if self.board.continuing().len() <= self.board.vacancies {
                    return self.last_exclusion(std::mem::take(&mut act));
                }
            }
            self.lower_keeps();
        }
    }

    /// Puts together the papers that do the same until somebody is elected or excluded.
    fn follow(&mut self) {
        let mut paths: HashMap<Box<[u16]>, Units> = HashMap::new();
        let mut path: Vec<u16> = Vec::new();
        for (ranking, weight) in self.board.papers.uniques.iter() {
            path.clear();
            for &one in ranking {
                match self.board.standing[usize::from(one)] {
                    Standing::Excluded => {}
                    Standing::Elected => path.push(one),
                    Standing::Continuing => {
                        path.push(one);
                        break;
                    }
                }
            }
            match paths.get_mut(&path[..]) {
                Some(many) => *many += Units::from(weight),
                None => {
                    paths.insert(path.clone().into(), Units::from(weight));
                }
            }
        }
        self.paths = paths.into_iter().collect();
    }

    /// Gives every paper to those on it, each taking the part that it keeps.
    fn distribute(&mut self) {
        let unit = self.board.unit;
        let mut votes = vec![0; self.keep.len()];
        let mut excess = 0;
        for (path, many) in &self.paths {
            let mut left = unit;
            for &one in path {
                let given = self.kept(left, usize::from(one));
                votes[usize::from(one)] += given * many;
                left -= given;
                if left == 0 {
                    break;
                }
            }
            excess += left * many;
        }
        self.noted = false;
        self.distributions += 1;
        self.board.tallies = votes;
        self.board.non_transferable = excess;
        if self.numbers.is_some() {
            self.history.push(self.board.tallies.clone());
        }
        let active = self.whole - excess;
        self.board.quota =
            if self.variant.quota_above { active / self.share + 1 } else { active / self.share };
    }

    /// What one holder leaves of a paper's vote.
    fn kept(&self, left: Units, one: usize) -> Units {
        let (keep, unit) = (self.keep[one], self.board.unit);
        if self.variant.warren {
            left.min(keep)
        } else if keep == unit {
            left
        } else {
            self.divided(left * keep, unit)
        }
    }

    /// Writes down which way all votes went at the distribution that was made last.
    fn flows(&mut self) {
        let mut flows: BTreeMap<(Option<usize>, Option<usize>, Units), Units> = BTreeMap::new();
        for (path, many) in &self.paths {
            let mut left = self.board.unit;
            let mut giver = None;
            for &one in path {
                let one = usize::from(one);
                *flows.entry((giver, Some(one), left)).or_default() += many;
                left -= self.kept(left, one);
                giver = Some(one);
                if left == 0 {
                    break;
                }
            }
            if left > 0 {
                *flows.entry((giver, None, left)).or_default() += many;
            }
        }
        let made = flows.into_iter().map(|((giver, heir, value), many)| {
            let papers = u64::try_from(many).unwrap_or(u64::MAX);
            Transfer { giver, heir, papers, value, under: 1, votes: value * many }
        });
        self.board.transfers = made.collect();
    }

    fn divided(&self, product: Units, divisor: Units) -> Units {
        if self.variant.round_up { (product + divisor - 1) / divisor } else { product / divisor }
    }

    /// Elects every hopeful with the quota; whether there was one.
    fn test(&mut self, act: &mut String) -> Result<bool, Refused> {
        let quota = self.board.quota;
        let mut chosen: Vec<usize> =
            self.board.continuing().into_iter().filter(|&one| self.board.tallies[one] >= quota).collect();
        // one more than there are seats can have the quota exactly: of equal ones, one has to go out first
        if chosen.len() > self.board.vacancies && !self.variant.test_each {
            return Ok(false);
        }
        if chosen.len() > self.board.vacancies {
            chosen.sort_by_key(|&one| -self.board.tallies[one]);
            let edge = self.board.tallies[chosen[self.board.vacancies]];
            chosen.retain(|&one| self.board.tallies[one] > edge);
        }
        if chosen.is_empty() {
            return Ok(false);
        }
        self.note(act);
        chosen = self.board.in_order(&chosen)?;
        self.board.elect(&chosen);
        Ok(true)
    }

    /// Writes the stage down.
    fn note(&mut self, act: &mut String) {
        if std::mem::replace(&mut self.noted, true) {
            return;
        }
        self.flows();
        let excluded = std::mem::take(&mut self.excluded);
        let made = if act.is_empty() { String::from("new keep values") } else { std::mem::take(act) };
        self.board.close(made, 0);
        self.figures(excluded);
    }

    /// What the words of the stage that was closed last are made of.
    fn figures(&mut self, excluded: Vec<usize>) {
        let mut figures = vec![
            (String::from("quota"), self.board.quota),
            (String::from("distributions"), self.distributions),
            (String::from("why"), self.why as Units),
        ];
        figures.extend(self.keep.iter().enumerate().map(|(one, &keep)| (format!("keep {one}"), keep)));
        if let Some(stage) = self.board.stages.last_mut() {
            stage.figures = figures;
            stage.excluded = excluded;
        }
    }

    /// Whether all seats are filled, everybody left being elected where no more are left than seats.
    fn finished(&mut self, act: &mut String) -> Result<bool, Refused> {
        let continuing = self.board.continuing();
        if self.board.vacancies > 0 && continuing.len() <= self.board.vacancies {
            if !continuing.is_empty() {
                self.note(act);
                let chosen = self.board.in_order(&continuing)?;
                self.board.elect(&chosen);
            }
            return Ok(true);
        }
        Ok(self.board.vacancies == 0)
    }

    /// An exclusion after which no more are left than seats: they are elected, and no vote moves.
    fn last_exclusion(&mut self, act: String) -> Result<(), Refused> {
        self.board.close(act, 0);
        let excluded = std::mem::take(&mut self.excluded);
        self.figures(excluded);
        let rest = self.board.continuing();
        let order = self.board.in_order(&rest)?;
        self.board.elect(&order);
        Ok(())
    }

    fn elected(&self) -> impl Iterator<Item = usize> {
        (0..self.keep.len()).filter(|&one| self.board.standing[one] == Standing::Elected)
    }

    fn surplus(&self) -> Units {
        let each = self.elected().map(|one| self.board.tallies[one] - self.board.quota);
        // the PR Foundation's sum is not less than 0, but what single ones lack counts
        if self.variant.standstill { each.sum::<Units>().max(0) } else { each.map(|one| one.max(0)).sum() }
    }

    fn settled(&self, surplus: Units) -> bool {
        if surplus < self.variant.surplus_below {
            return true;
        }
        self.variant.ratio_within.is_some_and(|within| {
            let votes = |one: usize| self.board.tallies[one];
            let lacks = |one: usize| (votes(one) - self.board.quota).abs();
            self.elected().all(|one| lacks(one) * self.board.unit <= within * votes(one))
        })
    }

    fn early(&self, surplus: Units) -> bool {
        let mut votes: Vec<Units> =
            self.board.continuing().into_iter().map(|one| self.board.tallies[one]).collect();
        votes.sort_unstable();
        self.variant.early && votes.len() > 1 && votes[0] + surplus < votes[1]
    }

    /// New keep values of those elected; whether one is other than before.
    fn lower_keeps(&mut self) -> bool {
        let elected: Vec<usize> = self.elected().collect();
        let mut changed = false;
        for one in elected {
            let (votes, quota, unit) = (self.board.tallies[one], self.board.quota, self.board.unit);
            if votes == 0 || (self.variant.keep_above && votes <= quota) {
                continue;
            }
            let product = self.keep[one] * quota;
            let new = if self.variant.keep_twice {
                self.divided(self.divided(product, unit) * unit, votes)
            } else {
                self.divided(product, votes)
            };
            changed |= new.min(unit) != self.keep[one];
            self.keep[one] = new.min(unit);
        }
        changed
    }

    fn exclude(&mut self, act: &mut String) -> Result<(), Refused> {
        let continuing = self.board.continuing();
        self.note(act);
        let lowest = match &self.numbers {
            Some(numbers) => {
                let now = (&self.history[..], self.history.len());
                let tied = extreme(&continuing, &self.board.tallies, true);
                let (lowest, by) = numbers.lowest(&tied, now);
                if let Some(by) = by {
                    let stage = self.board.number + 1;
                    self.board.ties.push(Tie {
                        between: tied,
                        by,
                        chosen: lowest,
                        purpose: "exclusion",
                        stage,
                    });
                }
                lowest
            }
            None if self.variant.within => {
                let fewest = continuing.iter().map(|&one| self.board.tallies[one]).min().unwrap_or(0);
                let most = fewest + self.surplus();
                let tied = continuing.into_iter().filter(|&one| self.board.tallies[one] <= most).collect();
                self.board.tell_apart(tied, "exclusion")?
            }
            None => self.board.pick(&continuing, "exclusion")?,
        };
        self.board.standing[lowest] = Standing::Excluded;
        self.keep[lowest] = 0;
        self.excluded = vec![lowest];
        *act = format!("exclude {}", self.board.name(lowest));
        Ok(())
    }
}
