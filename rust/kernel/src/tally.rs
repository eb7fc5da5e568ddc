//! The encrypted tally, and the result.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::KernelError;
use crate::ballot::BallotText;
use crate::ciphertext::{Ciphertext, CiphertextText, members, read_lists, write_list};
use crate::decryption::{DecryptionText, shape_fault};
use crate::group::{Group, Scalar};
use crate::setup::{Question, Setup};

/// The last ballot of each credential, in log order of those last ballots.
fn last_ballots<'a, G: Group>(
    setup: &Setup<G>,
    ballots: &'a [&'a [u8]],
) -> Result<Vec<(BallotText<'a>, u64)>, KernelError> {
    let read: Vec<BallotText<'a>> = ballots
        .par_iter()
        .enumerate()
        .map(|(place, bytes)| {
            BallotText::read(bytes, setup)
                .map_err(|reason| KernelError(format!("ballot {}: {reason}", place + 1)))
        })
        .collect::<Result<_, _>>()?;
    let last: HashMap<String, usize> =
        read.iter().enumerate().map(|(place, b)| (b.credential.to_string(), place)).collect();
    let mut counted = Vec::with_capacity(last.len());
    for (place, ballot) in read.into_iter().enumerate() {
        if last.get(ballot.credential.as_ref()) != Some(&place) {
            continue;
        }
        let weight = setup
            .weight(&ballot.credential)
            .ok_or_else(|| KernelError(format!("ballot {}: the credential is not on the list", place + 1)))?;
        counted.push((ballot, weight));
    }
    Ok(counted)
}

/// Canonical encrypted tally.
pub fn encrypted_tally<G: Group>(setup: &Setup<G>, ballots: &[&[u8]]) -> Result<Vec<u8>, KernelError> {
    let counted = last_ballots(setup, ballots)?;
    let mut lists: Vec<Vec<CiphertextText<'static>>> = Vec::with_capacity(setup.questions.len());
    for (place, question) in setup.questions.iter().enumerate() {
        let of_question = counted
            .iter()
            .map(|(ballot, weight)| (ballot.answers[place].ciphertexts(), *weight))
            .collect::<Vec<_>>();
        lists.push(match question {
            Question::Choice { answers, .. } => sums::<G>(&of_question, *answers)?,
            Question::Ranked { .. } => sorted::<G>(&of_question),
        });
    }
    let mut out = String::new();
    write_list(&mut out, &lists, |out, list| write_list(out, list, |out, c| c.write(out)));
    Ok(out.into_bytes())
}

