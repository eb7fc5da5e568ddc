//! The count's fast path: files of papers become unique rankings with weights, and rankings become a sheet.
//!
//! It is the second implementation of the rule sets: written from the statutes and rule books, apart from the
//! readable engines in Python, so that a test can hold the two against each other figure by figure. Whole
//! numbers of units only. Pure: bytes and parameters in, values out; threads are used only to read large files.
#![forbid(unsafe_code)]

pub mod gather;
pub mod gregory;
pub mod irv;
pub mod meek;
pub mod papers;
pub mod parcels;
pub mod read;
pub mod sheet;
pub mod ties;

pub use papers::{Papers, Uniques};
pub use read::{Fault, Kind, read};
pub use sheet::{Parameters, Refused, Sheet};

/// Counts these papers by a family's rules. `seed`: for lots; without one, a tie that needs one is refused.
///
/// # Errors
/// `Refused` for a family, an answer or sizes that this path does not know, or a tie without a seed.
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
) -> Result<Sheet, Refused> {
    match parameters.text("family")? {
        "stv" => gregory::count(papers, parameters, seats, seed),
        "meek" => meek::count(papers, parameters, seats, seed),
        "parcels" => parcels::count(papers, parameters, seats, seed),
        "rounds" => irv::count(papers, parameters, seats, seed),
        other => Err(Refused::unknown("family", other)),
    }
}
