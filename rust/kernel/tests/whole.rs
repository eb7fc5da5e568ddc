//! Whole elections of our own making, through all steps, with a seeded random source.

mod support;

use std::sync::Arc;

use selectorate_kernel::poll;
use selectorate_kernel::text::Json;
use support::{Seeded, duties, tally};

struct Made {
    poll: Arc<dyn selectorate_kernel::Poll>,
    keys: Vec<String>,
    credentials: Vec<String>,
    setup: [String; 3],
}

fn make(group: &str, questions: &str, voters: usize) -> Made {
    weighted(group, questions, &vec![1; voters])
}

fn weighted(group: &str, questions: &str, weights: &[u64]) -> Made {
    let voters = weights.len();
    let mut rng = Seeded::new(77);
    let uuid = "HJ4caHVMxvLsFH";
    let pairs: Vec<_> = (0..2).map(|_| poll::new_trustee(group, &mut rng).unwrap()).collect();
    let publics: Vec<String> =
        pairs.iter().map(|(private, _)| poll::trustee_public(group, private.as_bytes()).unwrap()).collect();
    let key = poll::joint_key(group, &publics).unwrap();
    let made = poll::new_credentials(group, uuid, voters, &mut rng).unwrap();
    let sorted = poll::sort_elements(group, made.iter().map(|(_, public)| public.clone()).collect()).unwrap();
    let election = format!(
        "{{\"version\":1,\"description\":\"d\",\"name\":\"n\",\"group\":\"{group}\",\"public_key\":\"{key}\",\"questions\":[{questions}],\"uuid\":\"{uuid}\"}}"
    );
    let trustees = format!("[[\"Single\",{}],[\"Single\",{}]]", pairs[0].1, pairs[1].1);
    let weight = |public: &String| {
        let voter = made.iter().position(|(_, own)| own == public).unwrap();
        if weights.iter().all(|weight| *weight == 1) { String::new() } else { format!(",{}", weights[voter]) }
    };
    let entries: Vec<String> = sorted.iter().map(|public| format!("{public}{}", weight(public))).collect();
    let list = format!("[\"{}\"]", entries.join("\",\""));
    let poll = selectorate_kernel::open(election.as_bytes(), trustees.as_bytes(), list.as_bytes()).unwrap();
    assert_eq!(poll.check_setup(), []);
    Made {
        poll,
        keys: pairs.into_iter().map(|(private, _)| private.to_string()).collect(),
        credentials: made.into_iter().map(|(private, _)| private.to_string()).collect(),
        setup: [election, trustees, list],
    }
}

const CHOICE: &str = "{\"answers\":[\"Alder\",\"Ash\"],\"min\":0,\"max\":1,\"question\":\"q\"}";
const RANKED: &str =
    "{\"type\":\"NonHomomorphic\",\"value\":{\"answers\":[\"Alder\",\"Ash\",\"Beech\"],\"question\":\"q\"}}";

/// The entries of a tally, each as JSON again.
fn lists(json: &[u8]) -> Vec<String> {
    fn again(value: &Json<'_>) -> String {
        if let Some(list) = value.list() {
            return format!("[{}]", list.iter().map(again).collect::<Vec<_>>().join(","));
        }
        let part = |name: &str| value.get(name).unwrap().text().unwrap();
        format!("{{\"alpha\":\"{}\",\"beta\":\"{}\"}}", part("alpha"), part("beta"))
    }
    Json::read(json).unwrap().list().unwrap().iter().map(again).collect()
}

