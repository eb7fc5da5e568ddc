//! Shuffles with proof, after Terelius and Wikström: the wire form and the challenges.
//!
//! Names: e inputs, e' outputs, c permutation commitments, chat the chain, h the derived generators; i counts
//! from 0. The order of the output is e'_i = renewed e_psi(i).

pub mod check;
pub mod make;

use rayon::prelude::*;

use crate::KernelError;
use crate::ciphertext::{CiphertextText, write_list};
use crate::group::{Group, Scalar};
use crate::text::{Json, hex, sha256};

/// The derived generators: index -1 by itself, and 0..count; all distinct, none equal to g.
pub(crate) struct Derived<G: Group> {
    pub chain: G::Element,
    pub each: Vec<G::Element>,
}

impl<G: Group> Derived<G> {
    pub fn new(count: usize) -> Result<Self, KernelError> {
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
pub(crate) struct ProofStrings {
    /// t1, t2, t3, t41, t42.
    pub t: [String; 5],
    pub t_chain: Vec<String>,
    /// s1 to s4.
    pub s: [String; 4],
    pub s_chain: Vec<String>,
    pub s_each: Vec<String>,
    pub c: Vec<String>,
    pub chain: Vec<String>,
}

fn strings(value: &Json<'_>) -> Option<Vec<String>> {
    value.list()?.iter().map(|item| item.text().map(str::to_string)).collect()
}

impl ProofStrings {
    pub fn of_json(value: &Json<'_>) -> Option<Self> {
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

    pub fn write(&self, out: &mut String) {
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
pub(crate) fn statement(input: &[CiphertextText<'_>], output: &[CiphertextText<'_>], c: &[String]) -> String {
    let mut text = String::new();
    pairs(&mut text, input);
    pairs(&mut text, output);
    series(&mut text, c.iter().map(String::as_str));
    text
}

/// The challenges u_i.
pub(crate) fn challenges<S: Scalar>(phi: &str, statement: &str, count: usize) -> Vec<S> {
    let head = hex(&sha256(format!("shuffle-challenges|{phi}|{statement}").as_bytes()));
    let one = |i: usize| {
        let own = hex(&sha256(i.to_string().as_bytes()));
        S::from_digest(&sha256(format!("{head}{own}").as_bytes()))
    };
    (0..count).into_par_iter().map(one).collect()
}

/// The challenge of the whole proof.
pub(crate) fn main_challenge<S: Scalar>(
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
