//! Duties B1 to B6 of ballots. B7 compares ballots with each other and is the caller's.

use rayon::prelude::*;

use super::claims::check_answer;
use super::{AnswerText, BallotText, CHUNK, signature_prefix, signed_hash};
use crate::Fault;
use crate::ciphertext::Ciphertext;
use crate::group::{Group, Scalar};
use crate::proofs::{Proof, challenge, holds};
use crate::setup::{Question, Setup};

/// The credential field ("" where B1 fails) and the duties that do not hold, each once.
pub type Verdict = (String, Vec<Fault>);

/// Checks duties B1 to B6 of each ballot, in the order of the ballots.
pub fn check<G: Group>(setup: &Setup<G>, ballots: &[&[u8]]) -> Vec<Verdict> {
    ballots.chunks(CHUNK).flat_map(|chunk| check_chunk(setup, chunk)).collect()
}

fn check_chunk<G: Group>(setup: &Setup<G>, ballots: &[&[u8]]) -> Vec<Verdict> {
    let read: Vec<Result<BallotText<'_>, String>> =
        ballots.par_iter().map(|bytes| BallotText::read(bytes, setup)).collect();
    let mut texts: Vec<&str> = Vec::new();
    let mut starts = Vec::with_capacity(read.len() + 1);
    for ballot in &read {
        starts.push(texts.len());
        if let Ok(ballot) = ballot {
            texts.push(&ballot.credential);
            texts.extend(ballot.elements());
        }
    }
    starts.push(texts.len());
    let elements = G::read_all(&texts);
    let check_one = |place: usize| match &read[place] {
        Err(reason) => (String::new(), vec![("B1", reason.clone())]),
        Ok(ballot) => {
            let own = &elements[starts[place]..starts[place + 1]];
            (ballot.credential.to_string(), check_read(setup, ballots[place], ballot, own))
        }
    };
    (0..ballots.len()).into_par_iter().map(check_one).collect()
}

/// Duties B2 to B6; `elements` are the credential and then those of `BallotText::elements`.
fn check_read<G: Group>(
    setup: &Setup<G>,
    bytes: &[u8],
    ballot: &BallotText<'_>,
    elements: &[Option<G::Element>],
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if ballot.uuid != setup.uuid {
        faults.push(("B2", format!("election_uuid is not {}", setup.uuid)));
    } else if ballot.phi != setup.phi {
        faults.push(("B2", format!("election_hash is not {}", setup.phi)));
    }
    let listed = setup.place(ballot.credential.as_ref()).is_some();
    if !listed {
        faults.push(("B3", "the credential is not on the list".into()));
    }
    let credential = elements.first().copied().flatten();
    let unsigned = match credential {
        Some(credential) => signature_fault(setup, bytes, ballot, &credential),
        // What is no key signs nothing; where it is not on the list either, B3 says so.
        None => hash_fault(bytes, ballot).or_else(|| listed.then(|| "the credential is not a key".into())),
    };
    faults.extend(unsigned.map(|reason| ("B4", reason)));
    match read_numbers(setup, ballot, elements.get(1..).unwrap_or(&[])) {
        Err(reason) => faults.push(("B5", reason)),
        Ok(numbers) => {
            faults.extend(proof_fault(setup, ballot, &numbers).map(|reason| ("B6", reason)));
        }
    }
    faults
}

fn hash_fault(bytes: &[u8], ballot: &BallotText<'_>) -> Option<String> {
    let sound = ballot.hash == signed_hash(&bytes[..ballot.signed]);
    (!sound).then(|| "the signature's hash is not that of the ballot".into())
}

/// Duty B4; a signature with numbers out of range is left to B5.
fn signature_fault<G: Group>(
    setup: &Setup<G>,
    bytes: &[u8],
    ballot: &BallotText<'_>,
    credential: &G::Element,
) -> Option<String> {
    if let Some(reason) = hash_fault(bytes, ballot) {
        return Some(reason);
    }
    let proof = ballot.signature.read::<G::Scalar>()?;
    let prefix = signature_prefix(&ballot.hash);
    let sound = match setup.tables() {
        Ok(tables) => holds::<G>(tables, &prefix, credential, &proof),
        // The signature has nothing to do with a key that is at fault.
        Err(_) => {
            let powers = [proof.response, proof.challenge];
            let commitment = G::product(&[G::generator(), *credential], &powers);
            challenge::<G::Scalar>(&prefix, &[G::write(&commitment)]) == proof.challenge
        }
    };
    (!sound).then(|| "the signature is not valid".into())
}

