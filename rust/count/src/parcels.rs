//! Single transferable vote by parcels: papers that came together, at one value, move together. ERS97 and ERS76,
//! Northern Ireland (SI 1985/454), the PRSA's rules of 1977, rule M12, the ACT, the Australian Senate.

use std::cmp::Ordering;

use crate::papers::Papers;
use crate::sheet::{Back, Board, Parameters, Refused, Sheet, Standing, Tie, Transfer, Units};

/// What one paper is worth, in units, as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Value {
    over: Units,
    under: Units,
}

impl Value {
    fn times(self, papers: u64) -> Units {
        Units::from(papers) * self.over / self.under
    }

    fn order(self, other: Self) -> Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

/// Papers that one candidate received at once, each (ranking, position of this candidate on it).
#[derive(Clone, Debug)]
struct Parcel {
    value: Value,
    papers: Vec<(u32, u32)>,
    number: u64,
    /// In which move it came; 0 for first preferences.
    moved: usize,
}

/// Where the rest of what moves goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// All of it to what does not transfer.
    NonTransferable,
    /// What was cut to what is lost by rounding, the rest to what does not transfer.
    Rounding,
    /// What was cut to what is lost by rounding, the rest of a surplus is set aside.
    SetAside,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Batches {
    Value,
    FirstThenValue,
    Received,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    Never,
    NotMore,
    Less,
}

struct Rules {
    vote_required: bool,
    quota_again: bool,
    elected_first: bool,
    deferral: Wait,
    all_held: bool,
    fraction: bool,
    rest: Rest,
    group: Wait,
    batches: Batches,
    last_of_all: bool,
    /// The last seat without the quota: 0 never, 1 who equals all others and surpluses, 2 who exceeds them.
    last_seat: usize,
    /// Last seats are filled only once nothing is left to transfer; the higher of two takes the last one.
    higher_of_two: bool,
}

impl Rules {
    fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let one_of = |question: &str, answers: &[&str]| parameters.one_of(question, answers);
        one_of("papers", &["in any order"])?;
        one_of("order_elected", &["most votes first"])?;
        one_of(
            "crowded",
            &["it cannot happen", "earliest batch that differs; those equal throughout are not elected then"],
        )?;
        let again =
            ["never", "when an exclusion leaves papers without a next preference before anybody is elected"];
        let elected = [
            "after any transfer, at the quota or above",
            "after any transfer, at the quota or at the vote required, or above",
        ];
        let deferral = [
            "never",
            "while all surpluses do not exceed what the lowest lack to the next above",
            "while all surpluses are less than what the lowest lack to the next above",
        ];
        let values = [
            "surplus / transferable papers, cut at the last place, at most the value received",
            "surplus / transferable papers as an exact fraction, at most the value received",
            "surplus / all papers held as an exact fraction",
        ];
        let rests = [
            "non-transferable",
            "cut fractions are lost by rounding, the rest does not transfer",
            "cut fractions are lost by rounding, the rest is set aside",
        ];
        let groups = [
            "the lowest",
            "as many of the lowest together as, with all surpluses, do not exceed the next above",
            "as many of the lowest together as, with all surpluses, have less than the next above",
        ];
        let batches = [
            "by value, highest first, batches of one stage",
            "by value, highest first, each a count of its own",
            "first preferences, then by value, highest first, batches of one stage",
            "parcel by parcel in the order received, batches of one stage",
        ];
        let ends = [
            "as many continue as seats are left, or would after the next exclusion: no further transfer",
            "the same, and for one last seat who equals all others and all surpluses: no further transfer",
            "the same, and for one last seat who exceeds all others and all surpluses: no further transfer",
            "as many continue as seats are left, once nothing is left to transfer",
            "the same, and for one last seat the higher of two, once nothing is left to transfer",
        ];
        let waits = [Wait::Never, Wait::NotMore, Wait::Less];
        let end = one_of("last_vacancies", &ends)?;
        let value = one_of("transfer_value", &values)?;
        Ok(Self {
            quota_again: one_of("quota_again", &again)? == 1,
            vote_required: one_of("elected_when", &elected)? == 1,
            elected_first: one_of(
                "surplus_next",
                &["largest first", "of those elected at the earliest count, largest first"],
            )? == 1,
            deferral: waits[one_of("deferral", &deferral)?],
            all_held: one_of("papers_examined", &["the last parcel received", "all papers held"])? == 1,
            fraction: value > 0,
            rest: [Rest::NonTransferable, Rest::Rounding, Rest::SetAside][one_of("left_over", &rests)?],
            group: waits[one_of("exclusion", &groups)?],
            // whether a batch is a count of its own matters to ties alone, and these look at every row
            batches: [Batches::Value, Batches::Value, Batches::FirstThenValue, Batches::Received]
                [one_of("batches", &batches)?],
            last_of_all: end >= 3,
            last_seat: if end < 3 { end } else { 0 },
            higher_of_two: end == 4,
        })
    }
}

