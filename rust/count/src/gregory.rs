//! Weighted inclusive Gregory transfers (Scottish rules 45 to 52 of SSI 2007/42; WIGM of the PR Foundation): papers
//! in piles by candidate and value; a surplus takes all papers held, at value received x surplus / votes, cut.

use std::collections::BTreeMap;

use crate::papers::Papers;
use crate::sheet::{Back, Board, Parameters, Refused, Sheet, Standing, Transfer, Units};

/// One candidate's papers: value of each -> (ranking, this candidate's position on it).
type Pile = BTreeMap<Units, Vec<(u32, u32)>>;

struct Count<'a> {
    board: Board<'a>,
    piles: Vec<Pile>,
    pending: Vec<usize>,
    rules: Rules,
}

/// Where a value is cut on the way from the one received to the one passed on.
#[derive(Clone, Copy)]
enum Cut {
    /// received x surplus / votes, cut once.
    Once,
    /// received x surplus, cut, then / votes, cut.
    Product,
    /// surplus / votes, cut, then x received, cut.
    Fraction,
}

struct Rules {
    cut: Cut,
    /// What was cut off has a line of its own, apart from what does not transfer.
    apart: bool,
    /// One at the quota exactly has a stage for a surplus of nothing.
    of_nothing: bool,
    /// When an exclusion leaves as many as seats, the papers of the excluded stay where they are.
    stay_put: bool,
}

impl Rules {
    fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let only = [
            ("elected_when", "at the end of any stage, at the quota or above"),
            ("papers_examined", "all papers held"),
            ("rounding", "cut"),
            ("exclusion", "one lowest, all papers in one stage at the value received"),
            ("sure_losers", "they wait until they are lowest"),
            ("after_exclusion", "the count goes on"),
        ];
        for (question, answer) in only {
            if parameters.0.contains_key(question) {
                parameters.one_of(question, &[answer])?;
            }
        }
        let cuts = [
            "value received x surplus / votes",
            "value received x surplus, cut, then / votes, cut",
            "surplus / votes, cut, then x value received, cut",
        ];
        let lines = ["with the votes that are not transferable", "in a line of their own"];
        let next = ["largest, never deferred", "largest, never deferred; one of nothing has its stage too"];
        let ends = [
            "as many continue as seats are left, no further transfer",
            "as many continue as seats are left, even the papers of those just excluded stay put",
        ];
        Ok(Self {
            cut: [Cut::Once, Cut::Product, Cut::Fraction][parameters.one_of("transfer_value", &cuts)?],
            apart: parameters.0.contains_key("remainders") && parameters.one_of("remainders", &lines)? == 1,
            of_nothing: parameters.one_of("surplus_next", &next)? == 1,
            stay_put: parameters.one_of("last_vacancies", &ends)? == 1,
        })
    }
}

/// Counts by the answers of the family "stv".
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
    let mut board = Board::new(papers, places, seats, seed, Back::of(parameters)?);
    let order = ["most votes first", "most votes first, equal ones by name: the rules give no order"];
    board.by_name = parameters.one_of("order_elected", &order)? == 1;
    let valid = Units::from(papers.uniques.total());
    let share = seats as Units + 1;
    let quotas = [
        "whole votes, one above valid / (seats + 1) without its fraction",
        "valid / (seats + 1) cut to the last place, and one unit of that place more",
    ];
    board.quota = match parameters.one_of("quota", &quotas)? {
        0 => (valid / share + 1) * board.unit,
        _ => valid * board.unit / share + 1,
    };
    let size = papers.candidates.len();
    let mut count = Count { board, piles: vec![Pile::new(); size], pending: Vec::new(), rules };
    count.first_preferences()?;
    while count.board.vacancies > 0 && !count.board.continuing().is_empty() {
        count.next_stage()?;
    }
    let quota = count.board.quota;
    Ok(count.board.sheet(places, Some(quota)))
}

