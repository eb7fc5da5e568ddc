//! Duties D2 and D3 of a partial decryption.

use rayon::prelude::*;

use super::{DecryptionText, prefix, shape_fault};
use crate::ciphertext::{CiphertextText, read_entries};
use crate::group::{Group, Scalar};
use crate::proofs::{ProofText, challenge};
use crate::setup::Setup;
use crate::{Fault, KernelError};

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