struct Count<'a> {
    board: Board<'a>,
    rules: Rules,
    piles: Vec<Vec<Parcel>>,
    pending: Vec<(usize, usize)>,
    valid: Units,
    share: Units,
    moves: usize,
    quota_kind: usize,
}

/// Counts by the answers of the family "parcels".
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
    let rules = Rules::of(parameters)?;
    let ties = [
        "earliest batch that differs, else lot",
        "earliest stage that differs, else lot",
        "latest earlier count that differs, else lot",
        "exclusion: latest earlier count that differs; else: latest earlier count at which all differ; else lot",
    ];
    let tie = parameters.one_of("ties", &ties)?;
    let back = [Back::Earliest, Back::Earliest, Back::Latest, Back::LatestAll][tie];
    let mut board = Board::new(papers, places, seats, seed, back);
    board.stage_ends = tie == 1;
    let quotas = [
        "whole votes, one above valid / (seats + 1) without its fraction",
        "valid / (seats + 1), if need be up to the next last place",
        "the next last place above valid / (seats + 1)",
        "valid / (seats + 1) rounded to the last place, and one more there",
    ];
    let quota_kind = parameters.one_of("quota", &quotas)?;
    let mut count = Count {
        valid: Units::from(papers.uniques.total()) * board.unit,
        share: seats as Units + 1,
        piles: vec![Vec::new(); papers.candidates.len()],
        pending: Vec::new(),
        moves: 0,
        board,
        rules,
        quota_kind,
    };
    count.board.quota = count.quota(count.valid);
    let first = count.board.quota;
    count.first_preferences()?;
    while !count.finished()? {
        count.next_stage()?;
    }
    let last = if count.rules.quota_again { count.board.quota } else { first };
    Ok(count.board.sheet(places, Some(last)))
}

