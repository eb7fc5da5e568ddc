//! The encrypted tally, built ballot by ballot.

use std::sync::Arc;

use rayon::prelude::*;

use crate::KernelError;
use crate::ballot::{BallotText, CHUNK};
use crate::ciphertext::{Ciphertext, CiphertextText, Entry, write_entries};
use crate::group::{Group, Scalar};
use crate::poll::Count;
use crate::setup::Setup;

/// What was taken in of one question.
enum Total<G: Group> {
    /// Per ciphertext of an answer the product of the ballots', each to the power of its weight.
    Sums(Vec<Ciphertext<G>>),
    /// All ciphertexts as they came.
    Papers(Vec<CiphertextText<'static>>),
}

pub struct Tally<G: Group> {
    setup: Arc<Setup<G>>,
    /// Per credential of the list, whether its ballot was taken in.
    taken: Vec<bool>,
    totals: Vec<Total<G>>,
}

/// A ballot, the place of its credential on the list, and its weight.
type Counted<'a> = (BallotText<'a>, usize, u64);

fn empty<G: Group>(setup: &Setup<G>) -> Vec<Total<G>> {
    let one = Ciphertext { alpha: G::identity(), beta: G::identity() };
    let questions = setup.questions.iter();
    questions
        .map(|question| match question.is_ranked() {
            true => Total::Papers(Vec::new()),
            false => Total::Sums(vec![one; question.ciphertexts()]),
        })
        .collect()
}

impl<G: Group> Tally<G> {
    pub fn new(setup: Arc<Setup<G>>) -> Result<Self, KernelError> {
        if let Some(reason) = setup.question_fault() {
            return Err(KernelError(reason));
        }
        let taken = vec![false; setup.credentials.len()];
        let totals = empty(&setup);
        Ok(Tally { setup, taken, totals })
    }

    /// Ballots with the places of their credentials, none of which was taken in before.
    fn read<'a>(&self, ballots: &[&'a [u8]]) -> Result<Vec<Counted<'a>>, KernelError> {
        let read_one = |(place, bytes): (usize, &&'a [u8])| {
            let fault = |reason: String| KernelError(format!("ballot {}: {reason}", place + 1));
            let ballot = BallotText::read(bytes, &self.setup).map_err(fault)?;
            let number = self.setup.place(ballot.credential.as_ref());
            let number = number.ok_or_else(|| fault("the credential is not on the list".into()))?;
            Ok((ballot, number, self.setup.credentials[number].weight))
        };
        let read: Vec<Counted<'a>> =
            ballots.par_iter().enumerate().map(read_one).collect::<Result<_, KernelError>>()?;
        let mut numbers: Vec<usize> = read.iter().map(|(_, number, _)| *number).collect();
        numbers.sort_unstable();
        let twice = numbers.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        if let Some(number) = twice.or_else(|| numbers.iter().copied().find(|number| self.taken[*number])) {
            let public = &self.setup.credentials[number].public;
            return Err(KernelError(format!("a second ballot of the credential {public}")));
        }
        Ok(read)
    }
}

impl<G: Group> Count for Tally<G> {
    fn add(&mut self, ballots: &[&[u8]]) -> Result<(), KernelError> {
        let counted = self.read(ballots)?;
        let mut addition = empty(&self.setup);
        for (number, chunk) in counted.chunks(CHUNK).enumerate() {
            let texts: Vec<&str> = chunk.iter().flat_map(|(ballot, _, _)| ballot.elements()).collect();
            let read = G::read_all(&texts);
            if let Some(at) = read.iter().position(Option::is_none) {
                let place = number * CHUNK + at / (texts.len() / chunk.len()).max(1);
                return Err(KernelError(format!(
                    "ballot {}: an element is not a canonical member of {}",
                    place + 1,
                    G::NAME
                )));
            }
            let elements: Vec<G::Element> = read.into_iter().flatten().collect();
            take_in(&self.setup, &mut addition, chunk, &elements);
        }
        for (total, added) in self.totals.iter_mut().zip(addition) {
            match (total, added) {
                (Total::Sums(sums), Total::Sums(added)) => {
                    for (sum, added) in sums.iter_mut().zip(added) {
                        sum.alpha = G::multiply(&sum.alpha, &added.alpha);
                        sum.beta = G::multiply(&sum.beta, &added.beta);
                    }
                }
                (Total::Papers(papers), Total::Papers(added)) => papers.extend(added),
                _ => return Err(KernelError::new("the questions changed while counting")),
            }
        }
        for (_, number, _) in &counted {
            self.taken[*number] = true;
        }
        Ok(())
    }

    fn finish(&self) -> Vec<u8> {
        let entries: Vec<Entry<CiphertextText<'static>>> = self
            .setup
            .questions
            .iter()
            .zip(&self.totals)
            .map(|(question, total)| {
                let flat = match total {
                    Total::Sums(sums) => write_all(sums),
                    Total::Papers(papers) => sorted::<G>(papers.clone()),
                };
                Entry { flat, rows: question.rows().map(<[usize]>::to_vec) }
            })
            .collect();
        let mut out = String::new();
        write_entries(&mut out, &entries, |out, c| c.write(out));
        out.into_bytes()
    }
}

/// Adds some ballots, whose elements stand one after the other in `elements`, as many of each ballot.
fn take_in<G: Group>(
    setup: &Setup<G>,
    totals: &mut [Total<G>],
    chunk: &[Counted<'_>],
    elements: &[G::Element],
) {
    let weights: Vec<u64> = chunk.iter().map(|(_, _, weight)| *weight).collect();
    let each = elements.len() / chunk.len().max(1);
    let mut start = 0;
    for (place, (question, total)) in setup.questions.iter().zip(totals).enumerate() {
        match total {
            Total::Sums(sums) => sums.par_iter_mut().enumerate().for_each(|(answer, sum)| {
                let of = |part: usize| {
                    let own = elements.iter().skip(start + 2 * answer + part).step_by(each.max(1));
                    own.copied().collect::<Vec<G::Element>>()
                };
                sum.alpha = G::multiply(&sum.alpha, &weighted::<G>(&of(0), &weights));
                sum.beta = G::multiply(&sum.beta, &weighted::<G>(&of(1), &weights));
            }),
            Total::Papers(papers) => papers.extend(chunk.iter().flat_map(|(ballot, _, _)| {
                ballot.answers[place].choices.iter().cloned().map(CiphertextText::into_owned)
            })),
        }
        start += 2 * question.ciphertexts();
    }
}

fn weighted<G: Group>(elements: &[G::Element], weights: &[u64]) -> G::Element {
    if weights.iter().all(|weight| *weight == 1) {
        return elements.iter().fold(G::identity(), |product, element| G::multiply(&product, element));
    }
    let weights: Vec<G::Scalar> = weights.iter().map(|weight| G::Scalar::small(*weight)).collect();
    G::product(elements, &weights)
}

fn write_all<G: Group>(sums: &[Ciphertext<G>]) -> Vec<CiphertextText<'static>> {
    let elements: Vec<G::Element> = sums.iter().flat_map(|c| [c.alpha, c.beta]).collect();
    let pair =
        |pair: &[String]| CiphertextText { alpha: pair[0].clone().into(), beta: pair[1].clone().into() };
    G::write_all(&elements).chunks_exact(2).map(pair).collect()
}

/// Ciphertexts in the protocol's order.
fn sorted<G: Group>(mut list: Vec<CiphertextText<'static>>) -> Vec<CiphertextText<'static>> {
    list.par_sort_by(|a, b| G::compare(&a.alpha, &b.alpha).then_with(|| G::compare(&a.beta, &b.beta)));
    list
}
