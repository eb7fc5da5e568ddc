//! The groups: reading, embedding, products, against crypto-bigint, known points and each other.

mod support;

use crypto_bigint::U2048;
use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use rand_core::Rng;
use selectorate_kernel::ed25519::Ed25519;
use selectorate_kernel::finite::{Belenios2048Group, Modulus2048, Modulus3526, Rfc3526Group};
use selectorate_kernel::group::{Group, Scalar};
use selectorate_kernel::montgomery::{Modulus, jacobi};
use support::Seeded;

fn laws<G: Group>() {
    let mut rng = Seeded::new(1);
    let scalar = |rng: &mut Seeded| G::Scalar::random(rng);
    let (a, b) = (scalar(&mut rng), scalar(&mut rng));
    let (x, y) = (G::generator_power(&a), G::generator_power(&b));
    assert_eq!(x, G::power(&G::generator(), &a));
    assert_eq!(G::fixed_power(&G::fixed(&y), &a), G::power(&y, &a));
    assert_eq!(G::multiply(&x, &y), G::generator_power(&a.plus(&b)));
    assert_eq!(G::multiply(&x, &G::invert(&x)), G::identity());
    assert_eq!(G::power(&x, &b), G::power(&y, &a));
    assert_eq!(G::power(&x, &G::Scalar::ONE.negated()), G::invert(&x));
    for size in [1, 2, 70, 300] {
        let scalars: Vec<G::Scalar> =
            (0..size).map(|i| if i % 7 == 3 { G::Scalar::small(i) } else { scalar(&mut rng) }).collect();
        let bases: Vec<G::Element> =
            (0..size).map(|i| G::generator_power(&G::Scalar::small(i * i + 1))).collect();
        let exponent = scalars
            .iter()
            .zip(0..size)
            .fold(G::Scalar::ZERO, |sum, (s, i)| sum.plus(&s.times(&G::Scalar::small(i * i + 1))));
        assert_eq!(G::product(&bases, &scalars), G::generator_power(&exponent), "{size}");
        if size < 100 {
            assert_eq!(G::secret_product(&bases, &scalars), G::generator_power(&exponent), "{size}");
        }
    }
    let tables = G::tables(&y, 10);
    let jobs: Vec<_> = (0..3).map(|_| (scalar(&mut rng), scalar(&mut rng), scalar(&mut rng))).collect();
    let wanted = |job: &(G::Scalar, G::Scalar, G::Scalar)| {
        G::multiply(&G::generator_power(&job.0), &G::multiply(&G::power(&y, &job.1), &G::power(&x, &job.2)))
    };
    assert_eq!(G::commitments(&tables, &x, &jobs), jobs.iter().map(wanted).collect::<Vec<_>>());
    assert_eq!(G::commitments(&tables, &x, &jobs[..1]), [wanted(&jobs[0])]);
    for element in [x, y, G::identity()] {
        assert_eq!(G::read(&G::write(&element)), Some(element));
    }
    let wide = [0xffu8; 64];
    let top = G::Scalar::from_wide(&wide); // 2^512 - 1
    let mut power = G::Scalar::ONE;
    for _ in 0..512 {
        power = power.plus(&power);
    }
    assert_eq!(top.plus(&G::Scalar::ONE), power);
    assert_eq!(G::Scalar::read(&a.write()), Some(a));
    let largest = G::Scalar::ONE.negated().write();
    assert!(G::Scalar::read(&largest).is_some());
    for wrong in ["", "00", "01", "+1", "-1", " 1", "1_0", "0x1", "１", &format!("0{largest}")] {
        assert_eq!(G::Scalar::read(wrong), None, "{wrong:?}");
    }
}

#[test]
fn all_groups_obey_the_laws() {
    laws::<Ed25519>();
    laws::<Belenios2048Group>();
    laws::<Rfc3526Group>();
}

