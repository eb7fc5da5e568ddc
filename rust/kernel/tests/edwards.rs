//! The public arithmetic on edwards25519 against curve25519-dalek: points, multiples, membership, verdicts.

mod support;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar as Dalek;
use curve25519_dalek::traits::{Identity, IsIdentity};
use rand_core::Rng;
use selectorate_kernel::ed25519::Ed25519;
use selectorate_kernel::edwards::Extended;
use selectorate_kernel::edwards::limbs::Limbs;
use selectorate_kernel::edwards::multiples::{GENERATOR, Table, is_member, of_one, sum};
use selectorate_kernel::group::{Group, Scalar};
use selectorate_kernel::proofs::{
    Nonces, Proof, challenge, encrypt, holds, one_of_commitments, prove, prove_one_of,
};
use support::Seeded;

type Number = <Ed25519 as Group>::Scalar;

fn dalek(rng: &mut Seeded) -> Dalek {
    let mut bytes = [0u8; 64];
    rng.fill_bytes(&mut bytes);
    Dalek::from_bytes_mod_order_wide(&bytes)
}

/// Scalars at the edges of digits, carries and the order, and random ones.
fn scalars(rng: &mut Seeded) -> Vec<Dalek> {
    let mut all: Vec<Dalek> = (0..40u64).map(Dalek::from).collect();
    all.extend((0..40u64).map(|i| -Dalek::from(i)));
    let mut power = Dalek::ONE;
    for _ in 0..253 {
        all.extend([power, power - Dalek::ONE]);
        power += power;
    }
    all.extend((0..100).map(|_| dalek(rng)));
    all
}

fn own(point: &EdwardsPoint) -> Extended {
    Extended::of_bytes(point.compress().as_bytes()).expect("a point of the curve")
}

/// Members, the identity, the eight points of small order, and members with each of them added.
fn points(rng: &mut Seeded) -> Vec<EdwardsPoint> {
    let mut all = vec![ED25519_BASEPOINT_POINT, EdwardsPoint::identity()];
    all.extend(EIGHT_TORSION);
    for torsion in EIGHT_TORSION {
        all.push(EdwardsPoint::mul_base(&dalek(rng)) + torsion);
    }
    all
}

#[test]
fn multiples_of_every_kind_of_point_are_those_of_the_other_library() {
    let mut rng = Seeded::new(11);
    let scalars = scalars(&mut rng);
    let bytes: Vec<[u8; 32]> = scalars.iter().map(Dalek::to_bytes).collect();
    for (place, point) in points(&mut rng).iter().enumerate() {
        // Each kind of point meets all scalars in groups of another size.
        for (scalars, bytes) in scalars.chunks(place + 1).zip(bytes.chunks(place + 1)) {
            let found = Extended::bytes_of_all(&of_one(&own(point), bytes));
            for (found, scalar) in found.iter().zip(scalars) {
                assert_eq!(*found, (point * scalar).compress().to_bytes());
            }
        }
    }
    assert!(of_one(&GENERATOR, &[]).is_empty());
}

#[test]
fn fixed_tables_of_every_width_give_the_same_products() {
    let mut rng = Seeded::new(12);
    let point = EdwardsPoint::mul_base(&dalek(&mut rng));
    for width in 2..=11 {
        let table = Table::new(&own(&point), width);
        for scalar in scalars(&mut rng) {
            let found = table.fold(GENERATOR, &scalar.to_bytes());
            let wanted = ED25519_BASEPOINT_POINT + point * scalar;
            assert_eq!(found.to_bytes(), wanted.compress().to_bytes(), "{width}");
        }
    }
}

#[test]
fn sums_over_many_points_are_those_of_the_other_library() {
    let mut rng = Seeded::new(13);
    for size in [0, 1, 2, 3, 50, 95, 96, 97, 300, 1500] {
        let points: Vec<EdwardsPoint> = (0..size).map(|_| EdwardsPoint::mul_base(&dalek(&mut rng))).collect();
        let scalars: Vec<Dalek> = match size {
            300 => scalars(&mut rng)[..300].to_vec(),
            _ => (0..size).map(|_| dalek(&mut rng)).collect(),
        };
        let wanted: EdwardsPoint = points.iter().zip(&scalars).map(|(p, s)| p * s).sum();
        let points: Vec<Extended> = points.iter().map(own).collect();
        let scalars: Vec<[u8; 32]> = scalars.iter().map(Dalek::to_bytes).collect();
        assert_eq!(sum(&points, &scalars).to_bytes(), wanted.compress().to_bytes(), "{size}");
    }
}

