//! Putting equal papers together. A `Gathering` of one part of a file and one of another make one of both, in any
//! order and grouping: a commutative monoid, so that parts may be read on all cores.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::papers::{GAP, Marks, OVERVOTE, Uniques};

/// A ranking as a key of a table.
pub trait Key: Eq + Hash + Ord + Send + Sized {
    /// The most candidates whose rankings it holds.
    const CANDIDATES: usize;
    fn pack(ranking: &[u16]) -> Self;
    fn unpack(&self, into: &mut Vec<u16>);
}

/// Four bits a candidate, the first preference in the highest: ordered as the rankings are.
impl Key for u64 {
    const CANDIDATES: usize = 15;

    fn pack(ranking: &[u16]) -> Self {
        let mut key = 0;
        for &one in ranking {
            key = (key << 4) | (Self::from(one) + 1);
        }
        // an empty ranking has no bit to be shifted
        if ranking.is_empty() { 0 } else { key << (4 * (16 - ranking.len())) }
    }

    fn unpack(&self, into: &mut Vec<u16>) {
        into.clear();
        let mut left = *self;
        while left != 0 {
            into.push(((left >> 60) as u16) - 1);
            left <<= 4;
        }
    }
}

/// Above fifteen candidates: a number of its own for each.
impl Key for Box<[u16]> {
    const CANDIDATES: usize = OVERVOTE as usize;

    fn pack(ranking: &[u16]) -> Self {
        ranking.into()
    }

    fn unpack(&self, into: &mut Vec<u16>) {
        into.clear();
        into.extend_from_slice(self);
    }
}

/// Papers of a part of a file.
pub struct Gathering<K: Key> {
    plain: HashMap<K, u64>,
    odd: HashMap<Marks, u64>,
    pub blank: u64,
    pub total: u64,
}

impl<K: Key> Default for Gathering<K> {
    fn default() -> Self {
        Self { plain: HashMap::new(), odd: HashMap::new(), blank: 0, total: 0 }
    }
}

impl<K: Key> Gathering<K> {
    /// Adds so many papers with these marks, one candidate (or `GAP`, `OVERVOTE`) a rank.
    pub fn add(&mut self, ranks: &[u16], many: u64) {
        let end = ranks.iter().rposition(|&one| one != GAP).map_or(0, |last| last + 1);
        let ranks = &ranks[..end];
        self.total += many;
        if ranks.is_empty() {
            self.blank += many;
        } else if is_plain(ranks) {
            *self.plain.entry(K::pack(ranks)).or_default() += many;
        } else {
            let marks = ranks.iter().map(|&one| if one == GAP { Vec::new() } else { vec![one] }).collect();
            *self.odd.entry(marks).or_default() += many;
        }
    }

    /// Adds so many papers with several candidates at one rank.
    pub fn add_odd(&mut self, marks: Marks, many: u64) {
        self.total += many;
        *self.odd.entry(marks).or_default() += many;
    }

    /// Both together, the other one's candidates renumbered.
    #[must_use]
    pub fn merge(mut self, other: Self, renumber: impl Fn(u16) -> u16) -> Self {
        let mut ranking = Vec::new();
        self.plain.reserve(other.plain.len().saturating_sub(self.plain.len()));
        for (key, many) in other.plain {
            key.unpack(&mut ranking);
            for one in &mut ranking {
                *one = renumber(*one);
            }
            *self.plain.entry(K::pack(&ranking)).or_default() += many;
        }
        for (mut marks, many) in other.odd {
            for one in marks.iter_mut().flatten() {
                *one = if *one == OVERVOTE { OVERVOTE } else { renumber(*one) };
            }
            *self.odd.entry(marks).or_default() += many;
        }
        self.blank += other.blank;
        self.total += other.total;
        self
    }

    /// Everything in order: rankings, odd papers, blank ones.
    #[must_use]
    pub fn finish(self) -> (Uniques, Vec<(Marks, u64)>, u64) {
        let mut sorted: Vec<(K, u64)> = self.plain.into_iter().collect();
        sorted.sort_unstable();
        let mut uniques = Uniques::default();
        let mut ranking = Vec::new();
        for (key, many) in sorted {
            key.unpack(&mut ranking);
            uniques.push(&ranking, many);
        }
        let mut odd: Vec<(Marks, u64)> = self.odd.into_iter().collect();
        odd.sort_unstable();
        (uniques, odd, self.blank)
    }
}

fn is_plain(ranks: &[u16]) -> bool {
    let mut seen: u64 = 0;
    for &one in ranks {
        if one >= 64 {
            let all: HashSet<u16> = ranks.iter().copied().collect();
            return all.len() == ranks.len() && !all.contains(&GAP) && !all.contains(&OVERVOTE);
        }
        if seen >> one & 1 == 1 {
            return false;
        }
        seen |= 1 << one;
    }
    true
}
