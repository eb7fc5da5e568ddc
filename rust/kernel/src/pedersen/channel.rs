//! Sealed letters between members: signed by the sender, encrypted to one recipient.
//!
//! A letter is `{"algorithm":"AES-GCM","alpha","beta","data"}`: an ElGamal encryption of a random element, of
//! which the key of AES-256-GCM (SP 800-38D) is made; the nonce is made of alpha. Letters without "algorithm"
//! are of older programs: AES-256-CCM (SP 800-38C) with a tag of eight bytes. Inside stands
//! `{"message":TEXT,"signature"}`, whose TEXT is `{"recipient","message"}`.

use aes::Aes256;
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U8, U13, U32};
use aes_gcm::aead::{Aead, AeadCore, KeyInit, Nonce};
use ccm::Ccm;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::objects::{own_signature, signature_fault};
use super::seed::Own;
use crate::KernelError;
use crate::group::{Group, Scalar};
use crate::proofs::ProofText;
use crate::text::{Cursor, Departure, Json, hex, sha256, write_string};

type Gcm = AesGcm<Aes256, U32>;
type OldCcm = Ccm<Aes256, U8, U13>;

/// A letter as it lies there for everybody.
pub struct Sealed<G: Group> {
    pub alpha_text: String,
    pub beta_text: String,
    pub alpha: G::Element,
    beta: G::Element,
    data: Vec<u8>,
    old: bool,
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?);
    text.as_bytes().chunks(2).map(pair).collect()
}

impl<G: Group> Sealed<G> {
    pub fn read(letter: &str) -> Result<Self, String> {
        let value = Json::read(letter.as_bytes())?;
        let text = |name: &str| {
            value.get(name).and_then(Json::text).ok_or_else(|| format!("the text \"{name}\" is missing"))
        };
        let old = match value.get("algorithm").map(|name| name.text().unwrap_or("")) {
            None => true,
            Some("AES-GCM") => false,
            Some(_) => return Err("its algorithm is not AES-GCM".into()),
        };
        let member = |name: &str| {
            G::read(text(name)?).ok_or_else(|| format!("its {name} is not a canonical member of the group"))
        };
        Ok(Sealed {
            alpha_text: text("alpha")?.to_string(),
            beta_text: text("beta")?.to_string(),
            alpha: member("alpha")?,
            beta: member("beta")?,
            data: unhex(text("data")?).ok_or("its data are not lower-case hexadecimal digits")?,
            old,
        })
    }

    /// What is inside, `shared` being alpha to the power of the recipient's secret.
    pub fn open(&self, shared: &G::Element) -> Result<Zeroizing<String>, String> {
        let session = G::multiply(&self.beta, &G::invert(shared));
        let (key, nonce) = derive::<G>(&session, &self.alpha_text);
        let plain = match self.old {
            true => decrypt::<OldCcm>(&key, &nonce[..13], &self.data),
            false => decrypt::<Gcm>(&key, &nonce[..], &self.data),
        };
        let plain = plain.ok_or("it cannot be opened")?;
        let text = std::str::from_utf8(&plain).map_err(|_| "it does not hold text")?;
        Ok(Zeroizing::new(text.to_string()))
    }
}

fn derive<G: Group>(session: &G::Element, alpha: &str) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let text = Zeroizing::new(format!("key|{}", *Zeroizing::new(G::write(session))));
    (Zeroizing::new(sha256(text.as_bytes())), sha256(format!("iv|{alpha}").as_bytes()))
}

fn decrypt<C: KeyInit + AeadCore + Aead>(
    key: &[u8; 32],
    nonce: &[u8],
    data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = C::new_from_slice(key).ok()?;
    let nonce = Nonce::<C>::try_from(nonce).ok()?;
    cipher.decrypt(&nonce, data).ok().map(Zeroizing::new)
}