#[test]
fn bytes_are_points_exactly_where_the_other_library_gives_them_back() {
    let mut rng = Seeded::new(14);
    let check = |bytes: [u8; 32]| {
        let other = CompressedEdwardsY(bytes).decompress().filter(|p| p.compress().to_bytes() == bytes);
        let found = Extended::of_bytes(&bytes);
        assert_eq!(found.map(|p| p.to_bytes()), other.map(|_| bytes), "{bytes:?}");
    };
    for _ in 0..500 {
        let mut bytes = [0u8; 32];
        rng.fill_bytes(&mut bytes);
        check(bytes);
    }
    // Everything near 0 and near p = 2^255 - 19, with either sign.
    for low in 0..=255u8 {
        for sign in [0, 0x80] {
            let mut bytes = [0u8; 32];
            bytes[0] = low;
            bytes[31] = sign;
            check(bytes);
            bytes = [0xff; 32];
            bytes[0] = low;
            bytes[31] = 0x7f | sign;
            check(bytes);
        }
    }
}

#[test]
fn numbers_at_the_edges_of_the_field_come_back_reduced() {
    let near = |low: u8| {
        let mut bytes = [0xffu8; 32];
        bytes[0] = low;
        bytes[31] = 0x7f;
        bytes
    };
    let minus_one = Limbs::of_bytes(&near(0xec));
    assert!(Limbs::of_bytes(&near(0xed)).is_zero());
    assert_eq!(Limbs::of_bytes(&near(0xee)).bytes(), Limbs::ONE.bytes());
    assert_eq!((&minus_one * &minus_one).bytes(), Limbs::ONE.bytes());
    assert_eq!(minus_one.square().bytes(), Limbs::ONE.bytes());
    assert_eq!(minus_one.inverse().bytes(), near(0xec));
    assert_eq!(minus_one.bytes(), near(0xec));
    assert_eq!(Limbs::ZERO.minus(&Limbs::ONE).bytes(), near(0xec));
    // The largest factors that are allowed: six units in every limb.
    let large = Limbs([6 * ((1 << 51) + (1 << 14)); 5]);
    let reduced = Limbs::of_bytes(&large.bytes());
    assert_eq!((&large * &large).bytes(), (&reduced * &reduced).bytes());
}

#[test]
fn only_points_without_a_part_of_small_order_are_members() {
    let mut rng = Seeded::new(15);
    for point in points(&mut rng) {
        assert_eq!(is_member(&own(&point)), point.is_torsion_free());
        let mut bytes = point.compress().to_bytes();
        bytes.reverse();
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(Ed25519::read(&text).is_some(), point.is_torsion_free());
    }
}

#[test]
fn parts_of_order_two_that_cancel_in_a_product_are_still_found() {
    let mut rng = Seeded::new(16);
    let text = |point: &EdwardsPoint| -> String {
        point.compress().to_bytes().iter().rev().map(|byte| format!("{byte:02x}")).collect()
    };
    let members: Vec<EdwardsPoint> = (0..400).map(|_| EdwardsPoint::mul_base(&dalek(&mut rng))).collect();
    for (torsion, other) in [(4, 4), (2, 6), (1, 7), (3, 5)] {
        assert!((EIGHT_TORSION[torsion] + EIGHT_TORSION[other]).is_identity());
        let mut points = members.clone();
        points[17] += EIGHT_TORSION[torsion];
        points[311] += EIGHT_TORSION[other];
        let texts: Vec<String> = points.iter().map(text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = Ed25519::read_all(&texts);
        let refused: Vec<usize> = (0..400).filter(|place| found[*place].is_none()).collect();
        assert_eq!(refused, [17, 311]);
    }
}

/// The plain evaluation of g^a y^b base^c.
fn plain(key: &EdwardsPoint, base: &EdwardsPoint, job: [&Number; 3]) -> EdwardsPoint {
    let [a, b, c] = job.map(|scalar| {
        let text = scalar.write();
        text.bytes().fold(Dalek::ZERO, |sum, digit| sum * Dalek::from(10u64) + Dalek::from(digit - b'0'))
    });
    EdwardsPoint::mul_base(&a) + key * b + base * c
}

fn other(element: &<Ed25519 as Group>::Element) -> EdwardsPoint {
    let text = Ed25519::write(element);
    let mut bytes = [0u8; 32];
    for (place, byte) in bytes.iter_mut().rev().enumerate() {
        *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).expect("hexadecimal");
    }
    CompressedEdwardsY(bytes).decompress().expect("a point")
}

