//! Ballots: making them, and duties B1 to B6.

use std::borrow::Cow;

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::KernelError;
use crate::ciphertext::{Ciphertext, CiphertextText, write_list};
use crate::credential::exponent;
use crate::group::{Group, Scalar};
use crate::proofs::{
    Encryption, Nonces, Proof, ProofText, challenge, encrypt, holds, one_of_commitments, one_of_nonces,
    prove, prove_one_of,
};
use crate::setup::{Question, Setup};
use crate::text::{Cursor, Departure, Json, base64, sha256, write_string};

/// Ballots checked together; bounds the memory of a call.
const CHUNK: usize = 512;

/// (duty, reason, credential); duty is "" when all hold.
pub type Verdict = (&'static str, String, String);

pub enum AnswerText<'a> {
    Choice {
        choices: Vec<CiphertextText<'a>>,
        individual: Vec<[ProofText<'a>; 2]>,
        overall: Vec<ProofText<'a>>,
    },
    Ranked {
        choices: CiphertextText<'a>,
        proof: ProofText<'a>,
    },
}

impl<'a> AnswerText<'a> {
    pub fn ciphertexts(&self) -> &[CiphertextText<'a>] {
        match self {
            AnswerText::Choice { choices, .. } => choices,
            AnswerText::Ranked { choices, .. } => std::slice::from_ref(choices),
        }
    }
}

pub struct BallotText<'a> {
    pub uuid: Cow<'a, str>,
    pub phi: Cow<'a, str>,
    pub credential: Cow<'a, str>,
    pub answers: Vec<AnswerText<'a>>,
    pub hash: Cow<'a, str>,
    pub signature: ProofText<'a>,
    /// Bytes before `,"signature"`.
    signed: usize,
}

/// A list of exactly `count` items; the text ends where the questions say so.
fn exactly<'a, T>(
    cursor: &mut Cursor<'a>,
    count: usize,
    mut item: impl FnMut(&mut Cursor<'a>) -> Result<T, Departure>,
) -> Result<Vec<T>, Departure> {
    cursor.literal("[")?;
    let mut items = Vec::new();
    for place in 0..count {
        if place > 0 {
            cursor.literal(",")?;
        }
        items.push(item(cursor)?);
    }
    cursor.literal("]")?;
    Ok(items)
}

fn walk_answer<'a>(cursor: &mut Cursor<'a>, question: &Question) -> Result<AnswerText<'a>, Departure> {
    cursor.literal("{\"choices\":")?;
    let answer = match question {
        Question::Ranked { .. } => {
            let choices = CiphertextText::walk(cursor)?;
            cursor.literal(",\"proof\":")?;
            AnswerText::Ranked { choices, proof: ProofText::walk(cursor)? }
        }
        Question::Choice { answers, min, max } => {
            let choices = exactly(cursor, *answers, CiphertextText::walk)?;
            cursor.literal(",\"individual_proofs\":")?;
            let individual = exactly(cursor, *answers, |cursor| {
                cursor.literal("[")?;
                let no = ProofText::walk(cursor)?;
                cursor.literal(",")?;
                let yes = ProofText::walk(cursor)?;
                cursor.literal("]")?;
                Ok([no, yes])
            })?;
            cursor.literal(",\"overall_proof\":")?;
            let values = usize::try_from(max - min + 1).unwrap_or(0);
            AnswerText::Choice { choices, individual, overall: exactly(cursor, values, ProofText::walk)? }
        }
    };
    cursor.literal("}")?;
    Ok(answer)
}

impl<'a> BallotText<'a> {
    fn walk(bytes: &'a [u8], questions: &[Question]) -> Result<Self, Departure> {
        let cursor = &mut Cursor::new(bytes)?;
        cursor.literal("{\"election_uuid\":")?;
        let uuid = cursor.string()?;
        cursor.literal(",\"election_hash\":")?;
        let phi = cursor.string()?;
        cursor.literal(",\"credential\":")?;
        let credential = cursor.string()?;
        cursor.literal(",\"answers\":[")?;
        let mut answers = Vec::with_capacity(questions.len());
        for (place, question) in questions.iter().enumerate() {
            if place > 0 {
                cursor.literal(",")?;
            }
            answers.push(walk_answer(cursor, question)?);
        }
        cursor.literal("]")?;
        let signed = cursor.at();
        cursor.literal(",\"signature\":{\"hash\":")?;
        let hash = cursor.string()?;
        cursor.literal(",\"proof\":")?;
        let signature = ProofText::walk(cursor)?;
        cursor.literal("}}")?;
        cursor.end()?;
        Ok(BallotText { uuid, phi, credential, answers, hash, signature, signed })
    }

    /// Reads a ballot of this election (duty B1).
    pub fn read<G: Group>(bytes: &'a [u8], setup: &Setup<G>) -> Result<Self, String> {
        if let Some(reason) = setup.question_fault() {
            return Err(reason);
        }
        let largest = largest_ballot::<G>(&setup.questions);
        if bytes.len() > largest {
            return Err(format!("{} bytes; a ballot of this election has at most {largest}", bytes.len()));
        }
        Self::walk(bytes, &setup.questions).map_err(|departure| format!("not canonical: {departure}"))
    }

    fn elements(&self) -> impl Iterator<Item = &str> {
        let ciphertexts = self.answers.iter().flat_map(AnswerText::ciphertexts);
        ciphertexts.flat_map(|c| [c.alpha.as_ref(), c.beta.as_ref()])
    }
}

/// An upper limit of the bytes of a sound ballot.
fn largest_ballot<G: Group>(questions: &[Question]) -> usize {
    let proof = 2 * G::SCALAR_LENGTH + 40;
    let ciphertext = 2 * G::ELEMENT_LENGTH + 40;
    let answer = |question: &Question| match question {
        Question::Ranked { .. } => ciphertext + proof + 64,
        Question::Choice { answers, min, max } => {
            answers * (ciphertext + 2 * proof + 8) + usize::try_from(max - min + 1).unwrap_or(0) * proof + 128
        }
    };
    1024 + G::ELEMENT_LENGTH + proof + questions.iter().map(answer).sum::<usize>()
}

fn signature_prefix(hash: &str) -> String {
    format!("sig|{hash}|")
}

/// The digest that a ballot's signature covers: its bytes without the field `signature`.
fn signed_hash(before: &[u8]) -> String {
    let mut text = before.to_vec();
    text.push(b'}');
    base64(&sha256(&text))
}

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

fn choice_sum<G: Group>(ciphertexts: &[Ciphertext<G>]) -> Ciphertext<G> {
    let start = Ciphertext { alpha: G::identity(), beta: G::identity() };
    ciphertexts.iter().fold(start, |sum, c| Ciphertext {
        alpha: G::multiply(&sum.alpha, &c.alpha),
        beta: G::multiply(&sum.beta, &c.beta),
    })
}

fn individual_prefix(context: &str, alpha: &str, beta: &str) -> String {
    format!("prove|{context}|{alpha},{beta}|")
}

fn overall_context(context: &str, ciphertexts: &[CiphertextText<'_>]) -> String {
    let mut text = format!("{context}|");
    for (place, c) in ciphertexts.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(&c.alpha);
        text.push(',');
        text.push_str(&c.beta);
    }
    text
}

fn ranked_prefix<G: Group>(setup: &Setup<G>, context: &str, c: &CiphertextText<'_>) -> String {
    format!("raweg|{context}|{},{},{}|", setup.key_text, c.alpha, c.beta)
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
