//! What comes next: a surplus, unless all wait; else an exclusion.

use std::cmp::Ordering;

use super::rules::{Rest, Wait};
use super::{Count, Value};
use crate::number::Units;
use crate::sheet::Refused;

impl Count<'_> {
    /// One surplus, unless all wait; else an exclusion.
    pub(super) fn next_stage(&mut self) -> Result<(), Refused> {
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
    pub(super) fn lowest_first(&self) -> Vec<usize> {
        let mut order = self.board.continuing();
        order.sort_by_key(|&one| self.board.tallies[one]);
        order
    }

    /// Sizes of groups of lowest candidates that may all go out, with what they lack to the next above.
    pub(super) fn groups(&self) -> Vec<(usize, Units)> {
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

    pub(super) fn deferred(&self) -> bool {
        let all = self.all_surpluses();
        self.groups().iter().any(|&(_, lack)| match self.rules.deferral {
            Wait::Never => false,
            Wait::NotMore => all <= lack,
            Wait::Less => all < lack,
        })
    }

    pub(super) fn going_out(&mut self) -> Result<Vec<usize>, Refused> {
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

    pub(super) fn surplus(&mut self, donor: usize) -> Result<(), Refused> {
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
}
