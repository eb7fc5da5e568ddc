//! Exclusions: all papers of those excluded, batch by batch.

use std::cmp::Ordering;

use super::rules::{Batches, Rest};
use super::{Count, Parcel};
use crate::board::Standing;
use crate::sheet::Refused;

impl Count<'_> {
    /// All papers of these, batch by batch at their value.
    pub(super) fn exclude(&mut self, group: &[usize]) -> Result<(), Refused> {
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

    pub(super) fn mark_excluded(&mut self, group: &[usize]) {
        if let Some(stage) = self.board.stages.last_mut() {
            stage.excluded = group.to_vec();
        }
    }

    /// What is left with those excluded once all their papers are gone was lost by rounding before.
    pub(super) fn empty(&mut self, group: &[usize]) {
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
    pub(super) fn batches(&self, mut parcels: Vec<(usize, Parcel)>) -> Vec<Vec<(usize, Parcel)>> {
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

    pub(super) fn move_batch(&mut self, batch: Vec<(usize, Parcel)>) {
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
