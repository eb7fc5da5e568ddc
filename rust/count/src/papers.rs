//! Papers put together: each ranking once, with the number of papers that carry it.

/// A rank that is left out, where a candidate's number would stand.
pub const GAP: u16 = u16::MAX;
/// A rank that the file itself calls an overvote.
pub const OVERVOTE: u16 = u16::MAX - 1;
/// Candidates that a file may have.
pub const CANDIDATES_MAX: usize = 1000;
/// Seats that a file may speak of.
pub const SEATS_MAX: u64 = 1000;
/// Papers that are counted; more are refused, so that every figure below stays within 128 bits.
pub const PAPERS_MAX: u64 = 1_000_000_000;

/// Ranks of one paper as marked, each a list of candidates: none is a gap, several are equal.
pub type Marks = Vec<Vec<u16>>;

/// Rankings without gap, overvote or repetition, sorted, each once, with a weight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uniques {
    places: Vec<u16>,
    ends: Vec<u32>,
    weights: Vec<u64>,
}

impl Uniques {
    /// Rankings and weights in any order, some perhaps several times.
    #[must_use]
    pub fn gather(rankings: Vec<(Vec<u16>, u64)>) -> Self {
        let mut sorted = rankings;
        sorted.sort_unstable();
        let mut made = Self::default();
        for (ranking, weight) in &sorted {
            made.push(ranking, *weight);
        }
        made
    }

    /// Adds the next ranking in order; one equal to the last adds to its weight.
    pub(crate) fn push(&mut self, ranking: &[u16], weight: u64) {
        if !self.weights.is_empty() && self.ranking(self.len() - 1) == ranking {
            if let Some(last) = self.weights.last_mut() {
                *last += weight;
            }
            return;
        }
        self.places.extend_from_slice(ranking);
        // at most 256 MiB of text, so fewer than 2^32 places
        self.ends.push(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        self.weights.push(weight);
    }

    /// How many different rankings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there is no paper.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The ranking at this place, first preference first.
    #[must_use]
    pub fn ranking(&self, at: usize) -> &[u16] {
        let begin = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.places[begin..self.ends[at] as usize]
    }

    /// How many papers carry the ranking at this place.
    #[must_use]
    pub fn weight(&self, at: usize) -> u64 {
        self.weights[at]
    }

    /// All rankings with their weights, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&[u16], u64)> {
        (0..self.len()).map(|at| (self.ranking(at), self.weights[at]))
    }

    /// How many papers there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.weights.iter().sum()
    }
}

/// A contest's papers. `odd`: those with a gap, an overvote, equal ranks or a repetition, as marked, sorted: what
/// they mean is for the rule set to say, and they are counted only once that was said.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    pub candidates: Vec<String>,
    pub seats: u64,
    pub title: String,
    pub withdrawn: Vec<u16>,
    pub blank: u64,
    pub uniques: Uniques,
    pub odd: Vec<(Marks, u64)>,
}

impl Papers {
    /// These papers and those (what a rule set made of the odd ones) together, and no odd ones left.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let both = self.uniques.iter().chain(other.uniques.iter());
        let uniques = Uniques::gather(both.map(|(one, many)| (one.to_vec(), many)).collect());
        Self { uniques, odd: Vec::new(), blank: self.blank + other.blank, ..self.clone() }
    }
}
