//! Prime-order subgroups of the integers modulo a 2048-bit prime.

use std::cmp::Ordering;
use std::marker::PhantomData;

use crypto_bigint::modular::{ConstMontyParams, FixedMontyParams};
use crypto_bigint::{CtEq, U2048};
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::exponent::Exponent;
use crate::group::{Group, Scalar, all_members, digest_of};
use crate::montgomery::{Modulus, Words, jacobi};
use crate::text::{is_decimal, sha256};

/// Bits of an exponent taken at a time.
pub(crate) const WINDOW: usize = 4;
const ENTRIES: usize = 1 << WINDOW;
/// Longest decimal of a 2048-bit number.
pub(crate) const DIGITS: usize = 617;

/// The numbers of one group; `QL` is the length of its order in words.
pub trait Parameters<const QL: usize>: Copy + Eq + std::fmt::Debug + Send + Sync + 'static {
    const NAME: &'static str;
    const RANKED: usize;
    /// Whether the group is that of all squares, so that membership is a Jacobi symbol.
    const SAFE_PRIME: bool;
    const MODULUS: FixedMontyParams<32>;
    const GENERATOR: U2048;
    /// (p - 1) / q.
    const COFACTOR: U2048;
    const ORDER_BITS: usize;
    type Order: ConstMontyParams<QL>;

    const PRIME: Modulus = Modulus {
        prime: *Self::MODULUS.modulus().as_ref().as_words(),
        inverse: Self::MODULUS.mod_neg_inv().0,
    };

    fn generator_table() -> &'static FixedTable;
}

#[derive(Debug, Clone, Copy)]
pub struct Field<C, const QL: usize>(PhantomData<C>);

/// A member of the subgroup, in Montgomery form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Residue<C>(Words, PhantomData<C>);

/// base^(digit * 16^place) for every place and digit.
pub struct FixedTable(Vec<[Words; ENTRIES]>);

/// The entry with this index, every entry being read.
fn pick(entries: &[Words; ENTRIES], index: u8) -> Words {
    let mut chosen = [0u64; 32];
    for (place, entry) in (0u8..).zip(entries) {
        let mask = 0u64.wrapping_sub(u64::from(place.ct_eq(&index).to_u8()));
        for (word, value) in chosen.iter_mut().zip(entry) {
            *word |= value & mask;
        }
    }
    chosen
}

fn powers(modulus: &Modulus, one: &Words, base: &Words) -> [Words; ENTRIES] {
    let mut row = [*one; ENTRIES];
    for place in 1..ENTRIES {
        row[place] = modulus.multiply(&row[place - 1], base);
    }
    row
}

impl FixedTable {
    fn new<C: Parameters<QL>, const QL: usize>(base: &Words) -> Self {
        let mut base = *base;
        let mut rows = Vec::with_capacity(C::ORDER_BITS.div_ceil(WINDOW));
        for _ in 0..C::ORDER_BITS.div_ceil(WINDOW) {
            let row = powers(&C::PRIME, C::MODULUS.one().as_words(), &base);
            base = C::PRIME.multiply(&row[ENTRIES - 1], &base);
            rows.push(row);
        }
        FixedTable(rows)
    }

    pub fn of_generator<C: Parameters<QL>, const QL: usize>() -> Self {
        Self::new::<C, QL>(&Field::<C, QL>::generator().0)
    }

    fn secret_power(&self, modulus: &Modulus, one: &Words, digits: &[u8]) -> Words {
        let mut product = *one;
        for (row, digit) in self.0.iter().zip(digits) {
            product = modulus.multiply(&product, &pick(row, *digit));
        }
        product
    }

    /// Multiplies `product` by the power; variable time.
    fn fold_public(&self, modulus: &Modulus, product: &mut Words, digits: &[u8]) {
        for (row, digit) in self.0.iter().zip(digits) {
            if *digit != 0 {
                *product = modulus.multiply(product, &row[usize::from(*digit)]);
            }
        }
    }
}

/// Tables of the generator and the key for public exponents.
pub struct PublicTables {
    key: FixedTable,
}

impl<C: Parameters<QL>, const QL: usize> Field<C, QL> {
    const ONE_FORM: Words = *C::MODULUS.one().as_words();

