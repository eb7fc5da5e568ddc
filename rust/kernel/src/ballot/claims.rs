//! Duty B6 of one answer: every proof is a claim that some commitments hash to some challenges.

use super::check::{AnswerNumbers, exclusion_name};
use super::nonzero::nonzero_commitments;
use super::{
    AnswerText, blank_prefix, choice_sum, individual_prefix, list_prefix, nonzero_prefix, overall_context,
    ranked_prefix, row_sums,
};
use crate::ciphertext::{Ciphertext, CiphertextText};
use crate::group::{Group, Scalar};
use crate::proofs::{Proof, challenge, holds, one_of_commitments};
use crate::setup::{Question, Setup};

enum Prefix {
    Known(String),
    /// An individual prefix of the ciphertext that stands at this place among the commitments.
    OfSum {
        context: String,
        at: usize,
    },
}

struct Claim<S> {
    name: String,
    prefix: Prefix,
    from: usize,
    to: usize,
    challenge: S,
}

/// The proofs of one answer, collected so that all commitments are written out together.
struct Claims<'a, G: Group> {
    tables: &'a G::Tables,
    elements: Vec<G::Element>,
    claims: Vec<Claim<G::Scalar>>,
}

/// Branches with one base: the proofs say that `ciphertext` holds `least`, `least` + 1, ..
struct Part<'a, G: Group> {
    ciphertext: &'a Ciphertext<G>,
    least: u64,
    proofs: &'a [Proof<G::Scalar>],
}

impl<G: Group> Claims<'_, G> {
    /// The claim that a branch of one of the parts is true.
    fn add(&mut self, name: String, prefix: Prefix, parts: &[Part<'_, G>]) {
        let from = self.elements.len();
        let mut sum = G::Scalar::ZERO;
        for part in parts {
            let pair = (&part.ciphertext.alpha, &part.ciphertext.beta);
            one_of_commitments::<G>(self.tables, pair, part.least, part.proofs, &mut self.elements);
            sum = part.proofs.iter().fold(sum, |sum, proof| sum.plus(&proof.challenge));
        }
        let to = self.elements.len();
        self.claims.push(Claim { name, prefix, from, to, challenge: sum });
    }

    /// The claim that `sum`, which does not stand on the wire, holds one of the values.
    fn add_sum(&mut self, context: String, sum: &Ciphertext<G>, least: u64, proofs: &[Proof<G::Scalar>]) {
        let at = self.elements.len();
        self.elements.extend([sum.alpha, sum.beta]);
        let prefix = Prefix::OfSum { context, at };
        self.add("the overall proof".into(), prefix, &[Part { ciphertext: sum, least, proofs }]);
    }

    /// Whether all claims hold, or which one does not.
    fn judge(&self) -> Result<(), String> {
        let written = G::write_all(&self.elements);
        for claim in &self.claims {
            let made;
            let prefix = match &claim.prefix {
                Prefix::Known(prefix) => prefix,
                Prefix::OfSum { context, at } => {
                    made = individual_prefix(context, &written[*at], &written[at + 1]);
                    &made
                }
            };
            if challenge::<G::Scalar>(prefix, &written[claim.from..claim.to]) != claim.challenge {
                return Err(format!("{} is not valid", claim.name));
            }
        }
        Ok(())
    }
}