fn sorted<G: Group>(ballots: &[(&[CiphertextText<'_>], u64)]) -> Vec<CiphertextText<'static>> {
    let own = |c: &CiphertextText<'_>| CiphertextText {
        alpha: c.alpha.to_string().into(),
        beta: c.beta.to_string().into(),
    };
    let mut list: Vec<CiphertextText<'static>> =
        ballots.iter().flat_map(|(cs, _)| cs.iter().map(own)).collect();
    list.par_sort_by(|a, b| G::compare(&a.alpha, &b.alpha).then_with(|| G::compare(&a.beta, &b.beta)));
    list
}

/// Per answer the product of the ballots' ciphertexts, each to the power of its weight.
fn sums<G: Group>(
    ballots: &[(&[CiphertextText<'_>], u64)],
    answers: usize,
) -> Result<Vec<CiphertextText<'static>>, KernelError> {
    let start = Ciphertext::<G> { alpha: G::identity(), beta: G::identity() };
    let mut totals = vec![start; answers];
    for chunk in ballots.chunks(1024) {
        let texts: Vec<CiphertextText<'_>> = chunk.iter().flat_map(|(cs, _)| cs.iter().cloned()).collect();
        let found: Vec<Ciphertext<G>> = members(&texts).map_err(|place| {
            KernelError(format!("a ciphertext of ballot {} is not one", place / answers.max(1) + 1))
        })?;
        let weighted = chunk.iter().any(|(_, weight)| *weight != 1);
        totals.par_iter_mut().enumerate().for_each(|(answer, total)| {
            let own = || found.iter().skip(answer).step_by(answers.max(1));
            if weighted {
                let weights: Vec<G::Scalar> =
                    chunk.iter().map(|(_, weight)| G::Scalar::small(*weight)).collect();
                let alphas: Vec<G::Element> = own().map(|c| c.alpha).collect();
                let betas: Vec<G::Element> = own().map(|c| c.beta).collect();
                total.alpha = G::multiply(&total.alpha, &G::product(&alphas, &weights));
                total.beta = G::multiply(&total.beta, &G::product(&betas, &weights));
                return;
            }
            for c in own() {
                total.alpha = G::multiply(&total.alpha, &c.alpha);
                total.beta = G::multiply(&total.beta, &c.beta);
            }
        });
    }
    let elements: Vec<G::Element> = totals.iter().flat_map(|c| [c.alpha, c.beta]).collect();
    let written = G::write_all(&elements);
    let pair =
        |pair: &[String]| CiphertextText { alpha: pair[0].clone().into(), beta: pair[1].clone().into() };
    Ok(written.chunks_exact(2).map(pair).collect())
}

/// Canonical result from one decryption per trustee.
pub fn result<G: Group>(
    setup: &Setup<G>,
    ciphertexts: &[u8],
    decryptions: &[&[u8]],
) -> Result<Vec<u8>, KernelError> {
    if decryptions.len() != setup.trustees.len() {
        return Err(KernelError(format!(
            "{} decryptions; expected one from each of the {} trustees",
            decryptions.len(),
            setup.trustees.len()
        )));
    }
    let texts = read_lists(ciphertexts)?;
    if let Some(reason) = shape_fault(setup, &texts) {
        return Err(KernelError(reason));
    }
    let mut plain: Vec<Vec<G::Element>> = Vec::with_capacity(texts.len());
    for list in &texts {
        let betas: Vec<&str> = list.iter().map(|c| c.beta.as_ref()).collect();
        plain.push(read_members::<G>(&betas, "ciphertexts")?);
    }
    for (place, bytes) in decryptions.iter().enumerate() {
        let name = format!("decryption {}", place + 1);
        let decryption = DecryptionText::read(bytes).map_err(|r| KernelError(format!("{name}: {r}")))?;
        if let Some(reason) = decryption.shape_fault(&texts) {
            return Err(KernelError(format!("{name}: {reason}")));
        }
        for (list, factors) in plain.iter_mut().zip(&decryption.factors) {
            let factors: Vec<&str> = factors.iter().map(String::as_str).collect();
            let factors = read_members::<G>(&factors, &name)?;
            for (element, factor) in list.iter_mut().zip(&factors) {
                *element = G::multiply(element, &G::invert(factor));
            }
        }
    }
    write_result(setup, &plain)
}

fn read_members<G: Group>(texts: &[&str], name: &str) -> Result<Vec<G::Element>, KernelError> {
    let read: Option<Vec<G::Element>> = G::read_all(texts).into_iter().collect();
    read.ok_or_else(|| KernelError(format!("{name}: not a canonical member of the group")))
}

fn write_result<G: Group>(setup: &Setup<G>, plain: &[Vec<G::Element>]) -> Result<Vec<u8>, KernelError> {
    let counted: Vec<G::Element> = setup
        .questions
        .iter()
        .zip(plain)
        .filter(|(question, _)| !question.is_ranked())
        .flat_map(|(_, elements)| elements.iter().copied())
        .collect();
    let mut counts = logarithms::<G>(&counted, setup.total_weight())?.into_iter();
    let mut out = String::from("{\"result\":[");
    for (place, (question, elements)) in setup.questions.iter().zip(plain).enumerate() {
        if place > 0 {
            out.push(',');
        }
        match question {
            Question::Choice { .. } => {
                let own: Vec<u64> = counts.by_ref().take(elements.len()).collect();
                write_list(&mut out, &own, |out, count| write_number(out, *count));
            }
            Question::Ranked { answers } => {
                let papers: Vec<Vec<u8>> = elements.par_iter().map(|e| G::extract(e, *answers)).collect();
                write_list(&mut out, &papers, |out, paper| {
                    write_list(out, paper, |out, value| out.push_str(&value.to_string()));
                });
            }
        }
    }
    out.push_str("]}");
    Ok(out.into_bytes())
}

/// A number as the wire has it: beyond 30 bits it is a text.
fn write_number(out: &mut String, number: u64) {
    if number <= 1_073_741_823 {
        out.push_str(&number.to_string());
    } else {
        out.push_str(&format!("\"{number}\""));
    }
}

/// Logarithms of `elements`, each of which must be at most `bound`: baby steps, then giant steps.
fn logarithms<G: Group>(elements: &[G::Element], bound: u64) -> Result<Vec<u64>, KernelError> {
    const LARGEST_TABLE: u64 = 1 << 21;
    const BATCH: u64 = 256;
    if elements.is_empty() {
        return Ok(Vec::new());
    }
    let size = (bound.isqrt() + 1).min(LARGEST_TABLE);
    let mut steps: HashMap<String, u64> = HashMap::with_capacity(size as usize);
    let generator = G::generator();
    let mut step = G::identity();
    let mut first = 0;
    while first < size {
        let mut batch = Vec::new();
        for _ in first..size.min(first + BATCH) {
            batch.push(step);
            step = G::multiply(&step, &generator);
        }
        steps.extend(G::write_all(&batch).into_iter().zip(first..));
        first += BATCH;
    }
    let giant = G::invert(&step); // g^-size
    elements.par_iter().map(|element| logarithm::<G>(element, &steps, size, &giant, bound)).collect()
}

fn logarithm<G: Group>(
    element: &G::Element,
    steps: &HashMap<String, u64>,
    size: u64,
    giant: &G::Element,
    bound: u64,
) -> Result<u64, KernelError> {
    // 2^26 giant steps on the largest table reach 2^47; nothing sound needs more.
    const MOST: u64 = 1 << 26;
    let mut rest = *element;
    let mut start = 0u64;
    let giants = (bound / size + 1).min(MOST);
    while start < giants {
        let width = (giants - start).min(if start == 0 { 4 } else { 256 });
        let mut batch = Vec::with_capacity(width as usize);
        for _ in 0..width {
            batch.push(rest);
            rest = G::multiply(&rest, giant);
        }
        for (place, text) in G::write_all(&batch).iter().enumerate() {
            if let Some(low) = steps.get(text) {
                let found = (start + place as u64) * size + low;
                if found <= bound {
                    return Ok(found);
                }
            }
        }
        start += width;
    }
    Err(KernelError(format!("a decrypted count is not between 0 and {bound}")))
}
