//! Bytes of the wire: canonical strings, a strict cursor for canonical objects, a reader for the others.
//!
//! Two readers, on purpose. `Cursor` walks a canonical object literally: whatever departs from the one
//! permitted form by a byte is refused, so re-encoding is never needed. `Json` reads the objects in which
//! an unknown field or a blank is no fault (set-up, shuffles, decryptions); it still refuses repeated
//! fields, bad UTF-8, and nesting beyond `DEPTH`.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

/// Nesting allowed in any object read by `Json::read`.
pub const DEPTH: usize = 16;

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Standard Base64 of a digest without the padding (43 characters).
pub fn base64(digest: &[u8; 32]) -> String {
    STANDARD_NO_PAD.encode(digest)
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for b in bytes {
        out.push(DIGITS[usize::from(b >> 4)] as char);
        out.push(DIGITS[usize::from(b & 15)] as char);
    }
    out
}

/// Bytes of a lower-case hexadecimal string of exactly 64 digits.
pub fn unhex32(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = [0u8; 32];
    for (place, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *place = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(out)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Whether `text` is a plain decimal without sign or leading zeros.
pub fn is_decimal(text: &str) -> bool {
    let digits = text.as_bytes();
    match digits.first() {
        None => false,
        Some(b'0') => digits.len() == 1,
        Some(_) => digits.iter().all(u8::is_ascii_digit),
    }
}

/// Appends `text` as a canonical JSON string.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// A text from outside as it stands in a reason: in quotation marks, and cut where it is long.
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?} ...", &text[..end]),
    }
}

/// Where and how bytes depart from the canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    pub at: usize,
    pub expected: String,
}

impl std::fmt::Display for Departure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "byte {}: expected {}", self.at, self.expected)
    }
}

/// Reads one canonical object from left to right.
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, Departure> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cursor { text, at: 0 }),
            Err(e) => Err(Departure { at: e.valid_up_to(), expected: "UTF-8".into() }),
        }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or(&[])
    }

    pub fn peek(&self, literal: &str) -> bool {
        self.rest().starts_with(literal.as_bytes())
    }

    pub fn literal(&mut self, literal: &str) -> Result<(), Departure> {
        if self.peek(literal) {
            self.at += literal.len();
            return Ok(());
        }
        Err(Departure { at: self.at, expected: literal.to_string() })
    }

    /// A canonical JSON string, decoded.
    pub fn string(&mut self) -> Result<Cow<'a, str>, Departure> {
        self.literal("\"")?;
        let start = self.at;
        let rest = self.rest();
        let plain =
            rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f | 0x7f)).unwrap_or(rest.len());
        if rest.get(plain) == Some(&b'"') {
            self.at += plain + 1;
            return Ok(Cow::Borrowed(&self.text[start..start + plain]));
        }
        self.escaped(start)
    }

    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, Departure> {
        let opening = start - 1;
        let (decoded, length) = decode_string(&self.text[opening..])
            .ok_or_else(|| Departure { at: opening, expected: "a string".into() })?;
        let mut again = String::with_capacity(length);
        write_string(&mut again, &decoded);
        if again != self.text[opening..opening + length] {
            return Err(Departure { at: opening, expected: "a string with canonical escapes".into() });
        }
        self.at = opening + length;
        Ok(Cow::Owned(decoded))
    }

    pub fn end(&self) -> Result<(), Departure> {
        if self.at == self.text.len() {
            return Ok(());
        }
        Err(Departure { at: self.at, expected: "the end".into() })
    }
}

/// Decodes the JSON string at the start of `text`: (value, bytes used).
fn decode_string(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut out = String::new();
    let mut at = 1;
    loop {
        let run = bytes[at..].iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f))?;
        out.push_str(text.get(at..at + run)?);
        at += run;
        match bytes[at] {
            b'"' => return Some((out, at + 1)),
            b'\\' => at = decode_escape(text, at + 1, &mut out)?,
            _ => return None,
        }
    }
}

fn decode_escape(text: &str, at: usize, out: &mut String) -> Option<usize> {
    let short = match text.as_bytes().get(at)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return decode_unicode(text, at + 1, out),
        _ => return None,
    };
    out.push(short);
    Some(at + 1)
}

fn decode_unicode(text: &str, at: usize, out: &mut String) -> Option<usize> {
    let unit = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok()
    };
    let first = unit(at)?;
    if !(0xd800..0xdc00).contains(&first) {
        out.push(char::from_u32(first)?);
        return Some(at + 4);
    }
    if text.get(at + 4..at + 6) != Some("\\u") {
        return None;
    }
    let second = unit(at + 6).filter(|u| (0xdc00..0xe000).contains(u))?;
    out.push(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?);
    Some(at + 10)
}

/// A JSON value as read, numbers as their text.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// Reads one value that fills `bytes`, blanks around it allowed.
    pub fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|e| format!("byte {}: not UTF-8", e.valid_up_to()))?;
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEPTH)?;
        reader.blanks();
        if reader.at != text.len() {
            return Err(reader.fault("the end"));
        }
        Ok(value)
    }

    pub fn get(&self, field: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(fields) => fields.iter().find(|(name, _)| name == field).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// An integer in the range of i64.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Json::Number(text) if is_decimal(text.strip_prefix('-').unwrap_or(text)) => text.parse().ok(),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn fault(&self, expected: &str) -> String {
        format!("byte {}: expected {expected}", self.at)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        self.blanks();
        let found = self.byte() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, String> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.fault("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, String> {
        self.blanks();
        let depth = depth.checked_sub(1).ok_or_else(|| self.fault("less nesting"))?;
        match self.byte() {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.object(depth),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => Ok(self.number()),
            _ => Err(self.fault("a value")),
        }
    }

    fn number(&mut self) -> Json<'a> {
        let start = self.at;
        while matches!(self.byte(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        Json::Number(&self.text[start..self.at])
    }

    fn string(&mut self) -> Result<Cow<'a, str>, String> {
        let inside = self.at + 1;
        let bytes = &self.text.as_bytes()[inside..];
        let run = bytes.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f)).unwrap_or(bytes.len());
        if bytes.get(run) == Some(&b'"') {
            self.at = inside + run + 1;
            return Ok(Cow::Borrowed(&self.text[inside..inside + run]));
        }
        let (value, used) = decode_string(&self.text[self.at..]).ok_or_else(|| self.fault("a string"))?;
        self.at += used;
        Ok(Cow::Owned(value))
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, String> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.take(b']') {
                return Ok(Json::List(items));
            }
            if !self.take(b',') {
                return Err(self.fault("\",\" or \"]\""));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, String> {
        self.at += 1;
        let mut fields: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        if self.take(b'}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.blanks();
            if self.byte() != Some(b'"') {
                return Err(self.fault("a field name"));
            }
            let name = self.string()?;
            // Few fields are ever known, so a long list of unknown ones is cut off before it costs anything.
            if fields.len() >= 64 || fields.iter().any(|(known, _)| *known == name) {
                return Err(self.fault("each field once"));
            }
            if !self.take(b':') {
                return Err(self.fault("\":\""));
            }
            let value = self.value(depth)?;
            fields.push((name, value));
            if self.take(b'}') {
                return Ok(Json::Object(fields));
            }
            if !self.take(b',') {
                return Err(self.fault("\",\" or \"}\""));
            }
        }
    }
}
