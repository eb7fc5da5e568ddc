//! Shuffles with proof, after Terelius and Wikström: making them, and duties S2 and S3.
//!
//! Names follow docs/formats/ballot.md's source: e inputs, e' outputs, c permutation commitments, chat the
//! chain, h the derived generators; i counts from 0. The order of the output is e'_i = renewed e_psi(i).

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::ciphertext::{Ciphertext, CiphertextText, lists_of, members, read_lists, write_list};
use crate::group::{Group, Scalar, digest_of, shared_product};
use crate::proofs::Nonces;
use crate::setup::Setup;
use crate::text::{Json, hex, sha256};
use crate::{Fault, KernelError};

/// The derived generators: index -1 by itself, and 0..count; all distinct, none equal to g.
struct Derived<G: Group> {
    chain: G::Element,
    each: Vec<G::Element>,
}

impl<G: Group> Derived<G> {
    fn new(count: usize) -> Result<Self, KernelError> {
        let degenerate = || KernelError::new("a derived generator is degenerate");
        let all: Vec<G::Element> = (0..count + 1)
            .into_par_iter()
            .map(|place| i64::try_from(place).ok().and_then(|place| G::derived(place - 1)))
            .collect::<Option<_>>()
            .ok_or_else(degenerate)?;
        let mut written = G::write_all(&all);
        written.sort();
        if written.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(degenerate());
        }
        let (chain, each) = all.split_first().ok_or_else(degenerate)?;
        Ok(Derived { chain: *chain, each: each.to_vec() })
    }
}

/// One proof as strings.
struct ProofStrings {
    /// t1, t2, t3, t41, t42.
    t: [String; 5],
    t_chain: Vec<String>,
    /// s1 to s4.
    s: [String; 4],
    s_chain: Vec<String>,
    s_each: Vec<String>,
    c: Vec<String>,
    chain: Vec<String>,
}

fn strings(value: &Json<'_>) -> Option<Vec<String>> {
    value.list()?.iter().map(|item| item.text().map(str::to_string)).collect()
}

impl ProofStrings {
    fn of_json(value: &Json<'_>) -> Option<Self> {
        let [first, second, c, chain] = value.list()? else {
            return None;
        };
        let [t1, t2, t3, t4, t_chain] = first.list()? else {
            return None;
        };
        let [t41, t42] = t4.list()? else {
            return None;
        };
        let [s1, s2, s3, s4, s_chain, s_each] = second.list()? else {
            return None;
        };
        let text = |value: &Json<'_>| value.text().map(str::to_string);
        Some(ProofStrings {
            t: [text(t1)?, text(t2)?, text(t3)?, text(t41)?, text(t42)?],
            t_chain: strings(t_chain)?,
            s: [text(s1)?, text(s2)?, text(s3)?, text(s4)?],
            s_chain: strings(s_chain)?,
            s_each: strings(s_each)?,
            c: strings(c)?,
            chain: strings(chain)?,
        })
    }

    fn write(&self, out: &mut String) {
        let quoted = |out: &mut String, text: &String| {
            out.push('"');
            out.push_str(text);
            out.push('"');
        };
        let [t1, t2, t3, t41, t42] = &self.t;
        out.push_str(&format!("[[\"{t1}\",\"{t2}\",\"{t3}\",[\"{t41}\",\"{t42}\"],"));
        write_list(out, &self.t_chain, quoted);
        let [s1, s2, s3, s4] = &self.s;
        out.push_str(&format!("],[\"{s1}\",\"{s2}\",\"{s3}\",\"{s4}\","));
        write_list(out, &self.s_chain, quoted);
        out.push(',');
        write_list(out, &self.s_each, quoted);
        out.push_str("],");
        write_list(out, &self.c, quoted);
        out.push(',');
        write_list(out, &self.chain, quoted);
        out.push(']');
    }
}

fn series<'a>(out: &mut String, texts: impl IntoIterator<Item = &'a str>) {
    for text in texts {
        out.push_str(text);
        out.push(',');
    }
}

fn pairs<'a>(out: &mut String, list: &'a [CiphertextText<'_>]) {
    series(out, list.iter().flat_map(|c: &'a CiphertextText<'_>| [c.alpha.as_ref(), c.beta.as_ref()]));
}

/// e, e' and c, as both challenges hash them.
fn statement(input: &[CiphertextText<'_>], output: &[CiphertextText<'_>], c: &[String]) -> String {
    let mut text = String::new();
    pairs(&mut text, input);
    pairs(&mut text, output);
    series(&mut text, c.iter().map(String::as_str));
    text
}

/// The challenges u_i.
fn challenges<S: Scalar>(phi: &str, statement: &str, count: usize) -> Vec<S> {
    let head = hex(&sha256(format!("shuffle-challenges|{phi}|{statement}").as_bytes()));
    let one = |i: usize| {
        let own = hex(&sha256(i.to_string().as_bytes()));
        S::from_digest(&sha256(format!("{head}{own}").as_bytes()))
    };
    (0..count).into_par_iter().map(one).collect()
}

