//! Ceremonies of threshold groups: one recorded from belenios-tool 3.0, and our own with members who cheat.

mod support;

use selectorate_kernel::ed25519::Ed25519;
use selectorate_kernel::group::Group;
use selectorate_kernel::pedersen::face;
use selectorate_kernel::text::Json;
use selectorate_kernel::trustees::Trustees;
use support::{Record, Seeded, bytes};

const RECORDED: &str = include_str!("data/ed25519-ceremony.tsv");
const GROUP: &str = "Ed25519";

fn public_key(voutput: &[u8]) -> String {
    let value = Json::read(voutput).unwrap();
    value.get("public_key").unwrap().get("public_key").unwrap().text().unwrap().to_string()
}

#[test]
fn the_recorded_ceremony_gives_the_recorded_keys_and_parameters() {
    let record = Record::read(RECORDED);
    let [certificates, polynomials, voutputs] =
        ["certificate", "polynomial", "voutput"].map(|kind| record.all(kind));
    let (certificates, polynomials) = (bytes(&certificates), bytes(&polynomials));
    for (place, seed) in record.all("seed").iter().enumerate() {
        let mut rng = Seeded::new(1);
        let opened = face::share(GROUP, seed.as_bytes(), 2, &certificates, &polynomials, &mut rng);
        let (own, bad) = opened.unwrap();
        assert!(bad.is_empty());
        assert_eq!(public_key(&own), public_key(voutputs[place].as_bytes()));
        let theirs = face::private(GROUP, seed.as_bytes(), voutputs[place].as_bytes()).unwrap();
        assert_eq!(*theirs, *face::private(GROUP, seed.as_bytes(), &own).unwrap());
    }
    let made = face::parameters(GROUP, 2, &certificates, &polynomials, &bytes(&voutputs)).unwrap();
    assert_eq!(std::str::from_utf8(&made).unwrap(), record.one("parameters"));
}

struct Made {
    seeds: Vec<String>,
    certificates: Vec<String>,
    polynomials: Vec<Vec<u8>>,
}

fn refs<T: AsRef<[u8]>>(list: &[T]) -> Vec<&[u8]> {
    list.iter().map(AsRef::as_ref).collect()
}

fn begin(size: usize, threshold: usize) -> Made {
    let mut rng = Seeded::new(9);
    let pairs: Vec<_> =
        (1..=size).map(|index| face::certificate(GROUP, size, threshold, index, &mut rng).unwrap()).collect();
    let certificates: Vec<String> = pairs.iter().map(|(_, certificate)| certificate.clone()).collect();
    let seeds: Vec<String> = pairs.iter().map(|(seed, _)| seed.to_string()).collect();
    let list = refs(&certificates);
    let one = |seed: &String| face::polynomial(GROUP, seed.as_bytes(), threshold, &list, &mut rng).unwrap();
    let polynomials = seeds.iter().map(one).collect();
    Made { seeds, certificates, polynomials }
}

impl Made {
    fn share(&self, index: usize, threshold: usize) -> (Vec<u8>, Vec<(usize, String)>) {
        let (certificates, polynomials) = (refs(&self.certificates), refs(&self.polynomials));
        let seed = self.seeds[index - 1].as_bytes();
        face::share(GROUP, seed, threshold, &certificates, &polynomials, &mut Seeded::new(3)).unwrap()
    }

    fn faults(&self, index: usize, threshold: usize) -> Vec<String> {
        let polynomial = &self.polynomials[index - 1];
        face::polynomial_faults(GROUP, threshold, &refs(&self.certificates), index, polynomial).unwrap()
    }

    fn complaint(&self, by: usize, against: usize) -> Result<Vec<u8>, selectorate_kernel::KernelError> {
        let (seed, polynomial) = (self.seeds[by - 1].as_bytes(), &self.polynomials[against - 1]);
        let list = refs(&self.certificates);
        face::complaint(GROUP, seed, &list, against, polynomial, &mut Seeded::new(4))
    }

