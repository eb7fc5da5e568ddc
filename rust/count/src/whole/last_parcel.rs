//! Ireland, elections to the Dáil: Electoral Act 1992, Part XIX. A surplus is whole papers out of the sub-parcel that
//! was received last, of each next preference in proportion, and those that were filed last.

use super::{Paper, exclusion, few, first_preferences, in_any_order, laid_out, next_on, note};
use crate::board::{Back, Board, Standing};
use crate::number::Units;
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused};

struct Count<'a> {
    board: Board<'a>,
    /// Each candidate's papers, in the sub-parcels in which they came.
    piles: Vec<Vec<Vec<Paper>>>,
    pending: Vec<usize>,
    /// Whether the papers lie in an order; if not, the count stops where it would decide.
    ordered: bool,
}

/// Counts by the answers of the family "parcels" where whole papers move; the sheet as JSON.
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
        ("quota_again", "never"),
        ("elected_when", "after any transfer, at the quota or above"),
        ("order_elected", "most votes first"),
        ("surplus_next", "largest first"),
        (
            "deferral",
            "while all surpluses are less than what the lowest lacks, and decide no quarter of the quota",
        ),
        ("papers_examined", "the last parcel received"),
        ("transfer_value", "one vote: as many whole papers move as the surplus has votes"),
        ("places", "0"),
        ("left_over", "non-transferable"),
        (
            "exclusion",
            "as many of the lowest together as have less than the next above, and decide no quarter of the quota",
        ),
        ("batches", "all at once"),
        ("ties", "earliest stage that differs, else lot"),
        ("crowded", "it cannot happen"),
        (
            "last_vacancies",
            "the same, and for one last seat who exceeds all others and all surpluses: no further transfer",
        ),
    ];
    for (question, answer) in only {
        parameters.one_of(question, &[answer])?;
    }
    few(papers)?;
    let mut board = Board::new(papers, 0, seats, seed, Back::Earliest);
    board.quota = Units::from(papers.uniques.total()) / (seats as Units + 1) + 1;
    let ordered = !order.is_empty() || seed.is_some();
    let order = if ordered { laid_out(papers, seed, order)? } else { in_any_order(papers) };
    let piles = first_preferences(&mut board, &order);
    let piles = piles.into_iter().map(|pile| vec![pile]).collect();
    let mut count = Count { board, piles, pending: Vec::new(), ordered };
    count.elect_by_quota()?;
    while !count.finished()? {
        count.next_stage()?;
    }
    let quota = count.board.quota;
    Ok(count.board.sheet(0, Some(quota)).to_json())
}