/// The challenge of the whole proof.
fn main_challenge<S: Scalar>(
    phi: &str,
    key: &str,
    t: &[String; 5],
    t_chain: &[String],
    statement: &str,
    chain: &[String],
) -> S {
    let mut text = format!("shuffle-challenge|{phi}|");
    series(&mut text, t.iter().chain(t_chain).map(String::as_str));
    text.push_str(statement);
    series(&mut text, chain.iter().map(String::as_str));
    text.push_str(key);
    S::from_digest(&sha256(text.as_bytes()))
}

/// A uniform permutation of 0..count.
fn permutation(count: usize, rng: &mut dyn CryptoRng) -> Zeroizing<Vec<usize>> {
    let mut order: Zeroizing<Vec<usize>> = Zeroizing::new((0..count).collect());
    for last in (1..count).rev() {
        let bound = last as u64 + 1;
        // Values above the last whole multiple of `bound` would favour some places.
        let limit = u64::MAX - u64::MAX % bound;
        let draw = loop {
            let value = rng.next_u64();
            if value < limit {
                break value % bound;
            }
        };
        order.swap(last, draw as usize);
    }
    order
}

type Secrets<S> = Zeroizing<Vec<S>>;

fn drawn<S: Scalar>(nonces: &mut Nonces<S>, count: usize) -> Result<Secrets<S>, KernelError> {
    Ok(Zeroizing::new((0..count).map(|_| nonces.take()).collect::<Result<_, _>>()?))
}

/// Shuffles the ciphertexts of every ranked question.
pub fn make<G: Group>(
    setup: &Setup<G>,
    ciphertexts: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    let lists = read_lists(ciphertexts)?;
    let ranked = setup.questions.iter().filter(|q| q.is_ranked()).count();
    if lists.len() != ranked {
        return Err(KernelError(format!(
            "{} lists of ciphertexts for {ranked} ranked questions",
            lists.len()
        )));
    }
    let mut outputs = Vec::with_capacity(lists.len());
    let mut proofs = Vec::with_capacity(lists.len());
    for (place, list) in lists.iter().enumerate() {
        let input: Vec<Ciphertext<G>> = members(list).map_err(|at| {
            KernelError(format!("list {}: ciphertext {} is not canonical or not one", place + 1, at + 1))
        })?;
        let (output, proof) = shuffle_list(setup, list, &input, rng)?;
        outputs.push(output);
        proofs.push(proof);
    }
    let mut out = String::from("{\"ciphertexts\":");
    write_list(&mut out, &outputs, |out, list| write_list(out, list, |out, c| c.write(out)));
    out.push_str(",\"proofs\":");
    write_list(&mut out, &proofs, |out, proof| proof.write(out));
    out.push('}');
    Ok(out.into_bytes())
}

/// Everything secret of one shuffle.
struct Hidden<S: Scalar> {
    order: Zeroizing<Vec<usize>>,
    /// Re-encryption, indexed by input.
    renewal: Secrets<S>,
    /// Permutation commitments, indexed by input.
    r: Secrets<S>,
    /// The chain, indexed by output.
    r_chain: Secrets<S>,
    w_chain: Secrets<S>,
    w_each: Secrets<S>,
    /// w1 to w4.
    w: Secrets<S>,
}

impl<S: Scalar> Hidden<S> {
    fn draw(count: usize, rng: &mut dyn CryptoRng) -> Result<Self, KernelError> {
        let order = permutation(count, rng);
        let mut nonces = Nonces::draw(rng, 5 * count + 4);
        Ok(Hidden {
            order,
            renewal: drawn(&mut nonces, count)?,
            r: drawn(&mut nonces, count)?,
            r_chain: drawn(&mut nonces, count)?,
            w_chain: drawn(&mut nonces, count)?,
            w_each: drawn(&mut nonces, count)?,
            w: drawn(&mut nonces, 4)?,
        })
    }
}

fn written<G: Group>(elements: &[G::Element]) -> Vec<String> {
    elements.par_chunks(256).flat_map_iter(G::write_all).collect()
}

