//! Ballots on the wire, and what making and checking them have in common.

pub mod check;
pub mod make;

use std::borrow::Cow;

use crate::ciphertext::{Ciphertext, CiphertextText};
use crate::group::Group;
use crate::proofs::ProofText;
use crate::setup::{Question, Setup};
use crate::text::{Cursor, Departure, base64, sha256};

/// Ballots worked on together; bounds the memory of a call.
pub(crate) const CHUNK: usize = 512;

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
    pub(crate) signed: usize,
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

    pub(crate) fn elements(&self) -> impl Iterator<Item = &str> {
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

pub(crate) fn signature_prefix(hash: &str) -> String {
    format!("sig|{hash}|")
}

/// The digest that a ballot's signature covers: its bytes without the field `signature`.
pub(crate) fn signed_hash(before: &[u8]) -> String {
    let mut text = before.to_vec();
    text.push(b'}');
    base64(&sha256(&text))
}

pub(crate) fn choice_sum<G: Group>(ciphertexts: &[Ciphertext<G>]) -> Ciphertext<G> {
    let start = Ciphertext { alpha: G::identity(), beta: G::identity() };
    ciphertexts.iter().fold(start, |sum, c| Ciphertext {
        alpha: G::multiply(&sum.alpha, &c.alpha),
        beta: G::multiply(&sum.beta, &c.beta),
    })
}

pub(crate) fn individual_prefix(context: &str, alpha: &str, beta: &str) -> String {
    format!("prove|{context}|{alpha},{beta}|")
}

pub(crate) fn overall_context(context: &str, ciphertexts: &[CiphertextText<'_>]) -> String {
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

pub(crate) fn ranked_prefix<G: Group>(setup: &Setup<G>, context: &str, c: &CiphertextText<'_>) -> String {
    format!("raweg|{context}|{},{},{}|", setup.key_text, c.alpha, c.beta)
}
