//! Signed messages of a ceremony: certificates and lists of coefficients.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::group::{Group, Scalar};
use crate::proofs::ProofText;
use crate::text::{Json, sha256, write_string};

/// `{"message":TEXT,"signature":{..}}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub message: String,
    pub signature: ProofText<'static>,
}

impl Signed {
    pub fn of_json(value: &Json<'_>) -> Option<Self> {
        Some(Signed {
            message: value.get("message")?.text()?.to_string(),
            signature: value.get("signature").and_then(ProofText::of_json)?.into_owned(),
        })
    }

    pub fn write(&self, out: &mut String) {
        out.push_str("{\"message\":");
        write_string(out, &self.message);
        out.push_str(",\"signature\":");
        write_proof(out, &self.signature);
        out.push('}');
    }
}

pub fn write_proof(out: &mut String, proof: &ProofText<'_>) {
    out.push_str("{\"challenge\":");
    write_string(out, &proof.challenge);
    out.push_str(",\"response\":");
    write_string(out, &proof.response);
    out.push('}');
}

/// The challenge of a signature. Messages may hold secrets, so nothing of them is left behind.
fn signing_challenge<G: Group>(message: &str, commitment: &G::Element) -> G::Scalar {
    let commitment = G::write(commitment);
    let mut text = Zeroizing::new(String::with_capacity(message.len() + commitment.len() + 8));
    for part in ["sigmsg|", message, "|", &commitment] {
        text.push_str(part);
    }
    G::Scalar::from_digest(&sha256(text.as_bytes()))
}

/// Signs a message.
pub fn own_signature<G: Group>(
    secret: &G::Scalar,
    message: &str,
    rng: &mut dyn CryptoRng,
) -> ProofText<'static> {
    let nonce = Zeroizing::new(G::Scalar::random(rng));
    let challenge = signing_challenge::<G>(message, &G::generator_power(&nonce));
    let response = nonce.minus(&secret.times(&challenge));
    ProofText { challenge: challenge.write().into(), response: response.write().into() }
}

/// Why `signature` is not one of `message` by the holder of `key`, if it is not.
pub fn signature_fault<G: Group>(
    key: &G::Element,
    message: &str,
    signature: &ProofText<'_>,
) -> Option<&'static str> {
    let Some(proof) = signature.read::<G::Scalar>() else {
        return Some("has a number that is not canonical or too large");
    };
    let commitment = G::product(&[G::generator(), *key], &[proof.response, proof.challenge]);
    let sound = signing_challenge::<G>(message, &commitment) == proof.challenge;
    (!sound).then_some("is not valid")
}

/// What a certificate was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub group: String,
    pub size: i64,
    pub threshold: i64,
    pub index: i64,
}

/// The message of a certificate: keys for signing and for letters to this member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub context: Option<Context>,
    pub verification: String,
    pub encryption: String,
}

impl Certificate {
    pub fn read(message: &str) -> Result<Self, String> {
        let value = Json::read(message.as_bytes())?;
        let text = |name: &str| value.get(name).and_then(Json::text).map(str::to_string);
        let wrong = || "expected a verification key and an encryption key".to_string();
        let context = match value.get("context") {
            None => None,
            Some(context) => Some(read_context(context).ok_or("the context has not its four fields")?),
        };
        Ok(Certificate {
            context,
            verification: text("verification").ok_or_else(wrong)?,
            encryption: text("encryption").ok_or_else(wrong)?,
        })
    }
}

fn read_context(value: &Json<'_>) -> Option<Context> {
    let number = |name: &str| value.get(name).and_then(Json::integer);
    Some(Context {
        group: value.get("group")?.text()?.to_string(),
        size: number("size")?,
        threshold: number("threshold")?,
        index: number("index")?,
    })
}

/// The element strings in the message of a list of coefficients.
pub fn read_coefficients(message: &str) -> Result<Vec<String>, String> {
    let value = Json::read(message.as_bytes())?;
    let texts = |list: &[Json<'_>]| list.iter().map(|text| text.text().map(str::to_string)).collect();
    let list = value.get("coefexps").and_then(Json::list).and_then(texts);
    list.ok_or_else(|| "expected the field \"coefexps\", a list of texts".to_string())
}

/// What a member signs together with the own coefficients, so that nobody can exchange a certificate later.
pub fn all_certificates(certificates: &[Signed], coefficients: &[String]) -> String {
    let mut out = String::from("certs_sig|{\"certs\":");
    crate::ciphertext::write_list(&mut out, certificates, |out, signed| signed.write(out));
    out.push_str(",\"coefexps\":");
    crate::ciphertext::write_list(&mut out, coefficients, |out, text| write_string(out, text));
    out.push('}');
    out
}
