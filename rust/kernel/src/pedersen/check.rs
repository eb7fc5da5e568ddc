//! What everybody can check of a ceremony: certificates, polynomials, verification keys, complaints.

use super::channel::{Sealed, message_in, number_in};
use super::group::{GroupText, PublicKey, member_key, sums};
use super::objects::{
    Certificate, Signed, all_certificates, read_coefficients, signature_fault, write_proof,
};
use crate::KernelError;
use crate::ciphertext::write_list;
use crate::group::Group;
use crate::proofs::{ProofText, challenge, knows};
use crate::text::{Json, write_string};
use crate::trustee::possession;

/// Members of a group at most: more persons than will ever meet for this.
const MOST_MEMBERS: usize = 99;

/// One member's certificate, checked.
pub struct Member<G: Group> {
    pub verification: G::Element,
    pub encryption: G::Element,
    pub certificate: Certificate,
}

/// All certificates of a ceremony, checked.
pub struct Ceremony<G: Group> {
    pub threshold: usize,
    pub signed: Vec<Signed>,
    pub members: Vec<Member<G>>,
}

fn signed_of(bytes: &[u8]) -> Result<Signed, String> {
    let value = Json::read(bytes)?;
    Signed::of_json(&value).ok_or_else(|| "expected a message and its signature".to_string())
}

fn member<G: Group>(
    size: usize,
    threshold: usize,
    index: usize,
    bytes: &[u8],
) -> Result<(Signed, Member<G>), String> {
    let signed = signed_of(bytes)?;
    let certificate = Certificate::read(&signed.message)?;
    let key = |text: &str, name: &str| match G::read(text) {
        Some(key) if key != G::identity() => Ok(key),
        _ => Err(format!("the {name} key is not a canonical member of the group, or the identity")),
    };
    let verification = key(&certificate.verification, "verification")?;
    let encryption = key(&certificate.encryption, "encryption")?;
    if let Some(reason) = signature_fault::<G>(&verification, &signed.message, &signed.signature) {
        return Err(format!("the signature {reason}"));
    }
    let context = certificate.context.as_ref().ok_or("it does not say what it was made for")?;
    let fits = |found: i64, wanted: usize| i64::try_from(wanted) == Ok(found);
    let own = context.group == G::NAME
        && fits(context.size, size)
        && fits(context.threshold, threshold)
        && fits(context.index, index);
    if !own {
        return Err(format!(
            "it was made for member {} of {}, threshold {}, in {}; expected member {index} of {size}, \
             threshold {threshold}, in {}",
            context.index,
            context.size,
            context.threshold,
            context.group,
            G::NAME
        ));
    }
    Ok((signed, Member { verification, encryption, certificate }))
}

/// What is wrong with a member's certificate.
pub fn certificate_faults<G: Group>(
    size: usize,
    threshold: usize,
    index: usize,
    certificate: &[u8],
) -> Vec<String> {
    member::<G>(size, threshold, index, certificate).err().into_iter().collect()
}

pub fn demand_sizes(size: usize, threshold: usize) -> Result<(), KernelError> {
    if size > MOST_MEMBERS {
        return Err(KernelError(format!("{size} members; at most {MOST_MEMBERS} are possible")));
    }
    match (1..=size).contains(&threshold) {
        true => Ok(()),
        false => Err(KernelError(format!("a threshold of {threshold} for {size} members"))),
    }
}

impl<G: Group> Ceremony<G> {
    pub fn read(threshold: usize, certificates: &[&[u8]]) -> Result<Self, KernelError> {
        let size = certificates.len();
        demand_sizes(size, threshold)?;
        let mut signed = Vec::with_capacity(size);
        let mut members: Vec<Member<G>> = Vec::with_capacity(size);
        for (place, bytes) in certificates.iter().enumerate() {
            let index = place + 1;
            let (own, read) = member::<G>(size, threshold, index, bytes)
                .map_err(|reason| KernelError(format!("member {index}: certificate: {reason}")))?;
            let copied = |other: &Member<G>| {
                other.verification == read.verification || other.encryption == read.encryption
            };
            if let Some(other) = members.iter().position(copied) {
                return Err(KernelError(format!("member {index}: the keys of member {} again", other + 1)));
            }
            signed.push(own);
            members.push(read);
        }
        Ok(Ceremony { threshold, signed, members })
    }

    pub fn member(&self, index: usize) -> Result<&Member<G>, KernelError> {
        let found = index.checked_sub(1).and_then(|place| self.members.get(place));
        found.ok_or_else(|| KernelError(format!("there is no member {index}")))
    }

