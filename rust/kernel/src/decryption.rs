//! Partial decryptions: making them, and duties D2 and D3.

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::ciphertext::{
    Ciphertext, CiphertextText, Entry, entries_of, members, read_entries, write_entries,
};
use crate::group::{Group, Scalar};
use crate::proofs::{Nonces, Proof, ProofText, challenge};
use crate::setup::{Question, Setup};
use crate::text::Json;
use crate::trustee::private_key;
use crate::{Fault, KernelError};

pub struct DecryptionText {
    pub factors: Vec<Entry<String>>,
    pub proofs: Vec<Entry<ProofText<'static>>>,
}

impl DecryptionText {
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let value = Json::read(bytes)?;
        let wrong = || "expected decryption_factors and decryption_proofs, one list per question".to_string();
        let field = |name: &str| value.get(name).ok_or_else(wrong);
        let factor = |item: &Json<'_>| item.text().map(str::to_string);
        let proof = |item: &Json<'_>| ProofText::of_json(item).map(ProofText::into_owned);
        Ok(DecryptionText {
            factors: entries_of(field("decryption_factors")?, factor).ok_or_else(wrong)?,
            proofs: entries_of(field("decryption_proofs")?, proof).ok_or_else(wrong)?,
        })
    }

    pub fn shape_fault(&self, ciphertexts: &[Entry<CiphertextText<'_>>]) -> Option<String> {
        let questions = ciphertexts.len();
        if self.factors.len() != questions || self.proofs.len() != questions {
            let (factors, proofs) = (self.factors.len(), self.proofs.len());
            return Some(format!("{factors} lists of factors, {proofs} of proofs for {questions} questions"));
        }
        let both = self.factors.iter().zip(&self.proofs);
        let mut fit = ciphertexts
            .iter()
            .zip(both)
            .map(|(entry, (factors, proofs))| entry.same_shape(factors) && entry.same_shape(proofs));
        fit.position(|fits| !fits).map(|place| {
            let (factors, proofs) = (self.factors[place].flat.len(), self.proofs[place].flat.len());
            let wanted = ciphertexts[place].flat.len();
            format!(
                "question {}: {factors} factors and {proofs} proofs for {wanted} ciphertexts, or other rows",
                place + 1
            )
        })
    }
}

