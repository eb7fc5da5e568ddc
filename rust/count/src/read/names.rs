//! Candidates' names as they stand in a file: found quickly, decoded once.

use std::collections::HashMap;

use super::{Fault, shown};
use crate::papers::{CANDIDATES_MAX, GAP, OVERVOTE};

/// Which encoding a file has: UTF-8, or Windows-1252 when it is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    Utf8,
    Windows1252,
}

/// Bytes 0x80 to 0x9F of Windows-1252; 0 where it has none.
const UPPER: [u32; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0, 0x017E, 0x0178,
];

impl Text {
    /// The file without its byte order mark, and its encoding.
    pub fn of(data: &[u8]) -> Result<(&[u8], Self), Fault> {
        let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
        if data[..data.len().min(4096)].contains(&0) {
            return Err(Fault::new(0, "it is not a text file, or a text in UTF-16"));
        }
        if std::str::from_utf8(data).is_ok() {
            return Ok((data, Self::Utf8));
        }
        let stranger = |&byte: &u8| (0x80..0xA0).contains(&byte) && UPPER[usize::from(byte - 0x80)] == 0;
        if let Some(at) = data.iter().position(stranger) {
            let line = data[..at].iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
            return Err(Fault::new(line, "this is neither UTF-8 nor Windows-1252"));
        }
        Ok((data, Self::Windows1252))
    }

    pub fn decoded(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Windows1252 => bytes
                .iter()
                .map(|&byte| match byte {
                    0x80..=0x9F => char::from_u32(UPPER[usize::from(byte - 0x80)]).unwrap_or(' '),
                    _ => char::from(byte),
                })
                .collect(),
        }
    }

    /// The bytes that a text has in such a file; a character it cannot hold becomes one that no name there has.
    pub fn bytes_of(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Windows1252 => text
                .chars()
                .map(|one| match u32::from(one) {
                    code @ (0..=0x7F | 0xA0..=0xFF) => u8::try_from(code).unwrap_or(0),
                    code => UPPER.iter().position(|&upper| upper == code).map_or(0, |at| 0x80 + at as u8),
                })
                .collect(),
        }
    }
}

/// Names met so far, each with its number. Names of one or two bytes are found without hashing.
#[derive(Clone)]
pub struct Names {
    short: Vec<u16>,
    long: HashMap<Vec<u8>, u16>,
    names: Vec<Vec<u8>>,
    /// Whether a name that is not known yet is a fault.
    pub closed: bool,
}

/// No number: the name has not been met.
pub const NONE: u16 = u16::MAX - 2;

/// Words for a rank without a candidate, in the exports of voting machines.
const TOKENS: [(&[u8], u16); 2] = [(b"overvote", OVERVOTE), (b"undervote", GAP)];

impl Names {
    pub fn new() -> Self {
        let long = TOKENS.iter().map(|(word, meaning)| (word.to_vec(), *meaning)).collect();
        Self { short: vec![NONE; 256 + 65536], long, names: Vec::new(), closed: false }
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Adds a name that must be new.
    pub fn declare(&mut self, name: Vec<u8>) -> Result<(), String> {
        let before = self.len();
        let closed = std::mem::take(&mut self.closed);
        self.number(&name)?;
        self.closed = closed;
        if self.len() == before {
            return Err(format!("two candidates are called “{}”", shown(&name)));
        }
        Ok(())
    }

    /// The number of a short name that was met before, as it stands; `NONE` for all else.
    #[inline]
    pub fn known(&self, name: &[u8]) -> u16 {
        match *name {
            [one] => self.short[usize::from(one)],
            [one, two] => self.short[256 + (usize::from(one) << 8 | usize::from(two))],
            _ => NONE,
        }
    }

    /// The number of a cell's text: a candidate, a gap, an overvote.
    #[inline]
    pub fn number(&mut self, name: &[u8]) -> Result<u16, String> {
        let place = match *name {
            [] => return Ok(GAP),
            [one] => usize::from(one),
            [one, two] => 256 + (usize::from(one) << 8 | usize::from(two)),
            _ => return self.number_of_long(name),
        };
        if self.short[place] == NONE {
            self.short[place] = self.next(name)?;
        }
        Ok(self.short[place])
    }

    fn number_of_long(&mut self, name: &[u8]) -> Result<u16, String> {
        if let Some(&number) = self.long.get(name) {
            return Ok(number);
        }
        let number = self.next(name)?;
        self.long.insert(name.to_vec(), number);
        Ok(number)
    }

    fn next(&mut self, name: &[u8]) -> Result<u16, String> {
        if self.closed {
            return Err(format!("“{}” is no candidate", shown(name)));
        }
        if self.len() == CANDIDATES_MAX {
            return Err(format!("there are more than {CANDIDATES_MAX} candidates"));
        }
        let number = u16::try_from(self.len()).unwrap_or(NONE);
        self.names.push(name.to_vec());
        Ok(number)
    }

    /// The other one's numbers as numbers here, its new names added.
    pub fn join(&mut self, other: &Self) -> Result<Vec<u16>, String> {
        other.names.iter().map(|name| self.number(name)).collect()
    }

    /// The names decoded, as they were met from the first line on.
    pub fn decoded(&self, text: Text) -> Vec<String> {
        self.names.iter().map(|name| text.decoded(name)).collect()
    }
}
