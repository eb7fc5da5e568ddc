//! Lots: the order of SHA-256("seed|stage|name") in UTF-8, the smallest first; never the order of candidates.

use sha2::{Digest, Sha256};

/// Places of these names in the order in which they are drawn at that stage.
#[must_use]
pub fn order(seed: &str, stage: usize, names: &[&str]) -> Vec<usize> {
    let mut drawn: Vec<(Vec<u8>, usize)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (Sha256::digest(format!("{seed}|{stage}|{name}").as_bytes()).to_vec(), at))
        .collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, at)| at).collect()
}