fn through(group: &str, questions: &str, choices: &[&str]) -> (String, Vec<String>) {
    let made = make(group, questions, choices.len().max(1));
    let mut rng = Seeded::new(5);
    let choices: Vec<String> = choices.iter().map(|c| c.to_string()).collect();
    let ballots = made.poll.make_ballots(&made.credentials[..choices.len()], &choices, &mut rng).unwrap();
    let slices: Vec<&[u8]> = ballots.iter().map(Vec::as_slice).collect();
    let duties = duties(&made.poll, &slices);
    let mut current = lists(&tally(&made.poll, &slices).unwrap());
    let ranked: Vec<usize> = questions
        .split("{\"")
        .filter(|q| q.starts_with("answers") && q.contains("min") || q.starts_with("type"))
        .enumerate()
        .filter(|(_, q)| q.starts_with("type\":\"Non"))
        .map(|(i, _)| i)
        .collect();
    for _ in 0..if ranked.is_empty() { 0 } else { 2 } {
        let input = format!("[{}]", ranked.iter().map(|i| current[*i].clone()).collect::<Vec<_>>().join(","));
        let shuffle = made.poll.shuffle(input.as_bytes(), &mut rng).unwrap();
        assert_eq!(made.poll.check_shuffle(input.as_bytes(), &shuffle).unwrap(), []);
        let text = String::from_utf8(shuffle).unwrap();
        let start = "{\"ciphertexts\":".len();
        let output = lists(&text.as_bytes()[start..text.find(",\"proofs\"").unwrap()]);
        for (i, list) in ranked.iter().zip(output) {
            current[*i] = list;
        }
    }
    let tally = format!("[{}]", current.join(","));
    let decryptions: Vec<Vec<u8>> = made
        .keys
        .iter()
        .enumerate()
        .map(|(place, key)| {
            let made_by = made.poll.decrypt(key.as_bytes(), tally.as_bytes(), &mut rng).unwrap();
            assert_eq!(made.poll.check_decryption(place + 1, tally.as_bytes(), &made_by).unwrap(), []);
            made_by
        })
        .collect();
    let reversed: Vec<(usize, &[u8])> =
        (1..).zip(decryptions.iter().map(Vec::as_slice)).collect::<Vec<_>>().into_iter().rev().collect();
    (String::from_utf8(made.poll.result(tally.as_bytes(), &reversed).unwrap()).unwrap(), duties)
}

#[test]
fn a_mixed_election_counts_what_was_chosen() {
    for group in ["Ed25519", "RFC-3526-2048"] {
        let questions = format!("{CHOICE},{RANKED}");
        let choices = ["[[1,0],[1,2,3]]", "[[0,1],[3,2,1]]", "[[0,1],[0,0,0]]"];
        let (result, duties) = through(group, &questions, &choices);
        assert_eq!(duties, [""; 3]);
        assert!(result.starts_with("{\"result\":[[1,2],["), "{result}");
        for paper in ["[1,2,3]", "[3,2,1]", "[0,0,0]"] {
            assert!(result.contains(paper), "{result}");
        }
    }
}

#[test]
fn a_choice_election_in_the_small_field_counts_what_was_chosen() {
    let (result, duties) = through("BELENIOS-2048", CHOICE, &["[[1,0]]", "[[0,0]]"]);
    assert_eq!(result, "{\"result\":[[1,0]]}");
    assert_eq!(duties, ["", ""]);
}

#[test]
fn elections_without_or_with_one_ballot_come_to_an_end() {
    assert_eq!(through("Ed25519", CHOICE, &[]).0, "{\"result\":[[0,0]]}");
    assert_eq!(through("Ed25519", RANKED, &[]).0, "{\"result\":[[]]}");
    assert_eq!(through("Ed25519", RANKED, &["[[2,1,0]]"]).0, "{\"result\":[[[2,1,0]]]}");
}

#[test]
fn choices_that_do_not_fit_are_refused_with_their_position() {
    let made = make("Ed25519", &format!("{CHOICE},{RANKED}"), 2);
    let why = |choice: &str| {
        let choices = ["[[1,0],[1,2,3]]".to_string(), choice.to_string()];
        made.poll.make_ballots(&made.credentials, &choices, &mut Seeded::new(1)).unwrap_err().0
    };
    for choice in [
        "[[1,1],[1,2,3]]",
        "[[2,0],[1,2,3]]",
        "[[1,0],[1,2]]",
        "[[1,0]]",
        "[[1.0,0],[1,2,3]]",
        "x",
        "[[1,0],[1,2,256]]",
    ] {
        assert!(why(choice).starts_with("choice 2: "), "{choice}: {}", why(choice));
    }
}

#[test]
fn a_ballot_copied_under_another_credential_is_refused() {
    let made = make("Ed25519", RANKED, 2);
    let choices = vec!["[[1,2,3]]".to_string(), "[[3,2,1]]".to_string()];
    let ballots = made.poll.make_ballots(&made.credentials, &choices, &mut Seeded::new(1)).unwrap();
    let text = |at: usize| String::from_utf8(ballots[at].clone()).unwrap();
    let answers = |t: &str| t[t.find("\"answers\"").unwrap()..t.find(",\"signature\"").unwrap()].to_string();
    let copied = text(0).replace(&answers(&text(0)), &answers(&text(1)));
    assert_eq!(duties(&made.poll, &[copied.as_bytes()])[0], "B4 B6");
}