    /// All polynomials, in order and sound as far as everybody can see.
    pub fn polynomials(&self, polynomials: &[&[u8]]) -> Result<Vec<Polynomial<G>>, KernelError> {
        if polynomials.len() != self.members.len() {
            let (found, wanted) = (polynomials.len(), self.members.len());
            return Err(KernelError(format!("{found} polynomials for {wanted} members")));
        }
        let one = |(place, bytes): (usize, &&[u8])| {
            Polynomial::read(self, place + 1, bytes)
                .map_err(|reason| KernelError(format!("member {}: polynomial: {reason}", place + 1)))
        };
        polynomials.iter().enumerate().map(one).collect()
    }
}

/// One member's polynomial object, checked as far as everybody can.
pub struct Polynomial<G: Group> {
    pub coefficients: Vec<G::Element>,
    pub secrets: Vec<Sealed<G>>,
    signed: Signed,
    signature: ProofText<'static>,
}

impl<G: Group> Polynomial<G> {
    pub fn read(ceremony: &Ceremony<G>, index: usize, bytes: &[u8]) -> Result<Self, String> {
        let own = ceremony.member(index).map_err(|error| error.0)?;
        let value = Json::read(bytes)?;
        let wrong = || "expected polynomial, secrets, coefexps and signature".to_string();
        let signed = value.get("coefexps").and_then(Signed::of_json).ok_or_else(wrong)?;
        let signature = value.get("signature").and_then(ProofText::of_json).ok_or_else(wrong)?;
        let kept = value.get("polynomial").and_then(Json::text).ok_or_else(wrong)?;
        let letters = value.get("secrets").and_then(Json::list).ok_or_else(wrong)?;
        let texts = read_coefficients(&signed.message)?;
        if texts.len() != ceremony.threshold {
            let (found, wanted) = (texts.len(), ceremony.threshold);
            return Err(format!("it has {found} coefficients; the threshold {wanted} demands as many"));
        }
        let strings: Vec<&str> = texts.iter().map(String::as_str).collect();
        let coefficients: Option<Vec<G::Element>> = G::read_all(&strings).into_iter().collect();
        let coefficients = coefficients.ok_or("a coefficient is not a canonical member of the group")?;
        if coefficients.first() == Some(&G::identity()) {
            return Err("its constant term is zero: this member would hold no part of the key".into());
        }
        if coefficients.last() == Some(&G::identity()) {
            return Err(
                "its highest coefficient is zero: fewer members than the threshold could decrypt".into()
            );
        }
        if let Some(reason) = signature_fault::<G>(&own.verification, &signed.message, &signed.signature) {
            return Err(format!("the signature of the coefficients {reason}"));
        }
        let all = all_certificates(&ceremony.signed, &texts);
        if let Some(reason) = signature_fault::<G>(&own.verification, &all, &signature) {
            return Err(format!("the signature over all certificates {reason}"));
        }
        if letters.len() != ceremony.members.len() {
            let (found, wanted) = (letters.len(), ceremony.members.len());
            return Err(format!("it has {found} sealed shares for {wanted} members"));
        }
        Sealed::<G>::read(kept).map_err(|reason| format!("the sealed polynomial: {reason}"))?;
        let letter = |(place, letter): (usize, &Json<'_>)| {
            let text = letter.text().ok_or_else(wrong)?;
            Sealed::read(text).map_err(|reason| format!("the share for member {}: {reason}", place + 1))
        };
        let secrets = letters.iter().enumerate().map(letter).collect::<Result<_, _>>()?;
        Ok(Polynomial { coefficients, secrets, signed, signature: signature.into_owned() })
    }

    /// The share in an opened letter, checked against the coefficients.
    pub fn share(
        &self,
        plain: &str,
        sender: &Member<G>,
        recipient: &Member<G>,
        index: usize,
    ) -> Result<zeroize::Zeroizing<G::Scalar>, String> {
        let message = message_in::<G>(plain, &sender.verification, &recipient.certificate.encryption)?;
        let share = number_in::<G::Scalar>(&message, "secret")?;
        match G::generator_power(&share) == member_key::<G>(&self.coefficients, index) {
            true => Ok(share),
            false => Err(format!("the share is not the value of the polynomial at {index}")),
        }
    }
}

