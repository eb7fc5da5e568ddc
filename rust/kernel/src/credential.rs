//! Private credentials and the keys derived from them.

use pbkdf2::pbkdf2_hmac;
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::KernelError;
use crate::group::{Group, Scalar};
use crate::text::sha256;

pub(crate) const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The form with dashes of a strong (22 characters) or weak (15 characters) credential.
fn normal(credential: &str) -> Result<(Zeroizing<String>, bool), KernelError> {
    let digits: Zeroizing<String> = Zeroizing::new(credential.chars().filter(|c| *c != '-').collect());
    if !digits.bytes().all(|b| ALPHABET.contains(&b)) {
        return Err(KernelError::new("a credential has only the characters 1-9, A-Z, a-z without I, O, l"));
    }
    if credential.len() == 17 && credential.match_indices('-').map(|m| m.0).eq([5, 11]) {
        return Err(KernelError::new("this has the form of a password, not of a credential"));
    }
    let groups: &[usize] = match digits.len() {
        22 => &[5, 6, 5, 6],
        15 => &[3, 3, 3, 3, 3],
        n => {
            return Err(KernelError(format!(
                "a credential has 22 characters (or 15), dashes aside; this has {n}"
            )));
        }
    };
    let mut dashed = Zeroizing::new(String::with_capacity(32));
    let mut at = 0;
    for size in groups {
        if at > 0 {
            dashed.push('-');
        }
        dashed.push_str(&digits[at..at + size]);
        at += size;
    }
    if credential.contains('-') && *dashed != credential {
        return Err(KernelError::new("the dashes of this credential are not where they belong"));
    }
    if groups.len() == 5 && !check_digit(&digits) {
        return Err(KernelError::new("the last character does not fit the others: a typing error"));
    }
    Ok((dashed, groups.len() == 4))
}

/// A weak credential is a number in base 58 whose last digit makes number + digit divisible by 53.
fn check_digit(digits: &str) -> bool {
    let value = |b: u8| ALPHABET.iter().position(|c| *c == b).unwrap_or(0) as u32;
    let bytes = digits.as_bytes();
    let Some((last, rest)) = bytes.split_last() else {
        return false;
    };
    let number = rest.iter().fold(0u32, |n, b| (n * 58 + value(*b)) % 53);
    (number + value(*last)).is_multiple_of(53)
}

/// The secret exponent of a credential in the election `uuid`.
pub fn exponent<G: Group>(uuid: &str, credential: &str) -> Result<Zeroizing<G::Scalar>, KernelError> {
    let (dashed, strong) = normal(credential)?;
    if strong {
        let mut wide = [0u8; 64];
        for (half, part) in wide.chunks_exact_mut(32).enumerate() {
            let text = Zeroizing::new(format!("derive_credential|{uuid}|{half}|{}", *dashed));
            part.copy_from_slice(&sha256(text.as_bytes()));
        }
        let scalar = Zeroizing::new(G::Scalar::from_wide(&wide));
        wide.zeroize();
        return Ok(scalar);
    }
    let mut derived = [0u8; 32];
    pbkdf2_hmac::<Sha256>(dashed.as_bytes(), uuid.as_bytes(), 1000, &mut derived);
    let scalar = Zeroizing::new(G::Scalar::from_digest(&derived));
    derived.zeroize();
    Ok(scalar)
}

/// The public part of a credential.
pub fn public<G: Group>(uuid: &str, credential: &str) -> Result<String, KernelError> {
    let secret = exponent::<G>(uuid, credential)?;
    Ok(G::write(&G::generator_power(&secret)))
}

/// A fresh strong credential: 22 uniform characters.
pub fn fresh(rng: &mut dyn CryptoRng) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(25));
    let mut drawn = 0;
    while drawn < 22 {
        let mut byte = [0u8];
        rng.fill_bytes(&mut byte);
        // 232 = 4 * 58: what lies above would favour some characters.
        if byte[0] < 232 {
            if matches!(drawn, 5 | 11 | 16) {
                out.push('-');
            }
            out.push(ALPHABET[usize::from(byte[0] % 58)] as char);
            drawn += 1;
        }
        byte.zeroize();
    }
    out
}

/// `count` fresh credentials of an election: (private, public).
pub fn fresh_list<G: Group>(
    uuid: &str,
    count: usize,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<(Zeroizing<String>, String)>, KernelError> {
    use rayon::prelude::*;
    let private: Vec<Zeroizing<String>> = (0..count).map(|_| fresh(rng)).collect();
    private
        .into_par_iter()
        .map(|private| public::<G>(uuid, &private).map(|public| (private, public)))
        .collect()
}