/// Signs what stands before `,"signature"` with a credential, as its owner could.
fn resign(text: &str, uuid: &str, credential: &str) -> String {
    use selectorate_kernel::ed25519::Ed25519;
    use selectorate_kernel::group::{Group, Scalar};
    use selectorate_kernel::text::{base64, sha256};
    let before = &text[..text.find(",\"signature\"").unwrap()];
    let hash = base64(&sha256(format!("{before}}}").as_bytes()));
    let secret = selectorate_kernel::credential::exponent::<Ed25519>(uuid, credential).unwrap();
    let nonce = <Ed25519 as Group>::Scalar::small(12345);
    let proof = selectorate_kernel::proofs::prove::<Ed25519>(&format!("sig|{hash}|"), &secret, &nonce);
    let mut out = format!("{before},\"signature\":{{\"hash\":\"{hash}\",\"proof\":");
    proof.write(&mut out);
    out.push_str("}}");
    out
}

#[test]
fn what_a_voter_signs_is_still_checked() {
    let question = "{\"answers\":[\"Alder\",\"Ash\"],\"min\":1,\"max\":1,\"question\":\"q\"}";
    let made = make("Ed25519", &format!("{question},{RANKED}"), 2);
    let choices = vec!["[[0,1],[1,2,3]]".to_string(), "[[1,0],[3,2,1]]".to_string()];
    let ballots = made.poll.make_ballots(&made.credentials, &choices, &mut Seeded::new(1)).unwrap();
    let text = |at: usize| String::from_utf8(ballots[at].clone()).unwrap();
    let verdict = |changed: &str| {
        let signed = resign(changed, "HJ4caHVMxvLsFH", &made.credentials[0]);
        duties(&made.poll, &[signed.as_bytes()]).remove(0)
    };
    let own = text(0);
    assert_eq!(verdict(&own), "");
    let answers = |t: &str| t[t.find("\"answers\"").unwrap()..t.find(",\"signature\"").unwrap()].to_string();
    assert_eq!(verdict(&own.replace(&answers(&own), &answers(&text(1)))), "B6", "another voter's answers");
    let first = |name: &str, from: usize| {
        let at = own[from..].find(&format!("\"{name}\":\"")).unwrap() + from + name.len() + 4;
        (at, at + own[at..].find('"').unwrap())
    };
    let with = |(from, to): (usize, usize), value: &str| format!("{}{value}{}", &own[..from], &own[to..]);
    let identity = format!("{:064x}", 1);
    let order = "7237005577332262213973186563042994240857116359379907606001950938285454250989";
    assert_eq!(verdict(&with(first("alpha", 0), &identity)), "B5", "identity as alpha");
    assert_eq!(verdict(&with(first("beta", 0), &identity)), "B6", "identity as beta");
    assert_eq!(verdict(&with(first("beta", 0), &"0".repeat(64))), "B5", "a point of order four");
    let (from, to) = first("alpha", 0);
    assert_eq!(verdict(&with((from, to), &own[from..to].to_uppercase())), "B5", "upper case");
    assert_eq!(verdict(&with(first("challenge", 0), order)), "B5", "a challenge that is too large");
    assert_eq!(verdict(&with(first("response", 0), "+1")), "B5", "a sign");
    let (from, to) = first("response", 0);
    assert_eq!(verdict(&with((from, to), &format!("0{}", &own[from..to]))), "B5", "a leading zero");
    for place in ["individual_proofs", "overall_proof", "proof"] {
        let start = own.find(&format!("\"{place}\"")).unwrap();
        assert_eq!(verdict(&with(first("response", start), "7")), "B6", "{place}");
        assert_eq!(verdict(&with(first("challenge", start), "0")), "B6", "{place}");
    }
    // The two proofs of the first choice exchanged: every number is right, in the wrong branch.
    let start = own.find("[[{").unwrap() + 2;
    let middle = own[start..].find("},{").unwrap() + start;
    let end = own[middle..].find("}]").unwrap() + middle;
    let (no, yes) = (&own[start..middle + 1], &own[middle + 2..end + 1]);
    assert_eq!(verdict(&format!("{}{yes},{no}{}", &own[..start], &own[end + 1..])), "B6");
}

