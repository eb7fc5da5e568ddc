//! How papers move: sorted by the next continuing candidate, credited, written down.

use super::{Count, Parcel, Value};
use crate::board::Standing;
use crate::number::Units;
use crate::sheet::Transfer;

impl Count<'_> {
    /// Papers by the next continuing candidate on them, and how many have none.
    pub(super) fn sorted(&self, papers: Vec<(u32, u32)>) -> (Vec<Parcel>, u64) {
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
    pub(super) fn credit(&mut self, giver: usize, heirs: Vec<Parcel>, value: Value) -> Units {
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

    pub(super) fn note(
        &mut self,
        giver: Option<usize>,
        heir: Option<usize>,
        papers: u64,
        value: Value,
        votes: Units,
    ) {
        let Value { over, under } = value;
        self.board.transfers.push(Transfer { giver, heir, papers, value: over, under, votes });
    }

    pub(super) fn lose(&mut self, giver: usize, lost: u64, value: Value, votes: Units) {
        if lost > 0 || votes > 0 {
            self.note(Some(giver), None, lost, value, votes);
        }
    }
}
