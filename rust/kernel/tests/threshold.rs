//! Threshold groups among the trustees of elections made by other programs: see data/SOURCE.md.

mod support;

use selectorate_kernel::ed25519::Ed25519;
use selectorate_kernel::finite::Belenios2048Group;
use selectorate_kernel::group::Group;
use selectorate_kernel::text::Json;
use selectorate_kernel::trustees::Trustees;
use support::Record;

const WITHOUT_CONTEXT: &str = include_str!("data/belenios2048-threshold.tsv");
const KEYS_NOT_SIGNED: &str = include_str!("data/ed25519-threshold-unsigned.tsv");
const MIXED: &str = include_str!("data/ed25519-threshold-mixed.tsv");

/// Duties that fail with these trustees, each once.
fn failing(record: &Record, trustees: &str) -> Vec<&'static str> {
    let election = Json::read(record.one("election").as_bytes()).unwrap();
    let key = election.get("public_key").unwrap().text().unwrap();
    let trustees = Trustees::read(trustees.as_bytes()).expect("the list can be read");
    let faults = match election.get("group").unwrap().text().unwrap() {
        "Ed25519" => trustees.check::<Ed25519>(Ed25519::read(key)),
        _ => trustees.check::<Belenios2048Group>(Belenios2048Group::read(key)),
    };
    let mut found: Vec<&str> = faults.into_iter().map(|(duty, _)| duty).collect();
    found.dedup();
    found
}

fn failing_after(text: &str, from: &str, to: &str) -> Vec<&'static str> {
    let record = Record::read(text);
    let trustees = record.one("trustees");
    assert!(trustees.contains(from), "the test changes something");
    failing(&record, &trustees.replacen(from, to, 1))
}

#[test]
fn every_recorded_group_is_sound() {
    for text in [WITHOUT_CONTEXT, KEYS_NOT_SIGNED, MIXED] {
        let record = Record::read(text);
        assert!(failing(&record, record.one("trustees")).is_empty());
    }
}

#[test]
fn another_threshold_than_the_polynomials_have_fails_e7() {
    for threshold in ["\"threshold\":1,\"certs\"", "\"threshold\":3,\"certs\"", "\"threshold\":0,\"certs\""] {
        assert_eq!(failing_after(WITHOUT_CONTEXT, "\"threshold\":2,\"certs\"", threshold), ["E7"]);
    }
    // With contexts the certificates contradict it too.
    let from = "\"threshold\":2,\"certs\"";
    assert_eq!(failing_after(MIXED, from, "\"threshold\":1,\"certs\""), ["E7", "E8"]);
}

#[test]
fn a_missing_verification_key_fails_e7() {
    let record = Record::read(KEYS_NOT_SIGNED);
    let trustees = record.one("trustees");
    let keys = trustees.find("\"verification_keys\":[").unwrap();
    let last = trustees[keys..].rfind(",{\"pok\"").unwrap() + keys;
    assert_eq!(failing(&record, &format!("{}]}}]]", &trustees[..last])), ["E7"]);
}

#[test]
fn exchanged_verification_keys_fail_e9() {
    let record = Record::read(KEYS_NOT_SIGNED);
    let trustees = record.one("trustees");
    let start = trustees.find("\"verification_keys\":[").unwrap() + "\"verification_keys\":[".len();
    let parts: Vec<&str> = trustees[start..trustees.len() - 4].split(",{").collect();
    let exchanged = format!("{}{{{},{},{{{}]}}]]", &trustees[..start], parts[1], parts[0], parts[2]);
    assert_eq!(failing(&record, &exchanged), ["E9"]);
}

#[test]
fn certificates_in_another_order_fail_e8() {
    let record = Record::read(MIXED);
    let trustees = record.one("trustees");
    let value = Json::read(trustees.as_bytes()).unwrap();
    let certs = value.list().unwrap()[1].list().unwrap()[1].get("certs").unwrap().list().unwrap();
    assert_eq!(certs.len(), 3);
    let start = trustees.find("\"certs\":[").unwrap() + "\"certs\":[".len();
    let second = start + trustees[start..].find(",{\"message\"").unwrap() + 1;
    let third = second + trustees[second..].find(",{\"message\"").unwrap() + 1;
    let exchanged = format!(
        "{}{},{},{}",
        &trustees[..start],
        &trustees[second..third - 1],
        &trustees[start..second - 1],
        &trustees[third..]
    );
    assert_eq!(failing(&record, &exchanged), ["E8", "E9"]);
}

