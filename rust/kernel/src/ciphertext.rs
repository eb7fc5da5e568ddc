//! Ciphertexts on the wire and as pairs of elements.

use std::borrow::Cow;

use crate::KernelError;
use crate::group::Group;
use crate::text::{Cursor, Departure, Json, write_string};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiphertextText<'a> {
    pub alpha: Cow<'a, str>,
    pub beta: Cow<'a, str>,
}

#[derive(Debug)]
pub struct Ciphertext<G: Group> {
    pub alpha: G::Element,
    pub beta: G::Element,
}

impl<G: Group> Clone for Ciphertext<G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G: Group> Copy for Ciphertext<G> {}

impl<'a> CiphertextText<'a> {
    pub fn walk(cursor: &mut Cursor<'a>) -> Result<Self, Departure> {
        cursor.literal("{\"alpha\":")?;
        let alpha = cursor.string()?;
        cursor.literal(",\"beta\":")?;
        let beta = cursor.string()?;
        cursor.literal("}")?;
        Ok(CiphertextText { alpha, beta })
    }

    pub fn of_json(value: &Json<'a>) -> Option<CiphertextText<'static>> {
        Some(CiphertextText {
            alpha: Cow::Owned(value.get("alpha")?.text()?.to_string()),
            beta: Cow::Owned(value.get("beta")?.text()?.to_string()),
        })
    }

    pub fn write(&self, out: &mut String) {
        out.push_str("{\"alpha\":");
        write_string(out, &self.alpha);
        out.push_str(",\"beta\":");
        write_string(out, &self.beta);
        out.push('}');
    }
}

/// `[a,b,..]` with each item written by `write`.
pub fn write_list<T>(out: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// Lists of ciphertexts, one list per question.
pub fn read_lists(bytes: &[u8]) -> Result<Vec<Vec<CiphertextText<'static>>>, KernelError> {
    let wrong = || KernelError::new("ciphertexts: expected a list of lists of {\"alpha\",\"beta\"}");
    let value = Json::read(bytes).map_err(|reason| KernelError(format!("ciphertexts: {reason}")))?;
    lists_of(&value).ok_or_else(wrong)
}

pub fn lists_of(value: &Json<'_>) -> Option<Vec<Vec<CiphertextText<'static>>>> {
    let list = |value: &Json<'_>| value.list()?.iter().map(CiphertextText::of_json).collect();
    value.list()?.iter().map(list).collect()
}

/// All elements of `texts` at once, or the place of the first one that is not a member.
pub fn members<G: Group>(texts: &[CiphertextText<'_>]) -> Result<Vec<Ciphertext<G>>, usize> {
    let flat: Vec<&str> = texts.iter().flat_map(|c| [c.alpha.as_ref(), c.beta.as_ref()]).collect();
    let read = G::read_all(&flat);
    let pair = |(place, pair): (usize, &[Option<G::Element>])| match pair {
        [Some(alpha), Some(beta)] => Ok(Ciphertext { alpha: *alpha, beta: *beta }),
        _ => Err(place),
    };
    read.chunks(2).enumerate().map(pair).collect()
}
