//! Meek's method and Warren's: everybody elected keeps a part of each paper, reckoned again until nobody keeps more
//! than the quota. Hill, Wichmann and Woodall 1987; Schedule 1A of the Local Electoral Regulations 2001 (New
//! Zealand); the PR Foundation's reference rule.
//!
//! What a paper does depends only on whom it names up to its first candidate who still hopes. Papers with the same
//! such path are put together once after each election or exclusion, so that an iteration costs little.

use std::collections::HashMap;

use crate::papers::Papers;
use crate::sheet::{Back, Board, Parameters, Refused, Sheet, Standing, Units};

/// What the variants differ in.
struct Variant {
    warren: bool,
    round_up: bool,
    /// One unit above the cut share of the votes, or the share itself, rounded up.
    quota_above: bool,
    /// The iteration ends when all surpluses together are less than this.
    surplus_below: Option<Units>,
    /// Or when every elected candidate's votes are within this of the quota, in units of one.
    ratio_within: Option<Units>,
    /// Or when the lowest could not overtake the next even with all surpluses.
    early: bool,
    /// Or when nobody was elected and the surpluses are not less than before.
    standstill: bool,
    /// Whether hopefuls are tested in every iteration, or only after the first one and at its end.
    test_each: bool,
    /// Whether all within the surpluses of the lowest are tied with it.
    near_ties: bool,
}

struct Count<'a> {
    board: Board<'a>,
    variant: Variant,
    keep: Vec<Units>,
    paths: Vec<(Box<[u16]>, Units)>,
    share: Units,
    whole: Units,
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
    let board = Board::new(papers, places, seats, seed, Back::of(parameters)?);
    let unit = board.unit;
    let size = papers.candidates.len();
    let mut count = Count {
        variant: Variant::of(parameters)?,
        keep: vec![unit; size],
        paths: Vec::new(),
        share: seats as Units + 1,
        whole: Units::from(papers.uniques.total()) * unit,
        board,
    };
    count.run()?;
    let quota = count.board.quota;
    Ok(count.board.sheet(places, Some(quota)))
}

impl Variant {
    fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let optional = |name: &str| -> Result<Option<Units>, Refused> {
            let found = parameters.0.get(name).filter(|text| !text.is_empty());
            found.map(|text| text.parse().map_err(|_| Refused::unknown(name, text))).transpose()
        };
        let yes = |name: &str| parameters.0.get(name).is_some_and(|answer| answer == "yes");
        Ok(Self {
            warren: yes("warren"),
            round_up: yes("round_up"),
            quota_above: yes("quota_above"),
            surplus_below: optional("surplus_below")?,
            ratio_within: optional("ratio_within")?,
            early: yes("early"),
            standstill: yes("standstill"),
            test_each: yes("test_each"),
            near_ties: yes("near_ties"),
        })
    }
}

