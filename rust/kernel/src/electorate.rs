//! The salted commitments of a final roll, and the RFC 6962 root over them.
//!
//! A commitment is SHA-256(salt ‖ line). They are listed by value, so that the list says nothing of the order
//! in which members stand on the roll.

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::KernelError;

/// Bytes of a salt, and of a hash.
pub const WIDTH: usize = 32;

type Hash = [u8; WIDTH];

/// What becomes public, and where each line's commitment stands in it.
pub struct Sealed {
    /// In order of value, one after the other.
    pub commitments: Vec<u8>,
    /// The place of each line's commitment, from 0, in the order of the lines.
    pub places: Vec<u32>,
    pub root: Hash,
}

/// Commits to every line. `salts`: 32 bytes for each, one after the other.
pub fn seal(salts: &[u8], lines: &[&[u8]]) -> Result<Sealed, KernelError> {
    if salts.len() != WIDTH * lines.len() || u32::try_from(lines.len()).is_err() {
        return Err(KernelError::new("32 bytes of salt for each of at most 2^32 lines were expected"));
    }
    let mut made: Vec<(Hash, u32)> = (salts.par_chunks_exact(WIDTH), lines, 0..lines.len() as u32)
        .into_par_iter()
        .map(|(salt, line, number)| (hash(&[salt, line]), number))
        .collect();
    made.par_sort_unstable();
    let mut places = vec![0; lines.len()];
    for (place, (_, number)) in made.iter().enumerate() {
        places[*number as usize] = place as u32;
    }
    let level = made.par_iter().map(|(commitment, _)| hash(&[&[0], commitment])).collect();
    Ok(Sealed { commitments: made.iter().flat_map(|(one, _)| *one).collect(), places, root: root(level) })
}

/// The root over the hashes of leaves: pairs level by level, where a last one without a neighbour goes up as it is.
fn root(mut level: Vec<Hash>) -> Hash {
    while level.len() > 1 {
        level = level
            .par_chunks(2)
            .map(|pair| if let [left, right] = pair { hash(&[&[1], left, right]) } else { pair[0] })
            .collect();
    }
    level.pop().unwrap_or_else(|| hash(&[]))
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_salts_are_refused() {
        assert!(seal(&[0; 31], &[b"a"]).is_err());
        assert!(seal(&[0; 64], &[b"a"]).is_err());
    }

    #[test]
    fn nobody_has_the_root_of_an_empty_tree() {
        // RFC 6962, section 2.1: the hash of an empty list is the hash of an empty string
        let sealed = seal(&[], &[]).unwrap();
        assert_eq!(sealed.root[..4], [0xe3, 0xb0, 0xc4, 0x42]);
        assert!(sealed.commitments.is_empty());
    }

    #[test]
    fn places_lead_from_each_line_to_its_commitment() {
        let lines: Vec<Vec<u8>> = (0u8..100).map(|n| vec![n; n as usize]).collect();
        let salts: Vec<u8> = (0..100 * WIDTH).map(|n| (n % 251) as u8).collect();
        let held: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let sealed = seal(&salts, &held).unwrap();
        for (number, place) in sealed.places.iter().enumerate() {
            let start = *place as usize * WIDTH;
            let wanted = hash(&[&salts[number * WIDTH..(number + 1) * WIDTH], held[number]]);
            assert_eq!(sealed.commitments[start..start + WIDTH], wanted);
        }
        let listed: Vec<&[u8]> = sealed.commitments.chunks(WIDTH).collect();
        assert!(listed.is_sorted());
    }
}
