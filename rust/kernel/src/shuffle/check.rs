//! Duties S2 and S3 of a shuffle.

use rayon::prelude::*;

use super::{Derived, ProofStrings, challenges, main_challenge, statement};
use crate::ciphertext::{Ciphertext, CiphertextText, lists_of, members, read_lists};
use crate::group::{Group, Scalar, digest_of, shared_product};
use crate::setup::Setup;
use crate::text::{Json, sha256};
use crate::{Fault, KernelError};

/// Checks duties S2 and S3 of a shuffle of `ciphertexts`.
pub fn check<G: Group>(
    setup: &Setup<G>,
    ciphertexts: &[u8],
    shuffle: &[u8],
) -> Result<Vec<Fault>, KernelError> {
    let inputs = read_lists(ciphertexts)?;
    let (outputs, proofs) = match read_shuffle(shuffle) {
        Ok(parts) => parts,
        Err(reason) => return Ok(vec![("S2", reason)]),
    };
    let ranked = setup.questions.iter().filter(|q| q.is_ranked()).count();
    if inputs.len() != ranked || outputs.len() != ranked || proofs.len() != ranked {
        return Ok(vec![(
            "S2",
            format!(
                "{} inputs, {} outputs and {} proofs for {ranked} ranked questions",
                inputs.len(),
                outputs.len(),
                proofs.len()
            ),
        )]);
    }
    let mut faults = Vec::new();
    for (place, ((input, output), proof)) in inputs.iter().zip(&outputs).zip(&proofs).enumerate() {
        let found = check_list(setup, input, output, proof)?;
        faults.extend(found.map(|(duty, reason)| (duty, format!("list {}: {reason}", place + 1))));
    }
    Ok(faults)
}