pub(super) fn check_answer<G: Group>(
    setup: &Setup<G>,
    tables: &G::Tables,
    context: &str,
    question: &Question,
    answer: &AnswerText<'_>,
    numbers: &AnswerNumbers<G>,
) -> Result<(), String> {
    let mut claims = Claims::<G> { tables, elements: Vec::new(), claims: Vec::new() };
    let marks = 2 * question.marks();
    let (individual, others) = numbers.proofs.split_at(marks.min(numbers.proofs.len()));
    let (overall, exclusions) = others.split_at(question.branches().min(others.len()));
    add_individual(&mut claims, question, context, &answer.choices, &numbers.ciphertexts, individual);
    let whole = overall_context(context, &answer.choices);
    match question {
        Question::Ranked { .. } => return check_ranked(setup, tables, context, answer, numbers),
        Question::Choice { blank, min, .. } => {
            let least = u64::try_from(*min).unwrap_or(0);
            if *blank {
                add_blank(&mut claims, &whole, least, &numbers.ciphertexts, overall, exclusions);
            } else {
                claims.add_sum(whole, &choice_sum(&numbers.ciphertexts), least, overall);
            }
        }
        Question::Lists { rows } => {
            let (lists, candidates) = row_sums(rows, &numbers.ciphertexts);
            claims.add_sum(whole.clone(), &choice_sum(&lists), 1, overall);
            for (place, pair) in exclusions.chunks_exact(2).enumerate() {
                let parts = [
                    Part { ciphertext: &lists[place], least: 1, proofs: &pair[..1] },
                    Part { ciphertext: &candidates[place], least: 0, proofs: &pair[1..] },
                ];
                let prefix = Prefix::Known(list_prefix(&whole));
                claims.add(exclusion_name(question, place), prefix, &parts);
            }
            add_nonzero(&mut claims, &whole, &choice_sum(&candidates), numbers)?;
        }
    }
    claims.judge()
}

fn check_ranked<G: Group>(
    setup: &Setup<G>,
    tables: &G::Tables,
    context: &str,
    answer: &AnswerText<'_>,
    numbers: &AnswerNumbers<G>,
) -> Result<(), String> {
    let [text] = answer.choices.as_slice() else {
        return Err("expected one ciphertext".into());
    };
    let prefix = ranked_prefix(setup, context, text);
    let both = (numbers.ciphertexts.first(), numbers.proofs.first());
    let sound = matches!(both, (Some(c), Some(proof)) if holds::<G>(tables, &prefix, &c.alpha, proof));
    if sound { Ok(()) } else { Err("the proof is not valid".into()) }
}

fn add_individual<G: Group>(
    claims: &mut Claims<'_, G>,
    question: &Question,
    context: &str,
    texts: &[CiphertextText<'_>],
    ciphertexts: &[Ciphertext<G>],
    proofs: &[Proof<G::Scalar>],
) {
    for (place, ((text, ciphertext), pair)) in
        texts.iter().zip(ciphertexts).zip(proofs.chunks_exact(2)).enumerate()
    {
        let prefix = Prefix::Known(individual_prefix(context, &text.alpha, &text.beta));
        let name = format!("the individual proof of {}", question.place(place));
        claims.add(name, prefix, &[Part { ciphertext, least: 0, proofs: pair }]);
    }
}

/// Either the blank mark is 1 or the number of choices fits; either the blank mark is 0 or there are none.
fn add_blank<G: Group>(
    claims: &mut Claims<'_, G>,
    whole: &str,
    least: u64,
    ciphertexts: &[Ciphertext<G>],
    overall: &[Proof<G::Scalar>],
    exclusion: &[Proof<G::Scalar>],
) {
    let Some((mark, choices)) = ciphertexts.split_first() else { return };
    let sum = choice_sum(choices);
    for (name, prefix, value, least, proofs) in [
        ("the overall proof", blank_prefix(1, whole), 1, least, overall),
        ("the blank proof", blank_prefix(0, whole), 0, 0, exclusion),
    ] {
        let (first, others) = proofs.split_at(1.min(proofs.len()));
        let parts = [
            Part { ciphertext: mark, least: value, proofs: first },
            Part { ciphertext: &sum, least, proofs: others },
        ];
        claims.add(name.into(), Prefix::Known(prefix), &parts);
    }
}

fn add_nonzero<G: Group>(
    claims: &mut Claims<'_, G>,
    whole: &str,
    sum: &Ciphertext<G>,
    numbers: &AnswerNumbers<G>,
) -> Result<(), String> {
    let name = "the nonzero proof";
    let Some((commitment, proof)) = &numbers.nonzero else {
        return Err(format!("{name} is missing"));
    };
    if *commitment == G::identity() {
        return Err(format!("{name} shows that no candidate is chosen: its commitment is the identity"));
    }
    let from = claims.elements.len();
    claims.elements.extend(nonzero_commitments(claims.tables, sum, commitment, proof));
    claims.claims.push(Claim {
        name: name.into(),
        prefix: Prefix::Known(nonzero_prefix(whole)),
        from,
        to: claims.elements.len(),
        challenge: proof.challenge,
    });
    Ok(())
}
