//! What every engine keeps on the way to a sheet: who stands where with how many votes, and what is written down.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::number::{Number, Units};
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused, Sheet, Stage, Tie, Transfer};
use crate::ties;

/// Where a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Continuing,
    Elected,
    Excluded,
}

/// Which earlier stage tells equal candidates apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// The latest at which they differ.
    Latest,
    /// The earliest at which they differ.
    Earliest,
    /// For an exclusion as `Latest`; else the latest at which all of them differ.
    LatestAll,
    /// The earliest at which they differ, then a number: reckoned where exclusions are made, not here.
    FirstDifference,
    /// None: the lot alone.
    Never,
    /// None: one order of all candidates is drawn before the count.
    Drawn,
}

impl Back {
    /// # Errors
    /// `Refused::Unknown` for another answer.
    pub fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let answers = [
            "latest earlier stage that differs, else lot",
            "earliest stage that differs, else lot",
            "lot",
            "one order drawn before the count",
        ];
        Ok([Self::Latest, Self::Earliest, Self::Never, Self::Drawn][parameters.one_of("ties", &answers)?])
    }
}

/// The board of a count under way: who stands where with how many votes, and what has been written down so far.
pub struct Board<'a, N = Units> {
    pub papers: &'a Papers,
    pub seed: Option<&'a str>,
    pub back: Back,
    pub unit: N,
    pub quota: N,
    pub vacancies: usize,
    pub standing: Vec<Standing>,
    pub tallies: Vec<N>,
    pub non_transferable: N,
    pub rounding: N,
    pub set_aside: N,
    pub transfers: Vec<Transfer<N>>,
    pub stages: Vec<Stage<N>>,
    pub ties: Vec<Tie>,
    pub elected: Vec<usize>,
    pub number: usize,
    /// Whether equal ones elected together are listed by name, because the rules give them no order.
    pub by_name: bool,
    /// Whether ties look at the ends of stages only, not at the batches within.
    pub stage_ends: bool,
}

impl<'a, N: Number> Board<'a, N> {
    #[must_use]
    pub fn new(papers: &'a Papers, places: u32, seats: usize, seed: Option<&'a str>, back: Back) -> Self {
        let size = papers.candidates.len();
        Self {
            papers,
            seed,
            back,
            unit: N::of(10_i128.pow(places)),
            quota: N::of(0),
            vacancies: seats,
            standing: vec![Standing::Continuing; size],
            tallies: vec![N::of(0); size],
            non_transferable: N::of(0),
            rounding: N::of(0),
            set_aside: N::of(0),
            transfers: Vec::new(),
            stages: Vec::new(),
            ties: Vec::new(),
            elected: Vec::new(),
            number: 0,
            by_name: false,
            stage_ends: false,
        }
    }

    /// Everybody who is neither elected nor excluded.
    #[must_use]
    pub fn continuing(&self) -> Vec<usize> {
        (0..self.standing.len()).filter(|&one| self.standing[one] == Standing::Continuing).collect()
    }

