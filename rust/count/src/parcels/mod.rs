//! Single transferable vote by parcels: papers that came together, at one value, move together. ERS97 and ERS76,
//! Northern Ireland (SI 1985/454), the PRSA's rules of 1977, rule M12, the ACT, the Australian Senate.

mod election;
mod exclusion;
mod moving;
mod rules;
mod stages;

use std::cmp::Ordering;

use crate::board::{Back, Board};
use crate::number::Units;
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused, Sheet};
use rules::Rules;

/// What one paper is worth, in units, as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Value {
    over: Units,
    under: Units,
}

impl Value {
    fn times(self, papers: u64) -> Units {
        Units::from(papers) * self.over / self.under
    }

    fn order(self, other: Self) -> Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

/// Papers that one candidate received at once, each (ranking, position of this candidate on it).
#[derive(Clone, Debug)]
struct Parcel {
    value: Value,
    papers: Vec<(u32, u32)>,
    number: u64,
    /// In which move it came; 0 for first preferences.
    moved: usize,
}

struct Count<'a> {
    board: Board<'a>,
    rules: Rules,
    piles: Vec<Vec<Parcel>>,
    pending: Vec<(usize, usize)>,
    valid: Units,
    share: Units,
    moves: usize,
    quota_kind: usize,
}

/// Counts by the answers of the family "parcels".
///
/// # Errors
/// See [`crate::count`].
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
) -> Result<Sheet, Refused> {
    let places = parameters.number("places")?;
    let rules = Rules::of(parameters)?;
    let ties = [
        "earliest batch that differs, else lot",
        "earliest stage that differs, else lot",
        "latest earlier count that differs, else lot",
        "exclusion: latest earlier count that differs; else: latest earlier count at which all differ; else lot",
    ];
    let tie = parameters.one_of("ties", &ties)?;
    let back = [Back::Earliest, Back::Earliest, Back::Latest, Back::LatestAll][tie];
    let mut board = Board::new(papers, places, seats, seed, back);
    board.stage_ends = tie == 1;
    let quotas = [
        "whole votes, one above valid / (seats + 1) without its fraction",
        "valid / (seats + 1), if need be up to the next last place",
        "the next last place above valid / (seats + 1)",
        "valid / (seats + 1) rounded to the last place, and one more there",
    ];
    let quota_kind = parameters.one_of("quota", &quotas)?;
    let mut count = Count {
        valid: Units::from(papers.uniques.total()) * board.unit,
        share: seats as Units + 1,
        piles: vec![Vec::new(); papers.candidates.len()],
        pending: Vec::new(),
        moves: 0,
        board,
        rules,
        quota_kind,
    };
    count.board.quota = count.quota(count.valid);
    let first = count.board.quota;
    count.first_preferences()?;
    while !count.finished()? {
        count.next_stage()?;
    }
    let last = if count.rules.quota_again { count.board.quota } else { first };
    Ok(count.board.sheet(places, Some(last)))
}