    fn holds(&self, by: usize, against: usize, complaint: &[u8]) -> (bool, String) {
        let (list, polynomial) = (refs(&self.certificates), &self.polynomials[against - 1]);
        face::complaint_holds(GROUP, 2, &list, (against, by), polynomial, complaint).unwrap()
    }
}

#[test]
fn every_size_and_threshold_gives_a_group_with_a_key() {
    for (size, threshold) in [(1, 1), (3, 2), (3, 3), (5, 3)] {
        let made = begin(size, threshold);
        for index in 1..=size {
            assert!(made.faults(index, threshold).is_empty());
        }
        let voutputs: Vec<Vec<u8>> = (1..=size).map(|index| made.share(index, threshold).0).collect();
        let (certificates, polynomials) = (refs(&made.certificates), refs(&made.polynomials));
        let parameters =
            face::parameters(GROUP, threshold, &certificates, &polynomials, &refs(&voutputs)).unwrap();
        assert_eq!(face::group_key(GROUP, &parameters).unwrap().len(), 64);
    }
}

#[test]
fn members_of_a_group_in_which_one_is_enough_share_a_key_and_pass_e4() {
    let made = begin(3, 1);
    let voutputs: Vec<Vec<u8>> = (1..=3).map(|index| made.share(index, 1).0).collect();
    assert_eq!(public_key(&voutputs[0]), public_key(&voutputs[2]));
    let (certificates, polynomials) = (refs(&made.certificates), refs(&made.polynomials));
    let parameters = face::parameters(GROUP, 1, &certificates, &polynomials, &refs(&voutputs)).unwrap();
    let key = Ed25519::read(&face::group_key(GROUP, &parameters).unwrap());
    let group = String::from_utf8(parameters).unwrap();
    let list = |text: String| Trustees::read(text.as_bytes()).unwrap();
    assert_eq!(list(format!("[[\"Pedersen\",{group}]]")).check::<Ed25519>(key), []);
    let twice = list(format!("[[\"Pedersen\",{group}],[\"Pedersen\",{group}]]"));
    assert!(twice.check::<Ed25519>(key).iter().any(|(duty, _)| *duty == "E4"));
}

/// Member 2's letters to members 1 and 3 exchanged.
fn exchanged(made: &mut Made) {
    let text = String::from_utf8(made.polynomials[1].clone()).unwrap();
    let value = Json::read(text.as_bytes()).unwrap();
    let letters: Vec<String> = value.get("secrets").unwrap().list().unwrap().iter().map(quoted).collect();
    let changed = text.replace(&letters[0], "FIRST").replace(&letters[2], &letters[0]);
    made.polynomials[1] = changed.replace("FIRST", &letters[2]).into_bytes();
}

fn quoted(text: &Json<'_>) -> String {
    let mut out = String::new();
    selectorate_kernel::text::write_string(&mut out, text.text().unwrap());
    out
}

#[test]
fn a_share_for_another_member_is_found_and_everybody_can_see_who_made_it() {
    let mut made = begin(3, 2);
    exchanged(&mut made);
    assert!(made.faults(2, 2).is_empty(), "not visible from outside");
    let (voutput, bad) = made.share(1, 2);
    assert!(voutput.is_empty());
    assert_eq!(bad.iter().map(|(who, _)| *who).collect::<Vec<_>>(), [2]);
    let complaint = made.complaint(1, 2).unwrap();
    assert!(made.holds(1, 2, &complaint).0);
    assert!(!made.holds(3, 2, &complaint).0, "it is nobody else's");
    assert!(!made.holds(1, 3, &complaint).0, "it is about nobody else");
}

#[test]
fn a_complaint_about_a_good_share_is_refused_and_a_forged_one_is_seen() {
    let made = begin(3, 2);
    assert!(made.complaint(1, 2).is_err());
    let mut spoiled = begin(3, 2);
    exchanged(&mut spoiled);
    let about_another_letter = spoiled.complaint(1, 2).unwrap();
    let (holds, why) = made.holds(1, 2, &about_another_letter);
    assert!(!holds && why.contains("opened rightly"), "{why}");
    assert!(!made.holds(1, 2, b"{}").0);
}

