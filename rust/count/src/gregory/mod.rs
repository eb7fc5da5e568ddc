//! Weighted inclusive Gregory transfers: papers in piles by candidate and value; a surplus takes all papers held, at
//! value received x surplus / votes. Scottish rules 45 to 52 (SSI 2007/42); WIGM of the PR Foundation; Minneapolis
//! (Code of Ordinances, section 167.70); the Wright system; the same with exact fractions.

mod again;
mod rules;
mod stages;
mod threshold;

use std::collections::BTreeMap;

use crate::board::{Back, Board, Standing};
use crate::number::{Exact, Number, Units};
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused, Transfer};
use rules::{Cut, Flow, Quota, Rules};

/// One candidate's papers: value of each -> (ranking, this candidate's position on it).
type Pile<N> = BTreeMap<N, Vec<(u32, u32)>>;

struct Count<'a, N> {
    board: Board<'a, N>,
    piles: Vec<Pile<N>>,
    /// Elected candidates whose surplus has not moved, in the order of election.
    pending: Vec<usize>,
    rules: Rules,
}

/// Counts by the answers of the family "stv"; the sheet as JSON.
///
/// # Errors
/// See [`crate::count`].
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
) -> Result<String, Refused> {
    let places = parameters.number("places")?;
    if Rules::of(parameters)?.exact {
        return sheet::<Exact>(papers, parameters, places, seats, seed);
    }
    sheet::<Units>(papers, parameters, places, seats, seed)
}

fn sheet<N: Number>(
    papers: &Papers,
    parameters: &Parameters,
    places: u32,
    seats: usize,
    seed: Option<&str>,
) -> Result<String, Refused> {
    let rules = Rules::of(parameters)?;
    let mut board: Board<'_, N> = Board::new(papers, places, seats, seed, Back::of(parameters)?);
    let order = ["most votes first", "most votes first, equal ones by name: the rules give no order"];
    board.by_name = parameters.one_of("order_elected", &order)? == 1;
    board.quota = quota(rules.quota, &board.unit, papers.uniques.total(), seats);
    let quota = board.quota.clone();
    let size = papers.candidates.len();
    let mut count = Count { board, piles: vec![Pile::new(); size], pending: Vec::new(), rules };
    match count.rules.flow {
        Flow::GoesOn => count.stage_by_stage()?,
        Flow::AtThreshold => count.by_the_threshold()?,
        Flow::BeginsAgain => count.again_and_again(seats)?,
    }
    Ok(count.board.sheet(places, Some(quota)).to_json())
}

/// The quota of so many valid papers.
fn quota<N: Number>(kind: Quota, unit: &N, valid: u64, seats: usize) -> N {
    let share = seats as Units + 1;
    let votes = Units::from(valid);
    match kind {
        Quota::Whole => N::of(votes / share + 1) * unit.clone(),
        Quota::LastPlace => N::of(votes) * unit.clone() / N::of(share) + N::of(1),
        Quota::Exact => N::of(votes) * unit.clone() / N::of(share),
    }
}

impl<N: Number> Count<'_, N> {
    /// Every paper with the first candidate on it who is in.
    fn sort_papers(&mut self) {
        let unit = self.board.unit.clone();
        let mut papers = vec![0; self.piles.len()];
        let mut lost = 0;
        for (at, (ranking, weight)) in self.board.papers.uniques.iter().enumerate() {
            let stands = |&one: &u16| self.board.standing[usize::from(one)] == Standing::Continuing;
            let Some(position) = ranking.iter().position(stands) else {
                lost += weight;
                continue;
            };
            let first = usize::from(ranking[position]);
            papers[first] += weight;
            let place = (u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(position).unwrap_or(u32::MAX));
            self.piles[first].entry(unit.clone()).or_default().push(place);
        }
        let votes = |papers: u64| N::of(Units::from(papers)) * unit.clone();
        for (one, &papers) in papers.iter().enumerate() {
            self.board.tallies[one] = votes(papers);
        }
        self.board.non_transferable = votes(lost);
        let heirs = papers.iter().enumerate().map(|(one, &papers)| (Some(one), papers));
        let made = heirs.chain([(None, lost)]).filter(|&(_, papers)| papers > 0);
        self.board.transfers = made
            .map(|(heir, papers)| Transfer {
                giver: None,
                heir,
                papers,
                value: unit.clone(),
                under: 1,
                votes: votes(papers),
            })
            .collect();
    }

    /// What a paper received at this value is worth when a surplus moves it.
    fn worth(&self, value: &N, surplus: &N, votes: &N) -> N {
        let (unit, value, surplus, votes) =
            (self.board.unit.clone(), value.clone(), surplus.clone(), votes.clone());
        match self.rules.cut {
            Cut::Once => value * surplus / votes,
            Cut::Product => (value * surplus / unit.clone()) * unit / votes,
            Cut::Fraction => (surplus * unit.clone() / votes) * value / unit,
        }
    }

    /// A surplus: every paper held goes on at its part, and the donor is left with the quota.
    fn move_surplus(&mut self, donor: usize) {
        let votes = self.board.tallies[donor].clone();
        let surplus = votes.clone() - self.board.quota.clone();
        self.move_papers(donor, Some((surplus, votes)));
        self.board.tallies[donor] = self.board.quota.clone();
    }

    /// Every paper to the next continuing candidate on it, at its value or at the given part of it. What is not
    /// credited does not transfer.
    fn move_papers(&mut self, donor: usize, ratio: Option<(N, N)>) {
        let uniques = &self.board.papers.uniques;
        let continuing: Vec<bool> =
            self.board.standing.iter().map(|&one| one == Standing::Continuing).collect();
        let mut leaving =
            ratio.as_ref().map_or_else(|| self.board.tallies[donor].clone(), |one| one.0.clone());
        let mut nobody: BTreeMap<N, u64> = BTreeMap::new();
        for (value, pile) in std::mem::take(&mut self.piles[donor]) {
            let worth = match &ratio {
                Some((surplus, votes)) => self.worth(&value, surplus, votes),
                None => value,
            };
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
            for (heir, sheaf) in sheaves.into_iter().enumerate().filter(|(_, sheaf)| !sheaf.is_empty()) {
                let votes = worth.clone() * N::of(Units::from(papers[heir]));
                self.board.tallies[heir] += votes.clone();
                leaving -= votes.clone();
                self.piles[heir].entry(worth.clone()).or_default().extend(sheaf);
                self.note(donor, Some(heir), papers[heir], worth.clone(), votes);
            }
            if lost > 0 {
                *nobody.entry(worth).or_default() += lost;
            }
        }
        for (value, papers) in nobody {
            let votes = value.clone() * N::of(Units::from(papers));
            if self.rules.apart {
                self.board.non_transferable += votes.clone();
                leaving -= votes.clone();
            }
            self.note(donor, None, papers, value, votes);
        }
        if self.rules.apart {
            self.board.rounding += leaving;
        } else {
            self.board.non_transferable += leaving;
        }
    }

    fn note(&mut self, giver: usize, heir: Option<usize>, papers: u64, value: N, votes: N) {
        self.board.transfers.push(Transfer { giver: Some(giver), heir, papers, value, under: 1, votes });
    }
}
