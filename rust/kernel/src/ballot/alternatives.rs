//! Proofs that one of several ciphertexts holds a certain value: for blank marks and lists.

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::KernelError;
use crate::group::{Group, Scalar};
use crate::proofs::{Encryption, Nonces, Proof, challenge};

/// The claim that `encryption` holds `value`.
pub struct Branch<'a, G: Group> {
    pub encryption: &'a Encryption<G>,
    pub value: u64,
}

/// Random numbers that `prove_alternatives` takes for this many branches.
pub const fn alternatives_nonces(branches: usize) -> usize {
    2 * branches
}

/// Proof that at least one branch is true. `prefix` is everything before the commitments.
///
/// As in `prove_one_of` each branch does the same work, whether it is true or not; here several may be true,
/// and the first of them takes the challenge that is left over. With no true branch the proof is not valid.
pub fn prove_alternatives<G: Group>(
    key: &G::Fixed,
    branches: &[Branch<'_, G>],
    prefix: &str,
    nonces: &mut Nonces<G::Scalar>,
) -> Result<Vec<Proof<G::Scalar>>, KernelError> {
    let mut drawn = Vec::with_capacity(branches.len());
    let mut commitments = Vec::with_capacity(2 * branches.len());
    let mut sum = G::Scalar::ZERO;
    for branch in branches {
        let (t, challenge) = (Zeroizing::new(nonces.take()?), nonces.take()?);
        let away = G::Scalar::small(branch.encryption.value).minus(&G::Scalar::small(branch.value));
        let gap = Zeroizing::new(away.times(&challenge));
        commitments.push(G::generator_power(&t));
        commitments.push(G::multiply(&G::fixed_power(key, &t), &G::generator_power(&gap)));
        sum = sum.plus(&challenge);
        drawn.push((t, challenge));
    }
    let hash: G::Scalar = challenge(prefix, &G::write_all(&commitments));
    let missing = hash.minus(&sum);
    let mut open = Choice::from(1);
    let mut proofs = Vec::with_capacity(branches.len());
    for (branch, (t, drawn)) in branches.iter().zip(&drawn) {
        let chosen = open & branch.encryption.value.ct_eq(&branch.value);
        open &= !chosen;
        let challenge = G::Scalar::choose(drawn, &drawn.plus(&missing), chosen);
        let response = t.minus(&branch.encryption.randomness.times(&challenge));
        proofs.push(Proof { challenge, response });
    }
    Ok(proofs)
}