impl Count<'_> {
    fn quota(&self, votes: Units) -> Units {
        let (share, unit) = (self.share, self.board.unit);
        match self.quota_kind {
            0 => (votes / (share * unit) + 1) * unit,
            1 => (votes + share - 1) / share,
            2 => votes / share + 1,
            _ => (votes * 2 + share) / (share * 2) + 1,
        }
    }

    fn first_preferences(&mut self) -> Result<(), Refused> {
        let unit = self.board.unit;
        let value = Value { over: unit, under: 1 };
        let size = self.piles.len();
        let mut parcels: Vec<Parcel> =
            (0..size).map(|_| Parcel { value, papers: Vec::new(), number: 0, moved: 0 }).collect();
        for (at, (ranking, weight)) in self.board.papers.uniques.iter().enumerate() {
            let parcel = &mut parcels[usize::from(ranking[0])];
            parcel.papers.push((u32::try_from(at).unwrap_or(u32::MAX), 0));
            parcel.number += weight;
        }
        for (one, parcel) in parcels.into_iter().enumerate().filter(|(_, parcel)| parcel.number > 0) {
            let votes = value.times(parcel.number);
            let (papers, heir) = (parcel.number, Some(one));
            self.board.tallies[one] = votes;
            self.board.transfers.push(Transfer { giver: None, heir, papers, value: unit, under: 1, votes });
            self.piles[one].push(parcel);
        }
        self.board.close("first preferences".into(), 0);
        self.elect_by_votes()
    }

    fn surpluses(&self) -> Vec<(usize, usize)> {
        self.pending.iter().copied().filter(|&(one, _)| self.board.tallies[one] > self.board.quota).collect()
    }

    fn all_surpluses(&self) -> Units {
        self.surpluses().iter().map(|&(one, _)| self.board.tallies[one] - self.board.quota).sum()
    }

    /// Ends the count when the seats are filled, or by the rule for the last ones.
    fn finished(&mut self) -> Result<bool, Refused> {
        let continuing = self.board.continuing();
        if self.board.vacancies == 0 || continuing.is_empty() {
            return Ok(true);
        }
        if self.rules.last_of_all && self.all_surpluses() > 0 {
            return Ok(false);
        }
        if continuing.len() <= self.board.vacancies {
            return self.elect_rest(&continuing);
        }
        if self.rules.higher_of_two && self.board.vacancies == 1 && continuing.len() == 2 {
            // section 273(17): equal ones are not told apart by earlier counts
            let back = std::mem::replace(&mut self.board.back, Back::Never);
            let higher = self.board.pick(&continuing, "order")?;
            self.board.back = back;
            return self.elect_rest(&[higher]);
        }
        if self.rules.last_seat > 0 && self.board.vacancies == 1 {
            let all: Units = continuing.iter().map(|&one| self.board.tallies[one]).sum();
            let surpluses = self.all_surpluses();
            let enough = |&one: &usize| {
                let votes = self.board.tallies[one];
                let rest = all - votes + surpluses;
                votes > rest || (votes == rest && self.rules.last_seat == 1)
            };
            let safe: Vec<usize> = continuing.into_iter().filter(enough).collect();
            if safe.len() == 1 {
                return self.elect_rest(&safe);
            }
        }
        Ok(false)
    }

    fn elect_rest(&mut self, chosen: &[usize]) -> Result<bool, Refused> {
        let order = self.board.in_order(chosen)?;
        self.board.elect(&order);
        Ok(true)
    }

    fn vote_required(&self) -> Units {
        let kept: Units = (0..self.piles.len())
            .filter(|&one| self.board.standing[one] == Standing::Elected)
            .map(|one| self.board.tallies[one].min(self.board.quota))
            .sum();
        let active = self.valid - self.board.non_transferable - kept;
        let share = self.board.vacancies as Units + 1;
        (active + share - 1) / share
    }

    /// Elects whoever has the quota or the vote required, again and again while that changes what is required.
    fn elect_by_votes(&mut self) -> Result<(), Refused> {
        while self.board.vacancies > 0 {
            let quota = self.board.quota;
            let needed = if self.rules.vote_required { quota.min(self.vote_required()) } else { quota };
            let continuing = self.board.continuing();
            let mut reach: Vec<usize> =
                continuing.into_iter().filter(|&one| self.board.tallies[one] >= needed).collect();
            if reach.is_empty() {
                return Ok(());
            }
            if reach.len() > self.board.vacancies {
                reach = self.highest(&reach);
                if reach.is_empty() {
                    return Ok(());
                }
            }
            let order = self.board.in_order(&reach)?;
            self.board.elect(&order);
            let number = self.board.stages.len();
            self.pending.extend(order.into_iter().map(|one| (one, number)));
            if !self.rules.vote_required {
                return Ok(());
            }
        }
        Ok(())
    }

    /// As many of the highest as there are seats; those equal throughout at the edge are left out.
    fn highest(&mut self, reach: &[usize]) -> Vec<usize> {
        let history =
            |one: usize| -> Vec<Units> { self.board.stages.iter().map(|stage| stage.tallies[one]).collect() };
        let tallies = &self.board.tallies;
        let mut order = reach.to_vec();
        order.sort_by_key(|&one| std::cmp::Reverse(tallies[one]));
        let edge = tallies[order[self.board.vacancies]];
        let mut chosen: Vec<usize> = order.iter().copied().filter(|&one| tallies[one] > edge).collect();
        let mut left: Vec<usize> = order.into_iter().filter(|&one| tallies[one] == edge).collect();
        let mut ties = Vec::new();
        while chosen.len() < self.board.vacancies {
            let most = left.iter().map(|&one| history(one)).max();
            let best: Vec<usize> = left.iter().copied().filter(|&one| Some(history(one)) == most).collect();
            if best.len() > self.board.vacancies - chosen.len() {
                break;
            }
            for &one in &best {
                let (between, stage) = (left.clone(), self.board.number);
                ties.push(Tie { between, by: "earlier stage", chosen: one, purpose: "order", stage });
                chosen.push(one);
            }
            left.retain(|other| !best.contains(other));
        }
        self.board.ties.extend(ties);
        chosen
    }

    /// One surplus, unless all wait; else an exclusion.
    fn next_stage(&mut self) -> Result<(), Refused> {
        let waiting = self.surpluses();
        if !waiting.is_empty() && !self.deferred() {
            let among: Vec<usize> = if self.rules.elected_first {
                let earliest = waiting.iter().map(|one| one.1).min();
                waiting.iter().filter(|one| Some(one.1) == earliest).map(|one| one.0).collect()
            } else {
                waiting.iter().map(|one| one.0).collect()
            };
            let donor = self.board.pick(&among, "surplus")?;
            self.pending.retain(|one| one.0 != donor);
            return self.surplus(donor);
        }
        let group = self.going_out()?;
        let continuing = self.board.continuing();
        if !self.rules.last_of_all && continuing.len() - group.len() <= self.board.vacancies {
            let rest: Vec<usize> = continuing.into_iter().filter(|one| !group.contains(one)).collect();
            return self.elect_rest(&rest).map(|_| ());
        }
        self.exclude(&group)
    }

    /// Continuing candidates, those with the fewest votes first.
    fn lowest_first(&self) -> Vec<usize> {
        let mut order = self.board.continuing();
        order.sort_by_key(|&one| self.board.tallies[one]);
        order
    }

    /// Sizes of groups of lowest candidates that may all go out, with what they lack to the next above.
    fn groups(&self) -> Vec<(usize, Units)> {
        let order = self.lowest_first();
        let mut sum = 0;
        let mut found = Vec::new();
        for size in 1..order.len() {
            sum += self.board.tallies[order[size - 1]];
            if order.len() - size >= self.board.vacancies {
                found.push((size, self.board.tallies[order[size]] - sum));
            }
        }
        found
    }

    fn deferred(&self) -> bool {
        let all = self.all_surpluses();
        self.groups().iter().any(|&(_, lack)| match self.rules.deferral {
            Wait::Never => false,
            Wait::NotMore => all <= lack,
            Wait::Less => all < lack,
        })
    }

    fn going_out(&mut self) -> Result<Vec<usize>, Refused> {
        let all = self.all_surpluses();
        let fits = |&(_, lack): &(usize, Units)| match self.rules.group {
            Wait::Never => false,
            Wait::NotMore => all <= lack,
            Wait::Less => all < lack,
        };
        let order = self.lowest_first();
        let tallies = &self.board.tallies;
        // who is in a group must be clear: not where equal ones would be on both sides of its edge
        let clear = |size: usize| size == order.len() || tallies[order[size - 1]] < tallies[order[size]];
        let sizes = self.groups().into_iter().filter(fits).map(|(size, _)| size);
        if let Some(size) = sizes.filter(|&size| clear(size)).max() {
            return Ok(order[..size].to_vec());
        }
        self.board.pick(&order, "exclusion").map(|one| vec![one])
    }

    fn surplus(&mut self, donor: usize) -> Result<(), Refused> {
        let surplus = self.board.tallies[donor] - self.board.quota;
        let mut pile = std::mem::take(&mut self.piles[donor]);
        let parcels = if self.rules.all_held { pile } else { pile.split_off(pile.len().saturating_sub(1)) };
        let held: u64 = parcels.iter().map(|one| one.number).sum();
        let received = parcels.first().map_or(Value { over: 0, under: 1 }, |one| one.value);
        let papers: Vec<(u32, u32)> = parcels.into_iter().flat_map(|one| one.papers).collect();
        let (heirs, lost) = self.sorted(papers);
        let transferable: u64 = heirs.iter().map(|one| one.number).sum();
        let divisor = Units::from(if self.rules.all_held { held } else { transferable }.max(1));
        let mut value = if self.rules.fraction {
            Value { over: surplus, under: divisor }
        } else {
            Value { over: surplus / divisor, under: 1 }
        };
        let capped = !self.rules.all_held && (transferable == 0 || received.order(value) == Ordering::Less);
        if capped {
            value = received;
        }
        let credited = self.credit(donor, heirs, value);
        let left = surplus - credited;
        let before = self.board.non_transferable + self.board.set_aside;
        match self.rules.rest {
            Rest::NonTransferable => self.board.non_transferable += left,
            _ if self.rules.all_held => {
                let stays = value.times(lost);
                self.board.non_transferable += stays;
                self.board.rounding += left - stays;
            }
            rest if capped => {
                let stays = surplus - value.times(transferable);
                self.board.rounding += left - stays;
                if rest == Rest::SetAside {
                    self.board.set_aside += stays;
                } else {
                    self.board.non_transferable += stays;
                }
            }
            _ => self.board.rounding += left,
        }
        let gone = self.board.non_transferable + self.board.set_aside - before;
        // papers that nobody is next on stay with the donor, unless the others cannot carry the surplus
        if capped || self.rules.all_held {
            self.lose(donor, lost, value, gone);
        }
        self.board.tallies[donor] = self.board.quota;
        self.board.close(format!("surplus {}", self.board.name(donor)), 0);
        self.elect_by_votes()
    }

    /// Papers by the next continuing candidate on them, and how many have none.
    fn sorted(&self, papers: Vec<(u32, u32)>) -> (Vec<Parcel>, u64) {
        let uniques = &self.board.papers.uniques;
        let value = Value { over: 0, under: 1 };
        let mut heirs: Vec<Parcel> = (0..self.piles.len())
            .map(|_| Parcel { value, papers: Vec::new(), number: 0, moved: self.moves + 1 })
            .collect();
        let mut lost = 0;
        for (at, position) in papers {
            let (ranking, weight) = (uniques.ranking(at as usize), uniques.weight(at as usize));
            let next = position as usize + 1;
            let more = ranking[next..]
                .iter()
                .position(|&one| self.board.standing[usize::from(one)] == Standing::Continuing);
            if let Some(more) = more {
                let heir = &mut heirs[usize::from(ranking[next + more])];
                heir.papers.push((at, u32::try_from(next + more).unwrap_or(u32::MAX)));
                heir.number += weight;
            } else {
                lost += weight;
            }
        }
        (heirs, lost)
    }

    /// Gives the heirs their parcels; what they were credited in all.
    fn credit(&mut self, giver: usize, heirs: Vec<Parcel>, value: Value) -> Units {
        self.moves += 1;
        let mut credited = 0;
        for (heir, mut parcel) in heirs.into_iter().enumerate().filter(|(_, parcel)| parcel.number > 0) {
            let votes = value.times(parcel.number);
            self.board.tallies[heir] += votes;
            credited += votes;
            self.note(Some(giver), Some(heir), parcel.number, value, votes);
            parcel.value = value;
            self.piles[heir].push(parcel);
        }
        credited
    }

    fn note(&mut self, giver: Option<usize>, heir: Option<usize>, papers: u64, value: Value, votes: Units) {
        let Value { over, under } = value;
        self.board.transfers.push(Transfer { giver, heir, papers, value: over, under, votes });
    }

    fn lose(&mut self, giver: usize, lost: u64, value: Value, votes: Units) {
        if lost > 0 || votes > 0 {
            self.note(Some(giver), None, lost, value, votes);
        }
    }

    /// All papers of these, batch by batch at their value.
    fn exclude(&mut self, group: &[usize]) -> Result<(), Refused> {
        for &one in group {
            self.board.standing[one] = Standing::Excluded;
        }
        let mut parcels: Vec<(usize, Parcel)> = Vec::new();
        for &one in group {
            parcels.extend(std::mem::take(&mut self.piles[one]).into_iter().map(|parcel| (one, parcel)));
        }
        let batches = self.batches(parcels);
        let mut order = group.to_vec();
        order.sort_by_key(|&one| (self.board.tallies[one], self.board.name(one)));
        let names: Vec<&str> = order.iter().map(|&one| self.board.name(one)).collect();
        let act = format!("exclude {}", names.join(", "));
        let several = batches.len() > 1;
        let nobody_yet = self.board.elected.is_empty();
        let count = batches.len();
        for (at, batch) in batches.into_iter().enumerate() {
            let last = at + 1 == count;
            let before = self.board.non_transferable;
            self.move_batch(batch);
            if last {
                self.empty(group);
            }
            let fell = self.board.non_transferable > before;
            if self.rules.quota_again && nobody_yet && fell && self.board.elected.is_empty() {
                self.board.quota = self.quota(self.valid - self.board.non_transferable);
            }
            self.board.close(act.clone(), if several { at + 1 } else { 0 });
            if at == 0 {
                self.mark_excluded(group);
            }
            self.elect_by_votes()?;
            if self.board.vacancies == 0 {
                return Ok(());
            }
        }
        if count == 0 {
            self.board.close(act, 0);
            self.mark_excluded(group);
        }
        Ok(())
    }

    fn mark_excluded(&mut self, group: &[usize]) {
        if let Some(stage) = self.board.stages.last_mut() {
            stage.excluded = group.to_vec();
        }
    }

    /// What is left with those excluded once all their papers are gone was lost by rounding before.
    fn empty(&mut self, group: &[usize]) {
        for &one in group {
            let left = std::mem::take(&mut self.board.tallies[one]);
            if self.rules.rest == Rest::NonTransferable {
                self.board.non_transferable += left;
            } else {
                self.board.rounding += left;
            }
        }
    }

    /// The parcels in the batches in which they move.
    fn batches(&self, mut parcels: Vec<(usize, Parcel)>) -> Vec<Vec<(usize, Parcel)>> {
        let kind = self.rules.batches;
        let same = |left: &Parcel, right: &Parcel| match kind {
            Batches::Received => left.moved == right.moved,
            Batches::FirstThenValue => {
                (left.moved == 0) == (right.moved == 0) && left.value.order(right.value) == Ordering::Equal
            }
            _ => left.value.order(right.value) == Ordering::Equal,
        };
        parcels.sort_by(|(_, left), (_, right)| match kind {
            Batches::Received => left.moved.cmp(&right.moved),
            Batches::FirstThenValue => {
                (left.moved != 0).cmp(&(right.moved != 0)).then(right.value.order(left.value))
            }
            _ => right.value.order(left.value),
        });
        let mut batches: Vec<Vec<(usize, Parcel)>> = Vec::new();
        for one in parcels {
            match batches.last_mut() {
                Some(batch) if same(&batch[0].1, &one.1) => batch.push(one),
                _ => batches.push(vec![one]),
            }
        }
        batches
    }

    fn move_batch(&mut self, batch: Vec<(usize, Parcel)>) {
        let value = batch[0].1.value;
        let size = self.piles.len();
        let mut together: Vec<Option<Parcel>> = vec![None; size];
        let mut losers: Vec<(usize, u64)> = Vec::new();
        let mut given: Vec<(usize, usize, u64)> = Vec::new();
        for (giver, parcel) in batch {
            let taken = value.times(parcel.number);
            self.board.tallies[giver] -= taken;
            let (heirs, lost) = self.sorted(parcel.papers);
            if lost > 0 {
                losers.push((giver, lost));
            }
            for (heir, found) in heirs.into_iter().enumerate().filter(|(_, found)| found.number > 0) {
                given.push((giver, heir, found.number));
                match &mut together[heir] {
                    Some(parcel) => {
                        parcel.number += found.number;
                        parcel.papers.extend(found.papers);
                    }
                    none => *none = Some(Parcel { value, ..found }),
                }
            }
            self.board.rounding += taken;
        }
        self.moves += 1;
        // what was taken and is credited nowhere was cut
        for (heir, parcel) in together.into_iter().enumerate() {
            let Some(parcel) = parcel else { continue };
            let votes = value.times(parcel.number);
            self.board.tallies[heir] += votes;
            self.board.rounding -= votes;
            self.piles[heir].push(parcel);
        }
        for (giver, heir, papers) in given {
            self.note(Some(giver), Some(heir), papers, value, value.times(papers));
        }
        let lost: u64 = losers.iter().map(|one| one.1).sum();
        let votes = value.times(lost);
        self.board.non_transferable += votes;
        self.board.rounding -= votes;
        for (giver, lost) in losers {
            self.lose(giver, lost, value, value.times(lost));
        }
    }
}
