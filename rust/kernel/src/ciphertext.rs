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

    pub fn into_owned(self) -> CiphertextText<'static> {
        CiphertextText {
            alpha: Cow::Owned(self.alpha.into_owned()),
            beta: Cow::Owned(self.beta.into_owned()),
        }
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

/// What stands for one question in a tally, its factors, its proofs or its result: one row, or in a list
/// question one row per list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    /// All rows, one after the other.
    pub flat: Vec<T>,
    /// The lengths of the rows where there are rows; they add up to the length of `flat`.
    pub rows: Option<Vec<usize>>,
}

impl<T> Entry<T> {
    pub fn plain(flat: Vec<T>) -> Self {
        Entry { flat, rows: None }
    }

    pub fn of_json<'a>(value: &Json<'a>, mut item: impl FnMut(&Json<'a>) -> Option<T>) -> Option<Self> {
        let list = value.list()?;
        if list.first().is_none_or(|first| first.list().is_none()) {
            return Some(Entry::plain(list.iter().map(item).collect::<Option<_>>()?));
        }
        let mut flat = Vec::new();
        let mut rows = Vec::with_capacity(list.len());
        for row in list {
            let row = row.list()?;
            rows.push(row.len());
            for value in row {
                flat.push(item(value)?);
            }
        }
        Some(Entry { flat, rows: Some(rows) })
    }

    /// Other items in the same rows; there are as many as in `flat`.
    pub fn with<U>(&self, flat: Vec<U>) -> Entry<U> {
        Entry { flat, rows: self.rows.clone() }
    }

    pub fn same_shape<U>(&self, other: &Entry<U>) -> bool {
        self.flat.len() == other.flat.len() && self.rows == other.rows
    }

    pub fn write(&self, out: &mut String, mut write: impl FnMut(&mut String, &T)) {
        let Some(rows) = &self.rows else {
            return write_list(out, &self.flat, write);
        };
        let mut rest = self.flat.as_slice();
        write_list(out, rows, |out, length| {
            let (row, others) = rest.split_at((*length).min(rest.len()));
            rest = others;
            write_list(out, row, &mut write);
        });
    }
}

/// `[entry,..]`, one per question.
pub fn write_entries<T>(out: &mut String, entries: &[Entry<T>], mut write: impl FnMut(&mut String, &T)) {
    write_list(out, entries, |out, entry| entry.write(out, &mut write));
}

/// Ciphertexts of all questions.
pub fn read_entries(bytes: &[u8]) -> Result<Vec<Entry<CiphertextText<'static>>>, KernelError> {
    let wrong = || KernelError::new("ciphertexts: expected one list of {\"alpha\",\"beta\"} per question");
    let value = Json::read(bytes).map_err(|reason| KernelError(format!("ciphertexts: {reason}")))?;
    entries_of(&value, CiphertextText::of_json).ok_or_else(wrong)
}

pub fn entries_of<'a, T>(
    value: &Json<'a>,
    mut item: impl FnMut(&Json<'a>) -> Option<T>,
) -> Option<Vec<Entry<T>>> {
    value.list()?.iter().map(|entry| Entry::of_json(entry, &mut item)).collect()
}

/// Lists of ciphertexts, one list per ranked question.
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
