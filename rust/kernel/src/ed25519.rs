//! Edwards 25519. Element strings are big-endian: the reverse of the usual 32 bytes.

use std::cmp::Ordering;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, ED25519_BASEPOINT_TABLE};
use curve25519_dalek::edwards::{
    CompressedEdwardsY, EdwardsBasepointTable, EdwardsPoint, VartimeEdwardsPrecomputation,
};
use curve25519_dalek::scalar::Scalar as Dalek;
use curve25519_dalek::traits::{
    BasepointTable, Identity, IsIdentity, MultiscalarMul, VartimeMultiscalarMul,
    VartimePrecomputedMultiscalarMul,
};
use rand_core::CryptoRng;
use rayon::prelude::*;
use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroize;

use crate::group::{Group, Scalar, all_members, digest_of};
use crate::text::{hex, sha256, unhex32};

#[derive(Debug, Clone, Copy)]
pub struct Ed25519;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exponent(Dalek);

impl Zeroize for Exponent {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// A member of the subgroup of prime order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point(EdwardsPoint);

const PADDING: u32 = 14;
/// Below this number of candidates each is tested by itself.
const BATCH: usize = 256;

/// Little-endian bytes of a decimal below 2^256, None above.
fn decimal_to_le(text: &str) -> Option<[u8; 32]> {
    let mut limbs = [0u64; 4];
    for chunk in text.as_bytes().rchunks(18).rev() {
        let mut part = 0u64;
        for digit in chunk {
            part = part * 10 + u64::from(digit - b'0');
        }
        let scale = u128::from(10u64.pow(chunk.len() as u32));
        let mut carry = u128::from(part);
        for limb in &mut limbs {
            let wide = u128::from(*limb) * scale + carry;
            *limb = wide as u64;
            carry = wide >> 64;
        }
        if carry != 0 {
            return None;
        }
    }
    let mut out = [0u8; 32];
    for (place, limb) in out.chunks_exact_mut(8).zip(limbs) {
        place.copy_from_slice(&limb.to_le_bytes());
    }
    Some(out)
}

fn le_to_decimal(bytes: &[u8; 32]) -> String {
    const PART: u128 = 1_000_000_000_000_000_000;
    let mut limbs = [0u64; 4];
    for (limb, part) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        *limb = part.iter().rev().fold(0, |sum, b| sum << 8 | u64::from(*b));
    }
    let mut parts = Vec::with_capacity(5);
    while limbs != [0; 4] {
        let mut rest = 0u128;
        for limb in limbs.iter_mut().rev() {
            let wide = rest << 64 | u128::from(*limb);
            *limb = (wide / PART) as u64;
            rest = wide % PART;
        }
        parts.push(rest as u64);
    }
    let mut out = parts.pop().unwrap_or(0).to_string();
    for part in parts.iter().rev() {
        out.push_str(&format!("{part:018}"));
    }
    limbs.zeroize();
    parts.zeroize();
    out
}

impl Scalar for Exponent {
    const ZERO: Self = Exponent(Dalek::ZERO);
    const ONE: Self = Exponent(Dalek::ONE);

    fn read(text: &str) -> Option<Self> {
        if text.len() > 77 || !crate::text::is_decimal(text) {
            return None;
        }
        Option::<Dalek>::from(Dalek::from_canonical_bytes(decimal_to_le(text)?)).map(Exponent)
    }

    fn write(&self) -> String {
        le_to_decimal(self.0.as_bytes())
    }

    fn small(value: u64) -> Self {
        Exponent(Dalek::from(value))
    }

    fn from_digest(digest: &[u8; 32]) -> Self {
        let mut bytes = *digest;
        bytes.reverse();
        let scalar = Exponent(Dalek::from_bytes_mod_order(bytes));
        bytes.zeroize();
        scalar
    }