#[test]
fn a_mixer_cannot_drop_double_or_exchange() {
    let made = make("Ed25519", RANKED, 3);
    let choices: Vec<String> = ["[[1,2,3]]", "[[3,2,1]]", "[[2,1,3]]"].map(String::from).to_vec();
    let mut rng = Seeded::new(2);
    let ballots = made.poll.make_ballots(&made.credentials, &choices, &mut rng).unwrap();
    let slices: Vec<&[u8]> = ballots.iter().map(Vec::as_slice).collect();
    let tally = tally(&made.poll, &slices).unwrap();
    let shuffle = String::from_utf8(made.poll.shuffle(&tally, &mut rng).unwrap()).unwrap();
    let start = shuffle.find("[[{").unwrap() + 2;
    let end = shuffle.find("]],\"proofs\"").unwrap();
    let cts: Vec<&str> =
        shuffle[start..end].split_inclusive('}').map(|c| c.trim_start_matches(',')).collect();
    let verdict = |cts: &[&str]| {
        let text = format!("{}{}{}", &shuffle[..start], cts.join(","), &shuffle[end..]);
        made.poll.check_shuffle(&tally, text.as_bytes()).unwrap().first().map(|fault| fault.0)
    };
    assert_eq!(verdict(&cts), None);
    assert_eq!(verdict(&cts[..2]), Some("S2"), "dropped");
    assert_eq!(verdict(&[cts[0], cts[0], cts[2]]), Some("S3"), "doubled");
    assert_eq!(verdict(&[cts[1], cts[0], cts[2]]), Some("S3"), "exchanged");
    // Minus one times alpha: outside the subgroup, so the mixer is named and not the trustees.
    let alpha = &cts[0]["{\"alpha\":\"".len()..][..64];
    let flipped = cts[0].replace(alpha, "1999999999999999999999999999999999999999999999999999999999999995");
    assert_eq!(verdict(&[&flipped, cts[1], cts[2]]), Some("S2"), "outside the subgroup");
}

const BLANK: &str = "{\"answers\":[\"Alder\",\"Ash\"],\"blank\":true,\"min\":1,\"max\":2,\"question\":\"q\"}";
const LISTS: &str = "{\"type\":\"Lists\",\"value\":{\"answers\":[[\"Trees\",\"Alder\",\"Ash\"],[\"Shrubs\",\"Hazel\"]],\"question\":\"q\"}}";

#[test]
fn blank_votes_and_lists_are_counted_where_they_belong() {
    for group in ["Ed25519", "BELENIOS-2048"] {
        let choices = [
            "[[1,0,0],[[1,1,0],[0,0]]]",
            "[[0,1,1],[[1,1,1],[0,0]]]",
            "[[0,0,1],[[0,0,0],[1,1]]]",
            "[[1,0,0],[[1,0,1],[0,0]]]",
        ];
        let (result, duties) = through(group, &format!("{BLANK},{LISTS}"), &choices);
        assert_eq!(duties, [""; 4]);
        assert_eq!(result, "{\"result\":[[2,1,2],[[3,2,2],[1,1]]]}");
    }
}

#[test]
fn blank_votes_and_lists_that_do_not_fit_are_refused_before_anything_is_made() {
    let made = make("Ed25519", &format!("{BLANK},{LISTS}"), 1);
    let why = |choice: &str| {
        made.poll.make_ballots(&made.credentials, &[choice.to_string()], &mut Seeded::new(1)).unwrap_err().0
    };
    for (choice, reason) in [
        ("[[1,1,0],[[1,1,0],[0,0]]]", "question 1: blank and 1 chosen"),
        ("[[0,0,0],[[1,1,0],[0,0]]]", "question 1: 0 chosen; the question wants 1 to 2"),
        ("[[1,0],[[1,1,0],[0,0]]]", "question 1: 2 numbers where 3 belong"),
        ("[[2,0,0],[[1,1,0],[0,0]]]", "question 1: 2 is not between 0 and 1"),
        ("[[1,0,0],[[1,1,0],[1,1]]]", "question 2: 2 lists chosen"),
        ("[[1,0,0],[[0,0,0],[0,0]]]", "question 2: 0 lists chosen"),
        ("[[1,0,0],[[1,0,0],[0,0]]]", "question 2: list 1 is chosen without a candidate"),
        ("[[1,0,0],[[1,1,0],[0,1]]]", "question 2: list 2 is not chosen, a candidate of it is"),
        ("[[1,0,0],[[1,1,0]]]", "question 2: 1 lists where 2 belong"),
        ("[[1,0,0],[1,1,0,0,0]]", "question 2: 5 lists where 2 belong"),
        ("[[1,0,0],[[1,1],[0,0]]]", "question 2: list 1: 2 numbers where 3 belong"),
    ] {
        assert!(why(choice).contains(reason), "{choice}: {}", why(choice));
    }
    assert!(why(&" ".repeat(1 << 20)).contains("characters"));
}

