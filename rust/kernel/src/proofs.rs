//! Challenges, Schnorr proofs, and "one of these values" proofs.

use std::borrow::Cow;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::KernelError;
use crate::group::{Group, Scalar};
use crate::text::{Cursor, Departure, Json, sha256};

/// A proof as it stands on the wire, decimals not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofText<'a> {
    pub challenge: Cow<'a, str>,
    pub response: Cow<'a, str>,
}

#[derive(Debug, Clone, Copy)]
pub struct Proof<S> {
    pub challenge: S,
    pub response: S,
}

impl<'a> ProofText<'a> {
    pub fn walk(cursor: &mut Cursor<'a>) -> Result<Self, Departure> {
        cursor.literal("{\"challenge\":")?;
        let challenge = cursor.string()?;
        cursor.literal(",\"response\":")?;
        let response = cursor.string()?;
        cursor.literal("}")?;
        Ok(ProofText { challenge, response })
    }

    pub fn of_json(value: &Json<'a>) -> Option<Self> {
        let challenge = value.get("challenge")?.text()?.to_string().into();
        let response = value.get("response")?.text()?.to_string().into();
        Some(ProofText { challenge, response })
    }

    pub fn into_owned(self) -> ProofText<'static> {
        ProofText {
            challenge: Cow::Owned(self.challenge.into_owned()),
            response: Cow::Owned(self.response.into_owned()),
        }
    }

    pub fn read<S: Scalar>(&self) -> Option<Proof<S>> {
        Some(Proof { challenge: S::read(&self.challenge)?, response: S::read(&self.response)? })
    }
}

impl<S: Scalar> Proof<S> {
    pub fn write(&self, out: &mut String) {
        out.push_str("{\"challenge\":\"");
        out.push_str(&self.challenge.write());
        out.push_str("\",\"response\":\"");
        out.push_str(&self.response.write());
        out.push_str("\"}");
    }
}

/// hashG: the digest of the prefix and the strings joined by commas, reduced.
pub fn challenge<S: Scalar>(prefix: &str, elements: &[String]) -> S {
    let mut text = String::with_capacity(prefix.len() + elements.iter().map(|e| e.len() + 1).sum::<usize>());
    text.push_str(prefix);
    for (place, element) in elements.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(element);
    }
    S::from_digest(&sha256(text.as_bytes()))
}

/// Proof of knowledge of `secret` with g^secret in the prefix.
pub fn prove<G: Group>(prefix: &str, secret: &G::Scalar, nonce: &G::Scalar) -> Proof<G::Scalar> {
    let commitment = G::write(&G::generator_power(nonce));
    let challenge: G::Scalar = challenge(prefix, &[commitment]);
    Proof { challenge, response: nonce.minus(&secret.times(&challenge)) }
}

/// Whether `proof` shows knowledge of the logarithm of `element`.
pub fn holds<G: Group>(
    tables: &G::Tables,
    prefix: &str,
    element: &G::Element,
    proof: &Proof<G::Scalar>,
) -> bool {
    let jobs = [(proof.response, G::Scalar::ZERO, proof.challenge)];
    let commitment = G::write_all(&G::commitments(tables, element, &jobs));
    challenge::<G::Scalar>(prefix, &commitment) == proof.challenge
}

/// As `holds`, for one proof of an element that occurs nowhere else: without tables.
pub fn knows<G: Group>(prefix: &str, element: &G::Element, proof: &Proof<G::Scalar>) -> bool {
    let commitment = G::product(&[G::generator(), *element], &[proof.response, proof.challenge]);
    challenge::<G::Scalar>(prefix, &[G::write(&commitment)]) == proof.challenge
}

/// Fresh random exponents, drawn one after the other before work is shared out; wiped when dropped.
pub struct Nonces<S: Zeroize>(Zeroizing<Vec<S>>);

impl<S: Scalar> Nonces<S> {
    pub fn draw(rng: &mut dyn CryptoRng, count: usize) -> Self {
        Nonces(Zeroizing::new((0..count).map(|_| S::random(rng)).collect()))
    }

