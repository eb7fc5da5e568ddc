//! Who is elected: by the quota, by the vote required, or because no more are left than seats.

use super::{Count, Parcel, Value};
use crate::board::{Back, Standing};
use crate::number::Units;
use crate::sheet::{Refused, Tie, Transfer};

impl Count<'_> {
    pub(super) fn quota(&self, votes: Units) -> Units {
        let (share, unit) = (self.share, self.board.unit);
        match self.quota_kind {
            0 => (votes / (share * unit) + 1) * unit,
            1 => (votes + share - 1) / share,
            2 => votes / share + 1,
            _ => (votes * 2 + share) / (share * 2) + 1,
        }
    }

    pub(super) fn first_preferences(&mut self) -> Result<(), Refused> {
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

    pub(super) fn surpluses(&self) -> Vec<(usize, usize)> {
        self.pending.iter().copied().filter(|&(one, _)| self.board.tallies[one] > self.board.quota).collect()
    }

    pub(super) fn all_surpluses(&self) -> Units {
        self.surpluses().iter().map(|&(one, _)| self.board.tallies[one] - self.board.quota).sum()
    }

    /// Ends the count when the seats are filled, or by the rule for the last ones.
    pub(super) fn finished(&mut self) -> Result<bool, Refused> {
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

    pub(super) fn elect_rest(&mut self, chosen: &[usize]) -> Result<bool, Refused> {
        let order = self.board.in_order(chosen)?;
        self.board.elect(&order);
        Ok(true)
    }

    pub(super) fn vote_required(&self) -> Units {
        let kept: Units = (0..self.piles.len())
            .filter(|&one| self.board.standing[one] == Standing::Elected)
            .map(|one| self.board.tallies[one].min(self.board.quota))
            .sum();
        let active = self.valid - self.board.non_transferable - kept;
        let share = self.board.vacancies as Units + 1;
        (active + share - 1) / share
    }

    /// Elects whoever has the quota or the vote required, again and again while that changes what is required.
    pub(super) fn elect_by_votes(&mut self) -> Result<(), Refused> {
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
    pub(super) fn highest(&mut self, reach: &[usize]) -> Vec<usize> {
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
}
