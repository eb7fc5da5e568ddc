//! Lines of comma-separated cells, one rank a cell, read in parts on all cores.

use std::borrow::Cow;
use std::num::NonZero;
use std::thread;

use super::names::{NONE, Names};
use super::{Fault, Stop, multiplicity, trimmed};
use crate::gather::{Gathering, Key};
use crate::papers::PAPERS_MAX;

/// Where things stand in a line. heading: lines to be passed over; many: the column that says how many papers the
/// line stands for; ranks: the columns of ranks, the first and the one after the last.
#[derive(Clone, Debug)]
pub struct Layout {
    pub heading: usize,
    pub many: Option<usize>,
    pub ranks: (usize, usize),
}

/// A part smaller than this is not worth a core of its own.
const PART_MIN: usize = 1 << 20;

/// Where the text begins after so many lines.
pub fn after_lines(data: &[u8], lines: usize) -> usize {
    let mut begin = 0;
    for _ in 0..lines {
        begin += data[begin..].iter().position(|&byte| byte == b'\n').map_or(data.len() - begin, |at| at + 1);
    }
    begin
}

/// The papers of these lines, and the names met. `before`: lines of the file before these.
pub fn read<K: Key>(
    data: &[u8],
    layout: &Layout,
    known: &Names,
    before: u64,
) -> Result<(Names, Gathering<K>), Stop> {
    let parts = split(data);
    let read: Vec<Result<(Names, Gathering<K>), Broken>> = if parts.len() == 1 {
        vec![part(parts[0], layout, known.clone())]
    } else {
        thread::scope(|scope| {
            let threads: Vec<_> =
                parts.iter().map(|piece| scope.spawn(|| part(piece, layout, known.clone()))).collect();
            threads
                .into_iter()
                .map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    };
    let mut names = known.clone();
    let mut whole = Gathering::default();
    let mut line = before;
    for (piece, found) in parts.iter().zip(read) {
        let (met, gathered) = found.map_err(|broken| match broken {
            Broken::Line(within, because) => Stop::Fault(Fault::new(line + within, because)),
            Broken::Wider => Stop::Wider,
        })?;
        let numbers = names.join(&met).map_err(|because| Fault::new(line, because))?;
        if names.len() > K::CANDIDATES {
            return Err(Stop::Wider);
        }
        let same = numbers.iter().enumerate().all(|(at, &number)| at == usize::from(number));
        whole = if same && whole.total == 0 {
            gathered
        } else {
            whole.merge(gathered, |one| numbers[usize::from(one)])
        };
        if whole.total > PAPERS_MAX {
            return Err(Fault::new(line, format!("there are more than {PAPERS_MAX} papers")).into());
        }
        line += piece.iter().filter(|&&byte| byte == b'\n').count() as u64;
    }
    Ok((names, whole))
}

enum Broken {
    Line(u64, String),
    Wider,
}

/// Parts of about equal size that end with a line. No cell goes over a line, so a line's end is one everywhere.
fn split(data: &[u8]) -> Vec<&[u8]> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let size = (data.len() / cores + 1).max(PART_MIN);
    let mut parts = Vec::new();
    let mut rest = data;
    while rest.len() > size {
        let end =
            size + rest[size..].iter().position(|&byte| byte == b'\n').map_or(rest.len() - size, |at| at + 1);
        let (piece, after) = rest.split_at(end);
        parts.push(piece);
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest);
    }
    parts
}

fn part<K: Key>(data: &[u8], layout: &Layout, mut names: Names) -> Result<(Names, Gathering<K>), Broken> {
    let mut gathering = Gathering::<K>::default();
    let mut ranks = Vec::new();
    for (within, line) in data.split(|&byte| byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if trimmed(line).is_empty() {
            continue;
        }
        let many = cells(line, layout, &mut names, &mut ranks)
            .map_err(|because| Broken::Line(within as u64 + 1, because))?;
        if names.len() > K::CANDIDATES {
            return Err(Broken::Wider);
        }
        gathering.add(&ranks, many);
        if gathering.total > PAPERS_MAX {
            return Err(Broken::Line(within as u64 + 1, format!("there are more than {PAPERS_MAX} papers")));
        }
    }
    Ok((names, gathering))
}

/// One line: its ranks into `ranks`, and how many papers it stands for.
fn cells(line: &[u8], layout: &Layout, names: &mut Names, ranks: &mut Vec<u16>) -> Result<u64, String> {
    ranks.clear();
    let mut many = 1;
    let mut column = 0;
    let mut at = 0;
    loop {
        // most cells of most files are names of one or two bytes that were met before
        let short = match line[at..] {
            [_, b',', ..] | [_] => 1,
            [_, _, b',', ..] | [_, _] => 2,
            _ => 0,
        };
        let known = names.known(&line[at..at + short]);
        let rank = (layout.ranks.0..layout.ranks.1).contains(&column) && layout.many != Some(column);
        if known != NONE && rank {
            ranks.push(known);
            at += short + 1;
            column += 1;
            if at > line.len() {
                return Ok(many);
            }
            continue;
        }
        let (text, end) = cell(line, at)?;
        take(&text, column, layout, names, ranks, &mut many)?;
        if end >= line.len() {
            return Ok(many);
        }
        at = end + 1;
        column += 1;
    }
}

/// What one cell says, by its column.
fn take(
    text: &[u8],
    column: usize,
    layout: &Layout,
    names: &mut Names,
    ranks: &mut Vec<u16>,
    many: &mut u64,
) -> Result<(), String> {
    if layout.many == Some(column) {
        *many = multiplicity(text)?;
    } else if (layout.ranks.0..layout.ranks.1).contains(&column) {
        ranks.push(names.number(text)?);
    } else if column >= layout.ranks.1 && !text.is_empty() && layout.many.is_none_or(|one| one < column) {
        return Err(format!("there are more than {} columns", layout.ranks.1));
    }
    Ok(())
}

/// The cell that begins here, without quotation marks and blanks around it, and where it ends.
#[inline]
pub fn cell(line: &[u8], at: usize) -> Result<(Cow<'_, [u8]>, usize), String> {
    let rest = &line[at..];
    if trimmed(rest).first() == Some(&b'"') {
        return quoted(line, at);
    }
    let end = rest.iter().position(|&byte| byte == b',').unwrap_or(rest.len());
    Ok((Cow::Borrowed(trimmed(&rest[..end])), at + end))
}

/// A cell in quotation marks, in which a doubled one stands for one.
pub fn quoted(line: &[u8], begin: usize) -> Result<(Cow<'_, [u8]>, usize), String> {
    let mut at = begin + line[begin..].iter().position(|&byte| byte == b'"').unwrap_or(0) + 1;
    let mut text = Vec::new();
    loop {
        match (line.get(at), line.get(at + 1)) {
            (None, _) => return Err("a quotation mark is not closed on this line".into()),
            (Some(b'"'), Some(b'"')) => {
                text.push(b'"');
                at += 2;
            }
            (Some(b'"'), _) => break,
            (Some(&byte), _) => {
                text.push(byte);
                at += 1;
            }
        }
    }
    let end = at + 1 + line[at + 1..].iter().position(|&byte| byte == b',').unwrap_or(line.len() - at - 1);
    if !trimmed(&line[at + 1..end]).is_empty() {
        return Err("there is text after a closing quotation mark".into());
    }
    Ok((Cow::Owned(trimmed(&text).to_vec()), end))
}
