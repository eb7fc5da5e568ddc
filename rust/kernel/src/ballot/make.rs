//! Making ballots from credentials and choices.

use std::borrow::Cow;

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::alternatives::{Branch, alternatives_nonces, prove_alternatives};
use super::nonzero::{NONZERO_NONCES, prove_nonzero};
use super::{
    CHUNK, blank_prefix, individual_prefix, list_prefix, nonzero_prefix, overall_context, ranked_prefix,
    signature_prefix, signed_hash,
};
use crate::KernelError;
use crate::ciphertext::{CiphertextText, Entry, write_list};
use crate::credential::exponent;
use crate::group::{Group, Scalar};
use crate::proofs::{Encryption, Nonces, Proof, encrypt, one_of_nonces, prove, prove_one_of};
use crate::setup::{Question, Setup};
use crate::text::{Json, write_string};

/// Numbers of one row, each between 0 and `largest`.
fn read_row(value: &Json<'_>, length: usize, largest: u8) -> Result<Vec<u8>, String> {
    let wrong = || "expected a list of whole numbers".to_string();
    let list = value.list().ok_or_else(wrong)?;
    if list.len() != length {
        return Err(format!("{} numbers where {length} belong", list.len()));
    }
    let number = |value: &Json<'_>| {
        let number = value.integer().ok_or_else(wrong)?;
        let small = u8::try_from(number).ok().filter(|small| *small <= largest);
        small.ok_or_else(|| format!("{number} is not between 0 and {largest}"))
    };
    list.iter().map(number).collect()
}

/// A choice that fits the question, row by row.
fn read_choice(question: &Question, value: &Json<'_>) -> Result<Vec<u8>, String> {
    match question {
        Question::Ranked { answers } => read_row(value, *answers, u8::MAX),
        Question::Choice { blank, min, max, .. } => {
            let numbers = read_row(value, question.ciphertexts(), 1)?;
            let (mark, choices) = numbers.split_at(usize::from(*blank));
            let chosen: i64 = choices.iter().copied().map(i64::from).sum();
            match mark {
                [1] if chosen != 0 => Err(format!("blank and {chosen} chosen; a blank vote chooses nothing")),
                [1] => Ok(numbers),
                _ if (*min..=*max).contains(&chosen) => Ok(numbers),
                _ => Err(format!("{chosen} chosen; the question wants {min} to {max}")),
            }
        }
        Question::Lists { rows } => read_lists(rows, value),
    }
}

/// One list is marked, and at least one of its candidates; nothing in the others.
fn read_lists(rows: &[usize], value: &Json<'_>) -> Result<Vec<u8>, String> {
    let list = value.list().ok_or("expected one list of whole numbers per list")?;
    if list.len() != rows.len() {
        return Err(format!("{} lists where {} belong", list.len(), rows.len()));
    }
    let mut numbers = Vec::new();
    let mut marked = 0;
    for (place, (row, length)) in list.iter().zip(rows).enumerate() {
        let own = read_row(row, *length, 1).map_err(|reason| format!("list {}: {reason}", place + 1))?;
        match (own.first() == Some(&1), own.iter().skip(1).any(|mark| *mark == 1)) {
            (true, true) => marked += 1,
            (false, false) => (),
            (true, false) => return Err(format!("list {} is chosen without a candidate", place + 1)),
            (false, true) => return Err(format!("list {} is not chosen, a candidate of it is", place + 1)),
        }
        numbers.extend(own);
    }
    if marked != 1 {
        return Err(format!("{marked} lists chosen; the question wants one"));
    }
    Ok(numbers)
}

