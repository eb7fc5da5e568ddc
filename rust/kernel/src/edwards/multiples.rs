//! Multiples of points: many of one point, of a fixed point, and sums over many points.

use super::limbs::Limbs;
use super::{Affine, Cached, Completed, Extended, double};

/// The order of the prime-order subgroup, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
/// Bits of a scalar below the order.
const BITS: usize = 253;
const NAF: u32 = 5;
const ODD: usize = 1 << (NAF - 2);

/// A little-endian scalar below 2^253.
pub type Scalar = [u8; 32];

fn words(scalar: &Scalar) -> [u64; 5] {
    let mut words = [0u64; 5];
    for (word, part) in words.iter_mut().zip(scalar.chunks_exact(8)) {
        *word = part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    }
    words
}

/// `count` bits of a number, from bit `at`.
#[inline(always)]
fn bits(words: &[u64; 5], at: usize, count: u32) -> u64 {
    let (word, bit) = (at / 64, at % 64);
    let low = words[word] >> bit;
    let high = if bit == 0 { 0 } else { words.get(word + 1).copied().unwrap_or(0) << (64 - bit) };
    (low | high) & ((1 << count) - 1)
}

/// Non-adjacent form: digits that are 0 or odd and below 2^(NAF - 1), one per bit.
fn naf(scalar: &Scalar) -> [i8; 256] {
    let words = words(scalar);
    let mut digits = [0i8; 256];
    let mut carry = 0;
    let mut at = 0;
    while at < 256 {
        let value = carry + bits(&words, at, NAF);
        if value & 1 == 0 {
            at += 1;
            continue;
        }
        carry = value >> (NAF - 1) & 1;
        digits[at] = (value as i8).wrapping_sub((carry << NAF) as i8);
        at += NAF as usize;
    }
    digits
}

/// Digits from -2^(width - 1) to 2^(width - 1), least significant first.
fn signed_digits(scalar: &Scalar, width: u32) -> impl Iterator<Item = i32> + use<> {
    let words = words(scalar);
    let mut carry = 0;
    (0..windows(width)).map(move |place| {
        let value = carry + bits(&words, place * width as usize, width) as i32;
        carry = i32::from(value > 1 << (width - 1));
        value - (carry << width)
    })
}

const fn windows(width: u32) -> usize {
    BITS / width as usize + 1
}

/// A sum that may still be empty.
type Sum = Option<Extended>;

fn join(a: &Sum, b: &Sum) -> Sum {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.add(b)),
        (None, other) | (other, None) => *other,
    }
}

/// The multiples of one point that `scalars` ask for. The doublings are shared: each scalar collects the
/// doubled points with equal digits in one bucket, and its buckets are put together at the end.
pub fn of_one(base: &Extended, scalars: &[Scalar]) -> Vec<Extended> {
    let digits: Vec<[i8; 256]> = scalars.iter().map(naf).collect();
    let mut buckets: Vec<[Sum; ODD]> = vec![[None; ODD]; scalars.len()];
    let used = |place: usize| digits.iter().any(|digits| digits[place] != 0);
    let Some(top) = (0..256).rev().find(|place| used(*place)) else {
        return vec![Extended::IDENTITY; scalars.len()];
    };
    let mut point = *base;
    let mut last: Option<Completed> = None;
    for place in 0..=top {
        if let Some(completed) = &last {
            (point.x, point.y, point.z) = completed.projective();
        }
        if used(place) {
            if let Some(completed) = &last {
                point.t = &completed.x * &completed.y;
            }
            let cached = point.cached();
            for (buckets, digits) in buckets.iter_mut().zip(&digits) {
                drop_in(buckets, digits[place], &point, &cached);
            }
        }
        last = Some(double(&point.x, &point.y, &point.z));
    }
    buckets.iter().map(collected).collect()
}

#[inline(always)]
fn drop_in(buckets: &mut [Sum; ODD], digit: i8, point: &Extended, cached: &Cached) {
    if digit == 0 {
        return;
    }
    let bucket = &mut buckets[usize::from(digit.unsigned_abs() >> 1)];
    *bucket = Some(match bucket {
        Some(sum) => sum.add_cached(cached, digit < 0),
        None if digit < 0 => point.negated(),
        None => *point,
    });
}

/// The sum of (2 i + 1) buckets[i].
fn collected(buckets: &[Sum; ODD]) -> Extended {
    let (mut running, mut total) = (None, None);
    for bucket in buckets[1..].iter().rev() {
        running = join(&running, bucket);
        total = join(&total, &running);
    }
    let twice = total.map(|total: Extended| total.double());
    join(&twice, &join(&running, &buckets[0])).unwrap_or(Extended::IDENTITY)
}

/// Whether a point of the curve is in the subgroup of prime order.
pub fn is_member(point: &Extended) -> bool {
    of_one(point, &[ORDER]).iter().all(Extended::is_identity)
}

