//! Making ballots from credentials and choices.

use std::borrow::Cow;

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::{
    CHUNK, choice_sum, individual_prefix, overall_context, ranked_prefix, signature_prefix, signed_hash,
};
use crate::KernelError;
use crate::ciphertext::{Ciphertext, CiphertextText, write_list};
use crate::credential::exponent;
use crate::group::{Group, Scalar};
use crate::proofs::{Encryption, Nonces, encrypt, one_of_nonces, prove, prove_one_of};
use crate::setup::{Question, Setup};
use crate::text::{Json, write_string};

/// A choice that fits the question: small numbers in the question's bounds.
fn read_choice(question: &Question, value: &Json<'_>) -> Result<Vec<u8>, String> {
    let wrong = || "expected a list of whole numbers".to_string();
    let numbers: Vec<i64> = value
        .list()
        .ok_or_else(wrong)?
        .iter()
        .map(|n| n.integer().ok_or_else(wrong))
        .collect::<Result<_, _>>()?;
    if numbers.len() != question.answers() {
        return Err(format!("{} numbers for {} answers", numbers.len(), question.answers()));
    }
    let largest = if question.is_ranked() { 255 } else { 1 };
    if let Some(number) = numbers.iter().find(|n| !(0..=largest).contains(*n)) {
        return Err(format!("{number} is not between 0 and {largest}"));
    }
    if let Question::Choice { min, max, .. } = question {
        let chosen: i64 = numbers.iter().sum();
        if !(*min..=*max).contains(&chosen) {
            return Err(format!("{chosen} chosen; the question wants {min} to {max}"));
        }
    }
    Ok(numbers.into_iter().map(|n| n as u8).collect())
}

fn read_choices(questions: &[Question], text: &str) -> Result<Zeroizing<Vec<Vec<u8>>>, String> {
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
fn nonces_of(questions: &[Question]) -> usize {
    let of = |question: &Question| match question {
        Question::Ranked { .. } => 2,
        Question::Choice { answers, min, max } => {
            answers * (1 + one_of_nonces(2)) + one_of_nonces(usize::try_from(max - min + 1).unwrap_or(0))
        }
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
    mut nonces: Nonces<G::Scalar>,
) -> Result<Vec<u8>, KernelError> {
    let choices = read_choices(&setup.questions, choices).map_err(KernelError)?;
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
    for (place, (question, choice)) in setup.questions.iter().zip(choices.iter()).enumerate() {
        if place > 0 {
            out.push(',');
        }
        match question {
            Question::Choice { min, max, .. } => {
                let bounds = (u64::try_from(*min).unwrap_or(0), u64::try_from(*max).unwrap_or(0));
                make_choice(setup, &context, bounds, choice, &mut nonces, &mut out)?;
            }
            Question::Ranked { .. } => make_ranked(setup, &context, choice, &mut nonces, &mut out)?,
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

fn make_choice<G: Group>(
    setup: &Setup<G>,
    context: &str,
    bounds: (u64, u64),
    choice: &[u8],
    nonces: &mut Nonces<G::Scalar>,
    out: &mut String,
) -> Result<(), KernelError> {
    let key = setup.fixed()?;
    let made: Vec<Encryption<G>> =
        choice.iter().map(|value| encrypt(key, u64::from(*value), nonces)).collect::<Result<_, _>>()?;
    let pairs: Vec<Ciphertext<G>> =
        made.iter().map(|e| Ciphertext { alpha: e.alpha, beta: e.beta }).collect();
    let sum = choice_sum(&pairs);
    let randomness = made.iter().fold(G::Scalar::ZERO, |sum, e| sum.plus(&e.randomness));
    let whole = Encryption::<G> {
        alpha: sum.alpha,
        beta: sum.beta,
        randomness: Zeroizing::new(randomness),
        value: made.iter().map(|e| e.value).sum(),
    };
    let elements: Vec<G::Element> = made.iter().chain([&whole]).flat_map(|e| [e.alpha, e.beta]).collect();
    let written = G::write_all(&elements);
    let texts: Vec<CiphertextText<'_>> = written
        .chunks_exact(2)
        .map(|pair| CiphertextText { alpha: Cow::Borrowed(&pair[0]), beta: Cow::Borrowed(&pair[1]) })
        .collect();
    let (total, texts) = texts.split_last().ok_or_else(|| KernelError::new("no answers"))?;
    out.push_str("{\"choices\":");
    write_list(out, texts, |out, text| text.write(out));
    out.push_str(",\"individual_proofs\":");
    let mut individual = Vec::with_capacity(made.len());
    for (encryption, text) in made.iter().zip(texts) {
        let prefix = individual_prefix(context, &text.alpha, &text.beta);
        individual.push(prove_one_of(key, encryption, (0, 1), &prefix, nonces)?);
    }
    write_list(out, &individual, |out, pair| write_list(out, pair, |out, proof| proof.write(out)));
    out.push_str(",\"overall_proof\":");
    let prefix = individual_prefix(&overall_context(context, texts), &total.alpha, &total.beta);
    write_list(out, &prove_one_of(key, &whole, bounds, &prefix, nonces)?, |out, proof| proof.write(out));
    out.push('}');
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
