//! Exponents of the finite-field groups.

use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use crypto_bigint::{Choice as BigChoice, CtAssign, Uint};
use rand_core::CryptoRng;
use subtle::Choice;
use zeroize::{Zeroize, Zeroizing};

use crate::field::{DIGITS, Parameters, WINDOW};
use crate::group::Scalar;
use crate::text::is_decimal;

/// An integer modulo the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exponent<C: Parameters<QL>, const QL: usize>(ConstMontyForm<C::Order, QL>);

impl<C: Parameters<QL>, const QL: usize> Zeroize for Exponent<C, QL> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<C: Parameters<QL>, const QL: usize> Exponent<C, QL> {
    fn of(value: &Uint<QL>) -> Self {
        Exponent(ConstMontyForm::new(value))
    }

    /// 2^(64 QL).
    fn radix() -> Self {
        Exponent(ConstMontyForm::new(&Uint::MAX)).plus(&Self::ONE)
    }

    pub(crate) fn words(&self) -> [u64; QL] {
        *self.0.retrieve().as_words()
    }

    /// Digits of WINDOW bits, least significant first.
    pub(crate) fn digits(&self) -> Zeroizing<Vec<u8>> {
        let words = Zeroizing::new(self.words().to_vec());
        let per_word = 64 / WINDOW;
        let digit = |place: usize| (words[place / per_word] >> (WINDOW * (place % per_word))) as u8 & 15;
        Zeroizing::new((0..C::ORDER_BITS.div_ceil(WINDOW)).map(digit).collect())
    }
}

impl<C: Parameters<QL>, const QL: usize> Scalar for Exponent<C, QL> {
    const ZERO: Self = Exponent(ConstMontyForm::ZERO);
    const ONE: Self = Exponent(ConstMontyForm::ONE);

    fn read(text: &str) -> Option<Self> {
        if text.len() > DIGITS || !is_decimal(text) {
            return None;
        }
        let value = Uint::<QL>::from_str_radix_vartime(text, 10).ok()?;
        (value < *C::Order::PARAMS.modulus().as_ref()).then(|| Self::of(&value))
    }

    fn write(&self) -> String {
        self.0.retrieve().to_string_radix_vartime(10)
    }

    fn small(value: u64) -> Self {
        Self::of(&Uint::from_u64(value))
    }

    fn from_digest(digest: &[u8; 32]) -> Self {
        // Both orders have at least 256 bits, so a digest fits the words.
        let mut value = [0u64; QL];
        for (word, bytes) in value.iter_mut().zip(digest.rchunks_exact(8)) {
            *word = bytes.iter().fold(0, |sum, b| sum << 8 | u64::from(*b));
        }
        let scalar = Self::of(&Uint::from_words(value));
        value.zeroize();
        scalar
    }

    fn from_wide(bytes: &[u8; 64]) -> Self {
        let mut half = [0u8; 32];
        half.copy_from_slice(&bytes[..32]);
        let high = Zeroizing::new(Self::from_digest(&half));
        half.copy_from_slice(&bytes[32..]);
        let low = Zeroizing::new(Self::from_digest(&half));
        half.zeroize();
        let mut shift = [0u8; 32];
        shift[0] = 0x80; // 2^255, twice
        let shift = Self::from_digest(&shift);
        high.times(&shift.plus(&shift)).plus(&low)
    }

    fn random(rng: &mut dyn CryptoRng) -> Self {
        // 128 bits more than the words hold make the reduction uniform.
        let mut bytes = Zeroizing::new(vec![0u8; 8 * QL + 16]);
        rng.fill_bytes(&mut bytes);
        let low = Zeroizing::new(Self::of(&Uint::from_le_slice(&bytes[16..])));
        let mut high = [0u8; 32];
        high[16..].copy_from_slice(&bytes[..16]);
        let top = Zeroizing::new(Self::from_digest(&high));
        high.zeroize();
        top.times(&Self::radix()).plus(&low)
    }

    fn plus(&self, other: &Self) -> Self {
        Exponent(self.0.add(&other.0))
    }

    fn minus(&self, other: &Self) -> Self {
        Exponent(self.0.sub(&other.0))
    }

    fn times(&self, other: &Self) -> Self {
        Exponent(self.0.mul(&other.0))
    }

    fn inverse(&self) -> Self {
        Exponent(Option::from(self.0.invert()).unwrap_or(ConstMontyForm::ZERO))
    }

    fn choose(no: &Self, yes: &Self, choice: Choice) -> Self {
        let mut chosen = no.0;
        chosen.ct_assign(&yes.0, BigChoice::from(choice));
        Exponent(chosen)
    }
}
