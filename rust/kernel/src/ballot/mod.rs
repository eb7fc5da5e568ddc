//! Ballots on the wire, and what making and checking them have in common.

pub mod alternatives;
pub mod check;
mod claims;
pub mod make;
pub mod nonzero;

use std::borrow::Cow;

use crate::ballot::nonzero::NonzeroText;
use crate::ciphertext::{Ciphertext, CiphertextText};
use crate::group::Group;
use crate::proofs::ProofText;
use crate::setup::{Question, Setup};
use crate::text::{Cursor, Departure, base64, sha256};

/// Ballots worked on together; bounds the memory of a call.
pub(crate) const CHUNK: usize = 512;

/// One answer. The question says what its parts are for.
pub struct AnswerText<'a> {
    /// All ciphertexts, row by row.
    pub choices: Vec<CiphertextText<'a>>,
    /// All proofs: two per mark, the overall proof's branches, two per exclusion; or that of a ranked answer.
    pub proofs: Vec<ProofText<'a>>,
    /// That a candidate is chosen, in a list question.
    pub nonzero: Option<NonzeroText<'a>>,
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

/// Rows of items, or one row where the question has none.
fn rows<'a, T>(
    cursor: &mut Cursor<'a>,
    question: &Question,
    mut item: impl FnMut(&mut Cursor<'a>) -> Result<T, Departure>,
) -> Result<Vec<T>, Departure> {
    let Some(rows) = question.rows() else {
        return exactly(cursor, question.ciphertexts(), item);
    };
    let mut lengths = rows.iter();
    let row = |cursor: &mut Cursor<'a>| exactly(cursor, *lengths.next().unwrap_or(&0), &mut item);
    Ok(exactly(cursor, rows.len(), row)?.into_iter().flatten().collect())
}

fn walk_pair<'a>(cursor: &mut Cursor<'a>) -> Result<[ProofText<'a>; 2], Departure> {
    cursor.literal("[")?;
    let first = ProofText::walk(cursor)?;
    cursor.literal(",")?;
    let second = ProofText::walk(cursor)?;
    cursor.literal("]")?;
    Ok([first, second])
}

fn walk_answer<'a>(cursor: &mut Cursor<'a>, question: &Question) -> Result<AnswerText<'a>, Departure> {
    cursor.literal("{\"choices\":")?;
    if question.is_ranked() {
        let choices = vec![CiphertextText::walk(cursor)?];
        cursor.literal(",\"proof\":")?;
        let proofs = vec![ProofText::walk(cursor)?];
        cursor.literal("}")?;
        return Ok(AnswerText { choices, proofs, nonzero: None });
    }
    let choices = rows(cursor, question, CiphertextText::walk)?;
    cursor.literal(",\"individual_proofs\":")?;
    let mut proofs: Vec<ProofText<'a>> = rows(cursor, question, walk_pair)?.into_iter().flatten().collect();
    cursor.literal(",\"overall_proof\":")?;
    let mut nonzero = None;
    match question {
        Question::Lists { rows } => {
            proofs.push(ProofText::walk(cursor)?);
            cursor.literal(",\"list_proofs\":")?;
            proofs.extend(exactly(cursor, rows.len(), walk_pair)?.into_iter().flatten());
            cursor.literal(",\"nonzero_proof\":")?;
            nonzero = Some(NonzeroText::walk(cursor)?);
        }
        _ => {
            proofs.extend(exactly(cursor, question.branches(), ProofText::walk)?);
            if question.exclusions() > 0 {
                cursor.literal(",\"blank_proof\":")?;
                proofs.extend(walk_pair(cursor)?);
            }
        }
    }
    cursor.literal("}")?;
    Ok(AnswerText { choices, proofs, nonzero })
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

    /// Both parts of all ciphertexts, and after them the commitments of the proofs that carry one; as many in
    /// every ballot of the election.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &str> {
        let ciphertexts = self.answers.iter().flat_map(|answer| &answer.choices);
        let commitments = self.answers.iter().filter_map(|answer| answer.nonzero.as_ref());
        let parts = ciphertexts.flat_map(|c| [c.alpha.as_ref(), c.beta.as_ref()]);
        parts.chain(commitments.map(|nonzero| nonzero.commitment.as_ref()))
    }
}

/// An upper limit of the bytes of a sound ballot.
fn largest_ballot<G: Group>(questions: &[Question]) -> usize {
    let proof = 2 * G::SCALAR_LENGTH + 40;
    let ciphertext = 2 * G::ELEMENT_LENGTH + 40;
    let answer = |question: &Question| {
        let proofs = 1 + 2 * question.marks() + question.branches() + 2 * question.exclusions();
        let lists =
            question.rows().map_or(0, |rows| proof + G::SCALAR_LENGTH + G::ELEMENT_LENGTH + 16 * rows.len());
        256 + question.ciphertexts() * (ciphertext + 8) + proofs * (proof + 4) + lists
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

/// Prefix of the overall proof (1) and of the blank proof (0) where blank votes are allowed.
pub(crate) fn blank_prefix(which: u8, whole: &str) -> String {
    format!("bproof{which}|{whole}|")
}

pub(crate) fn list_prefix(whole: &str) -> String {
    format!("lproof|{whole}|")
}

pub(crate) fn nonzero_prefix(whole: &str) -> String {
    format!("nonzero|{whole}|")
}

/// Per row its first ciphertext, and the sum of the others.
pub(crate) fn row_sums<G: Group>(
    rows: &[usize],
    ciphertexts: &[Ciphertext<G>],
) -> (Vec<Ciphertext<G>>, Vec<Ciphertext<G>>) {
    let mut rest = ciphertexts;
    let mut lists = Vec::with_capacity(rows.len());
    let mut candidates = Vec::with_capacity(rows.len());
    for length in rows {
        let (row, others) = rest.split_at((*length).min(rest.len()));
        rest = others;
        lists.extend(row.first());
        candidates.push(choice_sum(row.get(1..).unwrap_or(&[])));
    }
    (lists, candidates)
}