impl Count<'_> {
    fn run(&mut self) -> Result<(), Refused> {
        let mut act = String::from("first preferences");
        loop {
            // one round: iterate until somebody is to go out, or nobody is left to elect
            self.follow();
            let mut before: Option<Units> = None;
            let mut first = true;
            loop {
                self.distribute();
                let elected = if first || self.variant.test_each { self.test(&mut act)? } else { false };
                first = false;
                if self.finished(&mut act)? {
                    return Ok(());
                }
                if elected {
                    self.follow();
                    if !self.variant.test_each {
                        self.lower_keeps();
                        continue;
                    }
                }
                let surplus = self.surplus();
                let still = self.variant.standstill && !elected && before.is_some_and(|last| surplus >= last);
                if still || self.settled(surplus) || self.early(surplus) {
                    if !self.variant.test_each && self.test(&mut act)? {
                        if self.finished(&mut act)? {
                            return Ok(());
                        }
                        self.follow();
                        self.lower_keeps();
                        continue;
                    }
                    break;
                }
                before = Some(surplus);
                self.lower_keeps();
            }
            self.exclude(&mut act)?;
            if self.finished(&mut act)? {
                return Ok(());
            }
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
                let keep = self.keep[usize::from(one)];
                let given = if self.variant.warren {
                    left.min(keep)
                } else if keep == unit {
                    left
                } else {
                    self.divided(left * keep, unit)
                };
                votes[usize::from(one)] += given * many;
                left -= given;
                if left == 0 {
                    break;
                }
            }
            excess += left * many;
        }
        self.board.tallies = votes;
        self.board.non_transferable = excess;
        let active = self.whole - excess;
        self.board.quota = if self.variant.quota_above {
            active / self.share + 1
        } else {
            (active + self.share - 1) / self.share
        };
    }

    fn divided(&self, product: Units, divisor: Units) -> Units {
        if self.variant.round_up { (product + divisor - 1) / divisor } else { product / divisor }
    }

    /// Elects every hopeful with the quota; whether there was one.
    fn test(&mut self, act: &mut String) -> Result<bool, Refused> {
        let quota = self.board.quota;
        let mut chosen: Vec<usize> =
            self.board.continuing().into_iter().filter(|&one| self.board.tallies[one] >= quota).collect();
        if chosen.is_empty() {
            return Ok(false);
        }
        self.note(act);
        chosen = self.board.in_order(&chosen)?;
        chosen.truncate(self.board.vacancies);
        self.board.elect(&chosen);
        Ok(true)
    }

    /// Writes the stage down.
    fn note(&mut self, act: &mut String) {
        let made = if act.is_empty() { String::from("surpluses") } else { std::mem::take(act) };
        self.board.close(made, 0);
        let quota = self.board.quota;
        if let Some(stage) = self.board.stages.last_mut() {
            stage.figures.push(("quota".into(), quota));
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

    fn elected(&self) -> impl Iterator<Item = usize> {
        (0..self.keep.len()).filter(|&one| self.board.standing[one] == Standing::Elected)
    }

    fn surplus(&self) -> Units {
        self.elected().map(|one| (self.board.tallies[one] - self.board.quota).max(0)).sum()
    }

    fn settled(&self, surplus: Units) -> bool {
        if self.variant.surplus_below.is_some_and(|limit| surplus < limit) {
            return true;
        }
        self.variant.ratio_within.is_some_and(|within| {
            let (unit, quota) = (self.board.unit, self.board.quota);
            self.elected().all(|one| (self.board.tallies[one] - quota).abs() * unit <= within * quota)
        })
    }

    fn early(&self, surplus: Units) -> bool {
        let mut votes: Vec<Units> =
            self.board.continuing().into_iter().map(|one| self.board.tallies[one]).collect();
        votes.sort_unstable();
        self.variant.early && votes.len() > 1 && votes[0] + surplus < votes[1]
    }

    fn lower_keeps(&mut self) {
        let elected: Vec<usize> = self.elected().collect();
        for one in elected {
            let votes = self.board.tallies[one];
            if votes > 0 {
                let product = self.keep[one] * self.board.quota;
                self.keep[one] = self.divided(product, votes).min(self.board.unit);
            }
        }
    }

    fn exclude(&mut self, act: &mut String) -> Result<(), Refused> {
        let continuing = self.board.continuing();
        if !act.is_empty() || self.board.stages.is_empty() {
            self.note(act);
        }
        let lowest = if self.variant.near_ties {
            let least = continuing.iter().map(|&one| self.board.tallies[one]).min().unwrap_or(0);
            let surplus = self.surplus();
            let near: Vec<usize> =
                continuing.into_iter().filter(|&one| self.board.tallies[one] <= least + surplus).collect();
            if near.len() > 1 { self.board.lot(&near, self.board.number + 1)?[0] } else { near[0] }
        } else {
            self.board.pick(&continuing, "exclusion")?
        };
        self.board.standing[lowest] = Standing::Excluded;
        self.keep[lowest] = 0;
        *act = format!("exclude {}", self.board.name(lowest));
        Ok(())
    }
}