    #[must_use]
    pub fn name(&self, one: usize) -> &'a str {
        &self.papers.candidates[one]
    }

    /// Ends a stage: writes down where every vote is.
    pub fn close(&mut self, act: String, part: usize) {
        if part <= 1 {
            self.number += 1;
        }
        self.stages.push(Stage {
            number: self.number,
            part,
            act,
            tallies: self.tallies.clone(),
            non_transferable: self.non_transferable.clone(),
            rounding: self.rounding.clone(),
            set_aside: self.set_aside.clone(),
            transfers: std::mem::take(&mut self.transfers),
            elected: Vec::new(),
            excluded: Vec::new(),
            figures: Vec::new(),
        });
    }

    /// Elects these, in this order, at the stage that was closed last.
    pub fn elect(&mut self, chosen: &[usize]) {
        for &one in chosen {
            self.standing[one] = Standing::Elected;
            self.elected.push(one);
            self.vacancies -= 1;
            if let Some(stage) = self.stages.last_mut() {
                stage.elected.push(one);
            }
        }
    }

    /// Most votes first; equal votes by the rule for ties, one after the other.
    ///
    /// # Errors
    /// `Refused::Tie` for a lot without a seed.
    pub fn in_order(&mut self, chosen: &[usize]) -> Result<Vec<usize>, Refused> {
        if self.by_name {
            let mut order = chosen.to_vec();
            order.sort_by_key(|&one| (Reverse(&self.tallies[one]), self.name(one)));
            return Ok(order);
        }
        let mut left = chosen.to_vec();
        let mut order = Vec::new();
        while !left.is_empty() {
            let best = self.pick(&left, "order")?;
            left.retain(|&one| one != best);
            order.push(best);
        }
        Ok(order)
    }

    /// The one with the fewest votes (purpose "exclusion") or the most; equal ones by earlier stages, then by lot.
    ///
    /// # Errors
    /// `Refused::Tie` for a lot without a seed.
    pub fn pick(&mut self, among: &[usize], purpose: &'static str) -> Result<usize, Refused> {
        let tied = extreme(among, &self.tallies, purpose == "exclusion");
        self.tell_apart(tied, purpose)
    }

    /// One of these equal ones: by earlier stages, then by lot.
    ///
    /// # Errors
    /// `Refused::Tie` for a lot without a seed.
    pub fn tell_apart(&mut self, tied: Vec<usize>, purpose: &'static str) -> Result<usize, Refused> {
        if tied.len() == 1 {
            return Ok(tied[0]);
        }
        let fewest = purpose == "exclusion";
        let mut left = tied.clone();
        let earlier: Vec<usize> = match self.back {
            Back::Never | Back::Drawn => Vec::new(),
            Back::Latest | Back::LatestAll => (0..self.stages.len()).rev().collect(),
            Back::Earliest | Back::FirstDifference => (0..self.stages.len()).collect(),
        };
        for at in earlier {
            if left.len() == 1 {
                break;
            }
            let number = self.stages[at].number;
            if self.stage_ends && self.stages.get(at + 1).is_some_and(|next| next.number == number) {
                continue;
            }
            let then = &self.stages[at].tallies;
            let all_differ =
                || left.iter().map(|&one| &then[one]).collect::<BTreeSet<_>>().len() == left.len();
            if fewest || self.back != Back::LatestAll || all_differ() {
                left = extreme(&left, then, fewest);
            }
        }
        // what is put in order was elected at the stage that was closed last; all else is for the next one
        let stage = if purpose == "order" { self.number } else { self.number + 1 };
        let by_lot = left.len() > 1;
        let by_number = self.back == Back::FirstDifference;
        if by_lot && by_number {
            // the schedule has numbers for exclusions alone
            return Err(Refused::unknown("ties", "the pseudo-random number"));
        }
        let chosen = if by_lot { self.lot(&left, stage)?[0] } else { left[0] };
        let by = match (by_lot, by_number) {
            (true, _) => "lot",
            (false, false) => "earlier stage",
            (false, true) => "the first difference",
        };
        self.ties.push(Tie { between: tied, by, chosen, purpose, stage });
        Ok(chosen)
    }

    /// These in the order of a lot.
    ///
    /// # Errors
    /// `Refused::Tie` without a seed.
    pub fn lot(&self, among: &[usize], stage: usize) -> Result<Vec<usize>, Refused> {
        let names: Vec<&str> = among.iter().map(|&one| self.name(one)).collect();
        let Some(seed) = self.seed else {
            let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            names.sort();
            return Err(Refused::Tie { names, stage });
        };
        let stage = if self.back == Back::Drawn { 0 } else { stage };
        Ok(ties::order(seed, stage, &names).into_iter().map(|at| among[at]).collect())
    }

    /// The sheet, once the count has ended.
    #[must_use]
    pub fn sheet(self, places: u32, quota: Option<N>) -> Sheet<N> {
        Sheet { places, quota, stages: self.stages, ties: self.ties, elected: self.elected }
    }
}

/// Those with the fewest or the most.
pub(crate) fn extreme<N: Number>(among: &[usize], tallies: &[N], fewest: bool) -> Vec<usize> {
    let votes = among.iter().map(|&one| &tallies[one]);
    let best = if fewest { votes.min() } else { votes.max() };
    among.iter().copied().filter(|&one| Some(&tallies[one]) == best).collect()
}
