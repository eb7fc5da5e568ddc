//! Making a trustee's partial decryption.

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::{prefix, shape_fault};
use crate::KernelError;
use crate::ciphertext::{Ciphertext, Entry, members, read_entries, write_entries};
use crate::group::{Group, Scalar};
use crate::proofs::{Nonces, Proof, challenge};
use crate::setup::Setup;
use crate::trustee::private_key;

/// Makes a partial decryption; `key` is a single trustee's, or a threshold member's decryption key.
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