type Parts = (Vec<Vec<CiphertextText<'static>>>, Vec<ProofStrings>);

fn read_shuffle(bytes: &[u8]) -> Result<Parts, String> {
    let value = Json::read(bytes)?;
    let outputs = value.get("ciphertexts").and_then(lists_of);
    let outputs = outputs.ok_or("\"ciphertexts\" is not a list of lists of ciphertexts")?;
    let proofs = value.get("proofs").and_then(Json::list);
    let proofs = proofs.and_then(|list| list.iter().map(ProofStrings::of_json).collect());
    Ok((outputs, proofs.ok_or("\"proofs\" does not have the form of shuffle proofs")?))
}

/// The proof's numbers, read.
struct Answers<S> {
    s: [S; 4],
    s_chain: Vec<S>,
    s_each: Vec<S>,
}

fn check_list<G: Group>(
    setup: &Setup<G>,
    input: &[CiphertextText<'_>],
    output: &[CiphertextText<'_>],
    proof: &ProofStrings,
) -> Result<Option<Fault>, KernelError> {
    let count = input.len();
    if output.len() != count {
        return Ok(Some(("S2", format!("{} ciphertexts out of {count}", output.len()))));
    }
    let before: std::collections::HashSet<(&str, &str)> =
        input.iter().map(|c| (c.alpha.as_ref(), c.beta.as_ref())).collect();
    let copied = |c: &CiphertextText<'_>| before.contains(&(c.alpha.as_ref(), c.beta.as_ref()));
    if let Some(at) = output.iter().position(copied) {
        return Ok(Some(("S2", format!("ciphertext {} is an unchanged copy", at + 1))));
    }
    let before: Vec<Ciphertext<G>> = match members(input) {
        Ok(found) => found,
        Err(at) => {
            return Ok(Some(("S2", format!("input ciphertext {} is not canonical or not one", at + 1))));
        }
    };
    let after: Vec<Ciphertext<G>> = match members(output) {
        Ok(found) => found,
        Err(at) => return Ok(Some(("S2", format!("ciphertext {} is not canonical or not one", at + 1)))),
    };
    let lengths = [&proof.t_chain, &proof.s_chain, &proof.s_each, &proof.c, &proof.chain].map(Vec::len);
    if lengths != [count; 5] {
        return Ok(Some(("S3", format!("the proof has lists of {lengths:?} for {count} ciphertexts"))));
    }
    let texts: Vec<&str> = proof
        .t
        .iter()
        .chain(&proof.t_chain)
        .chain(&proof.c)
        .chain(&proof.chain)
        .map(String::as_str)
        .collect();
    let read: Option<Vec<G::Element>> = G::read_all(&texts).into_iter().collect();
    let Some(commitments) = read else {
        return Ok(Some(("S3", "a commitment is not a canonical member of the group".into())));
    };
    let Some(answers) = read_answers::<G::Scalar>(proof) else {
        return Ok(Some(("S3", "a response is not canonical or too large".into())));
    };
    let sound = equations(setup, (input, output), (&before, &after), proof, &commitments, &answers)?;
    Ok((!sound).then(|| ("S3", "the proof is not valid".into())))
}

fn read_answers<S: Scalar>(proof: &ProofStrings) -> Option<Answers<S>> {
    let [s1, s2, s3, s4] = &proof.s;
    let read = |text: &String| S::read(text);
    Some(Answers {
        s: [read(s1)?, read(s2)?, read(s3)?, read(s4)?],
        s_chain: proof.s_chain.iter().map(read).collect::<Option<_>>()?,
        s_each: proof.s_each.iter().map(read).collect::<Option<_>>()?,
    })
}

/// Weights of 128 bits that depend on the whole statement and proof.
fn weights<S: Scalar>(challenge: &S, proof: &ProofStrings, count: usize) -> Vec<S> {
    let texts: Vec<&str> =
        proof.s.iter().chain(&proof.s_chain).chain(&proof.s_each).map(String::as_str).collect();
    let seed = digest_of(&challenge.write(), &texts);
    let one = |i: usize| {
        let mut text = seed.to_vec();
        text.extend_from_slice(&(i as u64).to_be_bytes());
        let mut digest = sha256(&text);
        digest[..16].fill(0);
        S::from_digest(&digest)
    };
    (0..count).into_par_iter().map(one).collect()
}

/// All equations of the proof at once, each raised to a weight: one product that must be the identity.
///
/// The weights come from a digest of everything, so a false equation survives with a chance of 2^-128.
fn equations<G: Group>(
    setup: &Setup<G>,
    (input, output): (&[CiphertextText<'_>], &[CiphertextText<'_>]),
    (before, after): (&[Ciphertext<G>], &[Ciphertext<G>]),
    proof: &ProofStrings,
    commitments: &[G::Element],
    answers: &Answers<G::Scalar>,
) -> Result<bool, KernelError> {
    let count = before.len();
    let key = *setup.sound_key()?;
    let derived = Derived::<G>::new(count)?;
    let statement = statement(input, output, &proof.c);
    let u: Vec<G::Scalar> = challenges(&setup.phi, &statement, count);
    let c: G::Scalar =
        main_challenge(&setup.phi, &setup.key_text, &proof.t, &proof.t_chain, &statement, &proof.chain);
    let all = weights(&c, proof, count + 5);
    let (z, each) = all.split_at(5);
    let zero = G::Scalar::ZERO;
    let [s1, s2, s3, s4] = &answers.s;
    let product = u.iter().fold(G::Scalar::ONE, |p, u| p.times(u));
    let mut bases: Vec<G::Element> = Vec::with_capacity(9 * count + 8);
    let mut exponents: Vec<G::Scalar> = Vec::with_capacity(9 * count + 8);
    // Left sides: t1, t2, t3, t41, t42 and the chain's t_i stand first among the commitments.
    bases.extend_from_slice(&commitments[..count + 5]);
    exponents.extend_from_slice(z);
    exponents.extend_from_slice(each);
    let (z3c, z4c, z5c) = (z[2].times(&c), z[3].times(&c), z[4].times(&c));
    let z1c = z[0].times(&c);
    let mut on_g = z[4].times(s4);
    for (z, s) in z.iter().zip([s1, s2, s3]) {
        on_g = on_g.minus(&z.times(s));
    }
    let on_y = z[3].times(s4);
    let mut on_h = zero.minus(&z[1].times(&c).times(&product));
    let mut on_chain = vec![zero; count];
    for i in 0..count {
        let s = &answers.s_each[i];
        bases.push(commitments[count + 5 + i]); // c_i
        exponents.push(z1c.plus(&z3c.times(&u[i])));
        bases.push(derived.each[i]);
        exponents.push(zero.minus(&z1c).minus(&z[2].times(s)));
        bases.push(before[i].beta);
        exponents.push(z4c.times(&u[i]));
        bases.push(before[i].alpha);
        exponents.push(z5c.times(&u[i]));
        bases.push(after[i].beta);
        exponents.push(zero.minus(&z[3].times(s)));
        bases.push(after[i].alpha);
        exponents.push(zero.minus(&z[4].times(s)));
        on_g = on_g.minus(&each[i].times(&answers.s_chain[i]));
        on_chain[i] = on_chain[i].plus(&each[i].times(&c));
        let step = each[i].times(s);
        match i.checked_sub(1) {
            Some(previous) => on_chain[previous] = on_chain[previous].minus(&step),
            None => on_h = on_h.minus(&step),
        }
    }
    // The end of the chain is h itself when nothing was shuffled.
    match on_chain.last_mut() {
        Some(last) => *last = last.plus(&z[1].times(&c)),
        None => on_h = on_h.plus(&z[1].times(&c)),
    }
    bases.extend_from_slice(&commitments[2 * count + 5..]);
    exponents.extend_from_slice(&on_chain);
    bases.extend([G::generator(), key, derived.chain]);
    exponents.extend([on_g, on_y, on_h]);
    Ok(shared_product::<G>(&bases, &exponents, G::product) == G::identity())
}
