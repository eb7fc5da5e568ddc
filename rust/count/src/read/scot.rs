//! scot-elex CSV: `candidates,seats`, a line for each ranking with its number of papers, the names, a title.

use super::names::{Names, Text};
use super::rows::{self, Layout};
use super::{Fault, Stop, shown, sizes, trimmed};
use crate::gather::Key;
use crate::papers::Papers;

/// Candidates, seats, and the number of lines up to these.
pub fn heading(data: &[u8]) -> Result<(usize, u64, usize), Fault> {
    for (at, line) in data.split(|&byte| byte == b'\n').enumerate() {
        if trimmed(line).is_empty() {
            continue;
        }
        let mut cells: Vec<&[u8]> = line.split(|&byte| byte == b',').map(trimmed).collect();
        while cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        let [candidates, seats] = cells[..] else {
            return Err(Fault::new(at as u64 + 1, "“candidates,seats” was expected"));
        };
        let (size, seats) = sizes(candidates, seats).map_err(|because| Fault::new(at as u64 + 1, because))?;
        return Ok((size, seats, at + 1));
    }
    Err(Fault::new(1, "“candidates,seats” was expected"))
}

pub fn read<K: Key>(data: &[u8], text: Text) -> Result<Papers, Stop> {
    let (size, seats, lines) = heading(data)?;
    let mut known = Names::new();
    for number in 1..=size {
        known.declare(number.to_string().into_bytes()).map_err(|because| Fault::new(1, because))?;
    }
    known.closed = true;
    let begin = rows::after_lines(data, lines);
    let end = begin + quoted_line(&data[begin..]);
    let layout = Layout { heading: lines, many: Some(0), ranks: (1, size + 1) };
    let (_, gathered) = rows::read::<K>(&data[begin..end], &layout, &known, lines as u64)?;
    let papers_end = lines as u64 + data[begin..end].iter().filter(|&&byte| byte == b'\n').count() as u64;
    let (candidates, title) = names(&data[end..], size, text, papers_end)?;
    let (uniques, odd, blank) = gathered.finish();
    Ok(Papers { candidates, seats, title, blank, uniques, odd, ..Papers::default() })
}

/// Where the first line that begins with a quotation mark begins.
fn quoted_line(data: &[u8]) -> usize {
    let mut begin = 0;
    for line in data.split_inclusive(|&byte| byte == b'\n') {
        if line.trim_ascii_start().first() == Some(&b'"') {
            return begin;
        }
        begin += line.len();
    }
    begin
}

fn names(data: &[u8], size: usize, text: Text, before: u64) -> Result<(Vec<String>, String), Fault> {
    let mut found: Vec<String> = Vec::new();
    let mut title = None;
    let mut number = before;
    for line in data.split(|&byte| byte == b'\n') {
        number += 1;
        let line = trimmed(line);
        if line.is_empty() {
            continue;
        }
        if title.is_some() {
            return Err(Fault::new(number, "there is something after the title"));
        }
        if found.len() == size {
            let bare: Vec<u8> = match rows::quoted(line, 0) {
                Ok((text, _)) => text.into_owned(),
                // titles in these files may carry unbalanced quotation marks; only names must be exact
                Err(_) => line.iter().copied().filter(|byte| !b"\",".contains(byte)).collect(),
            };
            title = Some(text.decoded(&bare));
            continue;
        }
        let expected = format!("Candidate {}", found.len() + 1);
        let wanted = || Fault::new(number, format!("“\"{expected}\",\"name\",…” was expected"));
        let (head, end) = rows::quoted(line, 0).map_err(|_| wanted())?;
        if *head != *expected.as_bytes() || end >= line.len() {
            return Err(wanted());
        }
        let (name, _) = rows::cell(line, end + 1).map_err(|because| Fault::new(number, because))?;
        let name = text.decoded(&name);
        if found.contains(&name) {
            return Err(Fault::new(
                number,
                format!("two candidates are called “{}”", shown(name.as_bytes())),
            ));
        }
        found.push(name);
    }
    if found.len() < size {
        return Err(Fault::new(number, format!("the file ends with {} names of {size}", found.len())));
    }
    Ok((found, title.unwrap_or_default()))
}
