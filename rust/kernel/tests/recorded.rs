//! Elections made by other programs: see data/SOURCE.md.

mod support;

use selectorate_kernel::poll;
use support::{Record, Seeded, bytes, duties, last_of_each, owned, tally};

const CHOICE: &str = include_str!("data/ed25519-choice.tsv");
const RANKED: &str = include_str!("data/ed25519-ranked.tsv");
const BELENIOS: &str = include_str!("data/belenios2048-choice.tsv");
const RFC: &str = include_str!("data/rfc3526-ranked.tsv");

#[test]
fn every_recorded_set_up_is_sound() {
    for text in [CHOICE, RANKED, BELENIOS, RFC] {
        assert_eq!(Record::read(text).open().check_setup(), []);
    }
}

#[test]
fn every_recorded_ballot_is_accepted() {
    for text in [CHOICE, RANKED, BELENIOS, RFC] {
        let record = Record::read(text);
        let ballots = record.all("ballot");
        assert_eq!(duties(&record.open(), &bytes(&ballots)), vec![""; ballots.len()]);
    }
}

#[test]
fn a_weighted_choice_election_gives_the_recorded_tally_and_result() {
    let record = Record::read(CHOICE);
    let poll = record.open();
    let counted = tally(&poll, &bytes(&last_of_each(&record.all("ballot")))).unwrap();
    assert_eq!(counted, record.one("tally").as_bytes());
    let decryptions = record.all("decryption");
    for (place, decryption) in decryptions.iter().enumerate() {
        assert_eq!(poll.check_decryption(place + 1, &counted, decryption.as_bytes()).unwrap(), []);
    }
    assert_eq!(poll.result(&counted, &owned(&bytes(&decryptions))).unwrap(), record.one("result").as_bytes());
}

/// The `ciphertexts` of a recorded shuffle, which is the whole tally of a single ranked question.
fn output(shuffle: &str) -> &str {
    let start = "{\"ciphertexts\":".len();
    &shuffle[start..shuffle.find(",\"proofs\":").unwrap()]
}

#[test]
fn a_ranked_election_gives_the_recorded_tally_shuffles_and_result() {
    let record = Record::read(RANKED);
    let poll = record.open();
    let counted = tally(&poll, &bytes(&last_of_each(&record.all("ballot")))).unwrap();
    assert_eq!(counted, record.one("tally").as_bytes());
    let mut current = record.one("tally");
    for shuffle in record.all("shuffle") {
        assert_eq!(poll.check_shuffle(current.as_bytes(), shuffle.as_bytes()).unwrap(), []);
        current = output(shuffle);
    }
    let decryptions = record.all("decryption");
    for (place, decryption) in decryptions.iter().enumerate() {
        let faults = poll.check_decryption(place + 1, current.as_bytes(), decryption.as_bytes()).unwrap();
        assert_eq!(faults, []);
    }
    assert_eq!(
        poll.result(current.as_bytes(), &owned(&bytes(&decryptions))).unwrap(),
        record.one("result").as_bytes()
    );
}

#[test]
fn a_shuffle_of_another_input_or_with_a_changed_digit_is_refused() {
    let record = Record::read(RANKED);
    let poll = record.open();
    let shuffles = record.all("shuffle");
    let duty = |input: &str, shuffle: &str| -> Vec<&'static str> {
        let faults = poll.check_shuffle(input.as_bytes(), shuffle.as_bytes()).unwrap();
        faults.iter().map(|(duty, _)| *duty).collect()
    };
    assert_eq!(duty(record.one("tally"), shuffles[1]), ["S3"]);
    // Every response of the proof counts: change the last digit of each number in turn.
    let proofs = shuffles[0].find(",\"proofs\":").unwrap();
    let mut changed = 0;
    for (at, _) in shuffles[0].match_indices('"').filter(|(at, _)| *at > proofs) {
        let before = shuffles[0].as_bytes()[at - 1];
        if before.is_ascii_digit() {
            let mut other = shuffles[0].as_bytes().to_vec();
            other[at - 1] = if before == b'1' { b'2' } else { b'1' };
            let text = String::from_utf8(other).unwrap();
            if changed % 16 == 0 {
                assert_eq!(duty(record.one("tally"), &text), ["S3"], "at {at}");
            }
            changed += 1;
        }
    }
    assert!(changed > 60);
    assert_eq!(duty(output(shuffles[0]), shuffles[0]), ["S2"], "unchanged copies");
    assert_eq!(duty("[[]]", shuffles[0]), ["S2"], "another length");
}

