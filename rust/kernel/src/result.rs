//! The result: what the decrypted tally says.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::KernelError;
use crate::ciphertext::{CiphertextText, Entry, read_entries, write_list};
use crate::decryption::{DecryptionText, shape_fault};
use crate::group::Group;
use crate::setup::{Question, Setup};
use crate::text::sha256;

/// Canonical result from verified decryptions as (owner, object), in any order.
pub fn result<G: Group>(
    setup: &Setup<G>,
    ciphertexts: &[u8],
    decryptions: &[(usize, &[u8])],
) -> Result<Vec<u8>, KernelError> {
    let texts = read_entries(ciphertexts)?;
    if let Some(reason) = shape_fault(setup, &texts) {
        return Err(KernelError(reason));
    }
    let read_one = |(owner, bytes): &(usize, &[u8])| Ok((*owner, read_factors::<G>(*owner, bytes, &texts)?));
    let sent: Vec<(usize, Vec<G::Element>)> =
        decryptions.iter().map(read_one).collect::<Result<_, KernelError>>()?;
    let combined = setup.trustees.combine::<G>(&sent)?;
    let mut rest = combined.as_slice();
    let mut plain: Vec<Entry<G::Element>> = Vec::with_capacity(texts.len());
    for entry in &texts {
        let (factors, others) = rest.split_at(entry.flat.len().min(rest.len()));
        rest = others;
        let betas: Vec<&str> = entry.flat.iter().map(|c| c.beta.as_ref()).collect();
        let betas = read_members::<G>(&betas, "ciphertexts")?;
        let both = betas.par_iter().zip(factors);
        plain.push(entry.with(both.map(|(beta, factor)| G::multiply(beta, &G::invert(factor))).collect()));
    }
    write_result(setup, &plain)
}

/// A decryption's factors for the ciphertexts of all questions, one after the other.
fn read_factors<G: Group>(
    owner: usize,
    bytes: &[u8],
    texts: &[Entry<CiphertextText<'_>>],
) -> Result<Vec<G::Element>, KernelError> {
    let name = format!("decryption of trustee {owner}");
    let fault = |reason: String| KernelError(format!("{name}: {reason}"));
    let decryption = DecryptionText::read(bytes).map_err(fault)?;
    if let Some(reason) = decryption.shape_fault(texts) {
        return Err(fault(reason));
    }
    let factors: Vec<&str> =
        decryption.factors.iter().flat_map(|entry| &entry.flat).map(String::as_str).collect();
    read_members::<G>(&factors, &name)
}

fn read_members<G: Group>(texts: &[&str], name: &str) -> Result<Vec<G::Element>, KernelError> {
    let read: Option<Vec<G::Element>> = G::read_all(texts).into_iter().collect();
    read.ok_or_else(|| KernelError(format!("{name}: not a canonical member of the group")))
}

fn write_result<G: Group>(setup: &Setup<G>, plain: &[Entry<G::Element>]) -> Result<Vec<u8>, KernelError> {
    let numbered = setup.questions.iter().zip(plain);
    let counted: Vec<G::Element> = numbered
        .filter(|(question, _)| !question.is_ranked())
        .flat_map(|(_, entry)| entry.flat.iter().copied())
        .collect();
    let mut counts = logarithms::<G>(&counted, setup.total_weight())?.into_iter();
    let mut out = String::from("{\"result\":[");
    for (place, (question, entry)) in setup.questions.iter().zip(plain).enumerate() {
        if place > 0 {
            out.push(',');
        }
        if let Question::Ranked { answers } = question {
            let papers: Vec<Vec<u8>> = entry.flat.par_iter().map(|e| G::extract(e, *answers)).collect();
            write_list(&mut out, &papers, |out, paper| {
                write_list(out, paper, |out, value| out.push_str(&value.to_string()));
            });
        } else {
            let own: Vec<u64> = counts.by_ref().take(entry.flat.len()).collect();
            entry.with(own).write(&mut out, |out, count| write_number(out, *count));
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

/// A short name of an element: element strings of the large fields would fill the memory.
fn label(text: &str) -> u128 {
    let digest = sha256(text.as_bytes());
    digest[..16].iter().fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

/// Logarithms of `elements`, each of which must be at most `bound`: baby steps, then giant steps.
fn logarithms<G: Group>(elements: &[G::Element], bound: u64) -> Result<Vec<u64>, KernelError> {
    const LARGEST_TABLE: u64 = 1 << 21;
    const BATCH: u64 = 256;
    if elements.is_empty() {
        return Ok(Vec::new());
    }
    let size = (bound.isqrt() + 1).min(LARGEST_TABLE);
    let mut steps: HashMap<u128, u64> = HashMap::with_capacity(size as usize);
    let generator = G::generator();
    let mut step = G::identity();
    let mut first = 0;
    while first < size {
        let mut batch = Vec::new();
        for _ in first..size.min(first + BATCH) {
            batch.push(step);
            step = G::multiply(&step, &generator);
        }
        steps.extend(G::write_all(&batch).iter().map(|text| label(text)).zip(first..));
        first += BATCH;
    }
    let giant = G::invert(&step); // g^-size
    elements.par_iter().map(|element| logarithm::<G>(element, &steps, size, &giant, bound)).collect()
}

fn logarithm<G: Group>(
    element: &G::Element,
    steps: &HashMap<u128, u64>,
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
            if let Some(low) = steps.get(&label(text)) {
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
