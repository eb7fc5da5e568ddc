//! How New Zealand tells equal candidates apart: behind at the first difference, else by numbers that anybody can
//! reckon again. Schedule 1A, clause 19 and part 5, of the Local Electoral Regulations 2001; where the text and
//! Hill's published program (version 6.7.7) differ, the program.

use crate::number::Units;

/// One number from 0 to 9999 for each candidate, in the order of the paper, none twice.
pub struct Numbers(Vec<u64>);

impl Numbers {
    /// By the generator of Wichmann and Hill (Applied Statistics 31, 1982, AS 183).
    pub fn drawn(candidates: usize, seats: usize, valid: u64) -> Self {
        let (mut x, mut y) = (candidates as u64 + 5, seats as u64);
        let mut z = (valid + 10_000 * (valid % 10)) % 30_323;
        let mut next = || {
            x = 171 * x % 30_269;
            y = 172 * y % 30_307;
            z = 170 * z % 30_323;
            (x * 10_000 / 30_269 + y * 10_000 / 30_307 + z * 10_000 / 30_323) % 10_000
        };
        for _ in 0..4 {
            next();
        }
        let mut found: Vec<u64> = Vec::with_capacity(candidates);
        while found.len() < candidates {
            let number = next();
            if !found.contains(&number) {
                found.push(number);
            }
        }
        Self(found)
    }

    /// Which of these equal ones goes out, and by what, if they are several. now: everybody's votes at each iteration
    /// so far, and how many iterations there were: at every odd one the numbers are taken from 10,000.
    pub fn lowest(&self, tied: &[usize], now: (&[Vec<Units>], usize)) -> (usize, Option<&'static str>) {
        let (history, iterations) = now;
        let past = |one: usize| history.iter().map(move |votes| votes[one]);
        let mut left = vec![tied[0]];
        for &one in &tied[1..] {
            match past(one).cmp(past(left[0])) {
                std::cmp::Ordering::Less => left = vec![one],
                std::cmp::Ordering::Equal => left.push(one),
                std::cmp::Ordering::Greater => {}
            }
        }
        let number = |&&one: &&usize| if iterations % 2 == 1 { 10_000 - self.0[one] } else { self.0[one] };
        let chosen = left.iter().min_by_key(number).copied().unwrap_or(left[0]);
        match (tied.len(), left.len()) {
            (1, _) => (chosen, None),
            (_, 1) => (chosen, Some("the first difference")),
            _ => (chosen, Some("the pseudo-random number")),
        }
    }
}
