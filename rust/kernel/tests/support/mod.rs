//! A seeded random source for tests alone, and the reader of the recorded elections.
#![allow(dead_code)]

use std::convert::Infallible;
use std::sync::Arc;

use rand_core::{TryCryptoRng, TryRng};
use selectorate_kernel::text::sha256;
use selectorate_kernel::{KernelError, Poll};

/// SHA-256 in counter mode: reproducible, and good enough to test with.
pub struct Seeded {
    seed: u64,
    block: u64,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Seeded { seed, block: 0 }
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.block += 1;
            let input = [self.seed.to_be_bytes(), self.block.to_be_bytes()].concat();
            chunk.copy_from_slice(&sha256(&input)[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}

/// The objects of one recorded election, in order.
pub struct Record {
    lines: Vec<(String, String)>,
}

impl Record {
    pub fn read(text: &str) -> Self {
        let line =
            |line: &str| line.split_once('\t').map(|(kind, object)| (kind.to_string(), object.to_string()));
        Record { lines: text.lines().filter_map(line).collect() }
    }

    pub fn all(&self, kind: &str) -> Vec<&str> {
        self.lines.iter().filter(|(k, _)| k == kind).map(|(_, object)| object.as_str()).collect()
    }

    pub fn one(&self, kind: &str) -> &str {
        self.all(kind)[0]
    }

    pub fn open(&self) -> Arc<dyn selectorate_kernel::Poll> {
        selectorate_kernel::open(
            self.one("election").as_bytes(),
            self.one("trustees").as_bytes(),
            self.one("credentials").as_bytes(),
        )
        .expect("a recorded election opens")
    }
}

pub fn bytes<'a>(objects: &[&'a str]) -> Vec<&'a [u8]> {
    objects.iter().map(|object| object.as_bytes()).collect()
}

/// The last ballot of each credential.
pub fn last_of_each<'a>(ballots: &[&'a str]) -> Vec<&'a str> {
    let credential = |ballot: &&'a str| ballot.split("\"credential\":").nth(1).map(|rest| &rest[..66]);
    let later = |at: usize| ballots[at + 1..].iter().any(|b| credential(b) == credential(&ballots[at]));
    (0..ballots.len()).filter(|at| !later(*at)).map(|at| ballots[at]).collect()
}

/// The encrypted tally of ballots of different credentials.
pub fn tally(poll: &Arc<dyn Poll>, ballots: &[&[u8]]) -> Result<Vec<u8>, KernelError> {
    let mut count = poll.clone().tally()?;
    count.add(ballots)?;
    Ok(count.finish())
}

/// Per ballot the duties that do not hold, with blanks between them.
pub fn duties(poll: &Arc<dyn Poll>, ballots: &[&[u8]]) -> Vec<String> {
    let names = |(_, faults): &(String, Vec<selectorate_kernel::Fault>)| {
        faults.iter().map(|(duty, _)| *duty).collect::<Vec<_>>().join(" ")
    };
    poll.check_ballots(ballots).iter().map(names).collect()
}

/// Decryptions numbered from 1.
pub fn owned<'a>(decryptions: &[&'a [u8]]) -> Vec<(usize, &'a [u8])> {
    (1..).zip(decryptions.iter().copied()).collect()
}