/// Multiples 1 to 2^(width - 1) of each 2^(width place) of a point.
pub struct Table {
    width: u32,
    rows: Vec<Affine>,
}

impl Table {
    /// `width` from 2 to 15. Takes 2^(width - 1) 253/width additions.
    pub fn new(base: &Extended, width: u32) -> Table {
        let half = 1usize << (width - 1);
        let mut rows = Vec::with_capacity(windows(width) * half);
        let mut base = *base;
        for _ in 0..windows(width) {
            let step = base.cached();
            let mut row = Vec::with_capacity(half);
            row.push(base);
            for place in 1..half {
                let next: Extended = row[place - 1];
                row.push(next.add_cached(&step, false));
            }
            rows.extend(Extended::affine_of_all(&row));
            base = row[half - 1].double();
        }
        Table { width, rows }
    }

    /// sum + scalar * base.
    pub fn fold(&self, mut sum: Extended, scalar: &Scalar) -> Extended {
        let half = 1usize << (self.width - 1);
        // An entry is fetched from memory while the one before it is added.
        let mut waiting: Option<(Affine, bool)> = None;
        for (row, digit) in self.rows.chunks_exact(half).zip(signed_digits(scalar, self.width)) {
            if digit != 0 {
                let next = row[digit.unsigned_abs() as usize - 1];
                if let Some((entry, negative)) = waiting.replace((next, digit < 0)) {
                    sum = sum.add_affine(&entry, negative);
                }
            }
        }
        match waiting {
            Some((entry, negative)) => sum.add_affine(&entry, negative),
            None => sum,
        }
    }
}

/// The sum of scalars[i] * points[i].
pub fn sum(points: &[Extended], scalars: &[Scalar]) -> Extended {
    if points.len().min(scalars.len()) < 96 { chain(points, scalars) } else { buckets(points, scalars) }
}

/// Straus: one chain of doublings for all points.
fn chain(points: &[Extended], scalars: &[Scalar]) -> Extended {
    let digits: Vec<[i8; 256]> = scalars.iter().map(naf).collect();
    let rows: Vec<[Cached; ODD]> = points.iter().map(odd_multiples).collect();
    let mut sum = Extended::IDENTITY;
    let top = (0..256).rev().find(|place| digits.iter().any(|digits| digits[*place] != 0));
    for place in (0..top.map_or(0, |top| top + 1)).rev() {
        sum = sum.double();
        for (row, digits) in rows.iter().zip(&digits) {
            let digit = digits[place];
            if digit != 0 {
                sum = sum.add_cached(&row[usize::from(digit.unsigned_abs() >> 1)], digit < 0);
            }
        }
    }
    sum
}

fn odd_multiples(point: &Extended) -> [Cached; ODD] {
    let step = point.double().cached();
    let mut last = *point;
    let mut row = [last.cached(); ODD];
    for place in &mut row[1..] {
        last = last.add_cached(&step, false);
        *place = last.cached();
    }
    row
}

/// Pippenger: the points with equal digits are added up first.
fn buckets(points: &[Extended], scalars: &[Scalar]) -> Extended {
    let affine = Extended::affine_of_all(points);
    let size = affine.len().min(scalars.len());
    let width = size.max(1).ilog2().saturating_sub(2).clamp(3, 14);
    let mut digits = vec![0i16; size * windows(width)];
    for (scalar, digits) in scalars.iter().zip(digits.chunks_exact_mut(windows(width))) {
        for (place, digit) in digits.iter_mut().zip(signed_digits(scalar, width)) {
            *place = digit as i16;
        }
    }
    let mut total: Sum = None;
    for place in (0..windows(width)).rev() {
        for _ in 0..width {
            total = total.map(|total| total.double());
        }
        let mut buckets: Vec<Sum> = vec![None; 1 << (width - 1)];
        for (point, digits) in affine.iter().zip(digits.chunks_exact(windows(width))) {
            let digit = digits[place];
            if digit != 0 {
                let bucket = &mut buckets[usize::from(digit.unsigned_abs()) - 1];
                let before = bucket.unwrap_or(Extended::IDENTITY);
                *bucket = Some(before.add_affine(point, digit < 0));
            }
        }
        let (mut running, mut part) = (None, None);
        for bucket in buckets.iter().rev() {
            running = join(&running, bucket);
            part = join(&part, &running);
        }
        total = join(&total, &part);
    }
    total.unwrap_or(Extended::IDENTITY)
}

/// The base point of RFC 8032.
pub const GENERATOR: Extended = Extended {
    x: Limbs([1738742601995546, 1146398526822698, 2070867633025821, 562264141797630, 587772402128613]),
    y: Limbs([1801439850948184, 1351079888211148, 450359962737049, 900719925474099, 1801439850948198]),
    z: Limbs::ONE,
    t: Limbs([1841354044333475, 16398895984059, 755974180946558, 900171276175154, 1821297809914039]),
};
