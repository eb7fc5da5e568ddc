//! The proof that a ciphertext does not hold 0: in a list question at least one candidate is chosen.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::KernelError;
use crate::ciphertext::Ciphertext;
use crate::group::{Group, Scalar};
use crate::proofs::{Encryption, Nonces, challenge};
use crate::text::{Cursor, Departure, write_string};

/// The proof as it stands on the wire.
pub struct NonzeroText<'a> {
    pub commitment: Cow<'a, str>,
    pub challenge: Cow<'a, str>,
    pub response: [Cow<'a, str>; 2],
}

/// Its numbers.
#[derive(Debug, Clone, Copy)]
pub struct NonzeroNumbers<S> {
    pub challenge: S,
    pub response: [S; 2],
}

impl<'a> NonzeroText<'a> {
    pub fn walk(cursor: &mut Cursor<'a>) -> Result<Self, Departure> {
        cursor.literal("{\"commitment\":")?;
        let commitment = cursor.string()?;
        cursor.literal(",\"challenge\":")?;
        let challenge = cursor.string()?;
        cursor.literal(",\"response\":[")?;
        let first = cursor.string()?;
        cursor.literal(",")?;
        let second = cursor.string()?;
        cursor.literal("]}")?;
        Ok(NonzeroText { commitment, challenge, response: [first, second] })
    }

    pub fn read<S: Scalar>(&self) -> Option<NonzeroNumbers<S>> {
        let [first, second] = &self.response;
        let response = [S::read(first)?, S::read(second)?];
        Some(NonzeroNumbers { challenge: S::read(&self.challenge)?, response })
    }

    pub fn write(&self, out: &mut String) {
        out.push_str("{\"commitment\":");
        write_string(out, &self.commitment);
        out.push_str(",\"challenge\":");
        write_string(out, &self.challenge);
        out.push_str(",\"response\":[");
        write_string(out, &self.response[0]);
        out.push(',');
        write_string(out, &self.response[1]);
        out.push_str("]}");
    }
}

/// Random numbers that `prove_nonzero` takes.
pub const NONZERO_NONCES: usize = 3;

/// Proof that `encryption` does not hold 0. The commitment is g^(s m) for its value m and a random s, and the
/// proof shows that it was formed so: alpha^s = g^(s r), beta^s = commitment * y^(s r).
pub fn prove_nonzero<G: Group>(
    key: &G::Fixed,
    encryption: &Encryption<G>,
    prefix: &str,
    nonces: &mut Nonces<G::Scalar>,
) -> Result<NonzeroText<'static>, KernelError> {
    let mut factor = Zeroizing::new(nonces.take()?);
    if *factor == G::Scalar::ZERO {
        *factor = G::Scalar::ONE;
    }
    let (first, second) = (Zeroizing::new(nonces.take()?), Zeroizing::new(nonces.take()?));
    let value = Zeroizing::new(G::Scalar::small(encryption.value));
    let hidden = G::generator_power(&Zeroizing::new(value.times(&factor)));
    // alpha^w1 g^w2 and beta^w1 y^w2, on tables of g and y.
    let joint = Zeroizing::new(encryption.randomness.times(&first).plus(&second));
    let on_alpha = G::generator_power(&joint);
    let shift = G::generator_power(&Zeroizing::new(value.times(&first)));
    let on_beta = G::multiply(&G::fixed_power(key, &joint), &shift);
    let written = G::write_all(&[hidden, on_alpha, on_beta]);
    let challenge: G::Scalar = challenge(prefix, &written);
    let stretched = Zeroizing::new(factor.times(&challenge));
    let responses =
        [first.minus(&stretched), second.plus(&stretched.times(&encryption.randomness))].map(|t| t.write());
    Ok(NonzeroText {
        commitment: Cow::Owned(written[0].clone()),
        challenge: Cow::Owned(challenge.write()),
        response: responses.map(Cow::Owned),
    })
}

/// The three elements that the proof must hash to, in hashing order; the first is its commitment.
pub fn nonzero_commitments<G: Group>(
    tables: &G::Tables,
    ciphertext: &Ciphertext<G>,
    commitment: &G::Element,
    numbers: &NonzeroNumbers<G::Scalar>,
) -> [G::Element; 3] {
    let [first, second] = numbers.response;
    let zero = G::Scalar::ZERO;
    let power = |base: &G::Element, job| {
        G::commitments(tables, base, &[job]).into_iter().next().unwrap_or_else(G::identity)
    };
    let on_alpha = power(&ciphertext.alpha, (second, zero, first));
    let on_beta = power(&ciphertext.beta, (zero, second, first));
    let hidden = G::product(&[*commitment], &[numbers.challenge]);
    [*commitment, on_alpha, G::multiply(&on_beta, &hidden)]
}
