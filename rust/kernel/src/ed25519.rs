//! Edwards 25519. Element strings are big-endian: the reverse of the usual 32 bytes.

use std::cmp::Ordering;
use std::sync::OnceLock;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, ED25519_BASEPOINT_TABLE};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsBasepointTable, EdwardsPoint};
use curve25519_dalek::scalar::Scalar as Dalek;
use curve25519_dalek::traits::{BasepointTable, Identity, IsIdentity, MultiscalarMul};
use rand_core::CryptoRng;
use rayon::prelude::*;
use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroize;

use crate::edwards::Extended;
use crate::edwards::multiples::{self, GENERATOR, Table};
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
#[derive(Debug, Clone, Copy)]
pub struct Point(Form);

/// Points that are read or computed out of public values have the quick form, points computed out of secrets
/// the form with constant time. A change of form goes through the canonical bytes.
#[derive(Debug, Clone, Copy)]
enum Form {
    Quick(Extended),
    Steady(EdwardsPoint),
}

impl Point {
    fn quick(&self) -> Extended {
        match &self.0 {
            Form::Quick(point) => *point,
            Form::Steady(point) => quick_of(&point.compress()),
        }
    }

    fn steady(&self) -> EdwardsPoint {
        match &self.0 {
            Form::Steady(point) => *point,
            Form::Quick(point) if point.is_identity() => EdwardsPoint::identity(),
            Form::Quick(point) => CompressedEdwardsY(point.to_bytes())
                .decompress()
                .expect("a point of the curve has a canonical form"),
        }
    }
}

fn quick_of(compressed: &CompressedEdwardsY) -> Extended {
    Extended::of_bytes(compressed.as_bytes()).expect("a point of the curve has a canonical form")
}

impl PartialEq for Point {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Steady(a), Form::Steady(b)) => a == b,
            _ => self.quick().equals(&other.quick()),
        }
    }
}

impl Eq for Point {}

/// All points in the quick form, at the price of one inversion and a root for each that has to change.
fn all_quick(points: &[Point]) -> Vec<Extended> {
    let steady: Vec<EdwardsPoint> =
        points.iter().filter_map(|p| if let Form::Steady(p) = &p.0 { Some(*p) } else { None }).collect();
    let mut changed = EdwardsPoint::compress_batch_alloc(&steady).into_iter();
    let change = |point: &Point| match (&point.0, matches!(point.0, Form::Steady(_)).then(|| changed.next()))
    {
        (Form::Quick(point), _) => *point,
        (_, Some(Some(compressed))) => quick_of(&compressed),
        _ => point.quick(),
    };
    points.iter().map(change).collect()
}

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

/// A point of the curve, not yet known to be a member.
fn quick_point(text: &str) -> Option<Extended> {
    let mut bytes = unhex32(text)?;
    bytes.reverse();
    Extended::of_bytes(&bytes)
}

fn add_one(bytes: &mut [u8; 32]) {
    for byte in bytes.iter_mut() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return;
        }
    }
}

pub struct PublicTables {
    generator: &'static Table,
    key: Table,
}

/// Bits per place of a table that `work` products pay for: more bits make each product cheaper and the table
/// twice as dear.
const fn key_width(work: usize) -> u32 {
    match work {
        0..100 => 4,
        100..700 => 6,
        700..4_000 => 8,
        4_000..16_000 => 10,
        _ => 11,
    }
}

