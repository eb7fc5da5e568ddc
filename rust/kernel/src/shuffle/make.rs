//! Making a shuffle and its proof.

use rand_core::CryptoRng;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::{Derived, ProofStrings, challenges, main_challenge, statement};
use crate::KernelError;
use crate::ciphertext::{Ciphertext, CiphertextText, members, read_lists, write_list};
use crate::group::{Group, Scalar, shared_product};
use crate::proofs::Nonces;
use crate::setup::Setup;

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
