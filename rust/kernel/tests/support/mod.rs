//! A seeded random source for tests alone, and the reader of the recorded elections.
#![allow(dead_code)]

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use selectorate_kernel::text::sha256;

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

    pub fn open(&self) -> Box<dyn selectorate_kernel::Poll> {
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