#[test]
fn a_decryption_by_another_owner_is_refused() {
    let record = Record::read(CHOICE);
    let poll = record.open();
    let tally = record.one("tally").as_bytes();
    let faults = poll.check_decryption(2, tally, record.all("decryption")[0].as_bytes()).unwrap();
    assert_eq!(faults.iter().map(|f| f.0).collect::<Vec<_>>(), ["D3", "D3"]);
    let faults = poll.check_decryption(4, tally, record.all("decryption")[0].as_bytes()).unwrap();
    assert_eq!(faults[0].0, "D1");
}

#[test]
fn a_changed_ballot_fails_every_duty_that_it_breaks() {
    let record = Record::read(CHOICE);
    let poll = record.open();
    let ballot = record.all("ballot")[0].to_string();
    let duty = |text: &str| duties(&poll, &[text.as_bytes()]).remove(0);
    let credential_at = ballot.find("\"credential\":\"").unwrap() + 14;
    let response = ballot.find("\"response\":\"").unwrap() + 12;
    let swap = |at: usize, with: char| {
        let mut text = ballot.clone();
        text.replace_range(at..at + 1, &with.to_string());
        text
    };
    assert_eq!(duty(&ballot), "");
    assert_eq!(duty(&ballot.replace("\"answers\":", "\"answers\": ")), "B1");
    assert_eq!(duty(&ballot[..ballot.len() - 1]), "B1");
    assert_eq!(duty(&format!("{ballot}\n")), "B1");
    assert_eq!(duty(&ballot.replacen("election_uuid\":\"", "election_uuid\":\"\\u0041", 1)), "B1");
    assert_eq!(duty(&ballot.replacen("election_uuid\":\"", "election_uuid\":\"A", 1)), "B2 B4");
    assert_eq!(duty(&ballot.replacen("election_hash\":\"", "election_hash\":\"A", 1)), "B2 B4");
    assert_eq!(duty(&swap(credential_at, '1')), "B3 B4 B6");
    assert_eq!(duty(&swap(response, if ballot.as_bytes()[response] == b'1' { '2' } else { '1' })), "B4 B6");
    let other = record.all("ballot")[1].to_string();
    let signature = |text: &str| text[text.find(",\"signature\"").unwrap()..].to_string();
    assert_eq!(duty(&ballot.replace(&signature(&ballot), &signature(&other))), "B4");
}

// Credentials and keys below: private_creds.txt and *.privkey of the recorded elections.
#[test]
fn recorded_credentials_and_keys_give_the_recorded_public_parts() {
    let known = [
        (BELENIOS, "BELENIOS-2048", "JH4caHVMxvLsFH", "Bf9-UYv-TcP-FCg-Bub"),
        (RFC, "RFC-3526-2048", "ujp2hZuNFPubD8", "69Q-dfM-EpY-xar-e75"),
        (CHOICE, "Ed25519", "LdZfDz1gETkssB", "tEZvv-qGZ5WE-8gkVw-x7Yr3b"),
        (RANKED, "Ed25519", "qKJV3XioqyB4ux", "SHrvR-BxxK7X-X7T3y-92QtRc"),
    ];
    for (record, group, uuid, credential) in known {
        let list = Record::read(record).one("credentials").to_string();
        let public = poll::credential_public(group, uuid, credential).unwrap();
        assert!(list.contains(&format!("\"{public}")), "{group}");
        let plain = credential.replace('-', "");
        assert_eq!(poll::credential_public(group, uuid, &plain).unwrap(), public);
    }
    let keys = [
        (CHOICE, "Ed25519", "2875541631583041716077831042294019304777257640450274923978157094914807326037"),
        (
            BELENIOS,
            "BELENIOS-2048",
            "71881310303745404981241895350663177454557073090066948715617839358037513286433",
        ),
    ];
    for (record, group, private) in keys {
        let public = poll::trustee_public(group, format!("\"{private}\"").as_bytes()).unwrap();
        assert!(Record::read(record).one("trustees").contains(&format!("\"public_key\":\"{public}\"")));
    }
}

#[test]
fn a_mistyped_credential_is_explained() {
    let why =
        |credential: &str| poll::credential_public("Ed25519", "LdZfDz1gETkssB", credential).unwrap_err().0;
    assert!(why("Bf9-UYv-TcP-FCg-Bua").contains("typing error"));
    assert!(why("tEZvv-qGZ5WE-8gkVw").contains("this has 16"));
    assert!(why("tEZvv-qGZ5W-8gkVw").contains("password"));
    assert!(why("tEZvvqGZ5WE-8gkVw-x7Yr3b").contains("dashes"));
    assert!(why("tEZvv-qGZ5WE-8gkVw-x7Yr3l").contains("characters"));
}

