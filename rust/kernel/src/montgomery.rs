//! Multiplication modulo a 2048-bit prime in Montgomery form, on plain words.
//!
//! Written out here because every cost of the finite-field groups is this one product. No branch and no
//! index depends on the operands. The constants of a modulus come from crypto-bigint, which the tests also
//! use as the second opinion.

pub const WORDS: usize = 32;
pub type Words = [u64; WORDS];

/// A modulus: the prime, and -1/prime modulo 2^64.
#[derive(Debug, Clone, Copy)]
pub struct Modulus {
    pub prime: Words,
    pub inverse: u64,
}

/// a + b * c + carry, as (low, high); cannot overflow.
#[inline(always)]
const fn step(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let wide = a as u128 + (b as u128) * (c as u128) + carry as u128;
    (wide as u64, (wide >> 64) as u64)
}

impl Modulus {
    /// value - prime if value (with one more bit above) is at least the prime.
    #[inline(always)]
    fn reduce_once(&self, value: &Words, above: u64) -> Words {
        let mut less = [0u64; WORDS];
        let mut borrow = 0u64;
        for i in 0..WORDS {
            let wide =
                u128::from(value[i]).wrapping_sub(u128::from(self.prime[i])).wrapping_sub(u128::from(borrow));
            less[i] = wide as u64;
            borrow = (wide >> 64) as u64 & 1;
        }
        // Keep `value` only if the subtraction borrowed more than there was above.
        let keep = 0u64.wrapping_sub(borrow & (above ^ 1));
        let mut out = [0u64; WORDS];
        for i in 0..WORDS {
            out[i] = value[i] & keep | less[i] & !keep;
        }
        out
    }

    /// a * b / 2^2048.
    pub fn multiply(&self, a: &Words, b: &Words) -> Words {
        let mut t = [0u64; WORDS];
        let mut above = 0u64;
        for word in b {
            let (low, mut carry) = step(t[0], a[0], *word, 0);
            let m = low.wrapping_mul(self.inverse);
            let (_, mut folded) = step(low, m, self.prime[0], 0);
            for j in 1..WORDS {
                let (sum, up) = step(t[j], a[j], *word, carry);
                carry = up;
                let (sum, up) = step(sum, m, self.prime[j], folded);
                folded = up;
                t[j - 1] = sum;
            }
            let wide = u128::from(carry) + u128::from(folded) + u128::from(above);
            t[WORDS - 1] = wide as u64;
            above = (wide >> 64) as u64;
        }
        self.reduce_once(&t, above)
    }

    /// a * a / 2^2048.
    pub fn square(&self, a: &Words) -> Words {
        let mut t = [0u64; 2 * WORDS];
        for i in 0..WORDS {
            let mut carry = 0;
            let row = &mut t[2 * i + 1..i + WORDS];
            for (place, word) in row.iter_mut().zip(&a[i + 1..]) {
                (*place, carry) = step(*place, a[i], *word, carry);
            }
            if i + WORDS < 2 * WORDS {
                t[i + WORDS] = carry;
            }
        }
        let mut carry = 0u64;
        let mut shifted = 0u64;
        for i in 0..WORDS {
            let (low, high) = (t[2 * i], t[2 * i + 1]);
            let doubled = [low << 1 | shifted, high << 1 | low >> 63];
            shifted = high >> 63;
            let square = u128::from(a[i]) * u128::from(a[i]);
            let wide = u128::from(doubled[0]) + u128::from(square as u64) + u128::from(carry);
            t[2 * i] = wide as u64;
            let wide = u128::from(doubled[1]) + (square >> 64) + (wide >> 64);
            t[2 * i + 1] = wide as u64;
            carry = (wide >> 64) as u64;
        }
        self.reduce(&mut t)
    }

    /// t / 2^2048 for a double-length t below prime * 2^2048.
    fn reduce(&self, t: &mut [u64; 2 * WORDS]) -> Words {
        let mut above = 0u64;
        for i in 0..WORDS {
            let m = t[i].wrapping_mul(self.inverse);
            let mut carry = 0;
            let row = &mut t[i..i + WORDS];
            for (place, word) in row.iter_mut().zip(&self.prime) {
                (*place, carry) = step(*place, m, *word, carry);
            }
            let wide = u128::from(t[i + WORDS]) + u128::from(carry) + u128::from(above);
            t[i + WORDS] = wide as u64;
            above = (wide >> 64) as u64;
        }
        let mut high = [0u64; WORDS];
        high.copy_from_slice(&t[WORDS..]);
        self.reduce_once(&high, above)
    }
}

/// The Jacobi symbol of a over an odd n; variable time.
pub fn jacobi(a: &Words, n: &Words) -> i8 {
    let (mut a, mut n) = (*a, *n);
    let mut top = WORDS;
    let mut sign = 1i8;
    loop {
        while top > 1 && a[top - 1] == 0 && n[top - 1] == 0 {
            top -= 1;
        }
        let Some(first) = a[..top].iter().position(|w| *w != 0) else {
            // gcd(a, n) is n now: the symbol is 0 unless that is 1.
            let one = n[0] == 1 && n[1..].iter().all(|w| *w == 0);
            return if one { sign } else { 0 };
        };
        let zeros = first * 64 + a[first].trailing_zeros() as usize;
        shift_right(&mut a[..top], zeros);
        if zeros % 2 == 1 && matches!(n[0] % 8, 3 | 5) {
            sign = -sign;
        }
        if less(&a[..top], &n[..top]) {
            std::mem::swap(&mut a, &mut n);
            if a[0] % 4 == 3 && n[0] % 4 == 3 {
                sign = -sign;
            }
        }
        subtract(&mut a[..top], &n[..top]);
    }
}

fn shift_right(a: &mut [u64], bits: usize) {
    let (words, bits) = (bits / 64, bits % 64);
    let size = a.len();
    for i in 0..size {
        let low = a.get(i + words).copied().unwrap_or(0);
        let high = a.get(i + words + 1).copied().unwrap_or(0);
        a[i] = if bits == 0 { low } else { low >> bits | high << (64 - bits) };
    }
}

fn less(a: &[u64], b: &[u64]) -> bool {
    for (a, b) in a.iter().zip(b).rev() {
        if a != b {
            return a < b;
        }
    }
    false
}

fn subtract(a: &mut [u64], b: &[u64]) {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        let (low, first) = a.overflowing_sub(*b);
        let (low, second) = low.overflowing_sub(u64::from(borrow));
        *a = low;
        borrow = first || second;
    }
}
