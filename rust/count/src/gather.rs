//! Putting equal papers together. A `Gathering` of one part of a file and one of another make one of both, in any
//! order and grouping: a commutative monoid, so that parts may be read on all cores.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher};

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

/// Hashing of packed rankings: one multiplication of 64 by 64 bits, its halves folded, under a secret of this
/// process, so that nobody can write a file whose rankings all meet in one place.
#[derive(Clone, Copy)]
struct Folded(u64);

impl Default for Folded {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0_u8))
    }
}

impl BuildHasher for Folded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding(self.0)
    }
}

struct Folding(u64);

impl Hasher for Folding {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(word ^ self.0) * 0x9E37_79B9_7F4A_7C15_u128;
        self.0 = (product as u64) ^ ((product >> 64) as u64) ^ self.0.rotate_left(32);
    }
}

/// Papers of a part of a file.
pub struct Gathering<K: Key> {
    plain: HashMap<K, u64, Folded>,
    odd: HashMap<Marks, u64>,
    pub blank: u64,
    pub total: u64,
}

impl<K: Key> Default for Gathering<K> {
    fn default() -> Self {
        Self { plain: HashMap::default(), odd: HashMap::new(), blank: 0, total: 0 }
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
