//! Cambridge, Massachusetts: General Laws, chapter 54A, section 9, with surpluses by the Cincinnati method, as the
//! city describes it: every nth paper that goes on to somebody, n the nearest whole number to votes / surplus.

use super::{Paper, exclusion, few, first_preferences, laid_out, next_on, note};
use crate::board::{Back, Board, Standing};
use crate::number::Units;
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused};

struct Count<'a> {
    board: Board<'a>,
    piles: Vec<Vec<Paper>>,
    /// Fewer papers than this after the surpluses, and a candidate is out.
    cutoff: Units,
}

/// Counts by the answers of the family "whole"; the sheet as JSON.
///
/// # Errors
/// See [`crate::count`].
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
    order: &[u32],
) -> Result<String, Refused> {
    let only = [
        ("quota", "whole votes, one above valid / (seats + 1) without its fraction"),
        ("elected_when", "on the paper that makes the quota, and takes no more"),
        ("surplus_next", "largest, never deferred"),
        ("papers_moved", "every nth that goes on to somebody, n the nearest whole number to votes / surplus"),
        ("exclusion", "one lowest"),
        ("ties", "latest earlier stage that differs, else lot"),
        (
            "last_vacancies",
            "all seats filled, or as many continue as seats are left: all elected, no further transfer",
        ),
    ];
    for (question, answer) in only {
        parameters.one_of(question, &[answer])?;
    }
    few(papers)?;
    let mut board = Board::new(papers, 0, seats, seed, Back::of(parameters)?);
    board.quota = Units::from(papers.uniques.total()) / (seats as Units + 1) + 1;
    board.by_name = true;
    let order = laid_out(papers, seed, order)?;
    let piles = first_preferences(&mut board, &order);
    let cutoff = Units::from(parameters.number("cutoff")?);
    let mut count = Count { board, piles, cutoff };
    count.run()?;
    let quota = count.board.quota;
    Ok(count.board.sheet(0, Some(quota)).to_json())
}

impl Count<'_> {
    fn run(&mut self) -> Result<(), Refused> {
        let with: Vec<usize> = self.board.continuing().into_iter().filter(|&one| self.reached(one)).collect();
        let with = self.board.in_order(&with)?;
        self.board.elect(&with);
        let quota = self.board.quota;
        let mut over: Vec<usize> = with.into_iter().filter(|&one| self.board.tallies[one] > quota).collect();
        while !self.finished()? && !over.is_empty() {
            let donor = self.board.pick(&over, "surplus")?;
            over.retain(|&one| one != donor);
            self.surplus(donor);
        }
        if self.finished()? {
            return Ok(());
        }
        let below = self.below_cutoff()?;
        if !below.is_empty() {
            self.defeat(&below);
        }
        while !self.finished()? {
            let lowest = self.board.pick(&self.board.continuing(), "exclusion")?;
            self.defeat(&[lowest]);
        }
        Ok(())
    }

    fn reached(&self, one: usize) -> bool {
        self.board.tallies[one] >= self.board.quota
    }

    /// Rule (l): all seats are filled, or no more continue than seats are left; these are elected.
    fn finished(&mut self) -> Result<bool, Refused> {
        let continuing = self.board.continuing();
        if self.board.vacancies > 0 && !continuing.is_empty() {
            if continuing.len() > self.board.vacancies {
                return Ok(false);
            }
            let order = self.board.in_order(&continuing)?;
            self.board.elect(&order);
        }
        Ok(true)
    }

    /// Every nth paper, from the nth on; then every nth from the one after; last those before the nth. A paper that
    /// is for nobody who continues stays, and so do all once the quota is left.
    fn surplus(&mut self, donor: usize) {
        let pile = std::mem::take(&mut self.piles[donor]);
        let votes = pile.len();
        let surplus = votes - usize::try_from(self.board.quota).unwrap_or(votes);
        let step = (2 * votes + surplus) / (2 * surplus);
        let rounds = (step - 1..2 * step - 1).flat_map(|begin| (begin..votes).step_by(step));
        let mut given = vec![0; self.piles.len()];
        let mut newly = Vec::new();
        let mut moved = 0;
        for at in rounds.chain(0..step - 1) {
            if moved == surplus {
                break;
            }
            if let Some(heir) = self.hand_on(pile[at], &mut newly) {
                given[heir] += 1;
                moved += 1;
            }
        }
        self.board.tallies[donor] -= moved as Units;
        self.close(donor, &given, 0);
        self.board.close(format!("surplus {}", self.board.name(donor)), 0);
        self.enter(&newly);
    }

    /// Gives a paper to the next continuing candidate, who on reaching the quota takes no more.
    fn hand_on(&mut self, paper: Paper, newly: &mut Vec<usize>) -> Option<usize> {
        let (heir, paper) = next_on(&self.board, paper)?;
        self.piles[heir].push(paper);
        self.board.tallies[heir] += 1;
        if self.reached(heir) {
            self.board.standing[heir] = Standing::Elected;
            newly.push(heir);
        }
        Some(heir)
    }

    fn close(&mut self, giver: usize, given: &[u64], lost: u64) {
        for (heir, &papers) in given.iter().enumerate() {
            note(&mut self.board, Some(giver), Some(heir), papers);
        }
        note(&mut self.board, Some(giver), None, lost);
    }

    fn enter(&mut self, newly: &[usize]) {
        self.board.elect(newly);
    }

    /// Rule (g): who has fewer papers than a nomination needs signatures; the lowest, one after the other, in which
    /// order their papers then move, and never so many that seats would stay empty.
    fn below_cutoff(&mut self) -> Result<Vec<usize>, Refused> {
        let continuing = self.board.continuing();
        let most = continuing.len() - self.board.vacancies;
        let mut below: Vec<usize> =
            continuing.into_iter().filter(|&one| self.board.tallies[one] < self.cutoff).collect();
        let mut out = Vec::new();
        while !below.is_empty() && out.len() < most {
            let next = self.board.pick(&below, "exclusion")?;
            below.retain(|&one| one != next);
            out.push(next);
        }
        Ok(out)
    }

    /// Rules (h) to (j): all papers of the defeated, each to the next continuing candidate on it.
    fn defeat(&mut self, out: &[usize]) {
        for &one in out {
            self.board.standing[one] = Standing::Excluded;
        }
        let mut newly = Vec::new();
        for &one in out {
            let mut given = vec![0; self.piles.len()];
            let mut lost = 0;
            for paper in std::mem::take(&mut self.piles[one]) {
                match self.hand_on(paper, &mut newly) {
                    Some(heir) => given[heir] += 1,
                    None => lost += 1,
                }
            }
            self.board.tallies[one] = 0;
            self.board.non_transferable += Units::from(lost);
            self.close(one, &given, lost);
        }
        let act = exclusion(&self.board, out);
        self.board.close(act, 0);
        if let Some(stage) = self.board.stages.last_mut() {
            stage.excluded = out.to_vec();
        }
        self.enter(&newly);
    }
}
