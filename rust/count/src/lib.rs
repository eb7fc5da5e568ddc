//! The count's fast path: files of papers become unique rankings with weights, and rankings become a sheet.
//!
//! It is the second implementation of the rule sets: written from the statutes and rule books, apart from the
//! readable engines in Python, so that a test can hold the two against each other figure by figure. Whole
//! numbers of units, or exact fractions. Pure: bytes and parameters in, values out; threads are used only to read
//! large files.
#![forbid(unsafe_code)]

pub mod board;
pub mod gather;
pub mod gregory;
pub mod irv;
pub mod meek;
pub mod number;
pub mod papers;
pub mod parcels;
pub mod read;
pub mod sheet;
pub mod ties;
pub mod whole;

pub use papers::{Papers, Uniques};
pub use read::{Fault, Kind, read};
pub use sheet::{Parameters, Refused, Sheet};

/// Counts these papers by a family's rules and gives the sheet as JSON. `seed`: for lots; without one, a tie that
/// needs one is refused. `order`: for each paper in recorded order its ranking's place in `papers.uniques`, or
/// nothing where no order was kept; only rules that move whole papers look at it.
///
/// # Errors
/// `Refused` for a family, an answer or sizes that this path does not know, a tie without a seed, or whole papers
/// without order and seed.
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
    order: &[u32],
) -> Result<String, Refused> {
    let whole = parameters.0.get("papers").is_some_and(|answer| answer == whole::IN_ORDER);
    match parameters.text("family")? {
        "stv" => gregory::count(papers, parameters, seats, seed),
        "meek" => meek::count(papers, parameters, seats, seed).map(|sheet| sheet.to_json()),
        "parcels" if whole => whole::last_parcel::count(papers, parameters, seats, seed, order),
        "whole" if whole => whole::every_nth::count(papers, parameters, seats, seed, order),
        "parcels" => parcels::count(papers, parameters, seats, seed).map(|sheet| sheet.to_json()),
        "rounds" => irv::count(papers, parameters, seats, seed).map(|sheet| sheet.to_json()),
        other => Err(Refused::unknown("family", other)),
    }
}
