//! Integers modulo 2^255 - 19 in five limbs of 51 bits. For public values: some functions take variable time.
//!
//! Products and carried values have limbs below 2^51 + 2^14 ("one unit"). Sums and differences are not
//! carried; a factor may have at most six units, so that every column of a product and its carry fit.

use std::ops::Mul;

const MASK: u64 = (1 << 51) - 1;
/// 2p and 4p, which keep differences positive.
const TWO_P: [u64; 5] = [(MASK - 18) * 2, MASK * 2, MASK * 2, MASK * 2, MASK * 2];
const FOUR_P: [u64; 5] = [(MASK - 18) * 4, MASK * 4, MASK * 4, MASK * 4, MASK * 4];

#[derive(Debug, Clone, Copy)]
pub struct Limbs(pub [u64; 5]);

#[inline(always)]
fn wide(a: u64, b: u64) -> u128 {
    u128::from(a).wrapping_mul(u128::from(b))
}

#[inline(always)]
fn column(terms: [u128; 5]) -> u128 {
    terms[0].wrapping_add(terms[1]).wrapping_add(terms[2]).wrapping_add(terms[3]).wrapping_add(terms[4])
}

/// One pass of carries over the columns of a product.
#[inline(always)]
fn carried(columns: [u128; 5]) -> Limbs {
    let [c0, mut c1, mut c2, mut c3, mut c4] = columns;
    c1 = c1.wrapping_add(u128::from((c0 >> 51) as u64));
    c2 = c2.wrapping_add(u128::from((c1 >> 51) as u64));
    c3 = c3.wrapping_add(u128::from((c2 >> 51) as u64));
    c4 = c4.wrapping_add(u128::from((c3 >> 51) as u64));
    let first = (c0 as u64 & MASK).wrapping_add(((c4 >> 51) as u64).wrapping_mul(19));
    Limbs([
        first & MASK,
        (c1 as u64 & MASK).wrapping_add(first >> 51),
        c2 as u64 & MASK,
        c3 as u64 & MASK,
        c4 as u64 & MASK,
    ])
}

impl Mul for &Limbs {
    type Output = Limbs;

    #[inline(always)]
    fn mul(self, other: &Limbs) -> Limbs {
        let (a, b) = (&self.0, &other.0);
        let f =
            [0, b[1].wrapping_mul(19), b[2].wrapping_mul(19), b[3].wrapping_mul(19), b[4].wrapping_mul(19)];
        carried([
            column([
                wide(a[0], b[0]),
                wide(a[4], f[1]),
                wide(a[3], f[2]),
                wide(a[2], f[3]),
                wide(a[1], f[4]),
            ]),
            column([
                wide(a[1], b[0]),
                wide(a[0], b[1]),
                wide(a[4], f[2]),
                wide(a[3], f[3]),
                wide(a[2], f[4]),
            ]),
            column([
                wide(a[2], b[0]),
                wide(a[1], b[1]),
                wide(a[0], b[2]),
                wide(a[4], f[3]),
                wide(a[3], f[4]),
            ]),
            column([
                wide(a[3], b[0]),
                wide(a[2], b[1]),
                wide(a[1], b[2]),
                wide(a[0], b[3]),
                wide(a[4], f[4]),
            ]),
            column([
                wide(a[4], b[0]),
                wide(a[3], b[1]),
                wide(a[2], b[2]),
                wide(a[1], b[3]),
                wide(a[0], b[4]),
            ]),
        ])
    }
}

impl Limbs {
    pub const ZERO: Limbs = Limbs([0; 5]);
    pub const ONE: Limbs = Limbs([1, 0, 0, 0, 0]);
    /// Curve constant d, and its double.
    pub const D: Limbs =
        Limbs([929955233495203, 466365720129213, 1662059464998953, 2033849074728123, 1442794654840575]);
    pub const D2: Limbs =
        Limbs([1859910466990425, 932731440258426, 1072319116312658, 1815898335770999, 633789495995903]);
    /// A square root of -1.
    const ROOT: Limbs =
        Limbs([1718705420411056, 234908883556509, 2233514472574048, 2117202627021982, 765476049583133]);

    #[inline(always)]
    pub fn plus(&self, other: &Limbs) -> Limbs {
        let mut out = self.0;
        for (place, limb) in out.iter_mut().zip(other.0) {
            *place = place.wrapping_add(limb);
        }
        Limbs(out)
    }

    #[inline(always)]
    fn less(&self, other: &Limbs, multiple: &[u64; 5]) -> Limbs {
        let mut out = self.0;
        for ((place, limb), p) in out.iter_mut().zip(other.0).zip(multiple) {
            *place = place.wrapping_add(*p).wrapping_sub(limb);
        }
        Limbs(out)
    }

    /// self - other where `other` has one unit; adds two.
    #[inline(always)]
    pub fn minus(&self, other: &Limbs) -> Limbs {
        self.less(other, &TWO_P)
    }