#[test]
fn scalars_at_or_above_the_order_are_refused() {
    // Orders: the published parameters of the groups.
    let order = "7237005577332262213973186563042994240857116359379907606001950938285454250989";
    assert_eq!(<Ed25519 as Group>::Scalar::read(order), None);
    let order = "78571733251071885079927659812671450121821421258408794611510081919805623223441";
    assert_eq!(<Belenios2048Group as Group>::Scalar::read(order), None);
    assert_eq!(<Belenios2048Group as Group>::Scalar::read(&"9".repeat(77)), None);
    assert_eq!(<Belenios2048Group as Group>::Scalar::read(&"9".repeat(100_000)), None);
}

#[test]
fn edwards_points_that_are_not_canonical_members_are_refused() {
    let reversed = |le: &str| -> String {
        let pairs: Vec<&str> = (0..32).map(|i| &le[2 * i..2 * i + 2]).collect();
        pairs.into_iter().rev().collect()
    };
    // The base point: RFC 8032, 5.1.
    let base = reversed("5866666666666666666666666666666666666666666666666666666666666666");
    assert_eq!(Ed25519::read(&base), Some(Ed25519::generator()));
    assert_eq!(Ed25519::write(&Ed25519::generator()), base);
    let small = [
        // Orders 2, 4, 4, 8, 8, 8, 8 in the usual little-endian form, and points beyond p.
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for text in small {
        assert_eq!(Ed25519::read(&reversed(text)), None, "{text}");
    }
    assert_eq!(Ed25519::read(&format!("{:064x}", 1)), Some(Ed25519::identity()));
    assert_eq!(Ed25519::read(&base.replace('6', "F")), None);
    assert_eq!(Ed25519::read(&base[1..]), None);
    assert_eq!(Ed25519::read(""), None);
}

/// A point of order 2l: the base point with the point of order 2 added has -x and -y.
const TWISTED: &str = "1999999999999999999999999999999999999999999999999999999999999995";

#[test]
fn one_point_outside_the_subgroup_is_found_among_many() {
    let mut texts: Vec<String> = (1..600)
        .map(|i| Ed25519::write(&Ed25519::generator_power(&<Ed25519 as Group>::Scalar::small(i))))
        .collect();
    let read = |texts: &[String]| {
        let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
        Ed25519::read_all(&slices).iter().filter(|e| e.is_none()).count()
    };
    assert_eq!(read(&texts), 0);
    // 1999..95 or its twin with the other sign bit is the sum; both lie outside.
    assert_eq!(Ed25519::read(TWISTED), None);
    texts[300] = TWISTED.to_string();
    assert_eq!(read(&texts), 1);
}

fn outside<G: Group>(texts: &[&str]) {
    for text in texts {
        assert_eq!(G::read(text), None, "{text}");
    }
}

#[test]
fn finite_field_elements_outside_the_subgroup_are_refused() {
    let p = Modulus2048::PARAMS.modulus().as_ref().to_string_radix_vartime(10);
    let minus =
        (*Modulus2048::PARAMS.modulus().as_ref()).wrapping_sub(&U2048::ONE).to_string_radix_vartime(10);
    outside::<Belenios2048Group>(&["0", "2", "3", &p, &minus, "01", "+1", "", "0x1"]);
    assert_eq!(Belenios2048Group::read("1"), Some(Belenios2048Group::identity()));
    let p = Modulus3526::PARAMS.modulus().as_ref().to_string_radix_vartime(10);
    let minus =
        (*Modulus3526::PARAMS.modulus().as_ref()).wrapping_sub(&U2048::ONE).to_string_radix_vartime(10);
    outside::<Rfc3526Group>(&["0", &p, &minus, "01", "1 "]);
    assert!(Rfc3526Group::read("2").is_some() && Rfc3526Group::read("4").is_some());
    // One non-member among many.
    let small = |i: u64| Belenios2048Group::write(&Belenios2048Group::generator_power(&Scalar::small(i)));
    let mut texts: Vec<String> = (0..300).map(small).collect();
    texts[7] = "2".into();
    let slices: Vec<&str> = texts.iter().map(String::as_str).collect();
    let read = Belenios2048Group::read_all(&slices);
    assert!(read.iter().enumerate().all(|(place, e)| e.is_none() == (place == 7)));
}

#[test]
fn the_montgomery_product_agrees_with_crypto_bigint() {
    fn compare<P: ConstMontyParams<32>>() {
        let modulus =
            Modulus { prime: *P::PARAMS.modulus().as_ref().as_words(), inverse: P::PARAMS.mod_neg_inv().0 };
        let mut rng = Seeded::new(9);
        let mut random = || {
            let mut bytes = [0u8; 256];
            rng.fill_bytes(&mut bytes);
            ConstMontyForm::<P, 32>::new(&U2048::from_be_slice(&bytes))
        };
        let edge = ConstMontyForm::<P, 32>::ZERO.sub(&ConstMontyForm::ONE);
        let mut values = vec![edge, ConstMontyForm::ONE, ConstMontyForm::ZERO];
        values.extend((0..50).map(|_| random()));
        for a in &values {
            let form = a.as_montgomery().as_words();
            assert_eq!(modulus.square(form), *a.square().as_montgomery().as_words());
            for b in &values {
                let product = modulus.multiply(form, b.as_montgomery().as_words());
                assert_eq!(product, *a.mul(b).as_montgomery().as_words());
            }
        }
    }
    compare::<Modulus2048>();
    compare::<Modulus3526>();
}

#[test]
fn the_jacobi_symbol_is_eulers_criterion() {
    let prime = *Modulus3526::PARAMS.modulus().as_ref();
    let half = prime.wrapping_sub(&U2048::ONE).shr_vartime(1);
    let mut rng = Seeded::new(3);
    let mut seen = [0; 2];
    for _ in 0..20 {
        let mut bytes = [0u8; 256];
        rng.fill_bytes(&mut bytes);
        let value = ConstMontyForm::<Modulus3526, 32>::new(&U2048::from_be_slice(&bytes));
        let square = value.pow_vartime(&half) == ConstMontyForm::ONE;
        let symbol = jacobi(value.retrieve().as_words(), prime.as_words());
        assert_eq!(symbol, if square { 1 } else { -1 });
        seen[usize::from(square)] += 1;
    }
    assert!(seen[0] > 0 && seen[1] > 0);
    assert_eq!(jacobi(U2048::ZERO.as_words(), prime.as_words()), 0);
}

#[test]
fn embedded_numbers_come_back() {
    let mut rng = Seeded::new(4);
    for size in [0usize, 1, 5, 11, 29, 30] {
        let values: Vec<u8> = (0..size).map(|_| rng.next_u32() as u8).collect();
        let point = Ed25519::embed(&values).unwrap();
        assert_eq!(Ed25519::extract(&point, size), values);
        assert!(Ed25519::read(&Ed25519::write(&point)).is_some());
        let residue = Rfc3526Group::embed(&values).unwrap();
        assert_eq!(Rfc3526Group::extract(&residue, size), values);
    }
    assert_eq!(Ed25519::embed(&[1; 31]), None);
    assert_eq!(Rfc3526Group::embed(&[1; 256]), None);
    assert_eq!(Rfc3526Group::extract(&Rfc3526Group::embed(&[9; 255]).unwrap(), 255), [9; 255]);
    assert_eq!(Belenios2048Group::embed(&[1]), None);
}

#[test]
fn a_paper_of_zeros_is_the_identity() {
    // Otherwise a blank ranked ballot would show which program made it.
    assert_eq!(Ed25519::embed(&[0; 5]), Some(Ed25519::identity()));
    assert_eq!(Rfc3526Group::embed(&[0; 5]), Some(Rfc3526Group::identity()));
    assert_eq!(Ed25519::extract(&Ed25519::identity(), 5), [0; 5]);
}