#[test]
fn kinds_not_yet_supported_are_named() {
    let record = Record::read(CHOICE);
    let open = |election: &str, trustees: &str| {
        let credentials = record.one("credentials").as_bytes();
        match selectorate_kernel::open(election.as_bytes(), trustees.as_bytes(), credentials) {
            Ok(_) => String::new(),
            Err(e) => e.0,
        }
    };
    let (election, trustees) = (record.one("election"), record.one("trustees"));
    assert_eq!(open(election, trustees), "");
    assert!(open(election, "[[\"Pedersen\",{\"threshold\":2}]]").starts_with("trustees: entry 1 is neither"));
    assert_eq!(open(&election.replacen("\"min\"", "\"blank\":false,\"min\"", 1), trustees), "");
    let version = election.replacen("\"version\":1", "\"version\":2", 1);
    assert_eq!(open(&version, trustees), "not yet supported: protocol version 2");
}

#[test]
fn faults_of_the_set_up_carry_their_duties() {
    let record = Record::read(CHOICE);
    let faults = |election: &str, trustees: &str, credentials: &str| -> Vec<&'static str> {
        let poll = selectorate_kernel::open(election.as_bytes(), trustees.as_bytes(), credentials.as_bytes())
            .unwrap();
        let mut duties: Vec<&'static str> = poll.check_setup().iter().map(|f| f.0).collect();
        duties.dedup();
        duties
    };
    let (election, trustees) = (record.one("election"), record.one("trustees"));
    let list: Vec<&str> = record.one("credentials").trim_matches(['[', ']']).split("\",\"").collect();
    let entries: Vec<String> = list.iter().map(|entry| entry.trim_matches('"').to_string()).collect();
    let credentials = |entries: &[String]| format!("[\"{}\"]", entries.join("\",\""));
    assert_eq!(faults(election, trustees, &credentials(&entries)), [""; 0]);
    let mut swapped = entries.clone();
    swapped.swap(0, 1);
    assert_eq!(faults(election, trustees, &credentials(&swapped)), ["E6"]);
    let mut twice = entries.clone();
    twice[1] = twice[0].clone();
    assert_eq!(faults(election, trustees, &credentials(&twice)), ["E6"]);
    let mut identity = entries.clone();
    identity[0] = format!("{:064x},1", 1);
    assert_eq!(faults(election, trustees, &credentials(&identity)), ["E6"]);
    let mut weight = entries.clone();
    weight[3] = weight[3].replace(',', ",0");
    assert_eq!(faults(election, trustees, &credentials(&weight)), ["E6"]);
    assert_eq!(
        faults(&election.replacen("\"max\":3", "\"max\":9", 1), trustees, &credentials(&entries)),
        ["E3"]
    );
    let one_less = trustees.replacen(&trustees[1..trustees.find("],[").unwrap() + 2], "", 1);
    assert_eq!(faults(election, &one_less, &credentials(&entries)), ["E5"]);
    let challenge = trustees.find("\"challenge\":\"").unwrap() + 13;
    let mut forged = trustees.to_string();
    forged.replace_range(challenge..challenge + 1, "1");
    assert_eq!(faults(election, &forged, &credentials(&entries)), ["E4"]);
}

#[test]
fn hostile_bytes_never_panic() {
    let record = Record::read(CHOICE);
    let poll = record.open();
    let deep = "[".repeat(100_000);
    let mut inputs: Vec<Vec<u8>> =
        vec![vec![], deep.into_bytes(), vec![0xff; 40], b"{\"\":{}}".to_vec(), b"null".to_vec()];
    let ballot = record.all("ballot")[0].as_bytes();
    let mut rng = Seeded::new(5);
    for _ in 0..300 {
        use rand_core::Rng;
        let mut copy = ballot[..(rng.next_u32() as usize % ballot.len())].to_vec();
        let at = rng.next_u32() as usize % copy.len().max(1);
        if let Some(byte) = copy.get_mut(at) {
            *byte = rng.next_u32() as u8;
        }
        inputs.push(copy);
    }
    let slices: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    assert!(duties(&poll, &slices).iter().all(|duties| duties == "B1"));
    let counted = record.one("tally").as_bytes();
    for input in &slices {
        assert!(selectorate_kernel::open(input, input, input).is_err());
        assert!(tally(&poll, &[input]).is_err());
        assert!(poll.shuffle(input, &mut rng).is_err());
        assert!(poll.decrypt(input, counted, &mut rng).is_err());
        assert_eq!(poll.check_decryption(1, counted, input).unwrap()[0].0, "D2");
        assert!(poll.check_shuffle(b"[]", input).unwrap()[0].0 == "S2");
        assert!(poll.result(counted, &owned(&[input, input, input])).is_err());
        assert!(poll::trustee_public("RFC-3526-2048", input).is_err());
    }
}