    /// self - other where `other` has at most three units; adds four.
    #[inline(always)]
    pub fn minus_large(&self, other: &Limbs) -> Limbs {
        self.less(other, &FOUR_P)
    }

    #[inline(always)]
    pub fn square(&self) -> Limbs {
        let a = &self.0;
        let (d0, d1) = (a[0].wrapping_mul(2), a[1].wrapping_mul(2));
        let (f3, f4) = (a[3].wrapping_mul(19), a[4].wrapping_mul(19));
        let twice = |value: u128| value << 1;
        carried([
            wide(a[0], a[0]).wrapping_add(twice(wide(a[1], f4).wrapping_add(wide(a[2], f3)))),
            wide(a[3], f3).wrapping_add(wide(d0, a[1])).wrapping_add(twice(wide(a[2], f4))),
            wide(a[1], a[1]).wrapping_add(wide(d0, a[2])).wrapping_add(twice(wide(a[4], f3))),
            wide(a[4], f4).wrapping_add(wide(d0, a[3])).wrapping_add(wide(d1, a[2])),
            wide(a[2], a[2]).wrapping_add(wide(d0, a[4])).wrapping_add(wide(d1, a[3])),
        ])
    }

    fn squared(&self, times: usize) -> Limbs {
        (0..times).fold(*self, |value, _| value.square())
    }

    /// self^(2^250 - 1) and self^11.
    fn ladder(&self) -> (Limbs, Limbs) {
        let two = self.square();
        let nine = self * &two.squared(2);
        let eleven = &two * &nine;
        let e5 = &nine * &eleven.square();
        let e10 = &e5.squared(5) * &e5;
        let e20 = &e10.squared(10) * &e10;
        let e40 = &e20.squared(20) * &e20;
        let e50 = &e40.squared(10) * &e10;
        let e100 = &e50.squared(50) * &e50;
        let e200 = &e100.squared(100) * &e100;
        (&e200.squared(50) * &e50, eleven)
    }

    /// 1/self; zero for zero.
    pub fn inverse(&self) -> Limbs {
        let (e250, eleven) = self.ladder();
        &e250.squared(5) * &eleven
    }

    /// Replaces every value by its inverse; none may be zero.
    pub fn invert_all(values: &mut [Limbs]) {
        let mut products = Vec::with_capacity(values.len());
        let mut product = Limbs::ONE;
        for value in values.iter() {
            products.push(product);
            product = &product * value;
        }
        let mut rest = product.inverse();
        for (value, before) in values.iter_mut().zip(products).rev() {
            let next = &rest * value;
            *value = &rest * &before;
            rest = next;
        }
    }

    /// A square root of u/v, if there is one; v is not zero. u has at most three units, v two.
    pub fn root_of_ratio(u: &Limbs, v: &Limbs) -> Option<Limbs> {
        let v3 = &v.square() * v;
        let v7 = &v3.square() * v;
        let base = u * &v7;
        let power = &base.ladder().0.squared(2) * &base; // base^((p - 5) / 8)
        let root = &(u * &v3) * &power;
        let check = v * &root.square();
        if check.minus_large(u).is_zero() {
            return Some(root);
        }
        check.plus(u).is_zero().then(|| &root * &Limbs::ROOT)
    }

    /// From 32 little-endian bytes, the top bit left out.
    pub fn of_bytes(bytes: &[u8; 32]) -> Limbs {
        let mut words = [0u64; 4];
        for (word, part) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        }
        Limbs([
            words[0] & MASK,
            (words[0] >> 51 | words[1] << 13) & MASK,
            (words[1] >> 38 | words[2] << 26) & MASK,
            (words[2] >> 25 | words[3] << 39) & MASK,
            words[3] >> 12 & MASK,
        ])
    }

    /// The least residue, little-endian.
    pub fn bytes(&self) -> [u8; 32] {
        let mut l = self.0;
        for _ in 0..2 {
            let mut carry = 0;
            for limb in &mut l {
                let sum = limb.wrapping_add(carry);
                *limb = sum & MASK;
                carry = sum >> 51;
            }
            l[0] = l[0].wrapping_add(carry.wrapping_mul(19));
        }
        // l is below 2^255 + 2^13; whether it reaches p is the carry out of l + 19.
        let mut over = (l[0].wrapping_add(19)) >> 51;
        for limb in &l[1..] {
            over = limb.wrapping_add(over) >> 51;
        }
        l[0] = l[0].wrapping_add(over.wrapping_mul(19));
        let mut carry = 0;
        for limb in &mut l {
            let sum = limb.wrapping_add(carry);
            *limb = sum & MASK;
            carry = sum >> 51;
        }
        let words =
            [l[0] | l[1] << 51, l[1] >> 13 | l[2] << 38, l[2] >> 26 | l[3] << 25, l[3] >> 39 | l[4] << 12];
        let mut out = [0u8; 32];
        for (place, word) in out.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    pub fn is_zero(&self) -> bool {
        self.bytes() == [0; 32]
    }

    pub fn is_odd(&self) -> bool {
        self.bytes()[0] & 1 == 1
    }
}
