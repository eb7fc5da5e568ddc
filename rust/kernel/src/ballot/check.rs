//! Duties B1 to B6 of ballots. B7 compares ballots with each other and is the caller's.

use rayon::prelude::*;

use super::{
    AnswerText, BallotText, CHUNK, choice_sum, individual_prefix, overall_context, ranked_prefix,
    signature_prefix, signed_hash,
};
use crate::ciphertext::{Ciphertext, CiphertextText};
use crate::group::{Group, Scalar};
use crate::proofs::{Proof, ProofText, challenge, holds, one_of_commitments};
use crate::setup::{Question, Setup};

/// (duty, reason, credential); duty is "" when all hold.
pub type Verdict = (&'static str, String, String);

/// Checks duties B1 to B6 of each ballot, in the order of the ballots.
pub fn check<G: Group>(setup: &Setup<G>, ballots: &[&[u8]]) -> Vec<Verdict> {
    ballots.chunks(CHUNK).flat_map(|chunk| check_chunk(setup, chunk)).collect()
}

fn check_chunk<G: Group>(setup: &Setup<G>, ballots: &[&[u8]]) -> Vec<Verdict> {
    let read: Vec<Result<BallotText<'_>, Verdict>> =
        ballots.par_iter().map(|bytes| read_and_name(setup, bytes)).collect();
    let mut texts: Vec<&str> = Vec::new();
    let mut starts = Vec::with_capacity(read.len());
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
        Err(verdict) => verdict.clone(),
        Ok(ballot) => {
            let own = &elements[starts[place]..starts[place + 1]];
            let (duty, reason) = match check_proofs(setup, ballots[place], ballot, own) {
                Ok(()) => ("", String::new()),
                Err(fault) => fault,
            };
            (duty, reason, ballot.credential.to_string())
        }
    };
    (0..ballots.len()).into_par_iter().map(check_one).collect()
}

/// Duties B1 to B3.
fn read_and_name<'a, G: Group>(setup: &Setup<G>, bytes: &'a [u8]) -> Result<BallotText<'a>, Verdict> {
    let ballot = BallotText::read(bytes, setup).map_err(|reason| ("B1", reason, String::new()))?;
    let fault = |duty, reason: String| Err((duty, reason, ballot.credential.to_string()));
    if ballot.uuid != setup.uuid {
        return fault("B2", format!("election_uuid is not {}", setup.uuid));
    }
    if ballot.phi != setup.phi {
        return fault("B2", format!("election_hash is not {}", setup.phi));
    }
    if !setup.index.contains_key(ballot.credential.as_ref()) {
        return fault("B3", "the credential is not on the list".into());
    }
    Ok(ballot)
}

/// Duties B4 to B6; `elements` are the credential and then all ciphertext parts.
fn check_proofs<G: Group>(
    setup: &Setup<G>,
    bytes: &[u8],
    ballot: &BallotText<'_>,
    elements: &[Option<G::Element>],
) -> Result<(), (&'static str, String)> {
    let tables = setup.tables().map_err(|e| ("B6", format!("cannot be checked: {e}")))?;
    check_signature(setup, tables, bytes, ballot, elements)?;
    let mut found = Vec::with_capacity(elements.len());
    for (place, element) in elements.iter().enumerate().skip(1) {
        let name = || format!("ciphertext {}: {}", place.div_ceil(2), ["beta", "alpha"][place % 2]);
        match element {
            None => return Err(("B5", format!("{} is not a canonical member of the group", name()))),
            Some(alpha) if place % 2 == 1 && *alpha == G::identity() => {
                return Err(("B5", format!("{} is the identity", name())));
            }
            Some(element) => found.push(*element),
        }
    }
    let pairs: Vec<Ciphertext<G>> =
        found.chunks_exact(2).map(|pair| Ciphertext { alpha: pair[0], beta: pair[1] }).collect();
    let proofs: Vec<AnswerProofs<G::Scalar>> =
        ballot.answers.iter().enumerate().map(read_proofs).collect::<Result<_, _>>()?;
    let mut rest = pairs.as_slice();
    let context = format!("{}|{}", setup.phi, ballot.credential);
    for (place, (answer, proofs)) in ballot.answers.iter().zip(&proofs).enumerate() {
        let (own, others) = rest.split_at(answer.ciphertexts().len());
        rest = others;
        check_answer(setup, tables, &context, &setup.questions[place], answer, own, proofs)
            .map_err(|reason| ("B6", format!("question {}: {reason}", place + 1)))?;
    }
    Ok(())
}