    /// A nonce that nobody else gets.
    pub fn take(&mut self) -> Result<S, KernelError> {
        self.0.pop().ok_or_else(|| KernelError::new("too few random numbers were drawn"))
    }
}

/// One ciphertext in the making: alpha = g^r, beta = y^r g^m.
pub struct Encryption<G: Group> {
    pub alpha: G::Element,
    pub beta: G::Element,
    pub randomness: Zeroizing<G::Scalar>,
    pub value: u64,
}

pub fn encrypt<G: Group>(
    key: &G::Fixed,
    value: u64,
    nonces: &mut Nonces<G::Scalar>,
) -> Result<Encryption<G>, KernelError> {
    let randomness = Zeroizing::new(nonces.take()?);
    let message = G::generator_power(&G::Scalar::small(value));
    Ok(Encryption {
        alpha: G::generator_power(&randomness),
        beta: G::multiply(&G::fixed_power(key, &randomness), &message),
        randomness,
        value,
    })
}

/// Random numbers that `prove_one_of` takes for this many values.
pub const fn one_of_nonces(values: usize) -> usize {
    2 * values
}

/// Proof that an encryption holds one of min..=max. `prefix` is everything before the commitments.
///
/// Every branch does the same work on tables of g and y: with t = response + r * challenge its commitments
/// are g^t and y^t g^((m - M) challenge), and the last exponent vanishes in the true branch. The true
/// challenge is put in its place without a branch on the secret.
pub fn prove_one_of<G: Group>(
    key: &G::Fixed,
    encryption: &Encryption<G>,
    (min, max): (u64, u64),
    prefix: &str,
    nonces: &mut Nonces<G::Scalar>,
) -> Result<Vec<Proof<G::Scalar>>, KernelError> {
    let value = G::Scalar::small(encryption.value);
    let mut drawn = Vec::new();
    let mut commitments = Vec::new();
    let mut sum = G::Scalar::ZERO;
    for candidate in min..=max {
        let (t, challenge) = (Zeroizing::new(nonces.take()?), nonces.take()?);
        let gap = Zeroizing::new(value.minus(&G::Scalar::small(candidate)).times(&challenge));
        commitments.push(G::generator_power(&t));
        commitments.push(G::multiply(&G::fixed_power(key, &t), &G::generator_power(&gap)));
        sum = sum.plus(&challenge);
        drawn.push((candidate, t, challenge));
    }
    let hash: G::Scalar = challenge(prefix, &G::write_all(&commitments));
    let missing = hash.minus(&sum);
    let finish = |(candidate, t, drawn): &(u64, Zeroizing<G::Scalar>, G::Scalar)| {
        let true_one = candidate.ct_eq(&encryption.value);
        let challenge = G::Scalar::choose(drawn, &drawn.plus(&missing), true_one);
        let response = t.minus(&encryption.randomness.times(&challenge));
        Proof { challenge, response }
    };
    Ok(drawn.iter().map(finish).collect())
}

/// Commitments that a "one of min.." proof must hash to, in hashing order.
pub fn one_of_commitments<G: Group>(
    tables: &G::Tables,
    (alpha, beta): (&G::Element, &G::Element),
    min: u64,
    proofs: &[Proof<G::Scalar>],
    out: &mut Vec<G::Element>,
) {
    let zero = G::Scalar::ZERO;
    let mut on_alpha = Vec::with_capacity(proofs.len());
    let mut on_beta = Vec::with_capacity(proofs.len());
    for (value, proof) in (min..).zip(proofs) {
        on_alpha.push((proof.response, zero, proof.challenge));
        let shift = zero.minus(&G::Scalar::small(value).times(&proof.challenge));
        on_beta.push((shift, proof.response, proof.challenge));
    }
    let a = G::commitments(tables, alpha, &on_alpha);
    let b = G::commitments(tables, beta, &on_beta);
    for (a, b) in a.into_iter().zip(b) {
        out.push(a);
        out.push(b);
    }
}