/// What is wrong with the shape of a tally to decrypt.
pub fn shape_fault<G: Group>(setup: &Setup<G>, lists: &[Entry<CiphertextText<'_>>]) -> Option<String> {
    if lists.len() != setup.questions.len() {
        return Some(format!("{} lists of ciphertexts for {} questions", lists.len(), setup.questions.len()));
    }
    let wrong = |(place, (question, entry)): (usize, (&Question, &Entry<_>))| {
        (!question.fits(entry)).then(|| {
            let found = entry.flat.len();
            format!("question {}: expected {}, found {found} ciphertexts", place + 1, question.shape())
        })
    };
    setup.questions.iter().zip(lists).enumerate().find_map(wrong)
}

fn prefix<G: Group>(setup: &Setup<G>, public: &str) -> String {
    format!("decrypt|{}|{public}|", setup.phi)
}

/// Makes a trustee's partial decryption.
pub fn make<G: Group>(
    setup: &Setup<G>,
    key: &[u8],
    ciphertexts: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    let secret = private_key::<G>(key)?;
    let public = G::write(&G::generator_power(&secret));
    if !setup.trustees.has(&public) {
        return Err(KernelError::new("this private key does not belong to a trustee of the election"));
    }
    let texts = read_entries(ciphertexts)?;
    if let Some(reason) = shape_fault(setup, &texts) {
        return Err(KernelError(reason));
    }
    let prefix = prefix(setup, &public);
    let mut factors: Vec<Entry<String>> = Vec::with_capacity(texts.len());
    let mut proofs: Vec<Entry<Proof<G::Scalar>>> = Vec::with_capacity(texts.len());
    for (place, entry) in texts.iter().enumerate() {
        let pairs: Vec<Ciphertext<G>> = members(&entry.flat).map_err(|at| {
            KernelError(format!("question {}: ciphertext {} is not canonical or not one", place + 1, at + 1))
        })?;
        let mut drawn = Nonces::<G::Scalar>::draw(rng, pairs.len());
        let nonces: Zeroizing<Vec<G::Scalar>> =
            Zeroizing::new(pairs.iter().map(|_| drawn.take()).collect::<Result<_, _>>()?);
        let made: Vec<Vec<(String, Proof<G::Scalar>)>> = pairs
            .par_chunks(64)
            .zip(nonces.par_chunks(64))
            .map(|(pairs, nonces)| decrypt_some::<G>(&prefix, &secret, pairs, nonces))
            .collect();
        let (own_factors, own_proofs) = made.into_iter().flatten().unzip();
        factors.push(entry.with(own_factors));
        proofs.push(entry.with(own_proofs));
    }
    let mut out = String::from("{\"decryption_factors\":");
    write_entries(&mut out, &factors, |out, factor| {
        out.push('"');
        out.push_str(factor);
        out.push('"');
    });
    out.push_str(",\"decryption_proofs\":");
    write_entries(&mut out, &proofs, |out, proof| proof.write(out));
    out.push('}');
    Ok(out.into_bytes())
}

fn decrypt_some<G: Group>(
    prefix: &str,
    secret: &G::Scalar,
    pairs: &[Ciphertext<G>],
    nonces: &[G::Scalar],
) -> Vec<(String, Proof<G::Scalar>)> {
    let mut elements = Vec::with_capacity(3 * pairs.len());
    for (pair, nonce) in pairs.iter().zip(nonces) {
        elements.push(G::power(&pair.alpha, secret));
        elements.push(G::generator_power(nonce));
        elements.push(G::power(&pair.alpha, nonce));
    }
    let finish = |(written, nonce): (&[String], &G::Scalar)| {
        let challenge: G::Scalar = challenge(prefix, &written[1..]);
        let response = nonce.minus(&secret.times(&challenge));
        (written[0].clone(), Proof { challenge, response })
    };
    G::write_all(&elements).chunks_exact(3).zip(nonces).map(finish).collect()
}

/// Checks duties D2 and D3 of the decryption by trustee number `owner`.
pub fn check<G: Group>(
    setup: &Setup<G>,
    owner: usize,
    ciphertexts: &[u8],
    decryption: &[u8],
) -> Result<Vec<Fault>, KernelError> {
    let texts = read_entries(ciphertexts)?;
    let Some(public_key) = setup.trustees.key(owner) else {
        return Ok(vec![(
            "D1",
            format!("owner {owner} is not one of the {} trustees", setup.trustees.len()),
        )]);
    };
    let decryption = match DecryptionText::read(decryption) {
        Ok(decryption) => decryption,
        Err(reason) => return Ok(vec![("D2", reason)]),
    };
    if let Some(reason) = shape_fault(setup, &texts).or_else(|| decryption.shape_fault(&texts)) {
        return Ok(vec![("D2", reason)]);
    }
    let Some(key) = G::read(public_key) else {
        return Ok(vec![("D3", "the owner's public key is not a member of the group".into())]);
    };
    let tables = G::tables(&key, texts.iter().map(|entry| entry.flat.len()).sum());
    let prefix = prefix(setup, public_key);
    let mut faults = Vec::new();
    for (place, entry) in texts.iter().enumerate() {
        let (factors, proofs) = (&decryption.factors[place].flat, &decryption.proofs[place].flat);
        let found = check_list::<G>(&tables, &prefix, &entry.flat, factors, proofs);
        for duty in ["D2", "D3"] {
            let own: Vec<_> = found.iter().filter(|(of, _, _)| *of == duty).collect();
            if let Some((_, at, reason)) = own.first() {
                let more =
                    if own.len() > 1 { format!(" (and {} more)", own.len() - 1) } else { String::new() };
                faults.push((duty, format!("question {}, ciphertext {}: {reason}{more}", place + 1, at + 1)));
            }
        }
    }
    Ok(faults)
}

fn check_list<G: Group>(
    tables: &G::Tables,
    prefix: &str,
    list: &[CiphertextText<'_>],
    factors: &[String],
    proofs: &[ProofText<'_>],
) -> Vec<(&'static str, usize, &'static str)> {
    let texts: Vec<&str> =
        list.iter().map(|c| c.alpha.as_ref()).chain(factors.iter().map(String::as_str)).collect();
    let elements = G::read_all(&texts);
    let (alphas, factors) = elements.split_at(list.len());
    let part = 64;
    let check_part = |part_number: usize| {
        let start = part_number * part;
        let end = (start + part).min(list.len());
        let mut faults = Vec::new();
        let mut commitments = Vec::new();
        let mut sound = Vec::new();
        for at in start..end {
            let (Some(alpha), Some(factor)) = (&alphas[at], &factors[at]) else {
                faults.push(("D2", at, "not a canonical member of the group"));
                continue;
            };
            let Some(proof) = proofs[at].read::<G::Scalar>() else {
                faults.push(("D3", at, "the proof has a number that is not canonical or too large"));
                continue;
            };
            let zero = G::Scalar::ZERO;
            commitments.extend(G::commitments(
                tables,
                &G::identity(),
                &[(proof.response, proof.challenge, zero)],
            ));
            commitments.push(G::product(&[*alpha, *factor], &[proof.response, proof.challenge]));
            sound.push((at, proof.challenge));
        }
        for ((at, expected), written) in sound.iter().zip(G::write_all(&commitments).chunks_exact(2)) {
            if challenge::<G::Scalar>(prefix, written) != *expected {
                faults.push(("D3", *at, "the proof is not valid for the owner's key"));
            }
        }
        faults
    };
    (0..list.len().div_ceil(part)).into_par_iter().flat_map_iter(check_part).collect()
}