impl Count<'_> {
    /// Section 120(2).
    fn elect_by_quota(&mut self) -> Result<(), Refused> {
        let continuing = self.board.continuing();
        let with: Vec<usize> =
            continuing.into_iter().filter(|&one| self.board.tallies[one] >= self.board.quota).collect();
        let with = self.board.in_order(&with)?;
        self.board.elect(&with);
        self.pending.extend(with);
        Ok(())
    }

    fn surpluses(&self) -> Vec<usize> {
        self.pending.iter().copied().filter(|&one| self.board.tallies[one] > self.board.quota).collect()
    }

    fn not_transferred(&self) -> Units {
        self.surpluses().iter().map(|&one| self.board.tallies[one] - self.board.quota).sum()
    }

    /// Continuing candidates with their votes, those with the fewest first.
    fn lowest_first(&self) -> Vec<(Units, usize)> {
        let mut order: Vec<(Units, usize)> =
            self.board.continuing().into_iter().map(|one| (self.board.tallies[one], one)).collect();
        order.sort_by_key(|&(votes, one)| (votes, self.board.name(one)));
        order
    }

    /// Section 124(1), (1A) and (2): whether the last vacancies are filled, with or without a further transfer.
    fn finished(&mut self) -> Result<bool, Refused> {
        let order = self.lowest_first();
        let vacancies = self.board.vacancies;
        if vacancies == 0 || order.is_empty() {
            return Ok(true);
        }
        let waiting = self.not_transferred();
        let one_too_many = order.len() == vacancies + 1 && order[0].0 + waiting < order[1].0;
        let last = order[order.len() - 1];
        let rest: Units = order.iter().map(|one| one.0).sum::<Units>() - last.0 + waiting;
        let chosen: Vec<usize> = if order.len() <= vacancies {
            order.iter().map(|one| one.1).collect()
        } else if one_too_many {
            order[1..].iter().map(|one| one.1).collect()
        } else if vacancies == 1 && last.0 > rest {
            vec![last.1]
        } else {
            return Ok(false);
        };
        self.elect_rest(&chosen)?;
        Ok(true)
    }

    fn elect_rest(&mut self, chosen: &[usize]) -> Result<(), Refused> {
        let order = self.board.in_order(chosen)?;
        self.board.elect(&order);
        Ok(())
    }

    /// Sections 121 and 122: the largest surplus, unless it may wait; else an exclusion.
    fn next_stage(&mut self) -> Result<(), Refused> {
        let waiting = self.surpluses();
        if !waiting.is_empty() && !self.may_go_out(1) {
            let donor = self.board.pick(&waiting, "surplus")?;
            self.pending.retain(|&one| one != donor);
            self.surplus(donor)?;
            return self.elect_by_quota();
        }
        let out = self.going_out()?;
        let continuing = self.board.continuing();
        if continuing.len() - out.len() <= self.board.vacancies {
            let rest: Vec<usize> = continuing.into_iter().filter(|one| !out.contains(one)).collect();
            return self.elect_rest(&rest);
        }
        self.exclude(&out);
        self.elect_by_quota()
    }

    /// Whether so many of the lowest, with all that is not transferred, stay below the next above, and none of them
    /// could come above a quarter of the quota by the votes of those below and what is not transferred.
    fn may_go_out(&self, size: usize) -> bool {
        let order = self.lowest_first();
        let above_quarter = |votes: Units| votes * 4 > self.board.quota;
        let mut reach = self.not_transferred();
        for &(votes, _) in &order[..size] {
            reach += votes;
            if !above_quarter(votes) && above_quarter(reach) {
                return false;
            }
        }
        reach < order[size].0
    }

    fn going_out(&mut self) -> Result<Vec<usize>, Refused> {
        let order = self.lowest_first();
        let most = order.len() - self.board.vacancies;
        let size = (1..=most.min(order.len() - 1)).filter(|&size| self.may_go_out(size)).max();
        if let Some(size) = size {
            return Ok(order[..size].iter().map(|one| one.1).collect());
        }
        let among: Vec<usize> = order.iter().map(|one| one.1).collect();
        self.board.pick(&among, "exclusion").map(|one| vec![one])
    }

    fn surplus(&mut self, donor: usize) -> Result<(), Refused> {
        let surplus = self.board.tallies[donor] - self.board.quota;
        let mut heirs: Vec<Vec<Paper>> = vec![Vec::new(); self.piles.len()];
        for paper in self.piles[donor].pop().unwrap_or_default() {
            if let Some((heir, paper)) = next_on(&self.board, paper) {
                heirs[heir].push(paper);
            }
        }
        let transferable = heirs.iter().map(|one| one.len() as Units).sum();
        let shares = self.shares(&heirs, surplus, transferable)?;
        for (heir, mut parcel) in heirs.into_iter().enumerate() {
            let share = shares[heir];
            if !self.ordered && (1..parcel.len() as Units).contains(&share) && !self.alike(&parcel) {
                return Err(Refused::Order);
            }
            let moved = parcel.split_off(parcel.len() - usize::try_from(share).unwrap_or(0));
            self.receive(heir, moved);
            note(&mut self.board, Some(donor), Some(heir), u64::try_from(share).unwrap_or(0));
        }
        let ineffective = (surplus - transferable).max(0);
        self.board.non_transferable += ineffective;
        note(&mut self.board, Some(donor), None, u64::try_from(ineffective).unwrap_or(0));
        self.board.tallies[donor] = self.board.quota;
        self.board.close(format!("surplus {}", self.board.name(donor)), 0);
        Ok(())
    }

    /// Whether these papers say the same from their holder on, so that it is all one which of them move.
    fn alike(&self, parcel: &[Paper]) -> bool {
        let uniques = &self.board.papers.uniques;
        let rest = |&(at, position): &Paper| &uniques.ranking(at as usize)[position as usize..];
        parcel.windows(2).all(|two| rest(&two[0]) == rest(&two[1]))
    }

    /// How many papers each heir receives: all there are, or in proportion, the largest fractions made whole; of equal
    /// fractions that of the larger sub-parcel, then of who had more votes first.
    fn shares(
        &mut self,
        heirs: &[Vec<Paper>],
        surplus: Units,
        transferable: Units,
    ) -> Result<Vec<Units>, Refused> {
        let papers: Vec<Units> = heirs.iter().map(|one| one.len() as Units).collect();
        if transferable <= surplus {
            return Ok(papers);
        }
        let mut shares: Vec<Units> = papers.iter().map(|many| many * surplus / transferable).collect();
        let mut left: Vec<usize> = (0..papers.len()).filter(|&one| papers[one] > 0).collect();
        let mut places = surplus - shares.iter().sum::<Units>();
        while places > 0 {
            let rank = |&one: &usize| (papers[one] * surplus % transferable, papers[one]);
            let best = left.iter().map(rank).max();
            let tied: Vec<usize> = left.iter().copied().filter(|one| Some(rank(one)) == best).collect();
            let chosen = if tied.len() as Units <= places {
                tied
            } else {
                vec![self.board.tell_apart(tied, "fraction")?]
            };
            for one in chosen {
                shares[one] += 1;
                places -= 1;
                left.retain(|&other| other != one);
            }
        }
        Ok(shares)
    }

    /// Files papers with a candidate, as a sub-parcel of their own.
    fn receive(&mut self, heir: usize, papers: Vec<Paper>) {
        if !papers.is_empty() {
            self.board.tallies[heir] += papers.len() as Units;
            self.piles[heir].push(papers);
        }
    }

    /// All papers of those excluded at once, those of the lowest first, each candidate's in the order received.
    fn exclude(&mut self, out: &[usize]) {
        for &one in out {
            self.board.standing[one] = Standing::Excluded;
        }
        let mut heirs: Vec<Vec<Paper>> = vec![Vec::new(); self.piles.len()];
        for &giver in out {
            let mut given = vec![0_u64; self.piles.len()];
            let mut lost = 0_u64;
            for paper in std::mem::take(&mut self.piles[giver]).into_iter().flatten() {
                if let Some((heir, paper)) = next_on(&self.board, paper) {
                    heirs[heir].push(paper);
                    given[heir] += 1;
                } else {
                    lost += 1;
                }
            }
            for (heir, &papers) in given.iter().enumerate() {
                note(&mut self.board, Some(giver), Some(heir), papers);
            }
            note(&mut self.board, Some(giver), None, lost);
            self.board.tallies[giver] = 0;
            self.board.non_transferable += Units::from(lost);
        }
        for (heir, papers) in heirs.into_iter().enumerate() {
            self.receive(heir, papers);
        }
        let act = exclusion(&self.board, out);
        self.board.close(act, 0);
        if let Some(stage) = self.board.stages.last_mut() {
            stage.excluded = out.to_vec();
        }
    }
}
