//! Single transferable vote by whole papers: which papers move depends on the order in which they lie.

pub mod every_nth;
pub mod last_parcel;

use sha2::{Digest, Sha256};

use crate::board::{Board, Standing};
use crate::number::Units;
use crate::papers::Papers;
use crate::sheet::{Refused, Transfer};

/// The answer to the question about the order of papers by which this module counts.
pub const IN_ORDER: &str = "in recorded order";
/// Each paper is one by itself here: more are left to the other path, which refuses them.
const LAID_OUT_MAX: u64 = 10_000_000;

/// One paper: its ranking, and the position of its holder on it.
type Paper = (u32, u32);

/// Refuses more papers than are laid out one by one.
fn few(papers: &Papers) -> Result<(), Refused> {
    if papers.uniques.total() > LAID_OUT_MAX {
        return Err(Refused::unknown("papers", "too many to be laid out"));
    }
    Ok(())
}

/// The places of the papers' rankings in recorded order; where none was kept, in the order of
/// SHA-256("seed|paper|first name>second name ...|which of the equal papers"), the smallest first.
fn laid_out(papers: &Papers, seed: Option<&str>, order: &[u32]) -> Result<Vec<u32>, Refused> {
    if !order.is_empty() {
        return recorded(papers, order);
    }
    let seed = seed.ok_or(Refused::Order)?;
    let mut drawn: Vec<([u8; 32], u32)> = Vec::new();
    for (at, (ranking, weight)) in papers.uniques.iter().enumerate() {
        let names: Vec<&str> =
            ranking.iter().map(|&one| papers.candidates[usize::from(one)].as_str()).collect();
        let names = names.join(">");
        for which in 0..weight {
            let text = format!("{seed}|paper|{names}|{which}");
            drawn.push((Sha256::digest(text.as_bytes()).into(), u32::try_from(at).unwrap_or(u32::MAX)));
        }
    }
    drawn.sort_unstable();
    Ok(drawn.into_iter().map(|(_, at)| at).collect())
}

/// The places of the papers' rankings, equal papers together.
fn in_any_order(papers: &Papers) -> Vec<u32> {
    let uniques = papers.uniques.iter().enumerate();
    uniques
        .flat_map(|(at, (_, weight))| (0..weight).map(move |_| u32::try_from(at).unwrap_or(u32::MAX)))
        .collect()
}

/// The order that was kept, if it names every paper exactly once.
fn recorded(papers: &Papers, order: &[u32]) -> Result<Vec<u32>, Refused> {
    let mut seen = vec![0_u64; papers.uniques.len()];
    for &at in order {
        match seen.get_mut(at as usize) {
            Some(many) => *many += 1,
            None => return Err(Refused::unknown("order", "a paper that is not there")),
        }
    }
    if papers.uniques.iter().map(|one| one.1).ne(seen) {
        return Err(Refused::unknown("order", "not every paper once"));
    }
    Ok(order.to_vec())
}

/// The next continuing candidate on a paper, with the paper as that candidate would hold it.
fn next_on(board: &Board<'_>, (at, position): Paper) -> Option<(usize, Paper)> {
    let ranking = board.papers.uniques.ranking(at as usize);
    let next = position as usize + 1;
    let more =
        ranking[next..].iter().position(|&one| board.standing[usize::from(one)] == Standing::Continuing)?;
    let place = next + more;
    Some((usize::from(ranking[place]), (at, u32::try_from(place).unwrap_or(u32::MAX))))
}

/// Whole papers that went from one to another (or to nobody) at this stage.
fn note(board: &mut Board<'_>, giver: Option<usize>, heir: Option<usize>, papers: u64) {
    if papers > 0 {
        let votes = Units::from(papers);
        board.transfers.push(Transfer { giver, heir, papers, value: 1, under: 1, votes });
    }
}

/// All papers with their first preferences, in order.
fn first_preferences(board: &mut Board<'_>, order: &[u32]) -> Vec<Vec<Paper>> {
    let mut piles: Vec<Vec<Paper>> = vec![Vec::new(); board.standing.len()];
    for &at in order {
        let first = board.papers.uniques.ranking(at as usize)[0];
        piles[usize::from(first)].push((at, 0));
    }
    for (one, pile) in piles.iter().enumerate() {
        board.tallies[one] = pile.len() as Units;
        note(board, None, Some(one), pile.len() as u64);
    }
    board.close("first preferences".into(), 0);
    piles
}

/// Those excluded together, as the act names them.
fn exclusion(board: &Board<'_>, out: &[usize]) -> String {
    let names: Vec<&str> = out.iter().map(|&one| board.name(one)).collect();
    format!("exclude {}", names.join(", "))
}