#[test]
fn verdicts_on_valid_and_changed_proofs_are_those_of_the_plain_evaluation() {
    let mut rng = Seeded::new(17);
    let key = Ed25519::generator_power(&Number::random(&mut rng));
    let (fixed, tables) = (Ed25519::fixed(&key), Ed25519::tables(&key, 1));
    let mut valid = 0;
    for round in 0..60u64 {
        let (min, max) = [(0, 1), (0, 10), (2, 5)][round as usize % 3];
        let mut nonces = Nonces::<Number>::draw(&mut rng, 100);
        let made = encrypt::<Ed25519>(&fixed, min + round % (max - min + 1), &mut nonces).expect("enough");
        let mut proofs =
            prove_one_of::<Ed25519>(&fixed, &made, (min, max), "prefix|", &mut nonces).expect("enough");
        let place = round as usize / 4 % proofs.len();
        match round % 4 {
            1 => proofs[place].challenge = proofs[place].challenge.plus(&Number::ONE),
            2 => proofs[place].response = proofs[place].response.negated(),
            3 => proofs[place].challenge = Number::ZERO,
            _ => valid += 1,
        }
        // Read again, as a verifier has them.
        let [alpha, beta] =
            [made.alpha, made.beta].map(|e| Ed25519::read(&Ed25519::write(&e)).expect("member"));
        let mut quick = Vec::new();
        one_of_commitments::<Ed25519>(&tables, (&alpha, &beta), min, &proofs, &mut quick);
        let mut slow = Vec::new();
        for (value, proof) in (min..).zip(&proofs) {
            let shift = Number::small(value).times(&proof.challenge).negated();
            let zero = Number::ZERO;
            slow.push(plain(&other(&key), &other(&alpha), [&proof.response, &zero, &proof.challenge]));
            slow.push(plain(&other(&key), &other(&beta), [&shift, &proof.response, &proof.challenge]));
        }
        assert_eq!(quick.iter().map(other).collect::<Vec<_>>(), slow);
        let sum = proofs.iter().fold(Number::ZERO, |sum, proof| sum.plus(&proof.challenge));
        let sound = challenge::<Number>("prefix|", &Ed25519::write_all(&quick)) == sum;
        assert_eq!(sound, round % 4 == 0);
    }
    assert_eq!(valid, 15);
}

#[test]
fn a_signature_holds_for_its_key_only() {
    let mut rng = Seeded::new(18);
    let tables = Ed25519::tables(&Ed25519::generator(), 1);
    let secret = Number::random(&mut rng);
    let public = Ed25519::generator_power(&secret);
    let proof = prove::<Ed25519>("sig|", &secret, &Number::random(&mut rng));
    assert!(holds::<Ed25519>(&tables, "sig|", &public, &proof));
    assert!(!holds::<Ed25519>(&tables, "sig||", &public, &proof));
    assert!(!holds::<Ed25519>(&tables, "sig|", &Ed25519::invert(&public), &proof));
    assert!(!holds::<Ed25519>(&tables, "sig|", &Ed25519::identity(), &proof));
    let changed = Proof { challenge: proof.challenge, response: proof.response.plus(&Number::ONE) };
    assert!(!holds::<Ed25519>(&tables, "sig|", &public, &changed));
}

#[test]
fn points_of_either_form_are_equal_when_they_are_the_same_point() {
    let mut rng = Seeded::new(19);
    let (a, b) = (Number::random(&mut rng), Number::random(&mut rng));
    let steady = Ed25519::generator_power(&a);
    let quick = Ed25519::read(&Ed25519::write(&steady)).expect("a member");
    assert_eq!(steady, quick);
    let more = Ed25519::generator_power(&b);
    assert_eq!(Ed25519::multiply(&steady, &more), Ed25519::multiply(&quick, &more));
    assert_eq!(Ed25519::multiply(&quick, &Ed25519::invert(&steady)), Ed25519::identity());
    assert_ne!(quick, more);
    assert_eq!(Ed25519::product(&[quick, more], &[b, a]), Ed25519::product(&[more, steady], &[a, b]));
    assert_eq!(Ed25519::write_all(&[steady, quick, steady]), vec![Ed25519::write(&quick); 3]);
}