#[test]
fn each_number_of_each_proof_counts() {
    let made = make("Ed25519", &format!("{BLANK},{LISTS},{RANKED}"), 1);
    let choices = vec!["[[0,1,0],[[1,0,1],[0,0]],[3,2,1]]".to_string()];
    let ballots = made.poll.make_ballots(&made.credentials, &choices, &mut Seeded::new(1)).unwrap();
    let own = String::from_utf8(ballots[0].clone()).unwrap();
    let verdict = |changed: &str| {
        let signed = resign(changed, "HJ4caHVMxvLsFH", &made.credentials[0]);
        duties(&made.poll, &[signed.as_bytes()]).remove(0)
    };
    assert_eq!(verdict(&own), "");
    let (start, end) = (own.find("\"answers\"").unwrap(), own.find(",\"signature\"").unwrap());
    let (mut at, mut changed) = (start, 0);
    for part in own[start..end].split('"') {
        let number = at..at + part.len();
        at += part.len() + 1;
        // Elements have 64 hexadecimal digits, numbers are decimals.
        if part.len() > 65 && part.bytes().all(|b| b.is_ascii_digit()) {
            let other = format!("{}{}{}", &own[..number.start], "7", &own[number.end..]);
            assert_eq!(verdict(&other), "B6", "byte {}", number.start);
            changed += 1;
        }
    }
    // Two numbers a proof: 2 of each mark (3 + 5), overall 3 + 1, blank 2, lists 4, ranked 1; nonzero has 3.
    assert!(changed > 2 * (16 + 4 + 2 + 4 + 1), "{changed}");
    let from = own.find("\"commitment\":\"").unwrap() + 14;
    let with = |value: &str| verdict(&format!("{}{value}{}", &own[..from], &own[from + 64..]));
    let generator = "6666666666666666666666666666666666666666666666666666666666666658";
    assert_eq!(with(generator), "B6", "another commitment");
    assert_eq!(with(&format!("{:064x}", 1)), "B6", "the identity as commitment");
    assert_eq!(with(&"0".repeat(64)), "B5", "a commitment outside the group");
    assert_eq!(with(&generator.replace('5', "05")), "B5", "a commitment that is too long");
}

/// What is wrong with a ballot whose maker proves whatever can be proved of choices that do not fit.
fn forged(questions: &str, choices: &[&[u8]]) -> Vec<(&'static str, String)> {
    use selectorate_kernel::ballot::make::{make_chosen, nonces_of};
    use selectorate_kernel::ed25519::Ed25519;
    use selectorate_kernel::proofs::Nonces;
    use selectorate_kernel::setup::Setup;
    let made = make("Ed25519", questions, 1);
    let [election, trustees, list] = &made.setup;
    let setup = Setup::<Ed25519>::read(election.as_bytes(), trustees.as_bytes(), list.as_bytes()).unwrap();
    let choices: Vec<Vec<u8>> = choices.iter().map(|choice| choice.to_vec()).collect();
    let nonces = Nonces::draw(&mut Seeded::new(3), nonces_of(&setup.questions));
    let ballot = make_chosen(&setup, &made.credentials[0], &choices, nonces).unwrap();
    made.poll.check_ballots(&[&ballot]).remove(0).1
}

