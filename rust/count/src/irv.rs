//! One winner: whoever has more than half of the votes that still count; until then the lowest goes out.

use crate::board::{Back, Board, Standing};
use crate::number::Units;
use crate::papers::Papers;
use crate::sheet::{Parameters, Refused, Sheet, Transfer};

/// Counts by the answers of the family "rounds", with one vote a paper and every candidate in.
///
/// # Errors
/// See [`crate::count`].
pub fn count(
    papers: &Papers,
    parameters: &Parameters,
    seats: usize,
    seed: Option<&str>,
) -> Result<Sheet, Refused> {
    if seats != 1 {
        return Err(Refused::unknown("seats", &seats.to_string()));
    }
    let only = [
        ("takes_part", "every candidate"),
        ("worth", "one vote"),
        ("first_out", "nobody"),
        ("none_of_these", "a name like any other"),
    ];
    for (question, answer) in only {
        parameters.one_of(question, &[answer])?;
    }
    let wins = ["more than half of the votes that still count", "more than half of all votes"];
    let of_all = parameters.one_of("wins", &wins)? == 1;
    let ends = ["as soon as a candidate has so many", "when two are left, the one with more votes wins"];
    let to_two = parameters.one_of("ends", &ends)? == 1;
    let exclusion = [
        "the one with the fewest votes",
        "all lowest whose votes together are fewer than the next candidate's; else the one with the fewest",
    ];
    let batch = parameters.one_of("exclusion", &exclusion)? == 1;
    let mut board = Board::new(papers, 0, 1, seed, Back::of(parameters)?);
    let valid = Units::from(papers.uniques.total());
    // ranking and position, by who holds the paper
    let mut piles: Vec<Vec<(u32, u32)>> = vec![Vec::new(); papers.candidates.len()];
    for (at, (ranking, weight)) in papers.uniques.iter().enumerate() {
        let first = usize::from(ranking[0]);
        piles[first].push((u32::try_from(at).unwrap_or(u32::MAX), 0));
        board.tallies[first] += Units::from(weight);
    }
    for (one, &votes) in board.tallies.iter().enumerate().filter(|&(_, &votes)| votes > 0) {
        let papers = u64::try_from(votes).unwrap_or(0);
        board.transfers.push(Transfer { giver: None, heir: Some(one), papers, value: 1, under: 1, votes });
    }
    board.close("first preferences".into(), 0);
    loop {
        let continuing = board.continuing();
        let needed = if of_all { valid } else { valid - board.non_transferable };
        let leader = continuing.iter().copied().max_by_key(|&one| board.tallies[one]);
        let Some(leader) = leader else { break };
        let over_half = board.tallies[leader] * 2 > needed;
        if continuing.len() == 1 || (over_half && (!to_two || continuing.len() == 2)) {
            board.elect(&[leader]);
            break;
        }
        let out = going_out(&mut board, &continuing, batch)?;
        for &one in &out {
            board.standing[one] = Standing::Excluded;
        }
        for &one in &out {
            hand_on(&mut board, &mut piles, one);
        }
        let names: Vec<&str> = out.iter().map(|&one| board.name(one)).collect();
        board.close(format!("exclude {}", names.join(", ")), 0);
        if let Some(stage) = board.stages.last_mut() {
            stage.excluded = out;
        }
    }
    Ok(board.sheet(0, None))
}

/// The lowest; or all lowest whose votes together are fewer than the next one's.
fn going_out(board: &mut Board<'_>, continuing: &[usize], batch: bool) -> Result<Vec<usize>, Refused> {
    if batch {
        let mut order = continuing.to_vec();
        order.sort_by_key(|&one| board.tallies[one]);
        let mut sum = 0;
        let mut largest = 0;
        for at in 0..order.len() - 1 {
            sum += board.tallies[order[at]];
            if sum < board.tallies[order[at + 1]] {
                largest = at + 1;
            }
        }
        if largest > 1 {
            let mut out = order[..largest].to_vec();
            out.sort_unstable();
            return Ok(out);
        }
    }
    Ok(vec![board.pick(continuing, "exclusion")?])
}

fn hand_on(board: &mut Board<'_>, piles: &mut [Vec<(u32, u32)>], giver: usize) {
    let uniques = &board.papers.uniques;
    let mut given = vec![0_u64; piles.len()];
    let mut lost = 0_u64;
    for (at, position) in std::mem::take(&mut piles[giver]) {
        let ranking = uniques.ranking(at as usize);
        let weight = uniques.weight(at as usize);
        let next = position as usize + 1;
        let more =
            ranking[next..].iter().position(|&one| board.standing[usize::from(one)] == Standing::Continuing);
        if let Some(more) = more {
            let heir = usize::from(ranking[next + more]);
            piles[heir].push((at, u32::try_from(next + more).unwrap_or(u32::MAX)));
            given[heir] += weight;
        } else {
            lost += weight;
        }
    }
    board.tallies[giver] = 0;
    for (heir, &papers) in given.iter().enumerate().filter(|&(_, &papers)| papers > 0) {
        let votes = Units::from(papers);
        board.tallies[heir] += votes;
        board.transfers.push(Transfer {
            giver: Some(giver),
            heir: Some(heir),
            papers,
            value: 1,
            under: 1,
            votes,
        });
    }
    if lost > 0 {
        board.non_transferable += Units::from(lost);
        let votes = Units::from(lost);
        board.transfers.push(Transfer {
            giver: Some(giver),
            heir: None,
            papers: lost,
            value: 1,
            under: 1,
            votes,
        });
    }
}
