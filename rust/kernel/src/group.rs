//! What the protocol needs of a group, and the test of many candidate elements at once.

use std::cmp::Ordering;
use std::fmt::Debug;

use rand_core::CryptoRng;
use rayon::prelude::*;
use subtle::Choice;
use zeroize::Zeroize;

use crate::text::sha256;

/// An exponent: an integer modulo the order of the group. Operations take constant time unless they say so.
pub trait Scalar: Copy + Eq + Debug + Send + Sync + Zeroize {
    const ZERO: Self;
    const ONE: Self;
    /// The canonical decimal of an integer below the order; anything else is None. For public values.
    fn read(text: &str) -> Option<Self>;
    fn write(&self) -> String;
    fn small(value: u64) -> Self;
    /// A 256-bit big-endian integer, reduced.
    fn from_digest(digest: &[u8; 32]) -> Self;
    /// A 512-bit big-endian integer, reduced.
    fn from_wide(bytes: &[u8; 64]) -> Self;
    fn random(rng: &mut dyn CryptoRng) -> Self;
    fn plus(&self, other: &Self) -> Self;
    fn minus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    /// The inverse; zero for zero.
    fn inverse(&self) -> Self;
    fn choose(no: &Self, yes: &Self, choice: Choice) -> Self;

    fn negated(&self) -> Self {
        Self::ZERO.minus(self)
    }
}

/// A prime-order group. An `Element` is a member by construction: `read` and `read_all` are the only ways in
/// from outside, and operations on members give members.
pub trait Group: Sized + Send + Sync + 'static {
    const NAME: &'static str;
    /// Most integers a ranked answer can carry; 0 where ranked answers do not exist.
    const RANKED: usize;
    /// Most characters of an element, and of a scalar.
    const ELEMENT_LENGTH: usize;
    const SCALAR_LENGTH: usize;

    type Scalar: Scalar;
    type Element: Copy + Eq + Debug + Send + Sync;
    /// Multiples of one base, for secret exponents.
    type Fixed: Send + Sync;
    /// Multiples of the generator and the election key, for public exponents.
    type Tables: Send + Sync;

    fn identity() -> Self::Element;
    fn generator() -> Self::Element;
    fn read(text: &str) -> Option<Self::Element>;
    /// Many at once; each answer is the same as that of `read`, but for a chance below 2^-100.
    fn read_all(texts: &[&str]) -> Vec<Option<Self::Element>>;
    fn write(element: &Self::Element) -> String {
        Self::write_all(std::slice::from_ref(element)).pop().unwrap_or_default()
    }
    fn write_all(elements: &[Self::Element]) -> Vec<String>;
    /// The protocol's order of two canonical element strings.
    fn compare(a: &str, b: &str) -> Ordering;

    fn multiply(a: &Self::Element, b: &Self::Element) -> Self::Element;
    fn invert(a: &Self::Element) -> Self::Element;
    /// Constant time.
    fn power(base: &Self::Element, exponent: &Self::Scalar) -> Self::Element;
    fn fixed(base: &Self::Element) -> Self::Fixed;
    /// Constant time.
    fn fixed_power(table: &Self::Fixed, exponent: &Self::Scalar) -> Self::Element;
    /// Power of the generator in constant time.
    fn generator_power(exponent: &Self::Scalar) -> Self::Element;
    /// Tables for the key; `work` is roughly the number of commitments to come.
    fn tables(key: &Self::Element, work: usize) -> Self::Tables;
    /// g^j.0 * y^j.1 * base^j.2 for each j; variable time, public values only.
    fn commitments(
        tables: &Self::Tables,
        base: &Self::Element,
        jobs: &[(Self::Scalar, Self::Scalar, Self::Scalar)],
    ) -> Vec<Self::Element>;
    /// The product of bases[i]^exponents[i]; variable time, public values only.
    fn product(bases: &[Self::Element], exponents: &[Self::Scalar]) -> Self::Element;

    /// The same product in constant time, for secret exponents.
    fn secret_product(bases: &[Self::Element], exponents: &[Self::Scalar]) -> Self::Element;

    /// The first member that carries these values, None if there are too many of them.
    fn embed(values: &[u8]) -> Option<Self::Element>;
    fn extract(element: &Self::Element, count: usize) -> Vec<u8>;
    /// The generator with this index, -1 and up; None if it is degenerate.
    fn derived(index: i64) -> Option<Self::Element>;
}

/// `Group::product` or `Group::secret_product`.
pub type Product<G> = fn(&[<G as Group>::Element], &[<G as Group>::Scalar]) -> <G as Group>::Element;

/// A product of powers computed on all cores by `product` or `secret_product`.
pub fn shared_product<G: Group>(
    bases: &[G::Element],
    exponents: &[G::Scalar],
    product: Product<G>,
) -> G::Element {
    let size = bases.len().min(exponents.len());
    let part = size.div_ceil(rayon::current_num_threads().max(1)).max(64);
    let parts = bases[..size].par_chunks(part).zip(exponents[..size].par_chunks(part));
    parts.map(|(bases, exponents)| product(bases, exponents)).reduce(G::identity, |a, b| G::multiply(&a, &b))
}

/// Whether all candidates are members, wrong with a chance below 2^-128 (over the coins drawn from `seed`).
///
/// A product over a random half of the candidates is a member with a chance of at most 1/2 unless all are,
/// whatever the cofactor. 128 such products are formed together: each round sorts the candidates into 2^t
/// buckets by t coins each, and the buckets give t products. `seed` must depend on all candidates.
///
/// `add` multiplies a product by a candidate, which may have a form of its own.
pub(crate) fn all_members<C: Sync, R: Copy + Send + Sync>(
    candidates: &[C],
    seed: &[u8; 32],
    identity: R,
    add: impl Fn(&R, &C) -> R + Sync,
    multiply: impl Fn(&R, &R) -> R + Sync,
    member: impl Fn(&R) -> bool + Sync,
) -> bool {
    const COINS: u32 = 128;
    let width = (candidates.len().max(2).ilog2().saturating_sub(2)).clamp(1, 12);
    let rounds = COINS.div_ceil(width);
    (0..rounds).into_par_iter().all(|round| {
        let mut buckets = vec![identity; 1 << width];
        for (block, chunk) in candidates.chunks(16).enumerate() {
            let coins = coins(seed, round, block);
            for (candidate, coin) in chunk.iter().zip(coins.chunks_exact(2)) {
                let place = usize::from(u16::from_be_bytes([coin[0], coin[1]])) & ((1 << width) - 1);
                buckets[place] = add(&buckets[place], candidate);
            }
        }
        (0..width).rev().all(|bit| {
            let upper = buckets.split_off(1 << bit);
            let product = upper.iter().fold(identity, |sum, bucket| multiply(&sum, bucket));
            for (low, high) in buckets.iter_mut().zip(&upper) {
                *low = multiply(low, high);
            }
            member(&product)
        })
    })
}

fn coins(seed: &[u8; 32], round: u32, block: usize) -> [u8; 32] {
    let mut input = [0u8; 44];
    input[..32].copy_from_slice(seed);
    input[32..36].copy_from_slice(&round.to_be_bytes());
    input[36..].copy_from_slice(&(block as u64).to_be_bytes());
    sha256(&input)
}

/// Digest of many strings, each followed by a separator that no element string contains.
pub(crate) fn digest_of(label: &str, texts: &[&str]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    for text in texts {
        hash.update(b",");
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}
