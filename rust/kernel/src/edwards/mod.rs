//! Points of the curve edwards25519 for public values, in variable time.
//!
//! Verification spends its time in many multiples of the same point and of two fixed points; what is needed
//! for that is written out here on plain 64-bit words. Secrets never come here: they stay with
//! curve25519-dalek, which the tests also use as the second opinion.

pub mod limbs;
pub mod multiples;

use limbs::Limbs;

/// x = X/Z, y = Y/Z, xy = T/Z.
#[derive(Debug, Clone, Copy)]
pub struct Extended {
    x: Limbs,
    y: Limbs,
    z: Limbs,
    t: Limbs,
}

/// x = X/Z, y = Y/T: what doublings and additions give before the last products.
#[derive(Debug, Clone, Copy)]
struct Completed {
    x: Limbs,
    y: Limbs,
    z: Limbs,
    t: Limbs,
}

/// A point made ready to be added: Y + X, Y - X, Z, 2dT.
#[derive(Debug, Clone, Copy)]
struct Cached {
    plus: Limbs,
    minus: Limbs,
    z: Limbs,
    t2d: Limbs,
}

/// The same with Z = 1.
#[derive(Debug, Clone, Copy)]
pub struct Affine {
    plus: Limbs,
    minus: Limbs,
    xy2d: Limbs,
}

impl Completed {
    #[inline(always)]
    fn extended(&self) -> Extended {
        Extended { x: &self.x * &self.t, y: &self.y * &self.z, z: &self.z * &self.t, t: &self.x * &self.y }
    }

    /// Without T, which a doubling does not need.
    #[inline(always)]
    fn projective(&self) -> (Limbs, Limbs, Limbs) {
        (&self.x * &self.t, &self.y * &self.z, &self.z * &self.t)
    }
}

#[inline(always)]
fn double(x: &Limbs, y: &Limbs, z: &Limbs) -> Completed {
    let (xx, yy, zz) = (x.square(), y.square(), z.square());
    let sum = x.plus(y).square();
    let y = yy.plus(&xx);
    let z = yy.minus(&xx);
    Completed { x: sum.minus_large(&y), y, z, t: zz.plus(&zz).minus_large(&z) }
}

impl Extended {
    pub const IDENTITY: Extended = Extended { x: Limbs::ZERO, y: Limbs::ONE, z: Limbs::ONE, t: Limbs::ZERO };

    #[inline(always)]
    fn cached(&self) -> Cached {
        Cached {
            plus: self.y.plus(&self.x),
            minus: self.y.minus(&self.x),
            z: self.z,
            t2d: &self.t * &Limbs::D2,
        }
    }

    #[inline(always)]
    fn added(&self, plus: &Limbs, minus: &Limbs, t2d: &Limbs, z: &Limbs, negative: bool) -> Completed {
        let (first, second) = if negative { (minus, plus) } else { (plus, minus) };
        let p = &self.y.plus(&self.x) * first;
        let m = &self.y.minus(&self.x) * second;
        let t = &self.t * t2d;
        let z = z.plus(z);
        let (up, down) = (z.plus(&t), z.minus(&t));
        let (z, t) = if negative { (down, up) } else { (up, down) };
        Completed { x: p.minus(&m), y: p.plus(&m), z, t }
    }

    #[inline(always)]
    fn add_cached(&self, other: &Cached, negative: bool) -> Extended {
        let z = &self.z * &other.z;
        self.added(&other.plus, &other.minus, &other.t2d, &z, negative).extended()
    }

    #[inline(always)]
    pub fn add_affine(&self, other: &Affine, negative: bool) -> Extended {
        self.added(&other.plus, &other.minus, &other.xy2d, &self.z, negative).extended()
    }

    pub fn add(&self, other: &Extended) -> Extended {
        self.add_cached(&other.cached(), false)
    }

    pub fn double(&self) -> Extended {
        double(&self.x, &self.y, &self.z).extended()
    }

    pub fn negated(&self) -> Extended {
        let zero = Limbs::ZERO;
        // A product with one brings both back to one unit.
        let negative = |value: &Limbs| &zero.minus(value) * &Limbs::ONE;
        Extended { x: negative(&self.x), y: self.y, z: self.z, t: negative(&self.t) }
    }

    pub fn equals(&self, other: &Extended) -> bool {
        let same = |a: &Limbs, b: &Limbs| (a * &other.z).minus(&(b * &self.z)).is_zero();
        same(&self.x, &other.x) && same(&self.y, &other.y)
    }

    pub fn is_identity(&self) -> bool {
        self.x.is_zero() && self.y.minus(&self.z).is_zero()
    }

    /// The point with these 32 little-endian bytes, if they are the canonical form of one of the curve.
    pub fn of_bytes(bytes: &[u8; 32]) -> Option<Extended> {
        let odd = bytes[31] & 0x80 != 0;
        let y = Limbs::of_bytes(bytes);
        let mut again = y.bytes();
        again[31] |= bytes[31] & 0x80;
        if again != *bytes {
            return None; // y >= p
        }
        let yy = y.square();
        let u = yy.minus(&Limbs::ONE);
        let v = (&yy * &Limbs::D).plus(&Limbs::ONE); // never zero: -1/d is no square
        let root = Limbs::root_of_ratio(&u, &v)?;
        if root.is_zero() && odd {
            return None; // x = 0 has no odd form
        }
        let x = if root.is_odd() == odd { root } else { &Limbs::ZERO.minus(&root) * &Limbs::ONE };
        Some(Extended { x, y, z: Limbs::ONE, t: &x * &y })
    }

    /// The canonical 32 bytes, little-endian.
    pub fn to_bytes(&self) -> [u8; 32] {
        let inverse = if self.z.0 == Limbs::ONE.0 { Limbs::ONE } else { self.z.inverse() };
        written(self, &inverse)
    }

    /// The canonical bytes of many points, little-endian, at the price of one inversion.
    pub fn bytes_of_all(points: &[Extended]) -> Vec<[u8; 32]> {
        let mut inverses: Vec<Limbs> = points.iter().map(|point| point.z).collect();
        Limbs::invert_all(&mut inverses);
        points.iter().zip(&inverses).map(|(point, inverse)| written(point, inverse)).collect()
    }

    /// Many points with Z = 1, ready to be added.
    pub fn affine_of_all(points: &[Extended]) -> Vec<Affine> {
        let mut inverses: Vec<Limbs> = points.iter().map(|point| point.z).collect();
        Limbs::invert_all(&mut inverses);
        let bring = |(point, inverse): (&Extended, &Limbs)| {
            let (x, y) = (&point.x * inverse, &point.y * inverse);
            Affine { plus: y.plus(&x), minus: y.minus(&x), xy2d: &(&x * &y) * &Limbs::D2 }
        };
        points.iter().zip(&inverses).map(bring).collect()
    }
}

fn written(point: &Extended, inverse: &Limbs) -> [u8; 32] {
    let mut bytes = (&point.y * inverse).bytes();
    bytes[31] |= u8::from((&point.x * inverse).is_odd()) << 7;
    bytes
}
