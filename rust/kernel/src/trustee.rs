//! A single trustee's key pair.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::KernelError;
use crate::group::{Group, Scalar};
use crate::proofs::{Proof, ProofText, knows, prove};
use crate::text::Json;

/// The prefix of a proof of possession.
pub fn possession<G: Group>(public: &str) -> String {
    format!("pok|{}|{public}|", G::NAME)
}

/// (private key file, public key object).
pub fn fresh<G: Group>(rng: &mut dyn CryptoRng) -> (Zeroizing<String>, String) {
    let secret = Zeroizing::new(G::Scalar::random(rng));
    let nonce = Zeroizing::new(G::Scalar::random(rng));
    let public = G::write(&G::generator_power(&secret));
    let proof: Proof<G::Scalar> = prove::<G>(&possession::<G>(&public), &secret, &nonce);
    let mut object = String::from("{\"pok\":");
    proof.write(&mut object);
    object.push_str(",\"public_key\":\"");
    object.push_str(&public);
    object.push_str("\"}");
    let decimal = Zeroizing::new(secret.write());
    (Zeroizing::new(format!("\"{}\"", *decimal)), object)
}

/// Reads a private key file: a decimal in quotation marks.
pub fn private_key<G: Group>(file: &[u8]) -> Result<Zeroizing<G::Scalar>, KernelError> {
    let wrong = || KernelError::new("private key: expected a decimal number in quotation marks");
    if file.len() > 4096 {
        return Err(wrong());
    }
    let value = Json::read(file).map_err(|_| wrong())?;
    let scalar = value.text().and_then(G::Scalar::read).ok_or_else(wrong)?;
    if scalar == G::Scalar::ZERO {
        return Err(KernelError::new("private key: zero is not a key"));
    }
    Ok(Zeroizing::new(scalar))
}

pub fn public_of<G: Group>(file: &[u8]) -> Result<String, KernelError> {
    let secret = private_key::<G>(file)?;
    Ok(G::write(&G::generator_power(&secret)))
}

/// The prefix of a proof that a key is still held; the statement names the election and the record.
fn held(statement: &str, public: &str) -> String {
    format!("held|{statement}|{public}|")
}

/// Proof that a private key is held: `{"challenge","response"}`.
pub fn prove_held<G: Group>(
    file: &[u8],
    statement: &str,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    let secret = private_key::<G>(file)?;
    let nonce = Zeroizing::new(G::Scalar::random(rng));
    let public = G::write(&G::generator_power(&secret));
    let mut out = String::new();
    prove::<G>(&held(statement, &public), &secret, &nonce).write(&mut out);
    Ok(out.into_bytes())
}

/// Empty when `proof` shows that the holder of `public` had the private key for this statement.
pub fn check_held<G: Group>(public: &str, statement: &str, proof: &[u8]) -> String {
    let Some(key) = G::read(public).filter(|key| *key != G::identity()) else {
        return "the public key is not a canonical member of the group, or the identity".into();
    };
    let value = match Json::read(proof) {
        Ok(value) => value,
        Err(reason) => return format!("the proof cannot be read: {reason}"),
    };
    let Some(proof) = ProofText::of_json(&value).and_then(|text| text.read::<G::Scalar>()) else {
        return "the proof has not two canonical numbers below the order".into();
    };
    match knows::<G>(&held(statement, public), &key, &proof) {
        true => String::new(),
        false => "the proof is not valid for this key and this statement".into(),
    }
}

/// The product of public keys.
pub fn joint_key<G: Group>(keys: &[String]) -> Result<String, KernelError> {
    let mut product = G::identity();
    for (place, key) in keys.iter().enumerate() {
        let member = G::read(key)
            .ok_or_else(|| KernelError(format!("public key {}: not a member of {}", place + 1, G::NAME)))?;
        product = G::multiply(&product, &member);
    }
    Ok(G::write(&product))
}

/// Element strings in the group's order.
pub fn sorted<G: Group>(mut elements: Vec<String>) -> Result<Vec<String>, KernelError> {
    let texts: Vec<&str> = elements.iter().map(String::as_str).collect();
    if let Some(place) = G::read_all(&texts).iter().position(Option::is_none) {
        return Err(KernelError(format!("element {}: not a member of {}", place + 1, G::NAME)));
    }
    elements.sort_by(|a, b| G::compare(a, b));
    Ok(elements)
}
