//! A member's secret seed, and what follows from it.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::KernelError;
use crate::credential;
use crate::group::{Group, Scalar};
use crate::text::sha256;

/// Base58 characters of a seed.
const LENGTH: usize = 22;

/// A member's own keys: for signing, and for opening letters.
pub struct Own<G: Group> {
    pub signing: Zeroizing<G::Scalar>,
    pub opening: Zeroizing<G::Scalar>,
    pub verification: String,
    pub encryption: String,
}

/// A fresh seed file.
pub fn fresh(rng: &mut dyn CryptoRng) -> Zeroizing<String> {
    let dashed = credential::fresh(rng);
    let mut seed = Zeroizing::new(String::with_capacity(LENGTH + 1));
    seed.extend(dashed.chars().filter(|c| *c != '-'));
    seed.push('\n');
    seed
}

impl<G: Group> Own<G> {
    /// Out of a seed file: 22 characters, and the end of the line where there is one.
    pub fn read(file: &[u8]) -> Result<Self, KernelError> {
        let seed = file.strip_suffix(b"\n").unwrap_or(file);
        let sound = seed.len() == LENGTH && seed.iter().all(|b| credential::ALPHABET.contains(b));
        if !sound {
            return Err(KernelError::new("private seed: expected 22 letters and digits"));
        }
        let derive = |prefix: &[u8]| {
            let text = Zeroizing::new([prefix, seed].concat());
            Zeroizing::new(G::Scalar::from_digest(&Zeroizing::new(sha256(&text))))
        };
        let (signing, opening) = (derive(b"sk|"), derive(b"dk|"));
        let public = |secret: &G::Scalar| G::write(&G::generator_power(secret));
        let (verification, encryption) = (public(&signing), public(&opening));
        Ok(Own { signing, opening, verification, encryption })
    }
}
