//! A member's own steps of a ceremony.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::channel::{number_in, receive, send};
use super::check::{Ceremony, Polynomial, complaint_prefix, demand_sizes};
use super::objects::{Signed, all_certificates, own_signature, write_proof};
use super::seed::{self, Own};
use crate::KernelError;
use crate::ciphertext::write_list;
use crate::group::{Group, Scalar};
use crate::proofs::{challenge, prove};
use crate::text::write_string;
use crate::trustee::possession;

/// (private seed file, certificate).
pub fn certificate<G: Group>(
    size: usize,
    threshold: usize,
    index: usize,
    rng: &mut dyn CryptoRng,
) -> Result<(Zeroizing<String>, String), KernelError> {
    demand_sizes(size, threshold)?;
    if !(1..=size).contains(&index) {
        return Err(KernelError(format!("there is no member {index} of {size}")));
    }
    let seed = seed::fresh(rng);
    let own = Own::<G>::read(seed.as_bytes())?;
    let (group, verification, encryption) = (G::NAME, &own.verification, &own.encryption);
    let message = format!(
        "{{\"context\":{{\"group\":\"{group}\",\"size\":{size},\"threshold\":{threshold},\"index\":{index}}},\
         \"verification\":\"{verification}\",\"encryption\":\"{encryption}\"}}"
    );
    let mut certificate = String::new();
    sign::<G>(&own, message, rng).write(&mut certificate);
    Ok((seed, certificate))
}

fn sign<G: Group>(own: &Own<G>, message: String, rng: &mut dyn CryptoRng) -> Signed {
    let signature = own_signature::<G>(&own.signing, &message, rng);
    Signed { message, signature }
}

/// The member's number: whose certificate has the own keys.
fn own_index<G: Group>(own: &Own<G>, ceremony: &Ceremony<G>) -> Result<usize, KernelError> {
    let certificates = ceremony.members.iter().map(|member| &member.certificate);
    let mut mine = certificates.map(|c| c.verification == own.verification && c.encryption == own.encryption);
    let place = mine.position(|mine| mine);
    place.map(|place| place + 1).ok_or_else(|| KernelError::new("your own certificate is not among them"))
}

/// The value at `number` of a polynomial, constant term first.
fn value_at<S: Scalar>(coefficients: &[S], number: usize) -> Zeroizing<S> {
    let at = S::small(number as u64);
    let step = |sum: Zeroizing<S>, coefficient: &S| Zeroizing::new(sum.times(&at).plus(coefficient));
    coefficients.iter().rev().fold(Zeroizing::new(S::ZERO), step)
}

/// Draws a polynomial and seals its values to all members.
pub fn polynomial<G: Group>(
    private: &[u8],
    ceremony: &Ceremony<G>,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    let own = Own::<G>::read(private)?;
    let index = own_index(&own, ceremony)?;
    let coefficients: Zeroizing<Vec<G::Scalar>> =
        Zeroizing::new((0..ceremony.threshold).map(|_| G::Scalar::random(rng)).collect());
    let elements: Vec<G::Element> = coefficients.iter().map(G::generator_power).collect();
    let texts = G::write_all(&elements);
    let mut kept = Zeroizing::new(String::with_capacity((G::SCALAR_LENGTH + 4) * texts.len() + 32));
    kept.push_str("{\"polynomial\":");
    write_list(&mut kept, &coefficients, |out, coefficient| {
        write_string(out, &Zeroizing::new(coefficient.write()));
    });
    kept.push('}');
    let to_self = ceremony.member(index)?;
    let mut out = String::from("{\"polynomial\":");
    write_string(&mut out, &send(&own, (&own.encryption, &to_self.encryption), &kept, rng)?);
    let mut letters = Vec::with_capacity(ceremony.members.len());
    for (place, member) in ceremony.members.iter().enumerate() {
        let value = value_at::<G::Scalar>(&coefficients, place + 1);
        let message = Zeroizing::new(format!("{{\"secret\":\"{}\"}}", *Zeroizing::new(value.write())));
        letters.push(send(&own, (&member.certificate.encryption, &member.encryption), &message, rng)?);
    }
    out.push_str(",\"secrets\":");
    write_list(&mut out, &letters, |out, letter| write_string(out, letter));
    let mut message = String::from("{\"coefexps\":");
    write_list(&mut message, &texts, |out, text| write_string(out, text));
    message.push('}');
    out.push_str(",\"coefexps\":");
    sign::<G>(&own, message, rng).write(&mut out);
    out.push_str(",\"signature\":");
    let all = all_certificates(&ceremony.signed, &texts);
    write_proof(&mut out, &own_signature::<G>(&own.signing, &all, rng));
    out.push('}');
    Ok(out.into_bytes())
}

/// (voutput, []), or ([], [(member who made a bad share, reason)]).
pub type Shares = (Vec<u8>, Vec<(usize, String)>);