    fn from_wide(wide: &[u8; 64]) -> Self {
        let mut bytes = *wide;
        bytes.reverse();
        let scalar = Exponent(Dalek::from_bytes_mod_order_wide(&bytes));
        bytes.zeroize();
        scalar
    }

    fn random(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0u8; 64];
        rng.fill_bytes(&mut bytes);
        let scalar = Exponent(Dalek::from_bytes_mod_order_wide(&bytes));
        bytes.zeroize();
        scalar
    }

    fn plus(&self, other: &Self) -> Self {
        Exponent(self.0 + other.0)
    }

    fn minus(&self, other: &Self) -> Self {
        Exponent(self.0 - other.0)
    }

    fn times(&self, other: &Self) -> Self {
        Exponent(self.0 * other.0)
    }

    fn inverse(&self) -> Self {
        Exponent(self.0.invert())
    }

    fn choose(no: &Self, yes: &Self, choice: Choice) -> Self {
        Exponent(Dalek::conditional_select(&no.0, &yes.0, choice))
    }
}

/// A point of the curve, not yet known to be a member; bytes are little-endian and canonical.
fn on_curve(bytes: [u8; 32]) -> Option<EdwardsPoint> {
    let sign = bytes[31] & 0x80 != 0;
    let mut y = bytes;
    y[31] &= 0x7f;
    let top = y[31] == 0x7f && y[1..31].iter().all(|b| *b == 0xff);
    if top && y[0] >= 0xed {
        return None; // y >= p
    }
    let one = y[0] == 1 && y[1..].iter().all(|b| *b == 0);
    let minus_one = top && y[0] == 0xec;
    if sign && (one || minus_one) {
        return None; // x = 0 has no odd form
    }
    CompressedEdwardsY(bytes).decompress()
}

fn point_of(text: &str) -> Option<EdwardsPoint> {
    let mut bytes = unhex32(text)?;
    bytes.reverse();
    on_curve(bytes)
}

fn add_one(bytes: &mut [u8; 32]) {
    for byte in bytes.iter_mut() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return;
        }
    }
}

pub struct PublicTables(VartimeEdwardsPrecomputation);

impl Group for Ed25519 {
    const NAME: &'static str = "Ed25519";
    const RANKED: usize = 30;
    const ELEMENT_LENGTH: usize = 64;
    const SCALAR_LENGTH: usize = 76;

    type Scalar = Exponent;
    type Element = Point;
    type Fixed = Box<EdwardsBasepointTable>;
    type Tables = PublicTables;

    fn identity() -> Point {
        Point(EdwardsPoint::identity())
    }

    fn generator() -> Point {
        Point(ED25519_BASEPOINT_POINT)
    }

    fn read(text: &str) -> Option<Point> {
        point_of(text).filter(EdwardsPoint::is_torsion_free).map(Point)
    }

    fn read_all(texts: &[&str]) -> Vec<Option<Point>> {
        let points: Vec<Option<EdwardsPoint>> = texts.par_iter().map(|text| point_of(text)).collect();
        let found: Vec<EdwardsPoint> = points.iter().flatten().copied().collect();
        let sound = found.len() >= BATCH
            && all_members(
                &found,
                &digest_of("members", texts),
                EdwardsPoint::identity(),
                |a, b| a + b,
                EdwardsPoint::is_torsion_free,
            );
        points
            .into_par_iter()
            .map(|point| point.filter(|p| sound || p.is_torsion_free()).map(Point))
            .collect()
    }

    fn write_all(elements: &[Point]) -> Vec<String> {
        let points: Vec<EdwardsPoint> = elements.iter().map(|e| e.0).collect();
        let write = |compressed: &CompressedEdwardsY| {
            let mut bytes = compressed.to_bytes();
            bytes.reverse();
            hex(&bytes)
        };
        EdwardsPoint::compress_batch_alloc(&points).iter().map(write).collect()
    }

