//! BLT: `candidates seats`, withdrawn ones as negative numbers, papers ended by 0, a 0, the names, a title.

use super::names::Text;
use super::{Fault, Stop, multiplicity, shown, sizes, whole};
use crate::gather::{Gathering, Key};
use crate::papers::{GAP, Marks, PAPERS_MAX, Papers};

/// A word or a quoted text, and its line.
type Token<'a> = (&'a [u8], u64);

struct Tokens<'a> {
    data: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            match *self.data.get(self.at)? {
                b'\n' => {
                    self.line += 1;
                    self.at += 1;
                }
                b'#' => self.at = self.end(|byte| byte == b'\n'),
                byte if byte.is_ascii_whitespace() => self.at += 1,
                b'"' => return Some(self.quoted()),
                _ => {
                    let begin = self.at;
                    self.at = self.end(|byte| byte.is_ascii_whitespace() || byte == b'"' || byte == b'#');
                    return Some((&self.data[begin..self.at], self.line));
                }
            }
        }
    }
}

impl<'a> Tokens<'a> {
    fn end(&self, stops: impl Fn(u8) -> bool) -> usize {
        self.data[self.at..]
            .iter()
            .position(|&byte| stops(byte))
            .map_or(self.data.len(), |more| self.at + more)
    }

    /// A text with its quotation marks, doubled ones within it; one that is not closed ends with its line.
    fn quoted(&mut self) -> Token<'a> {
        let begin = self.at;
        self.at += 1;
        loop {
            match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (None | Some(b'\n'), _) => break,
                (Some(b'"'), Some(b'"')) => self.at += 2,
                (Some(b'"'), _) => {
                    self.at += 1;
                    break;
                }
                _ => self.at += 1,
            }
        }
        (&self.data[begin..self.at], self.line)
    }

    fn wanted(&mut self, what: &str) -> Result<Token<'a>, Fault> {
        let line = self.line;
        self.next().ok_or_else(|| Fault::new(line, format!("the file ends where {what} was expected")))
    }
}

pub fn heading(data: &[u8]) -> Result<usize, Fault> {
    start(&mut Tokens { data, at: 0, line: 1 }).map(|(size, _)| size)
}

fn start(tokens: &mut Tokens<'_>) -> Result<(usize, u64), Fault> {
    let (candidates, line) = tokens.wanted("a number of candidates")?;
    let (seats, _) = tokens.wanted("a number of seats")?;
    sizes(candidates, seats).map_err(|because| Fault::new(line, because))
}

pub fn read<K: Key>(data: &[u8], text: Text) -> Result<Papers, Stop> {
    let mut tokens = Tokens { data, at: 0, line: 1 };
    let (size, seats) = start(&mut tokens)?;
    let mut withdrawn = Vec::new();
    let mut token = tokens.wanted("more")?;
    while token.0.len() > 1 && token.0[0] == b'-' {
        withdrawn.push(candidate(&token.0[1..], size).map_err(|because| Fault::new(token.1, because))?);
        token = tokens.wanted("more")?;
    }
    withdrawn.sort_unstable();
    withdrawn.dedup();
    let mut gathering = Gathering::<K>::default();
    let mut ranks = Vec::new();
    while token.0 != b"0" {
        paper(token, &mut tokens, size, &mut ranks, &mut gathering)?;
        token = tokens.wanted("a line of papers, or the 0 that ends them,")?;
    }
    let mut candidates: Vec<String> = Vec::new();
    while candidates.len() < size {
        let (quoted, line) = tokens.wanted(&format!("the name of candidate {}", candidates.len() + 1))?;
        let name = unquoted(quoted, text)
            .ok_or_else(|| Fault::new(line, "a name in quotation marks was expected"))?;
        if candidates.contains(&name) {
            return Err(
                Fault::new(line, format!("two candidates are called “{}”", shown(name.as_bytes()))).into()
            );
        }
        candidates.push(name);
    }
    let title =
        tokens.next().map(|(quoted, _)| unquoted(quoted, text).unwrap_or_else(|| text.decoded(quoted)));
    if let Some((_, line)) = tokens.next() {
        return Err(Fault::new(line, "there is something after the title").into());
    }
    let (uniques, odd, blank) = gathering.finish();
    Ok(Papers { candidates, seats, title: title.unwrap_or_default(), withdrawn, blank, uniques, odd })
}

/// One paper: its number, its ranks, a 0.
fn paper<K: Key>(
    first: Token<'_>,
    tokens: &mut Tokens<'_>,
    size: usize,
    ranks: &mut Vec<u16>,
    gathering: &mut Gathering<K>,
) -> Result<(), Fault> {
    let many = multiplicity(first.0).map_err(|because| Fault::new(first.1, because))?;
    ranks.clear();
    let mut equal: Option<Marks> = None;
    loop {
        let (word, line) = tokens.wanted("the 0 that ends a paper")?;
        if word == b"0" {
            break;
        }
        // a gap takes a place too; twice as many as candidates is more than any paper has room for
        if ranks.len() > 2 * size || equal.as_ref().is_some_and(|marks| marks.len() > 2 * size) {
            return Err(Fault::new(line, "a paper has more preferences than there are candidates, or no 0"));
        }
        if word.contains(&b'=') && equal.is_none() {
            equal = Some(ranks.iter().map(|&one| if one == GAP { Vec::new() } else { vec![one] }).collect());
        }
        let found: Result<Vec<u16>, String> = match word {
            b"-" => Ok(Vec::new()),
            _ => word.split(|&byte| byte == b'=').map(|one| candidate(one, size)).collect(),
        };
        let found = found.map_err(|because| Fault::new(line, because))?;
        match &mut equal {
            Some(marks) => marks.push(found),
            None => ranks.push(found.first().copied().unwrap_or(GAP)),
        }
    }
    match equal {
        Some(marks) => gathering.add_odd(marks, many),
        None => gathering.add(ranks, many),
    }
    if gathering.total > PAPERS_MAX {
        return Err(Fault::new(first.1, format!("there are more than {PAPERS_MAX} papers")));
    }
    Ok(())
}

fn candidate(word: &[u8], size: usize) -> Result<u16, String> {
    let number = whole(word, "a candidate's number")?;
    if number < 1 || number > size as u64 {
        return Err(format!("candidate {number} does not exist; there are {size}"));
    }
    u16::try_from(number - 1).map_err(|_| String::from("there is no such candidate"))
}

fn unquoted(word: &[u8], text: Text) -> Option<String> {
    let inner = word.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    Some(text.decoded(trimmed_pairs(inner).trim_ascii()))
}

fn trimmed_pairs(inner: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut at = 0;
    while at < inner.len() {
        text.push(inner[at]);
        at += if inner[at..].starts_with(b"\"\"") { 2 } else { 1 };
    }
    text
}
