//! Group arithmetic and proofs of the Belenios wire protocol, version 1; the commitments of a large final roll.
//!
//! Takes and gives whole wire objects as bytes. Groups are a parameter (`group::Group`). Randomness is an
//! argument. Bad bytes give a fault or a `KernelError`, never a panic. Deliberately absent: files, clocks,
//! the archive.
#![forbid(unsafe_code)]

pub mod ballot;
pub mod ciphertext;
pub mod credential;
pub mod decryption;
pub mod ed25519;
pub mod edwards;
pub mod electorate;
pub mod exponent;
pub mod field;
pub mod finite;
pub mod group;
pub mod montgomery;
pub mod pedersen;
pub mod poll;
pub mod proofs;
pub mod question;
pub mod result;
pub mod setup;
pub mod shuffle;
pub mod tally;
pub mod text;
pub mod trustee;
pub mod trustees;

use std::fmt;

pub use poll::{Count, Poll, open};

/// Input that cannot be used; the text says what was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelError(pub String);

impl KernelError {
    pub fn new(text: impl Into<String>) -> Self {
        KernelError(text.into())
    }
}

impl fmt::Display for KernelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KernelError {}

/// A duty that does not hold, and why.
pub type Fault = (&'static str, String);
