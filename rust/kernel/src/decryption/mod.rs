//! Partial decryptions: their form.

pub mod check;
pub mod make;

use crate::ciphertext::{CiphertextText, Entry, entries_of};
use crate::group::Group;
use crate::proofs::ProofText;
use crate::setup::{Question, Setup};
use crate::text::Json;

pub struct DecryptionText {
    pub factors: Vec<Entry<String>>,
    pub proofs: Vec<Entry<ProofText<'static>>>,
}

impl DecryptionText {
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let value = Json::read(bytes)?;
        let wrong = || "expected decryption_factors and decryption_proofs, one list per question".to_string();
        let field = |name: &str| value.get(name).ok_or_else(wrong);
        let factor = |item: &Json<'_>| item.text().map(str::to_string);
        let proof = |item: &Json<'_>| ProofText::of_json(item).map(ProofText::into_owned);
        Ok(DecryptionText {
            factors: entries_of(field("decryption_factors")?, factor).ok_or_else(wrong)?,
            proofs: entries_of(field("decryption_proofs")?, proof).ok_or_else(wrong)?,
        })
    }

    pub fn shape_fault(&self, ciphertexts: &[Entry<CiphertextText<'_>>]) -> Option<String> {
        let questions = ciphertexts.len();
        if self.factors.len() != questions || self.proofs.len() != questions {
            let (factors, proofs) = (self.factors.len(), self.proofs.len());
            return Some(format!("{factors} lists of factors, {proofs} of proofs for {questions} questions"));
        }
        let both = self.factors.iter().zip(&self.proofs);
        let mut fit = ciphertexts
            .iter()
            .zip(both)
            .map(|(entry, (factors, proofs))| entry.same_shape(factors) && entry.same_shape(proofs));
        fit.position(|fits| !fits).map(|place| {
            let (factors, proofs) = (self.factors[place].flat.len(), self.proofs[place].flat.len());
            let wanted = ciphertexts[place].flat.len();
            format!(
                "question {}: {factors} factors and {proofs} proofs for {wanted} ciphertexts, or other rows",
                place + 1
            )
        })
    }
}

/// What is wrong with the shape of a tally to decrypt.
pub fn shape_fault<G: Group>(setup: &Setup<G>, lists: &[Entry<CiphertextText<'_>>]) -> Option<String> {
    if lists.len() != setup.questions.len() {
        return Some(format!("{} lists of ciphertexts for {} questions", lists.len(), setup.questions.len()));
    }
    let wrong = |(place, (question, entry)): (usize, (&Question, &Entry<_>))| {
        (!question.fits(entry)).then(|| {
            let found = entry.flat.len();
            format!("question {}: expected {}, found {found} ciphertexts", place + 1, question.shape())
        })
    };
    setup.questions.iter().zip(lists).enumerate().find_map(wrong)
}

fn prefix<G: Group>(setup: &Setup<G>, public: &str) -> String {
    format!("decrypt|{}|{public}|", setup.phi)
}