/// Opens all shares for this member, and makes its key of them.
pub fn share<G: Group>(
    private: &[u8],
    ceremony: &Ceremony<G>,
    polynomials: &[&[u8]],
    rng: &mut dyn CryptoRng,
) -> Result<Shares, KernelError> {
    let own = Own::<G>::read(private)?;
    let index = own_index(&own, ceremony)?;
    if polynomials.len() != ceremony.members.len() {
        let (found, wanted) = (polynomials.len(), ceremony.members.len());
        return Err(KernelError(format!("{found} polynomials for {wanted} members")));
    }
    let mut sum = Zeroizing::new(G::Scalar::ZERO);
    let mut bad = Vec::new();
    for (place, bytes) in polynomials.iter().enumerate() {
        let opened = Polynomial::read(ceremony, place + 1, bytes)
            .and_then(|polynomial| own_share(&own, ceremony, &polynomial, place + 1, index));
        match opened {
            Ok(share) => sum = Zeroizing::new(sum.plus(&share)),
            Err(reason) => bad.push((place + 1, reason)),
        }
    }
    if !bad.is_empty() {
        return Ok((Vec::new(), bad));
    }
    let public = G::write(&G::generator_power(&sum));
    let message = Zeroizing::new(format!("{{\"decryption_key\":\"{}\"}}", *Zeroizing::new(sum.write())));
    let to_self = ceremony.member(index)?;
    let mut out = String::from("{\"private_key\":");
    write_string(&mut out, &send(&own, (&own.encryption, &to_self.encryption), &message, rng)?);
    out.push_str(",\"public_key\":{\"pok\":");
    let nonce = Zeroizing::new(G::Scalar::random(rng));
    prove::<G>(&possession::<G>(&public), &sum, &nonce).write(&mut out);
    out.push_str(",\"public_key\":");
    write_string(&mut out, &public);
    out.push_str(",\"signature\":");
    write_proof(&mut out, &own_signature::<G>(&own.signing, &public, rng));
    out.push_str("}}");
    Ok((out.into_bytes(), Vec::new()))
}

fn own_share<G: Group>(
    own: &Own<G>,
    ceremony: &Ceremony<G>,
    polynomial: &Polynomial<G>,
    sender: usize,
    index: usize,
) -> Result<Zeroizing<G::Scalar>, String> {
    let letter = &polynomial.secrets[index - 1];
    let plain = letter.open(&G::power(&letter.alpha, &own.opening))?;
    polynomial.share(&plain, &ceremony.members[sender - 1], &ceremony.members[index - 1], index)
}

/// Evidence that the share in `sender`'s polynomial for this member is bad.
pub fn complaint<G: Group>(
    private: &[u8],
    ceremony: &Ceremony<G>,
    sender: usize,
    polynomial: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    let own = Own::<G>::read(private)?;
    let index = own_index(&own, ceremony)?;
    ceremony.member(sender)?;
    let polynomial = Polynomial::read(ceremony, sender, polynomial)
        .map_err(|reason| KernelError(format!("everybody can see this without a complaint: {reason}")))?;
    if own_share(&own, ceremony, &polynomial, sender, index).is_ok() {
        return Err(KernelError::new("the share is good; there is nothing to complain about"));
    }
    let letter = &polynomial.secrets[index - 1];
    let shared = G::write(&G::power(&letter.alpha, &own.opening));
    let nonce = Zeroizing::new(G::Scalar::random(rng));
    let commitments = G::write_all(&[G::generator_power(&nonce), G::power(&letter.alpha, &nonce)]);
    let prefix = complaint_prefix::<G>(sender, index, &own.encryption, letter, &shared);
    let challenge: G::Scalar = challenge(&prefix, &commitments);
    let response = nonce.minus(&own.opening.times(&challenge));
    let mut out = format!("{{\"factor\":\"{shared}\",\"proof\":");
    crate::proofs::Proof { challenge, response }.write(&mut out);
    out.push('}');
    Ok(out.into_bytes())
}

/// The member's decryption key file, out of its own voutput.
pub fn private<G: Group>(private: &[u8], voutput: &[u8]) -> Result<Zeroizing<String>, KernelError> {
    let own = Own::<G>::read(private)?;
    let wrong = |reason: String| KernelError(format!("voutput: {reason}"));
    let missing = || wrong("expected private_key and public_key".into());
    let value = crate::text::Json::read(voutput).map_err(wrong)?;
    let letter = value.get("private_key").and_then(crate::text::Json::text).ok_or_else(missing)?;
    let public = value.get("public_key").and_then(|key| key.get("public_key")).ok_or_else(missing)?;
    let letter = super::channel::Sealed::<G>::read(letter).map_err(wrong)?;
    let sender = G::generator_power(&own.signing);
    let message = receive(&own, &letter, &sender).map_err(wrong)?;
    let secret = number_in::<G::Scalar>(&message, "decryption_key").map_err(wrong)?;
    if public.text() != Some(G::write(&G::generator_power(&secret)).as_str()) {
        return Err(wrong("the key inside is not that of the public key".into()));
    }
    Ok(Zeroizing::new(format!("\"{}\"", *Zeroizing::new(secret.write()))))
}

/// A signature of `message` with the key of the member's certificate: `{"challenge","response"}`.
pub fn signed<G: Group>(
    private: &[u8],
    message: &str,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    let own = Own::<G>::read(private)?;
    let mut out = String::new();
    write_proof(&mut out, &own_signature::<G>(&own.signing, message, rng));
    Ok(out.into_bytes())
}