    fn compare(a: &str, b: &str) -> Ordering {
        let pairs = |text: &str| text.as_bytes().rchunks(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
        pairs(a).cmp(&pairs(b))
    }

    fn multiply(a: &Point, b: &Point) -> Point {
        Point(a.0 + b.0)
    }

    fn invert(a: &Point) -> Point {
        Point(-a.0)
    }

    fn power(base: &Point, exponent: &Exponent) -> Point {
        Point(base.0 * exponent.0)
    }

    fn fixed(base: &Point) -> Self::Fixed {
        Box::new(EdwardsBasepointTable::create(&base.0))
    }

    fn fixed_power(table: &Self::Fixed, exponent: &Exponent) -> Point {
        Point(table.mul_base(&exponent.0))
    }

    fn generator_power(exponent: &Exponent) -> Point {
        Point(ED25519_BASEPOINT_TABLE * &exponent.0)
    }

    fn tables(key: &Point, _work: usize) -> PublicTables {
        PublicTables(VartimeEdwardsPrecomputation::new([ED25519_BASEPOINT_POINT, key.0]))
    }

    fn commitments(
        tables: &PublicTables,
        base: &Point,
        jobs: &[(Exponent, Exponent, Exponent)],
    ) -> Vec<Point> {
        let one = |(g, y, b): &(Exponent, Exponent, Exponent)| {
            Point(tables.0.vartime_mixed_multiscalar_mul([g.0, y.0], [b.0], [base.0]))
        };
        jobs.iter().map(one).collect()
    }

    fn product(bases: &[Point], exponents: &[Exponent]) -> Point {
        let size = bases.len().min(exponents.len());
        let scalars = exponents[..size].iter().map(|e| e.0);
        Point(EdwardsPoint::vartime_multiscalar_mul(scalars, bases[..size].iter().map(|b| b.0)))
    }

    fn secret_product(bases: &[Point], exponents: &[Exponent]) -> Point {
        let size = bases.len().min(exponents.len());
        let scalars = exponents[..size].iter().map(|e| e.0);
        Point(EdwardsPoint::multiscalar_mul(scalars, bases[..size].iter().map(|b| b.0)))
    }

    fn embed(values: &[u8]) -> Option<Point> {
        if values.len() > Self::RANKED {
            return None;
        }
        // The integer values * 2^14, little-endian: 14 bits are one byte and six bits.
        let mut bytes = [0u8; 32];
        for (place, value) in values.iter().rev().enumerate() {
            let wide = u16::from(*value) << (PADDING - 8);
            bytes[place + 1] |= wide as u8;
            bytes[place + 2] |= (wide >> 8) as u8;
        }
        for _ in 0..1u32 << PADDING {
            if let Some(point) = on_curve(bytes).filter(EdwardsPoint::is_torsion_free) {
                return Some(Point(point));
            }
            add_one(&mut bytes);
        }
        None
    }

    fn extract(element: &Point, count: usize) -> Vec<u8> {
        let le = element.0.compress().to_bytes();
        let byte = |place: usize| {
            let low = le.get(place + 1).copied().unwrap_or(0);
            let high = le.get(place + 2).copied().unwrap_or(0);
            low >> (PADDING - 8) | high << (16 - PADDING)
        };
        (0..count).rev().map(byte).collect()
    }

    fn derived(index: i64) -> Option<Point> {
        let mut bytes = sha256(format!("ggen|{index}").as_bytes());
        bytes.reverse();
        let mut shifted = [0u8; 32];
        for (place, byte) in shifted.iter_mut().enumerate() {
            *byte = bytes[place] >> 2 | bytes.get(place + 1).map_or(0, |next| next << 6);
        }
        for _ in 0..4096 {
            if let Some(point) = on_curve(shifted) {
                let point = point.mul_by_cofactor();
                return (!point.is_identity() && point != ED25519_BASEPOINT_POINT).then_some(Point(point));
            }
            add_one(&mut shifted);
        }
        None
    }
}