    fn one() -> &'static Words {
        &Self::ONE_FORM
    }

    fn to_form(value: &U2048) -> Words {
        C::PRIME.multiply(value.as_words(), C::MODULUS.r2().as_words())
    }

    fn from_form(form: &Words) -> U2048 {
        let mut unit = [0u64; 32];
        unit[0] = 1;
        U2048::from_words(C::PRIME.multiply(form, &unit))
    }

    /// A number from 1 to p - 1 in Montgomery form, not yet known to be a member.
    fn in_range(value: &U2048) -> Option<Words> {
        let sound = *value != U2048::ZERO && value < C::MODULUS.modulus().as_ref();
        sound.then(|| Self::to_form(value))
    }

    fn range_of(text: &str) -> Option<Words> {
        if text.len() > DIGITS || !is_decimal(text) {
            return None;
        }
        Self::in_range(&U2048::from_str_radix_vartime(text, 10).ok()?)
    }

    fn is_member(form: &Words) -> bool {
        if C::SAFE_PRIME {
            // The form is the number times 2^2048, an even power of two: the same symbol.
            return jacobi(form, &C::PRIME.prime) == 1;
        }
        let order: [u64; QL] = *C::Order::PARAMS.modulus().as_ref().as_words();
        Self::public_power(form, &order) == *Self::one()
    }

    /// Variable time.
    fn public_power(base: &Words, exponent: &[u64]) -> Words {
        let row = powers(&C::PRIME, Self::one(), base);
        let mut product = *Self::one();
        let mut started = false;
        for word in exponent.iter().rev() {
            for place in (0..64 / WINDOW).rev() {
                let digit = (word >> (WINDOW * place)) as usize & 15;
                if started {
                    for _ in 0..WINDOW {
                        product = C::PRIME.square(&product);
                    }
                }
                if digit != 0 {
                    product = C::PRIME.multiply(&product, &row[digit]);
                    started = true;
                }
            }
        }
        product
    }

    /// Constant time but for the number of digits.
    fn secret_power(base: &Words, digits: &[u8]) -> Words {
        let row = powers(&C::PRIME, Self::one(), base);
        let mut product = *Self::one();
        for digit in digits.iter().rev() {
            for _ in 0..WINDOW {
                product = C::PRIME.square(&product);
            }
            product = C::PRIME.multiply(&product, &pick(&row, *digit));
        }
        product
    }

    /// base^e for several public exponents that share their squarings: each digit's factors are collected
    /// in the digit's bucket, and product of bucket^digit is formed at the end.
    fn shared_powers(base: &Words, exponents: &[Zeroizing<Vec<u8>>]) -> Vec<Words> {
        let one = Self::one();
        let mut buckets = vec![[*one; ENTRIES]; exponents.len()];
        let places = exponents.iter().map(|digits| digits.len()).max().unwrap_or(0);
        let mut power = *base;
        for place in 0..places {
            if place > 0 {
                for _ in 0..WINDOW {
                    power = C::PRIME.square(&power);
                }
            }
            for (buckets, digits) in buckets.iter_mut().zip(exponents) {
                let digit = usize::from(digits[place]);
                if digit != 0 {
                    buckets[digit] = C::PRIME.multiply(&buckets[digit], &power);
                }
            }
        }
        buckets.iter().map(|buckets| collect_buckets(&C::PRIME, one, &buckets[1..])).collect()
    }

    /// Straus: one chain of squarings for all bases.
    fn chain(bases: &[Residue<C>], digits: &[Zeroizing<Vec<u8>>], secret: bool) -> Words {
        let rows: Vec<[Words; ENTRIES]> =
            bases.iter().map(|base| powers(&C::PRIME, Self::one(), &base.0)).collect();
        let places = digits.iter().map(|digits| digits.len()).max().unwrap_or(0);
        let mut product = *Self::one();
        let mut started = secret;
        for place in (0..places).rev() {
            if started {
                for _ in 0..WINDOW {
                    product = C::PRIME.square(&product);
                }
            }
            for (row, digits) in rows.iter().zip(digits) {
                let digit = digits[place];
                if secret {
                    product = C::PRIME.multiply(&product, &pick(row, digit));
                } else if digit != 0 {
                    product = C::PRIME.multiply(&product, &row[usize::from(digit)]);
                    started = true;
                }
            }
        }
        product
    }

    /// Pippenger: buckets per digit of `width` bits.
    fn buckets(bases: &[Residue<C>], exponents: &[Exponent<C, QL>]) -> Words {
        let words: Vec<[u64; QL]> = exponents.iter().map(Exponent::words).collect();
        let width = (bases.len().ilog2() as usize).saturating_sub(2).clamp(2, 14);
        let digit = |words: &[u64; QL], place: usize| -> usize {
            let (word, bit) = (place * width / 64, place * width % 64);
            let low = words.get(word).copied().unwrap_or(0) >> bit;
            let high = if bit == 0 { 0 } else { words.get(word + 1).copied().unwrap_or(0) << (64 - bit) };
            ((low | high) & ((1 << width) - 1)) as usize
        };
        let mut product = *Self::one();
        for place in (0..C::ORDER_BITS.div_ceil(width)).rev() {
            if product != *Self::one() {
                for _ in 0..width {
                    product = C::PRIME.square(&product);
                }
            }
            let mut buckets: Vec<Option<Words>> = vec![None; 1 << width];
            for (base, words) in bases.iter().zip(&words) {
                let digit = digit(words, place);
                if digit != 0 {
                    buckets[digit] = Some(match &buckets[digit] {
                        None => base.0,
                        Some(sum) => C::PRIME.multiply(sum, &base.0),
                    });
                }
            }
            let mut running: Option<Words> = None;
            let mut total: Option<Words> = None;
            let join = |a: Option<Words>, b: Option<Words>| match (a, b) {
                (Some(a), Some(b)) => Some(C::PRIME.multiply(&a, &b)),
                (a, b) => a.or(b),
            };
            for bucket in buckets.iter().skip(1).rev() {
                running = join(running, *bucket);
                total = join(total, running);
            }
            if let Some(total) = total {
                product = C::PRIME.multiply(&product, &total);
            }
        }
        product
    }
}