/// The verification key of member `index` that all coefficients give.
pub fn expected_key<G: Group>(polynomials: &[Polynomial<G>], index: usize) -> G::Element {
    let lists: Vec<&[G::Element]> = polynomials.iter().map(|p| p.coefficients.as_slice()).collect();
    member_key::<G>(&sums::<G>(&lists).unwrap_or_default(), index)
}

/// The public key in member `index`'s voutput, and the sealed letter to itself.
pub fn read_share<G: Group>(
    ceremony: &Ceremony<G>,
    polynomials: &[Polynomial<G>],
    index: usize,
    voutput: &[u8],
) -> Result<(PublicKey, Sealed<G>), String> {
    let own = ceremony.member(index).map_err(|error| error.0)?;
    let value = Json::read(voutput)?;
    let wrong = || "expected private_key and public_key".to_string();
    let letter = value.get("private_key").and_then(Json::text).ok_or_else(wrong)?;
    let public = value.get("public_key").and_then(PublicKey::of_json).ok_or_else(wrong)?;
    let letter = Sealed::read(letter).map_err(|reason| format!("the sealed key: {reason}"))?;
    let key = expected_key::<G>(polynomials, index);
    if G::write(&key) != public.public_key {
        return Err("the verification key is not the one that the coefficients give".into());
    }
    let Some(proof) = public.possession.read::<G::Scalar>() else {
        return Err("the proof of possession has a number that is not canonical or too large".into());
    };
    if key == G::identity() || !knows::<G>(&possession::<G>(&public.public_key), &key, &proof) {
        return Err("the proof of possession is not valid".into());
    }
    let signature = public.signature.as_ref().ok_or("the verification key is not signed")?;
    if let Some(reason) = signature_fault::<G>(&own.verification, &public.public_key, signature) {
        return Err(format!("the signature of the verification key {reason}"));
    }
    Ok((public, letter))
}

/// What everybody can see to be wrong with member `index`'s verification key.
pub fn share_faults<G: Group>(
    ceremony: &Ceremony<G>,
    polynomials: &[&[u8]],
    index: usize,
    voutput: &[u8],
) -> Result<Vec<String>, KernelError> {
    let polynomials = ceremony.polynomials(polynomials)?;
    Ok(read_share(ceremony, &polynomials, index, voutput).err().into_iter().collect())
}

/// What complaints are proved about: log of EK to base g and of D to base alpha are the same.
pub fn complaint_prefix<G: Group>(
    sender: usize,
    index: usize,
    encryption: &str,
    letter: &Sealed<G>,
    shared: &str,
) -> String {
    let (alpha, beta) = (&letter.alpha_text, &letter.beta_text);
    format!("complaint|{}|{sender}|{index}|{encryption}|{alpha}|{beta}|{shared}|", G::NAME)
}

/// Whether a complaint shows that `sender` gave member `index` a bad share, and why (not).
pub fn complaint_holds<G: Group>(
    ceremony: &Ceremony<G>,
    sender: usize,
    index: usize,
    polynomial: &[u8],
    complaint: &[u8],
) -> Result<(bool, String), KernelError> {
    let (from, to) = (ceremony.member(sender)?, ceremony.member(index)?);
    let polynomial = match Polynomial::read(ceremony, sender, polynomial) {
        Ok(polynomial) => polynomial,
        Err(reason) => return Ok((true, reason)),
    };
    let letter = &polynomial.secrets[index - 1];
    let shared = match opened_key(to, (sender, index), letter, complaint) {
        Ok(shared) => shared,
        Err(reason) => return Ok((false, reason)),
    };
    let share = letter.open(&shared).and_then(|plain| polynomial.share(&plain, from, to, index));
    Ok(match share {
        Ok(_) => (false, "the share is good".into()),
        Err(reason) => (true, reason),
    })
}

fn opened_key<G: Group>(
    to: &Member<G>,
    (sender, index): (usize, usize),
    letter: &Sealed<G>,
    complaint: &[u8],
) -> Result<G::Element, String> {
    let value = Json::read(complaint)?;
    let wrong = || "the complaint has not its two fields".to_string();
    let text = value.get("factor").and_then(Json::text).ok_or_else(wrong)?;
    let proof = value.get("proof").and_then(ProofText::of_json).ok_or_else(wrong)?;
    let shared = G::read(text).ok_or("its factor is not a canonical member of the group")?;
    let proof =
        proof.read::<G::Scalar>().ok_or("its proof has a number that is not canonical or too large")?;
    let exponents = [proof.response, proof.challenge];
    let commitments = [
        G::product(&[G::generator(), to.encryption], &exponents),
        G::product(&[letter.alpha, shared], &exponents),
    ];
    let prefix = complaint_prefix::<G>(sender, index, &to.certificate.encryption, letter, text);
    match challenge::<G::Scalar>(&prefix, &G::write_all(&commitments)) == proof.challenge {
        true => Ok(shared),
        false => Err("the complaint does not prove that the share was opened rightly".into()),
    }
}