/// What one answer's proofs are about, read.
pub(super) struct AnswerNumbers<G: Group> {
    pub ciphertexts: Vec<Ciphertext<G>>,
    pub proofs: Vec<Proof<G::Scalar>>,
    pub nonzero: Option<(G::Element, super::nonzero::NonzeroNumbers<G::Scalar>)>,
}

/// Duty B5: all elements and numbers of the answers and the signature, or what is wrong with the first bad
/// one; `elements` are those of `BallotText::elements`.
fn read_numbers<G: Group>(
    setup: &Setup<G>,
    ballot: &BallotText<'_>,
    elements: &[Option<G::Element>],
) -> Result<Vec<AnswerNumbers<G>>, String> {
    let mut parts = elements;
    let count: usize = setup.questions.iter().map(|question| 2 * question.ciphertexts()).sum();
    let mut commitments = parts.iter().skip(count);
    let mut read = Vec::with_capacity(ballot.answers.len());
    for (place, (question, answer)) in setup.questions.iter().zip(&ballot.answers).enumerate() {
        let (own, others) = parts.split_at((2 * question.ciphertexts()).min(parts.len()));
        parts = others;
        let within = |reason: String| format!("question {}: {reason}", place + 1);
        let ciphertexts = read_ciphertexts(question, own).map_err(within)?;
        let proofs = read_proofs(question, answer).map_err(within)?;
        let nonzero = match &answer.nonzero {
            None => None,
            Some(text) => {
                let numbers = text.read().ok_or_else(|| {
                    within("a number of the nonzero proof is not canonical or too large".into())
                })?;
                let commitment = commitments.next().copied().flatten().ok_or_else(|| {
                    within("the nonzero proof's commitment is not a canonical member of the group".into())
                })?;
                Some((commitment, numbers))
            }
        };
        read.push(AnswerNumbers { ciphertexts, proofs, nonzero });
    }
    if ballot.signature.read::<G::Scalar>().is_none() {
        return Err("the signature has a number that is not canonical or too large".into());
    }
    Ok(read)
}

fn read_ciphertexts<G: Group>(
    question: &Question,
    parts: &[Option<G::Element>],
) -> Result<Vec<Ciphertext<G>>, String> {
    let pair = |(place, pair): (usize, &[Option<G::Element>])| {
        let bad = |what: &str| Err(format!("{}: {what}", question.place(place)));
        match pair {
            [None, _] => bad("alpha is not a canonical member of the group"),
            [Some(alpha), _] if *alpha == G::identity() => bad("alpha is the identity"),
            [Some(alpha), Some(beta)] => Ok(Ciphertext { alpha: *alpha, beta: *beta }),
            _ => bad("beta is not a canonical member of the group"),
        }
    };
    parts.chunks(2).enumerate().map(pair).collect()
}

fn read_proofs<S: Scalar>(question: &Question, answer: &AnswerText<'_>) -> Result<Vec<Proof<S>>, String> {
    let read = |(place, text): (usize, &crate::proofs::ProofText<'_>)| {
        text.read::<S>().ok_or_else(|| {
            let marks = question.marks();
            let overall = 2 * marks + question.branches();
            let name = match place {
                _ if question.is_ranked() => "the proof".to_string(),
                _ if place < 2 * marks => format!("the proof of {}", question.place(place / 2)),
                _ if place < overall => "the overall proof".to_string(),
                _ => exclusion_name(question, (place - overall) / 2),
            };
            format!("a number of {name} is not canonical or too large")
        })
    };
    answer.proofs.iter().enumerate().map(read).collect()
}

/// The name of an exclusion's proof, from 0.
pub(super) fn exclusion_name(question: &Question, place: usize) -> String {
    match question {
        Question::Lists { .. } => format!("the proof of list {}", place + 1),
        _ => "the blank proof".into(),
    }
}

/// Duty B6.
fn proof_fault<G: Group>(
    setup: &Setup<G>,
    ballot: &BallotText<'_>,
    numbers: &[AnswerNumbers<G>],
) -> Option<String> {
    let tables = match setup.tables() {
        Ok(tables) => tables,
        Err(reason) => return Some(format!("cannot be checked: {reason}")),
    };
    let context = format!("{}|{}", setup.phi, ballot.credential);
    let mut answers = setup.questions.iter().zip(&ballot.answers).zip(numbers).enumerate();
    answers.find_map(|(place, ((question, answer), numbers))| {
        let found = check_answer(setup, tables, &context, question, answer, numbers);
        found.err().map(|reason| format!("question {}: {reason}", place + 1))
    })
}