/// The product of buckets[i]^(i + 1).
fn collect_buckets(modulus: &Modulus, one: &Words, buckets: &[Words]) -> Words {
    let mut running = *one;
    let mut total = *one;
    for bucket in buckets.iter().rev() {
        if bucket != one {
            running = modulus.multiply(&running, bucket);
        }
        if running != *one {
            total = modulus.multiply(&total, &running);
        }
    }
    total
}

impl<C: Parameters<QL>, const QL: usize> Group for Field<C, QL> {
    const NAME: &'static str = C::NAME;
    const RANKED: usize = C::RANKED;
    const ELEMENT_LENGTH: usize = DIGITS;
    const SCALAR_LENGTH: usize = DIGITS;

    type Scalar = Exponent<C, QL>;
    type Element = Residue<C>;
    type Fixed = FixedTable;
    type Tables = PublicTables;

    fn identity() -> Residue<C> {
        Residue(*Self::one(), PhantomData)
    }

    fn generator() -> Residue<C> {
        Residue(Self::to_form(&C::GENERATOR), PhantomData)
    }

    fn read(text: &str) -> Option<Residue<C>> {
        Self::range_of(text).filter(Self::is_member).map(|form| Residue(form, PhantomData))
    }

    fn read_all(texts: &[&str]) -> Vec<Option<Residue<C>>> {
        let batch = if C::SAFE_PRIME { 512 } else { 256 };
        let forms: Vec<Option<Words>> = texts.par_iter().map(|text| Self::range_of(text)).collect();
        let found: Vec<Words> = forms.iter().flatten().copied().collect();
        let sound = found.len() >= batch
            && all_members(
                &found,
                &digest_of("members", texts),
                *Self::one(),
                |a, b| C::PRIME.multiply(a, b),
                |a, b| C::PRIME.multiply(a, b),
                Self::is_member,
            );
        let admit = |form: Option<Words>| form.filter(|form| sound || Self::is_member(form));
        forms.into_par_iter().map(|form| admit(form).map(|form| Residue(form, PhantomData))).collect()
    }

    fn write_all(elements: &[Residue<C>]) -> Vec<String> {
        elements.iter().map(|element| Self::from_form(&element.0).to_string_radix_vartime(10)).collect()
    }

    fn compare(a: &str, b: &str) -> Ordering {
        a.len().cmp(&b.len()).then_with(|| a.cmp(b))
    }

    fn multiply(a: &Residue<C>, b: &Residue<C>) -> Residue<C> {
        Residue(C::PRIME.multiply(&a.0, &b.0), PhantomData)
    }

    fn invert(a: &Residue<C>) -> Residue<C> {
        // a^(q - 1); a member's inverse by its order.
        let order = Exponent::<C, QL>::ZERO.minus(&Exponent::ONE);
        Residue(Self::public_power(&a.0, &order.words()), PhantomData)
    }