/// Tables of the generator live as long as the program.
fn generator_table(work: usize) -> &'static Table {
    static SMALL: OnceLock<Table> = OnceLock::new();
    static LARGE: OnceLock<Table> = OnceLock::new();
    if work < 16_000 {
        return SMALL.get_or_init(|| Table::new(&GENERATOR, 8));
    }
    LARGE.get_or_init(|| Table::new(&GENERATOR, 11))
}

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
        Point(Form::Quick(Extended::IDENTITY))
    }

    fn generator() -> Point {
        Point(Form::Quick(GENERATOR))
    }

    fn read(text: &str) -> Option<Point> {
        quick_point(text).filter(multiples::is_member).map(|point| Point(Form::Quick(point)))
    }

    fn read_all(texts: &[&str]) -> Vec<Option<Point>> {
        let points: Vec<Option<Extended>> = texts.par_iter().map(|text| quick_point(text)).collect();
        let found: Vec<Extended> = points.iter().flatten().copied().collect();
        let sound = found.len() >= BATCH
            && all_members(
                &Extended::affine_of_all(&found),
                &digest_of("members", texts),
                Extended::IDENTITY,
                |sum, point| sum.add_affine(point, false),
                Extended::add,
                multiples::is_member,
            );
        let admit = |point: Option<Extended>| point.filter(|p| sound || multiples::is_member(p));
        points.into_par_iter().map(|point| admit(point).map(|point| Point(Form::Quick(point)))).collect()
    }

    fn write_all(elements: &[Point]) -> Vec<String> {
        let mut quick = Vec::with_capacity(elements.len());
        let mut steady = Vec::new();
        for element in elements {
            match &element.0 {
                Form::Quick(point) => quick.push(*point),
                Form::Steady(point) => steady.push(*point),
            }
        }
        let mut quick = Extended::bytes_of_all(&quick).into_iter();
        let mut steady = EdwardsPoint::compress_batch_alloc(&steady).into_iter().map(|c| c.to_bytes());
        let write = |element: &Point| {
            let bytes = match &element.0 {
                Form::Quick(_) => quick.next(),
                Form::Steady(_) => steady.next(),
            };
            let mut bytes = bytes.unwrap_or_default();
            bytes.reverse();
            hex(&bytes)
        };
        elements.iter().map(write).collect()
    }

    fn compare(a: &str, b: &str) -> Ordering {
        let pairs = |text: &str| text.as_bytes().rchunks(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
        pairs(a).cmp(&pairs(b))
    }

    fn multiply(a: &Point, b: &Point) -> Point {
        Point(match (&a.0, &b.0) {
            (Form::Quick(a), Form::Quick(b)) => Form::Quick(a.add(b)),
            _ => Form::Steady(a.steady() + b.steady()),
        })
    }

    fn invert(a: &Point) -> Point {
        Point(match &a.0 {
            Form::Quick(point) => Form::Quick(point.negated()),
            Form::Steady(point) => Form::Steady(-point),
        })
    }

    fn power(base: &Point, exponent: &Exponent) -> Point {
        Point(Form::Steady(base.steady() * exponent.0))
    }

    fn fixed(base: &Point) -> Self::Fixed {
        Box::new(EdwardsBasepointTable::create(&base.steady()))
    }

    fn fixed_power(table: &Self::Fixed, exponent: &Exponent) -> Point {
        Point(Form::Steady(table.mul_base(&exponent.0)))
    }

    fn generator_power(exponent: &Exponent) -> Point {
        Point(Form::Steady(ED25519_BASEPOINT_TABLE * &exponent.0))
    }

    fn tables(key: &Point, work: usize) -> PublicTables {
        PublicTables { generator: generator_table(work), key: Table::new(&key.quick(), key_width(work)) }
    }

    fn commitments(
        tables: &PublicTables,
        base: &Point,
        jobs: &[(Exponent, Exponent, Exponent)],
    ) -> Vec<Point> {
        let own: Vec<[u8; 32]> = jobs.iter().map(|(_, _, b)| b.0.to_bytes()).collect();
        let finish = |((g, y, _), product): (&(Exponent, Exponent, _), Extended)| {
            let product = tables.generator.fold(product, &g.0.to_bytes());
            Point(Form::Quick(tables.key.fold(product, &y.0.to_bytes())))
        };
        jobs.iter().zip(multiples::of_one(&base.quick(), &own)).map(finish).collect()
    }

    fn product(bases: &[Point], exponents: &[Exponent]) -> Point {
        let size = bases.len().min(exponents.len());
        let scalars: Vec<[u8; 32]> = exponents[..size].iter().map(|e| e.0.to_bytes()).collect();
        Point(Form::Quick(multiples::sum(&all_quick(&bases[..size]), &scalars)))
    }

    fn secret_product(bases: &[Point], exponents: &[Exponent]) -> Point {
        let size = bases.len().min(exponents.len());
        let scalars = exponents[..size].iter().map(|e| e.0);
        Point(Form::Steady(EdwardsPoint::multiscalar_mul(scalars, bases[..size].iter().map(Point::steady))))
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
                return Some(Point(Form::Steady(point)));
            }
            add_one(&mut bytes);
        }
        None
    }

    fn extract(element: &Point, count: usize) -> Vec<u8> {
        let le = match &element.0 {
            Form::Quick(point) => point.to_bytes(),
            Form::Steady(point) => point.compress().to_bytes(),
        };
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
                return (!point.is_identity() && point != ED25519_BASEPOINT_POINT)
                    .then_some(Point(Form::Steady(point)));
            }
            add_one(&mut shifted);
        }
        None
    }
}