fn read_choices(questions: &[Question], text: &str) -> Result<Zeroizing<Vec<Vec<u8>>>, String> {
    let numbers = |question: &Question| match question {
        Question::Ranked { answers } => *answers,
        _ => question.ciphertexts(),
    };
    let largest = 1024 + 32 * questions.iter().map(numbers).sum::<usize>();
    if text.len() > largest {
        return Err(format!("{} characters; a choice here has at most {largest}", text.len()));
    }
    let value = Json::read(text.as_bytes())?;
    let list = value.list().ok_or("expected a list with one entry per question")?;
    if list.len() != questions.len() {
        return Err(format!("{} entries for {} questions", list.len(), questions.len()));
    }
    let numbered = questions.iter().zip(list).enumerate();
    let choices = numbered.map(|(place, (question, value))| {
        read_choice(question, value).map_err(|reason| format!("question {}: {reason}", place + 1))
    });
    Ok(Zeroizing::new(choices.collect::<Result<_, _>>()?))
}

/// Random numbers that one ballot takes.
pub fn nonces_of(questions: &[Question]) -> usize {
    let of = |question: &Question| {
        if question.is_ranked() {
            return 2;
        }
        let nonzero = if question.rows().is_some() { NONZERO_NONCES } else { 0 };
        question.marks() * (1 + one_of_nonces(2))
            + one_of_nonces(question.branches())
            + question.exclusions() * alternatives_nonces(2)
            + nonzero
    };
    1 + questions.iter().map(of).sum::<usize>()
}

/// Makes one ballot per (credential, choice).
pub fn make<G: Group>(
    setup: &Setup<G>,
    credentials: &[String],
    choices: &[String],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<Vec<u8>>, KernelError> {
    if credentials.len() != choices.len() {
        return Err(KernelError(format!("{} credentials for {} choices", credentials.len(), choices.len())));
    }
    if let Some(reason) = setup.question_fault() {
        return Err(KernelError(reason));
    }
    let count = nonces_of(&setup.questions);
    let mut ballots = Vec::with_capacity(choices.len());
    for (chunk, (credentials, choices)) in credentials.chunks(CHUNK).zip(choices.chunks(CHUNK)).enumerate() {
        let drawn: Vec<Nonces<G::Scalar>> = choices.iter().map(|_| Nonces::draw(rng, count)).collect();
        let made: Result<Vec<Vec<u8>>, KernelError> = (drawn, credentials, choices)
            .into_par_iter()
            .enumerate()
            .map(|(place, (nonces, credential, choice))| {
                make_one(setup, credential, choice, nonces)
                    .map_err(|e| KernelError(format!("choice {}: {e}", chunk * CHUNK + place + 1)))
            })
            .collect();
        ballots.extend(made?);
    }
    Ok(ballots)
}

fn make_one<G: Group>(
    setup: &Setup<G>,
    credential: &str,
    choices: &str,
    nonces: Nonces<G::Scalar>,
) -> Result<Vec<u8>, KernelError> {
    let choices = read_choices(&setup.questions, choices).map_err(KernelError)?;
    make_chosen(setup, credential, &choices, nonces)
}

/// Makes a ballot of choices that were looked at already; with others its proofs are not valid.
pub fn make_chosen<G: Group>(
    setup: &Setup<G>,
    credential: &str,
    choices: &[Vec<u8>],
    mut nonces: Nonces<G::Scalar>,
) -> Result<Vec<u8>, KernelError> {
    let secret = exponent::<G>(&setup.uuid, credential)?;
    let public = G::write(&G::generator_power(&secret));
    let context = format!("{}|{public}", setup.phi);
    let mut out = String::from("{\"election_uuid\":");
    write_string(&mut out, &setup.uuid);
    out.push_str(",\"election_hash\":");
    write_string(&mut out, &setup.phi);
    out.push_str(",\"credential\":");
    write_string(&mut out, &public);
    out.push_str(",\"answers\":[");
    for (place, (question, choice)) in setup.questions.iter().zip(choices).enumerate() {
        if place > 0 {
            out.push(',');
        }
        if question.is_ranked() {
            make_ranked(setup, &context, choice, &mut nonces, &mut out)?;
        } else {
            make_marked(setup, &context, question, choice, &mut nonces, &mut out)?;
        }
    }
    out.push(']');
    let hash = signed_hash(out.as_bytes());
    let nonce = Zeroizing::new(nonces.take()?);
    out.push_str(",\"signature\":{\"hash\":");
    write_string(&mut out, &hash);
    out.push_str(",\"proof\":");
    prove::<G>(&signature_prefix(&hash), &secret, &nonce).write(&mut out);
    out.push_str("}}");
    Ok(out.into_bytes())
}

/// The sum of some encryptions, as an encryption of its own.
fn summed<'a, G: Group>(parts: impl IntoIterator<Item = &'a Encryption<G>>) -> Encryption<G> {
    let start = Encryption {
        alpha: G::identity(),
        beta: G::identity(),
        randomness: Zeroizing::new(G::Scalar::ZERO),
        value: 0,
    };
    parts.into_iter().fold(start, |sum, part| Encryption {
        alpha: G::multiply(&sum.alpha, &part.alpha),
        beta: G::multiply(&sum.beta, &part.beta),
        randomness: Zeroizing::new(sum.randomness.plus(&part.randomness)),
        value: sum.value + part.value,
    })
}