    fn power(base: &Residue<C>, exponent: &Exponent<C, QL>) -> Residue<C> {
        Residue(Self::secret_power(&base.0, &exponent.digits()), PhantomData)
    }

    fn fixed(base: &Residue<C>) -> FixedTable {
        FixedTable::new::<C, QL>(&base.0)
    }

    fn fixed_power(table: &FixedTable, exponent: &Exponent<C, QL>) -> Residue<C> {
        Residue(table.secret_power(&C::PRIME, Self::one(), &exponent.digits()), PhantomData)
    }

    fn generator_power(exponent: &Exponent<C, QL>) -> Residue<C> {
        Self::fixed_power(C::generator_table(), exponent)
    }

    fn tables(key: &Residue<C>, _work: usize) -> PublicTables {
        PublicTables { key: FixedTable::new::<C, QL>(&key.0) }
    }

    fn commitments(
        tables: &PublicTables,
        base: &Residue<C>,
        jobs: &[(Exponent<C, QL>, Exponent<C, QL>, Exponent<C, QL>)],
    ) -> Vec<Residue<C>> {
        let constant = base.0 == *Self::one();
        let own: Vec<Words> = match jobs {
            _ if constant => vec![*Self::one(); jobs.len()],
            [(_, _, only)] => vec![Self::public_power(&base.0, &only.words())],
            _ => {
                let digits: Vec<Zeroizing<Vec<u8>>> = jobs.iter().map(|(_, _, b)| b.digits()).collect();
                Self::shared_powers(&base.0, &digits)
            }
        };
        let finish = |((g, y, _), mut product): (&(_, _, _), Words)| {
            let (g, y): (&Exponent<C, QL>, &Exponent<C, QL>) = (g, y);
            C::generator_table().fold_public(&C::PRIME, &mut product, &g.digits());
            tables.key.fold_public(&C::PRIME, &mut product, &y.digits());
            Residue(product, PhantomData)
        };
        jobs.iter().zip(own).map(finish).collect()
    }

    fn product(bases: &[Residue<C>], exponents: &[Exponent<C, QL>]) -> Residue<C> {
        let size = bases.len().min(exponents.len());
        if size > 64 {
            return Residue(Self::buckets(&bases[..size], &exponents[..size]), PhantomData);
        }
        let digits: Vec<Zeroizing<Vec<u8>>> = exponents[..size].iter().map(Exponent::digits).collect();
        Residue(Self::chain(&bases[..size], &digits, false), PhantomData)
    }

    fn secret_product(bases: &[Residue<C>], exponents: &[Exponent<C, QL>]) -> Residue<C> {
        let mut product = Self::identity();
        for (bases, exponents) in bases.chunks(256).zip(exponents.chunks(256)) {
            let digits: Vec<Zeroizing<Vec<u8>>> = exponents.iter().map(Exponent::digits).collect();
            let part = Residue(Self::chain(bases, &digits, true), PhantomData);
            product = Self::multiply(&product, &part);
        }
        product
    }

    fn embed(values: &[u8]) -> Option<Residue<C>> {
        if values.len() > C::RANKED {
            return None;
        }
        let mut bytes = [0u8; 256];
        bytes[255 - values.len()..255].copy_from_slice(values);
        for padding in 0..=255 {
            bytes[255] = padding;
            let form = Self::in_range(&U2048::from_be_slice(&bytes)).filter(Self::is_member);
            if let Some(form) = form {
                return Some(Residue(form, PhantomData));
            }
        }
        None
    }

    fn extract(element: &Residue<C>, count: usize) -> Vec<u8> {
        let words = *Self::from_form(&element.0).as_words();
        let byte = |place: usize| (words.get(place / 8).copied().unwrap_or(0) >> (8 * (place % 8))) as u8;
        (1..=count).rev().map(byte).collect()
    }

    fn derived(index: i64) -> Option<Residue<C>> {
        let digest = sha256(format!("ggen|{index}").as_bytes());
        let mut bytes = [0u8; 256];
        bytes[224..].copy_from_slice(&digest);
        let form = Self::in_range(&U2048::from_be_slice(&bytes))?;
        let element = Residue(Self::public_power(&form, C::COFACTOR.as_words()), PhantomData);
        (element != Self::identity() && element != Self::generator()).then_some(element)
    }
}