#[test]
fn signatures_that_are_missing_or_changed_fail_e8() {
    let record = Record::read(MIXED);
    let trustees = record.one("trustees");
    let start = trustees.find(",\"signatures\":[").unwrap();
    let end = trustees.find(",\"verification_keys\"").unwrap();
    assert_eq!(failing(&record, &format!("{}{}", &trustees[..start], &trustees[end..])), ["E8"]);
    let digit = start + trustees[start..].find("\"response\":\"").unwrap() + "\"response\":\"".len();
    let other = if trustees.as_bytes()[digit] == b'1' { "2" } else { "1" };
    let changed = format!("{}{other}{}", &trustees[..digit], &trustees[digit + 1..]);
    assert_eq!(failing(&record, &changed), ["E8"]);
}

#[test]
fn keys_of_which_only_some_are_signed_fail_e9() {
    let record = Record::read(MIXED);
    let trustees = record.one("trustees");
    let start = trustees.rfind(",\"signature\":").unwrap();
    assert_eq!(failing(&record, &format!("{}}}]}}]]", &trustees[..start])), ["E9"]);
}

#[test]
fn an_element_outside_the_group_fails_e8_and_what_follows_from_it() {
    // (0, 1) with the sign bit of a point of order two: y = -1.
    let record = Record::read(KEYS_NOT_SIGNED);
    let trustees = record.one("trustees");
    let start = trustees.find("\\\"coefexps\\\":[\\\"").unwrap() + "\\\"coefexps\\\":[\\\"".len();
    let small = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec";
    let changed = format!("{}{small}{}", &trustees[..start], &trustees[start + 64..]);
    assert_eq!(failing(&record, &changed), ["E5", "E8", "E9"]);
}

#[test]
fn a_single_trustee_who_copies_a_members_key_fails_e4() {
    let record = Record::read(MIXED);
    let trustees = record.one("trustees");
    let start = trustees.rfind("{\"pok\"").unwrap();
    let copied = format!("[[\"Single\",{}],{}", &trustees[start..trustees.len() - 4], &trustees[1..]);
    let found = failing(&record, &copied);
    assert_eq!(found, ["E4", "E5"]);
}

fn factors<G: Group>(record: &Record) -> Vec<(usize, Vec<G::Element>)> {
    let number = |text: &str| Json::read(text.as_bytes()).unwrap().get("owner").unwrap().integer().unwrap();
    let owners = record.all("owner").into_iter().rev().take(record.all("decryption").len()).map(number);
    let owners: Vec<i64> = owners.collect::<Vec<_>>().into_iter().rev().collect();
    let read = |text: &str| -> Vec<G::Element> {
        let value = Json::read(text.as_bytes()).unwrap();
        let lists = value.get("decryption_factors").unwrap().list().unwrap();
        lists
            .iter()
            .flat_map(|list| list.list().unwrap())
            .map(|f| G::read(f.text().unwrap()).unwrap())
            .collect()
    };
    owners
        .into_iter()
        .zip(record.all("decryption"))
        .map(|(owner, text)| (usize::try_from(owner).unwrap(), read(text)))
        .collect()
}

/// g^counts of the recorded result from the betas of the recorded tally and the combined factors.
fn a_homomorphic_result_is_met<G: Group>(text: &str) {
    let record = Record::read(text);
    let trustees = Trustees::read(record.one("trustees").as_bytes()).unwrap();
    let sent = factors::<G>(&record);
    let combined = trustees.combine::<G>(&sent).unwrap();
    let tally = Json::read(record.one("tally").as_bytes()).unwrap();
    let betas: Vec<G::Element> = tally
        .list()
        .unwrap()
        .iter()
        .flat_map(|list| list.list().unwrap())
        .map(|c| G::read(c.get("beta").unwrap().text().unwrap()).unwrap())
        .collect();
    let result = Json::read(record.one("result").as_bytes()).unwrap();
    let counts: Vec<i64> = result
        .get("result")
        .unwrap()
        .list()
        .unwrap()
        .iter()
        .flat_map(|list| list.list().unwrap())
        .map(|count| count.integer().unwrap())
        .collect();
    assert_eq!(counts.len(), combined.len());
    for ((beta, factor), count) in betas.iter().zip(&combined).zip(counts) {
        let power = G::product(&[G::generator()], &[selectorate_kernel::group::Scalar::small(count as u64)]);
        assert_eq!(G::multiply(&power, factor), *beta);
    }
    assert!(trustees.combine::<G>(&sent[..sent.len() - 1]).is_err(), "one member too few");
    let doubled: Vec<_> = sent.iter().chain(&sent[..1]).cloned().collect();
    assert!(trustees.combine::<G>(&doubled).is_err(), "one member twice");
}

#[test]
fn two_of_three_give_the_recorded_result() {
    a_homomorphic_result_is_met::<Belenios2048Group>(WITHOUT_CONTEXT);
    a_homomorphic_result_is_met::<Ed25519>(KEYS_NOT_SIGNED);
}