/// The parameters of the finished group.
pub fn parameters<G: Group>(
    ceremony: &Ceremony<G>,
    polynomials: &[&[u8]],
    voutputs: &[&[u8]],
) -> Result<Vec<u8>, KernelError> {
    let polynomials = ceremony.polynomials(polynomials)?;
    if voutputs.len() != polynomials.len() {
        let (found, wanted) = (voutputs.len(), polynomials.len());
        return Err(KernelError(format!("{found} verification keys for {wanted} members")));
    }
    let mut keys = Vec::with_capacity(voutputs.len());
    for (place, voutput) in voutputs.iter().enumerate() {
        let (key, _) = read_share(ceremony, &polynomials, place + 1, voutput)
            .map_err(|reason| KernelError(format!("member {}: {reason}", place + 1)))?;
        keys.push(key);
    }
    let mut out = format!("{{\"threshold\":{},\"certs\":", ceremony.threshold);
    write_list(&mut out, &ceremony.signed, |out, signed| signed.write(out));
    out.push_str(",\"coefexps\":");
    write_list(&mut out, &polynomials, |out, polynomial| polynomial.signed.write(out));
    out.push_str(",\"signatures\":");
    write_list(&mut out, &polynomials, |out, polynomial| write_proof(out, &polynomial.signature));
    out.push_str(",\"verification_keys\":");
    write_list(&mut out, &keys, write_key);
    out.push('}');
    let made = group_of(out.as_bytes())?;
    match made.check::<G>(&made.open()).first() {
        None => Ok(out.into_bytes()),
        Some((duty, reason)) => Err(KernelError(format!("the group fails {duty}: {reason}"))),
    }
}

fn write_key(out: &mut String, key: &PublicKey) {
    out.push_str("{\"pok\":");
    write_proof(out, &key.possession);
    out.push_str(",\"public_key\":");
    write_string(out, &key.public_key);
    if let Some(signature) = &key.signature {
        out.push_str(",\"signature\":");
        write_proof(out, signature);
    }
    out.push('}');
}

pub fn group_of(parameters: &[u8]) -> Result<GroupText, KernelError> {
    let wrong = |reason: &str| KernelError(format!("parameters of a threshold group: {reason}"));
    let value = Json::read(parameters).map_err(|reason| wrong(&reason))?;
    GroupText::of_json(&value).ok_or_else(|| wrong("not an object with the fields of one"))
}

/// What a finished group contributes to an election's public key, after E7 to E9 were checked.
pub fn group_key<G: Group>(parameters: &[u8]) -> Result<String, KernelError> {
    let group = group_of(parameters)?;
    let opened = group.open::<G>();
    if let Some((duty, reason)) = group.check::<G>(&opened).first() {
        return Err(KernelError(format!("{duty}: {reason}")));
    }
    let key = opened.key().ok_or_else(|| KernelError::new("the group has no key"))?;
    Ok(G::write(&key))
}

/// Empty when `signature` is one of `message` with the key that this certificate names.
pub fn letter_fault<G: Group>(
    certificate: &[u8],
    message: &str,
    signature: &[u8],
) -> Result<String, KernelError> {
    let read = || -> Result<Option<&'static str>, String> {
        let signed = signed_of(certificate)?;
        let key = G::read(&Certificate::read(&signed.message)?.verification);
        let key = key.ok_or("the verification key is not a canonical member of the group")?;
        let value = Json::read(signature)?;
        let proof = ProofText::of_json(&value).ok_or("the signature has not its two fields")?;
        Ok(signature_fault::<G>(&key, message, &proof))
    };
    Ok(match read() {
        Ok(None) => String::new(),
        Ok(Some(reason)) => format!("the signature {reason}"),
        Err(reason) => reason,
    })
}

/// The threshold that the first certificate names.
pub fn threshold_in(certificates: &[&[u8]]) -> Result<usize, KernelError> {
    let threshold = || -> Option<usize> {
        let signed = signed_of(certificates.first()?).ok()?;
        usize::try_from(Certificate::read(&signed.message).ok()?.context?.threshold).ok()
    };
    threshold().ok_or_else(|| KernelError::new("member 1: the certificate does not name a threshold"))
}
