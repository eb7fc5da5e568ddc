//! Files of papers, bytes in. Everything is bounded before it is believed, and every fault names its line.

mod blt;
mod names;
mod rows;
mod scot;

pub use rows::Layout;

use crate::gather::Key;
use crate::papers::{CANDIDATES_MAX, PAPERS_MAX, Papers, SEATS_MAX};

/// A file larger than this is refused unread.
pub const BYTES_MAX: usize = 256 * 1024 * 1024;
const DIGITS_MAX: usize = 12;

/// What stops the reading of a file: the line, from 1, and what was found there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: u64,
    pub because: String,
}

impl Fault {
    fn new(line: u64, because: impl Into<String>) -> Self {
        Self { line, because: because.into() }
    }
}

/// The forms this path reads. `Ranks`: one column a rank after a heading of `heading` lines; a column may say how
/// many papers a line stands for. candidates: who stands, in order; where none are given, whoever is named,
/// in the order in which the file first names them.
#[derive(Clone, Debug)]
pub enum Kind {
    Ranks { layout: Layout, candidates: Vec<String> },
    ScotElex,
    Blt,
}

/// The papers of a file, rankings put together, read on all cores where it is large.
///
/// # Errors
/// `Fault` with the first line that cannot be read.
pub fn read(data: &[u8], kind: &Kind) -> Result<Papers, Fault> {
    if data.len() > BYTES_MAX {
        return Err(Fault::new(0, format!("it has {} bytes; at most {BYTES_MAX} are read", data.len())));
    }
    let (data, text) = names::Text::of(data)?;
    match kind {
        Kind::Ranks { layout, candidates } => narrow_or_wide(candidates.len(), |wide| match wide {
            false => ranks::<u64>(data, text, layout, candidates),
            true => ranks::<Box<[u16]>>(data, text, layout, candidates),
        }),
        Kind::ScotElex => {
            let (size, _, _) = scot::heading(data)?;
            narrow_or_wide(size, |wide| match wide {
                false => scot::read::<u64>(data, text),
                true => scot::read::<Box<[u16]>>(data, text),
            })
        }
        Kind::Blt => {
            let size = blt::heading(data)?;
            narrow_or_wide(size, |wide| match wide {
                false => blt::read::<u64>(data, text),
                true => blt::read::<Box<[u16]>>(data, text),
            })
        }
    }
}

/// Why one reading ended early: a fault, or more candidates than its keys hold.
pub(crate) enum Stop {
    Fault(Fault),
    Wider,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Reads with packed rankings, and once more with wide ones if there turn out to be too many candidates.
fn narrow_or_wide(
    candidates: usize,
    reading: impl Fn(bool) -> Result<Papers, Stop>,
) -> Result<Papers, Fault> {
    let first = reading(candidates > <u64 as Key>::CANDIDATES);
    let last = if matches!(first, Err(Stop::Wider)) { reading(true) } else { first };
    last.map_err(|stop| match stop {
        Stop::Fault(fault) => fault,
        Stop::Wider => Fault::new(0, format!("there are more than {CANDIDATES_MAX} candidates")),
    })
}

fn ranks<K: Key>(
    data: &[u8],
    text: names::Text,
    layout: &Layout,
    candidates: &[String],
) -> Result<Papers, Stop> {
    let mut known = names::Names::new();
    for name in candidates {
        known.declare(text.bytes_of(name)).map_err(|because| Fault::new(0, because))?;
    }
    known.closed = !candidates.is_empty();
    let begin = rows::after_lines(data, layout.heading);
    let (found, gathered) = rows::read::<K>(&data[begin..], layout, &known, layout.heading as u64)?;
    let named = if known.closed { candidates.to_vec() } else { found.decoded(text) };
    let (uniques, odd, blank) = gathered.finish();
    Ok(Papers { candidates: named, uniques, odd, blank, ..Papers::default() })
}

fn shown(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes).chars().take(40).collect();
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect()
}

/// A whole number of at most twelve digits.
fn whole(bytes: &[u8], what: &str) -> Result<u64, String> {
    if bytes.len() > 1 && bytes[0] == b'-' && bytes[1..].iter().all(u8::is_ascii_digit) {
        return Err(format!("{what} is negative ({})", shown(&bytes[..bytes.len().min(DIGITS_MAX + 2)])));
    }
    if bytes.is_empty() || bytes.len() > DIGITS_MAX || !bytes.iter().all(u8::is_ascii_digit) {
        return Err(format!(
            "“{}” stands where {what} was expected (at most {DIGITS_MAX} digits)",
            shown(bytes)
        ));
    }
    Ok(bytes.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

fn multiplicity(bytes: &[u8]) -> Result<u64, String> {
    let many = whole(bytes, "a number of papers")?;
    if !(1..=PAPERS_MAX).contains(&many) {
        return Err(format!("a line stands for {many} papers; 1 to {PAPERS_MAX} were expected"));
    }
    Ok(many)
}

/// Numbers of candidates and seats.
fn sizes(candidates: &[u8], seats: &[u8]) -> Result<(usize, u64), String> {
    let found = whole(candidates, "the number of candidates")?;
    if !(1..=CANDIDATES_MAX as u64).contains(&found) {
        return Err(format!("there are {found} candidates; 1 to {CANDIDATES_MAX} were expected"));
    }
    let places = whole(seats, "the number of seats")?;
    if !(1..=SEATS_MAX).contains(&places) {
        return Err(format!("there are {places} seats; 1 to {SEATS_MAX} were expected"));
    }
    Ok((usize::try_from(found).unwrap_or(CANDIDATES_MAX), places))
}

/// A text without blanks around it.
fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}