#[test]
fn a_dishonest_prover_gets_nothing_through() {
    let only = |questions: &str, choice: &[u8], reason: &str| {
        let faults = forged(questions, &[choice]);
        let found: Vec<&str> = faults.iter().map(|(duty, _)| *duty).collect();
        assert_eq!(found, ["B6"], "{choice:?}");
        assert!(faults[0].1.contains(reason), "{choice:?}: {}", faults[0].1);
    };
    assert_eq!(forged(BLANK, &[&[1, 0, 0]]), []);
    assert_eq!(forged(BLANK, &[&[0, 1, 1]]), []);
    only(BLANK, &[1, 1, 0], "question 1: the blank proof");
    only(BLANK, &[0, 0, 0], "question 1: the overall proof");
    only(BLANK, &[2, 0, 0], "question 1: the individual proof of the blank mark");
    only(BLANK, &[0, 2, 0], "question 1: the individual proof of choice 1");
    only(CHOICE, &[1, 1], "question 1: the overall proof");
    assert_eq!(forged(LISTS, &[&[0, 0, 0, 1, 1]]), []);
    only(LISTS, &[1, 1, 0, 1, 1], "question 1: the overall proof");
    only(LISTS, &[0, 0, 0, 0, 0], "question 1: the nonzero proof");
    only(LISTS, &[1, 1, 0, 0, 1], "question 1: the proof of list 2");
    only(LISTS, &[0, 1, 0, 1, 1], "question 1: the proof of list 1");
    only(LISTS, &[1, 0, 0, 0, 0], "question 1: the nonzero proof");
    only(LISTS, &[1, 0, 2, 0, 0], "question 1: the individual proof of list 1, candidate 2");
}

#[test]
fn a_tally_grows_ballot_by_ballot_and_takes_each_credential_once() {
    let made = make("Ed25519", &format!("{BLANK},{RANKED}"), 3);
    let choices: Vec<String> =
        ["[[0,1,0],[1,2,3]]", "[[1,0,0],[3,2,1]]", "[[0,0,1],[0,0,0]]"].map(String::from).to_vec();
    let ballots = made.poll.make_ballots(&made.credentials, &choices, &mut Seeded::new(2)).unwrap();
    let slices: Vec<&[u8]> = ballots.iter().map(Vec::as_slice).collect();
    let whole = tally(&made.poll, &slices).unwrap();
    let mut count = made.poll.clone().tally().unwrap();
    for ballot in slices.iter().rev() {
        let before = count.finish();
        assert!(count.add(&[ballot, b"{}"]).is_err());
        assert!(count.add(&[ballot, ballot]).is_err());
        assert_eq!(count.finish(), before, "a refused call leaves nothing behind");
        count.add(&[ballot]).unwrap();
    }
    assert_eq!(count.finish(), whole, "neither order nor portions matter");
    assert!(count.add(&slices[..1]).unwrap_err().0.contains("a second ballot of the credential"));
    let other = make("Ed25519", &format!("{BLANK},{RANKED}"), 2);
    let stranger = String::from_utf8(ballots[2].clone()).unwrap();
    let refused = tally(&other.poll, &[stranger.as_bytes()]).unwrap_err().0;
    assert!(refused.contains("ballot 1: the credential is not on the list"), "{refused}");
}

#[test]
fn large_weights_are_counted_and_written_as_text() {
    let made = weighted("Ed25519", &format!("{BLANK},{LISTS}"), &[1_073_741_823, 1, 2_000_000_000]);
    let choices: Vec<String> =
        ["[[0,1,0],[[1,1,0],[0,0]]]", "[[0,1,0],[[1,1,1],[0,0]]]", "[[1,0,0],[[0,0,0],[1,1]]]"]
            .map(String::from)
            .to_vec();
    let mut rng = Seeded::new(2);
    let ballots = made.poll.make_ballots(&made.credentials, &choices, &mut rng).unwrap();
    let counted = tally(&made.poll, &ballots.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
    let decryptions: Vec<Vec<u8>> =
        made.keys.iter().map(|key| made.poll.decrypt(key.as_bytes(), &counted, &mut rng).unwrap()).collect();
    let owned: Vec<(usize, &[u8])> = (1..).zip(decryptions.iter().map(Vec::as_slice)).collect();
    let result = String::from_utf8(made.poll.result(&counted, &owned).unwrap()).unwrap();
    // 2^30 - 1 is the largest number that stands as a number.
    let lists = "[\"1073741824\",\"1073741824\",1],[\"2000000000\",\"2000000000\"]";
    assert_eq!(result, format!("{{\"result\":[[\"2000000000\",\"1073741824\",0],[{lists}]]}}"));
    for wrong in [&owned[..1], &[owned[0], owned[0]], &[(0, owned[0].1), (9, owned[1].1)]] {
        assert!(made.poll.result(&counted, wrong).is_err(), "not one decryption of every trustee");
    }
}