fn encrypt<G: Group>(to: &G::Element, plain: &str, rng: &mut dyn CryptoRng) -> Result<String, KernelError> {
    let randomness = Zeroizing::new(G::Scalar::random(rng));
    let session = G::generator_power(&Zeroizing::new(G::Scalar::random(rng)));
    let alpha = G::write(&G::generator_power(&randomness));
    let beta = G::write(&G::multiply(&G::power(to, &randomness), &session));
    let (key, nonce) = derive::<G>(&session, &alpha);
    let failed = |_| KernelError::new("a letter could not be sealed");
    let nonce = Nonce::<Gcm>::try_from(&nonce[..]).map_err(|_| KernelError::new("no nonce"))?;
    let cipher = Gcm::new_from_slice(&key[..]).map_err(|_| KernelError::new("no key"))?;
    let data = cipher.encrypt(&nonce, plain.as_bytes()).map_err(failed)?;
    let data = hex(&data);
    Ok(format!("{{\"algorithm\":\"AES-GCM\",\"alpha\":\"{alpha}\",\"beta\":\"{beta}\",\"data\":\"{data}\"}}"))
}

/// A letter from `own` to the holder of the key `to`, as JSON.
pub fn send<G: Group>(
    own: &Own<G>,
    to: (&str, &G::Element),
    message: &str,
    rng: &mut dyn CryptoRng,
) -> Result<String, KernelError> {
    let room = 2 * message.len() + to.0.len() + 64;
    let mut inner = Zeroizing::new(String::with_capacity(room));
    inner.push_str("{\"recipient\":");
    write_string(&mut inner, to.0);
    inner.push_str(",\"message\":");
    write_string(&mut inner, message);
    inner.push('}');
    let signature = own_signature::<G>(&own.signing, &inner, rng);
    let mut plain = Zeroizing::new(String::with_capacity(2 * inner.len() + 4 * G::SCALAR_LENGTH));
    plain.push_str("{\"message\":");
    write_string(&mut plain, &inner);
    plain.push_str(",\"signature\":");
    super::objects::write_proof(&mut plain, &signature);
    plain.push('}');
    encrypt::<G>(to.1, &plain, rng)
}

/// (message, signature) and (recipient, message) in their one form.
fn parts(plain: &str) -> Result<(Zeroizing<String>, ProofText<'_>), Departure> {
    let mut cursor = Cursor::new(plain.as_bytes())?;
    cursor.literal("{\"message\":")?;
    let message = Zeroizing::new(cursor.string()?.into_owned());
    cursor.literal(",\"signature\":")?;
    let signature = ProofText::walk(&mut cursor)?;
    cursor.literal("}")?;
    cursor.end()?;
    Ok((message, signature))
}

fn addressed(inner: &str) -> Result<(String, Zeroizing<String>), Departure> {
    let mut cursor = Cursor::new(inner.as_bytes())?;
    cursor.literal("{\"recipient\":")?;
    let recipient = cursor.string()?.into_owned();
    cursor.literal(",\"message\":")?;
    let message = Zeroizing::new(cursor.string()?.into_owned());
    cursor.literal("}")?;
    cursor.end()?;
    Ok((recipient, message))
}

/// The message in an opened letter, after its signature and its recipient were checked.
pub fn message_in<G: Group>(
    plain: &str,
    sender: &G::Element,
    recipient: &str,
) -> Result<Zeroizing<String>, String> {
    let wrong = |_: Departure| "it does not hold a signed message".to_string();
    let (inner, signature) = parts(plain).map_err(wrong)?;
    if let Some(reason) = signature_fault::<G>(sender, &inner, &signature) {
        return Err(format!("the sender's signature {reason}"));
    }
    let (to, message) = addressed(&inner).map_err(wrong)?;
    match to == recipient {
        true => Ok(message),
        false => Err("it was written to somebody else".into()),
    }
}

/// Opens a letter to `own` and gives its message.
pub fn receive<G: Group>(
    own: &Own<G>,
    letter: &Sealed<G>,
    sender: &G::Element,
) -> Result<Zeroizing<String>, String> {
    let plain = letter.open(&G::power(&letter.alpha, &own.opening))?;
    message_in::<G>(&plain, sender, &own.encryption)
}

/// The one number in `{"FIELD":"NUMBER"}`.
pub fn number_in<S: Scalar>(message: &str, field: &str) -> Result<Zeroizing<S>, String> {
    let number = message
        .strip_prefix("{\"")
        .and_then(|rest| rest.strip_prefix(field))
        .and_then(|rest| rest.strip_prefix("\":\""))
        .and_then(|rest| rest.strip_suffix("\"}"));
    let scalar = number.and_then(S::read).map(Zeroizing::new);
    scalar.ok_or_else(|| format!("it does not hold \"{field}\", a canonical number below the order"))
}