fn shuffle_list<G: Group>(
    setup: &Setup<G>,
    texts: &[CiphertextText<'_>],
    input: &[Ciphertext<G>],
    rng: &mut dyn CryptoRng,
) -> Result<(Vec<CiphertextText<'static>>, ProofStrings), KernelError> {
    let count = input.len();
    let key = setup.fixed()?;
    let derived = Derived::<G>::new(count)?;
    let hidden = Hidden::<G::Scalar>::draw(count, rng)?;
    let renew = |i: &usize| {
        let r = &hidden.renewal[*i];
        let alpha = G::multiply(&input[*i].alpha, &G::generator_power(r));
        [alpha, G::multiply(&input[*i].beta, &G::fixed_power(key, r))]
    };
    let output: Vec<[G::Element; 2]> = hidden.order.par_iter().map(renew).collect();
    let commit =
        |(place, i): (usize, &usize)| G::multiply(&G::generator_power(&hidden.r[*i]), &derived.each[place]);
    let placed: Vec<G::Element> = hidden.order.par_iter().enumerate().map(commit).collect();
    let mut commitments = vec![G::identity(); count];
    for (i, commitment) in hidden.order.iter().zip(&placed) {
        commitments[*i] = *commitment;
    }
    let output_texts: Vec<CiphertextText<'static>> = written::<G>(output.as_flattened())
        .chunks_exact(2)
        .map(|pair| CiphertextText { alpha: pair[0].clone().into(), beta: pair[1].clone().into() })
        .collect();
    let c = written::<G>(&commitments);
    let statement = statement(texts, &output_texts, &c);
    let proof = prove::<G>(setup, key, &derived, &hidden, &output, c, &statement)?;
    Ok((output_texts, proof))
}

fn prove<G: Group>(
    setup: &Setup<G>,
    key: &G::Fixed,
    derived: &Derived<G>,
    hidden: &Hidden<G::Scalar>,
    output: &[[G::Element; 2]],
    c: Vec<String>,
    statement: &str,
) -> Result<ProofStrings, KernelError> {
    let count = output.len();
    let zero = G::Scalar::ZERO;
    let u: Vec<G::Scalar> = challenges(&setup.phi, statement, count);
    let u_placed: Secrets<G::Scalar> = Zeroizing::new(hidden.order.iter().map(|i| u[*i]).collect());
    // chat_i = g^a_i h^b_i: known exponents turn the chain into powers of two fixed bases.
    let mut known: Zeroizing<Vec<(G::Scalar, G::Scalar)>> = Zeroizing::new(Vec::with_capacity(count + 1));
    known.push((zero, G::Scalar::ONE));
    for (r, u) in hidden.r_chain.iter().zip(u_placed.iter()) {
        let (a, b) = known[known.len() - 1];
        known.push((r.plus(&a.times(u)), b.times(u)));
    }
    let h = G::fixed(&derived.chain);
    let both = |a: &G::Scalar, b: &G::Scalar| G::multiply(&G::generator_power(a), &G::fixed_power(&h, b));
    let chain: Vec<G::Element> = known[1..].par_iter().map(|(a, b)| both(a, b)).collect();
    let t_chain: Vec<G::Element> = (0..count)
        .into_par_iter()
        .map(|i| {
            let (a, b) = &known[i];
            let w = &hidden.w_each[i];
            both(&hidden.w_chain[i].plus(&a.times(w)), &b.times(w))
        })
        .collect();
    let [w1, w2, w3, w4] = hidden.w.as_slice() else {
        return Err(KernelError::new("too few random numbers were drawn"));
    };
    let secret = |bases: &[G::Element]| shared_product::<G>(bases, &hidden.w_each, G::secret_product);
    let alphas: Vec<G::Element> = output.iter().map(|pair| pair[0]).collect();
    let betas: Vec<G::Element> = output.iter().map(|pair| pair[1]).collect();
    let minus_w4 = w4.negated();
    let t = [
        G::generator_power(w1),
        G::generator_power(w2),
        G::multiply(&G::generator_power(w3), &secret(&derived.each)),
        G::multiply(&G::fixed_power(key, &minus_w4), &secret(&betas)),
        G::multiply(&G::generator_power(&minus_w4), &secret(&alphas)),
    ];
    let t: [String; 5] = G::write_all(&t).try_into().map_err(|_| KernelError::new("five commitments"))?;
    let (t_chain, chain) = (written::<G>(&t_chain), written::<G>(&chain));
    let challenge: G::Scalar = main_challenge(&setup.phi, &setup.key_text, &t, &t_chain, statement, &chain);
    let mut v = G::Scalar::ONE;
    let mut tail = zero;
    for (r, u) in hidden.r_chain.iter().zip(u_placed.iter()).rev() {
        tail = tail.plus(&r.times(&v));
        v = v.times(u);
    }
    let sum = |left: &[G::Scalar]| left.iter().fold(zero, |sum, r| sum.plus(r));
    let dot = |left: &[G::Scalar]| left.iter().zip(&u).fold(zero, |sum, (r, u)| sum.plus(&r.times(u)));
    let answer = |w: &G::Scalar, secret: &G::Scalar| w.plus(&challenge.times(secret)).write();
    let answers = |w: &[G::Scalar], secrets: &[G::Scalar]| -> Vec<String> {
        w.iter().zip(secrets).map(|(w, secret)| answer(w, secret)).collect()
    };
    Ok(ProofStrings {
        s: [
            answer(w1, &sum(&hidden.r)),
            answer(w2, &tail),
            answer(w3, &dot(&hidden.r)),
            answer(w4, &dot(&hidden.renewal)),
        ],
        s_chain: answers(&hidden.w_chain, &hidden.r_chain),
        s_each: answers(&hidden.w_each, &u_placed),
        t,
        t_chain,
        c,
        chain,
    })
}

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