/// An answer of marks: ciphertexts of 0 and 1 with their proofs.
fn make_marked<G: Group>(
    setup: &Setup<G>,
    context: &str,
    question: &Question,
    choice: &[u8],
    nonces: &mut Nonces<G::Scalar>,
    out: &mut String,
) -> Result<(), KernelError> {
    let key = setup.fixed()?;
    let made: Vec<Encryption<G>> =
        choice.iter().map(|value| encrypt(key, u64::from(*value), nonces)).collect::<Result<_, _>>()?;
    let elements: Vec<G::Element> = made.iter().flat_map(|e| [e.alpha, e.beta]).collect();
    let written = G::write_all(&elements);
    let texts: Vec<CiphertextText<'_>> = written
        .chunks_exact(2)
        .map(|pair| CiphertextText { alpha: Cow::Borrowed(&pair[0]), beta: Cow::Borrowed(&pair[1]) })
        .collect();
    let mut individual = Vec::with_capacity(made.len());
    for (encryption, text) in made.iter().zip(&texts) {
        let prefix = individual_prefix(context, &text.alpha, &text.beta);
        individual.push(prove_one_of(key, encryption, (0, 1), &prefix, nonces)?);
    }
    let whole = overall_context(context, &texts);
    let rows = question.rows().map(<[usize]>::to_vec);
    out.push_str("{\"choices\":");
    Entry { flat: texts, rows: rows.clone() }.write(out, |out, text| text.write(out));
    out.push_str(",\"individual_proofs\":");
    Entry { flat: individual, rows }.write(out, |out, pair| write_proofs(out, pair));
    out.push_str(",\"overall_proof\":");
    match question {
        Question::Lists { rows } => prove_lists(key, &whole, rows, &made, nonces, out)?,
        Question::Choice { blank: true, min, max, .. } => {
            prove_blank(key, &whole, bounds(*min, *max), &made, nonces, out)?;
        }
        Question::Choice { min, max, .. } => {
            write_proofs(out, &prove_sum(key, &whole, &summed(&made), bounds(*min, *max), nonces)?);
        }
        Question::Ranked { .. } => return Err(KernelError::new("a ranked answer has no marks")),
    }
    out.push('}');
    Ok(())
}

fn bounds(min: i64, max: i64) -> (u64, u64) {
    (u64::try_from(min).unwrap_or(0), u64::try_from(max).unwrap_or(0))
}

fn write_proofs<S: Scalar>(out: &mut String, proofs: &[Proof<S>]) {
    write_list(out, proofs, |out, proof| proof.write(out));
}