#[test]
fn a_polynomial_of_another_degree_is_seen_by_everybody() {
    let mut wrong = begin(3, 2);
    let text = String::from_utf8(wrong.polynomials[0].clone()).unwrap();
    let start = text.find("\\\"coefexps\\\":[").or_else(|| text.find("\"coefexps\":{\"message\":")).unwrap();
    let cut = text[start..].find(",\\\"").unwrap() + start;
    let end = text[cut..].find("]}").unwrap() + cut;
    wrong.polynomials[0] = format!("{}{}", &text[..cut], &text[end..]).into_bytes();
    assert!(wrong.faults(1, 2)[0].contains("1 coefficients"));
}

#[test]
fn certificates_of_another_place_or_ceremony_or_copied_ones_name_the_member() {
    let made = begin(3, 2);
    let certificate = made.certificates[0].as_bytes();
    let faults = |size, threshold, index| {
        face::certificate_faults(GROUP, size, threshold, index, certificate).unwrap().len()
    };
    assert_eq!((faults(3, 2, 1), faults(3, 2, 2), faults(4, 2, 1), faults(3, 1, 1)), (0, 1, 1, 1));
    let mut rng = Seeded::new(5);
    let list =
        [made.certificates[0].as_bytes(), made.certificates[0].as_bytes(), made.certificates[2].as_bytes()];
    let refused = face::polynomial(GROUP, made.seeds[0].as_bytes(), 2, &list, &mut rng).unwrap_err();
    assert!(refused.0.starts_with("member 2:"), "{refused}");
}

#[test]
fn a_verification_key_of_somebody_else_is_refused() {
    let made = begin(3, 2);
    let (certificates, polynomials) = (refs(&made.certificates), refs(&made.polynomials));
    let own = made.share(2, 2).0;
    assert!(face::share_faults(GROUP, 2, &certificates, &polynomials, 2, &own).unwrap().is_empty());
    assert_eq!(face::share_faults(GROUP, 2, &certificates, &polynomials, 1, &own).unwrap().len(), 1);
    let voutputs = [made.share(1, 2).0, own.clone(), own];
    let refused = face::parameters(GROUP, 2, &certificates, &polynomials, &refs(&voutputs)).unwrap_err();
    assert!(refused.0.starts_with("member 3:"), "{refused}");
}

#[test]
fn a_key_is_proved_to_be_held_for_one_statement_only() {
    for group in ["Ed25519", "BELENIOS-2048"] {
        let mut rng = Seeded::new(6);
        let (private, _) = selectorate_kernel::poll::new_trustee(group, &mut rng).unwrap();
        let public = selectorate_kernel::poll::trustee_public(group, private.as_bytes()).unwrap();
        let statement = "HJ4caHVMxvLsFH|12|00ff";
        let proof = face::prove_held(group, private.as_bytes(), statement, &mut rng).unwrap();
        assert_eq!(face::check_held(group, &public, statement, &proof).unwrap(), "");
        assert_ne!(face::check_held(group, &public, "HJ4caHVMxvLsFH|13|00ff", &proof).unwrap(), "");
        let (other, _) = selectorate_kernel::poll::new_trustee(group, &mut rng).unwrap();
        let other = selectorate_kernel::poll::trustee_public(group, other.as_bytes()).unwrap();
        assert_ne!(face::check_held(group, &other, statement, &proof).unwrap(), "");
    }
}

#[test]
fn a_letter_is_signed_by_the_member_of_its_certificate() {
    let made = begin(2, 2);
    let signature =
        face::sign(GROUP, made.seeds[0].as_bytes(), "ceremony_letter|x", &mut Seeded::new(7)).unwrap();
    let fault = |member: usize, message: &str| {
        let certificate = made.certificates[member].as_bytes();
        face::signature_fault(GROUP, certificate, message, &signature).unwrap()
    };
    assert_eq!(fault(0, "ceremony_letter|x"), "");
    assert_ne!(fault(0, "ceremony_letter|y"), "");
    assert_ne!(fault(1, "ceremony_letter|x"), "");
}