fn check_signature<G: Group>(
    setup: &Setup<G>,
    tables: &G::Tables,
    bytes: &[u8],
    ballot: &BallotText<'_>,
    elements: &[Option<G::Element>],
) -> Result<(), (&'static str, String)> {
    debug_assert!(setup.index.contains_key(ballot.credential.as_ref()));
    if ballot.hash != signed_hash(&bytes[..ballot.signed]) {
        return Err(("B4", "the signature's hash is not that of the ballot".into()));
    }
    let Some(credential) = elements.first().copied().flatten() else {
        return Err(("B4", "the credential is not a member of the group".into()));
    };
    let Some(proof) = ballot.signature.read::<G::Scalar>() else {
        return Err(("B4", "the signature has a number that is not canonical or too large".into()));
    };
    if !holds::<G>(tables, &signature_prefix(&ballot.hash), &credential, &proof) {
        return Err(("B4", "the signature is not valid".into()));
    }
    Ok(())
}

enum AnswerProofs<S> {
    Choice { individual: Vec<[Proof<S>; 2]>, overall: Vec<Proof<S>> },
    Ranked(Proof<S>),
}

fn read_proofs<S: Scalar>(
    (place, answer): (usize, &AnswerText<'_>),
) -> Result<AnswerProofs<S>, (&'static str, String)> {
    let read = |text: &ProofText<'_>| {
        text.read::<S>().ok_or_else(|| {
            ("B5", format!("question {}: a challenge or response is not canonical or too large", place + 1))
        })
    };
    match answer {
        AnswerText::Ranked { proof, .. } => Ok(AnswerProofs::Ranked(read(proof)?)),
        AnswerText::Choice { individual, overall, .. } => Ok(AnswerProofs::Choice {
            individual: individual
                .iter()
                .map(|[no, yes]| Ok([read(no)?, read(yes)?]))
                .collect::<Result<_, _>>()?,
            overall: overall.iter().map(read).collect::<Result<_, _>>()?,
        }),
    }
}

fn check_answer<G: Group>(
    setup: &Setup<G>,
    tables: &G::Tables,
    context: &str,
    question: &Question,
    answer: &AnswerText<'_>,
    ciphertexts: &[Ciphertext<G>],
    proofs: &AnswerProofs<G::Scalar>,
) -> Result<(), String> {
    match (answer, proofs) {
        (AnswerText::Ranked { choices, .. }, AnswerProofs::Ranked(proof)) => {
            let prefix = ranked_prefix(setup, context, choices);
            let sound = ciphertexts.iter().all(|c| holds::<G>(tables, &prefix, &c.alpha, proof));
            if sound { Ok(()) } else { Err("the proof is not valid".into()) }
        }
        (AnswerText::Choice { choices, .. }, AnswerProofs::Choice { individual, overall }) => {
            let min = match question {
                Question::Choice { min, .. } => u64::try_from(*min).unwrap_or(0),
                Question::Ranked { .. } => 0,
            };
            check_choice(tables, context, min, choices, ciphertexts, individual, overall)
        }
        _ => Err("the proofs are of another kind".into()),
    }
}

fn check_choice<G: Group>(
    tables: &G::Tables,
    context: &str,
    min: u64,
    texts: &[CiphertextText<'_>],
    ciphertexts: &[Ciphertext<G>],
    individual: &[[Proof<G::Scalar>; 2]],
    overall: &[Proof<G::Scalar>],
) -> Result<(), String> {
    let sum = choice_sum(ciphertexts);
    let mut elements = Vec::with_capacity(4 * individual.len() + 2 * overall.len() + 2);
    for (c, pair) in ciphertexts.iter().zip(individual) {
        one_of_commitments::<G>(tables, (&c.alpha, &c.beta), 0, pair, &mut elements);
    }
    one_of_commitments::<G>(tables, (&sum.alpha, &sum.beta), min, overall, &mut elements);
    elements.push(sum.alpha);
    elements.push(sum.beta);
    let written = G::write_all(&elements);
    let total = |proofs: &[Proof<G::Scalar>]| {
        proofs.iter().fold(G::Scalar::ZERO, |sum, proof| sum.plus(&proof.challenge))
    };
    for (place, (text, pair)) in texts.iter().zip(individual).enumerate() {
        let prefix = individual_prefix(context, &text.alpha, &text.beta);
        if challenge::<G::Scalar>(&prefix, &written[4 * place..4 * place + 4]) != total(pair) {
            return Err(format!("the individual proof of choice {} is not valid", place + 1));
        }
    }
    let start = 4 * individual.len();
    let end = start + 2 * overall.len();
    let prefix = individual_prefix(&overall_context(context, texts), &written[end], &written[end + 1]);
    if challenge::<G::Scalar>(&prefix, &written[start..end]) != total(overall) {
        return Err("the overall proof is not valid".into());
    }
    Ok(())
}