impl Count<'_> {
    fn first_preferences(&mut self) -> Result<(), Refused> {
        let unit = self.board.unit;
        let mut papers = vec![0; self.piles.len()];
        for (at, (ranking, weight)) in self.board.papers.uniques.iter().enumerate() {
            let first = usize::from(ranking[0]);
            self.board.tallies[first] += Units::from(weight) * unit;
            papers[first] += weight;
            self.piles[first].entry(unit).or_default().push((u32::try_from(at).unwrap_or(u32::MAX), 0));
        }
        self.board.transfers = (0..self.piles.len())
            .filter(|&one| papers[one] > 0)
            .map(|one| {
                let votes = self.board.tallies[one];
                Transfer { giver: None, heir: Some(one), papers: papers[one], value: unit, under: 1, votes }
            })
            .collect();
        self.close("first preferences".into())
    }

    /// One surplus if there is any, else one exclusion.
    fn next_stage(&mut self) -> Result<(), Refused> {
        let quota = self.board.quota;
        let waiting: Vec<usize> = self.pending.iter().copied().filter(|&one| self.waits(one)).collect();
        if waiting.is_empty() {
            let lowest = self.board.pick(&self.board.continuing(), "exclusion")?;
            self.board.standing[lowest] = Standing::Excluded;
            if !self.rules.stay_put || self.board.continuing().len() > self.board.vacancies {
                self.move_papers(lowest, None);
                self.board.tallies[lowest] = 0;
            }
            self.close(format!("exclude {}", self.board.name(lowest)))?;
            if let Some(stage) = self.board.stages.last_mut() {
                stage.excluded.push(lowest);
            }
            return Ok(());
        }
        let donor = self.board.pick(&waiting, "surplus")?;
        self.pending.retain(|&one| one != donor);
        let votes = self.board.tallies[donor];
        self.move_papers(donor, Some((votes - quota, votes)));
        self.board.tallies[donor] = quota;
        self.close(format!("surplus {}", self.board.name(donor)))
    }

    fn waits(&self, one: usize) -> bool {
        let surplus = self.board.tallies[one] - self.board.quota;
        surplus > 0 || (surplus == 0 && self.rules.of_nothing)
    }

    /// What a paper received at this value is worth when a surplus moves it.
    fn worth(&self, value: Units, surplus: Units, votes: Units) -> Units {
        let unit = self.board.unit;
        match self.rules.cut {
            Cut::Once => value * surplus / votes,
            Cut::Product => (value * surplus / unit) * unit / votes,
            Cut::Fraction => (surplus * unit / votes) * value / unit,
        }
    }

    /// Every paper to the next continuing candidate on it. What is not credited does not transfer.
    fn move_papers(&mut self, donor: usize, ratio: Option<(Units, Units)>) {
        let uniques = &self.board.papers.uniques;
        let continuing: Vec<bool> =
            self.board.standing.iter().map(|&one| one == Standing::Continuing).collect();
        let mut leaving = ratio.map_or(self.board.tallies[donor], |(surplus, _)| surplus);
        let mut nobody: BTreeMap<Units, u64> = BTreeMap::new();
        for (value, pile) in std::mem::take(&mut self.piles[donor]) {
            let worth = ratio.map_or(value, |(surplus, votes)| self.worth(value, surplus, votes));
            let mut papers = vec![0_u64; continuing.len()];
            let mut sheaves: Vec<Vec<(u32, u32)>> = vec![Vec::new(); continuing.len()];
            let mut lost = 0;
            for (at, position) in pile {
                let ranking = uniques.ranking(at as usize);
                let weight = uniques.weight(at as usize);
                let next = position as usize + 1;
                let heir = ranking[next..].iter().position(|&one| continuing[usize::from(one)]);
                if let Some(more) = heir {
                    let heir = usize::from(ranking[next + more]);
                    papers[heir] += weight;
                    sheaves[heir].push((at, u32::try_from(next + more).unwrap_or(u32::MAX)));
                } else {
                    lost += weight;
                }
            }
            for (heir, sheaf) in sheaves.into_iter().enumerate() {
                if sheaf.is_empty() {
                    continue;
                }
                let votes = worth * Units::from(papers[heir]);
                self.board.tallies[heir] += votes;
                leaving -= votes;
                self.piles[heir].entry(worth).or_default().extend(sheaf);
                let papers = papers[heir];
                let made =
                    Transfer { giver: Some(donor), heir: Some(heir), papers, value: worth, under: 1, votes };
                self.board.transfers.push(made);
            }
            if lost > 0 {
                *nobody.entry(worth).or_default() += lost;
            }
        }
        for (value, papers) in nobody {
            let votes = value * Units::from(papers);
            if self.rules.apart {
                self.board.non_transferable += votes;
                leaving -= votes;
            }
            self.board.transfers.push(Transfer {
                giver: Some(donor),
                heir: None,
                papers,
                value,
                under: 1,
                votes,
            });
        }
        if self.rules.apart {
            self.board.rounding += leaving;
        } else {
            self.board.non_transferable += leaving;
        }
    }

    /// Ends a stage: elects whoever has the quota, and everybody once no more continue than seats are left.
    fn close(&mut self, act: String) -> Result<(), Refused> {
        self.board.close(act, 0);
        let continuing = self.board.continuing();
        let chosen: Vec<usize> = if continuing.len() <= self.board.vacancies {
            continuing
        } else {
            continuing.into_iter().filter(|&one| self.board.tallies[one] >= self.board.quota).collect()
        };
        let chosen = self.board.in_order(&chosen)?;
        self.board.elect(&chosen);
        self.pending.extend(chosen);
        Ok(())
    }
}