/// Proof that a sum, which does not stand on the wire, is within the bounds.
fn prove_sum<G: Group>(
    key: &G::Fixed,
    whole: &str,
    sum: &Encryption<G>,
    bounds: (u64, u64),
    nonces: &mut Nonces<G::Scalar>,
) -> Result<Vec<Proof<G::Scalar>>, KernelError> {
    let written = G::write_all(&[sum.alpha, sum.beta]);
    prove_one_of(key, sum, bounds, &individual_prefix(whole, &written[0], &written[1]), nonces)
}

fn prove_blank<G: Group>(
    key: &G::Fixed,
    whole: &str,
    (min, max): (u64, u64),
    made: &[Encryption<G>],
    nonces: &mut Nonces<G::Scalar>,
    out: &mut String,
) -> Result<(), KernelError> {
    let (mark, choices) = made.split_first().ok_or_else(|| KernelError::new("no answers"))?;
    let sum = summed(choices);
    let mut branches = vec![Branch { encryption: mark, value: 1 }];
    branches.extend((min..=max).map(|value| Branch { encryption: &sum, value }));
    write_proofs(out, &prove_alternatives(key, &branches, &blank_prefix(1, whole), nonces)?);
    out.push_str(",\"blank_proof\":");
    let branches = [Branch { encryption: mark, value: 0 }, Branch { encryption: &sum, value: 0 }];
    write_proofs(out, &prove_alternatives(key, &branches, &blank_prefix(0, whole), nonces)?);
    Ok(())
}

fn prove_lists<G: Group>(
    key: &G::Fixed,
    whole: &str,
    rows: &[usize],
    made: &[Encryption<G>],
    nonces: &mut Nonces<G::Scalar>,
    out: &mut String,
) -> Result<(), KernelError> {
    let mut rest = made;
    let mut lists = Vec::with_capacity(rows.len());
    for length in rows {
        let (row, others) = rest.split_at((*length).min(rest.len()));
        rest = others;
        let (mark, candidates) = row.split_first().ok_or_else(|| KernelError::new("an empty list"))?;
        lists.push((mark, summed(candidates)));
    }
    let marks = summed(lists.iter().map(|(mark, _)| *mark));
    for proof in prove_sum(key, whole, &marks, (1, 1), nonces)? {
        proof.write(out);
    }
    out.push_str(",\"list_proofs\":");
    let mut proofs = Vec::with_capacity(lists.len());
    for (mark, candidates) in &lists {
        let branches = [Branch { encryption: mark, value: 1 }, Branch { encryption: candidates, value: 0 }];
        proofs.push(prove_alternatives(key, &branches, &list_prefix(whole), nonces)?);
    }
    write_list(out, &proofs, |out, pair| write_proofs(out, pair));
    out.push_str(",\"nonzero_proof\":");
    let sum = summed(lists.iter().map(|(_, candidates)| candidates));
    prove_nonzero(key, &sum, &nonzero_prefix(whole), nonces)?.write(out);
    Ok(())
}

fn make_ranked<G: Group>(
    setup: &Setup<G>,
    context: &str,
    choice: &[u8],
    nonces: &mut Nonces<G::Scalar>,
    out: &mut String,
) -> Result<(), KernelError> {
    let message =
        G::embed(choice).ok_or_else(|| KernelError::new("too many ranked answers for the group"))?;
    let randomness = Zeroizing::new(nonces.take()?);
    let nonce = Zeroizing::new(nonces.take()?);
    let alpha = G::generator_power(&randomness);
    let beta = G::multiply(&G::fixed_power(setup.fixed()?, &randomness), &message);
    let written = G::write_all(&[alpha, beta]);
    let text = CiphertextText { alpha: Cow::Borrowed(&written[0]), beta: Cow::Borrowed(&written[1]) };
    out.push_str("{\"choices\":");
    text.write(out);
    out.push_str(",\"proof\":");
    prove::<G>(&ranked_prefix(setup, context, &text), &randomness, &nonce).write(out);
    out.push('}');
    Ok(())
}
