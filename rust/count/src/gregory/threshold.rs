//! Rounds as section 167.70(c)(1) of the Minneapolis Code of Ordinances orders them: sure losers go out together
//! before any surplus moves; a candidate is elected when the surplus moves, or once those with the threshold fill
//! the seats.

use super::Count;
use crate::board::Standing;
use crate::number::Number;
use crate::sheet::Refused;

impl<N: Number> Count<'_, N> {
    pub(super) fn by_the_threshold(&mut self) -> Result<(), Refused> {
        self.sort_papers();
        self.board.close("first preferences".into(), 0);
        while !self.filled()? {
            let losers = self.sure_losers();
            if !losers.is_empty() {
                self.defeat(&losers);
                continue;
            }
            let continuing = self.board.continuing();
            let with: Vec<usize> = continuing
                .iter()
                .copied()
                .filter(|&one| self.board.tallies[one] > self.board.quota)
                .collect();
            if with.is_empty() {
                let lowest = self.board.pick(&continuing, "exclusion")?;
                self.defeat(&[lowest]);
            } else {
                let donor = self.board.pick(&with, "surplus")?;
                // elected before the papers move, so that none of them comes back; the seat is entered below
                self.board.standing[donor] = Standing::Elected;
                self.move_surplus(donor);
                self.board.close(format!("surplus {}", self.board.name(donor)), 0);
                self.board.elect(&[donor]);
            }
        }
        Ok(())
    }

    /// Paragraphs a and f: elects those with the threshold once they are as many as the seats, and everybody once
    /// no more continue than seats are left. Whether the count has ended.
    fn filled(&mut self) -> Result<bool, Refused> {
        let continuing = self.board.continuing();
        let with: Vec<usize> =
            continuing.iter().copied().filter(|&one| self.board.tallies[one] >= self.board.quota).collect();
        let chosen = if with.len() == self.board.vacancies {
            with
        } else if continuing.len() <= self.board.vacancies {
            continuing
        } else {
            return Ok(false);
        };
        let chosen = self.board.in_order(&chosen)?;
        self.board.elect(&chosen);
        Ok(true)
    }

    /// Who could not equal the next above with every vote of those not above them and every surplus (section 167.20),
    /// and who is below one of these; never so many that seats would stay empty. Lowest first.
    fn sure_losers(&self) -> Vec<usize> {
        if !self.rules.sure_losers {
            return Vec::new();
        }
        let (tallies, quota) = (&self.board.tallies, &self.board.quota);
        let mut order = self.board.continuing();
        order.sort_by(|&left, &right| {
            tallies[left].cmp(&tallies[right]).then_with(|| self.board.name(left).cmp(self.board.name(right)))
        });
        let mut reach: N = order
            .iter()
            .filter(|&&one| tallies[one] > *quota)
            .map(|&one| tallies[one].clone() - quota.clone())
            .sum();
        let most = order.len().saturating_sub(self.board.vacancies);
        let mut losers = 0;
        for at in 0..order.len() {
            reach += tallies[order[at]].clone();
            // of tied ones each could have the votes of the others
            let next = order.get(at + 1).map(|&one| &tallies[one]);
            if at < most && next.is_some_and(|next| *next > tallies[order[at]] && reach < *next) {
                losers = at + 1;
            }
        }
        order.truncate(losers);
        order
    }

    fn defeat(&mut self, losers: &[usize]) {
        for &one in losers {
            self.board.standing[one] = Standing::Excluded;
        }
        let last_round = self.board.continuing().len() <= self.board.vacancies;
        if !(last_round && self.rules.stay_put) {
            for &one in losers {
                self.move_papers(one, None);
                self.board.tallies[one] = N::of(0);
            }
        }
        let names: Vec<&str> = losers.iter().map(|&one| self.board.name(one)).collect();
        self.board.close(format!("exclude {}", names.join(", ")), 0);
        if let Some(stage) = self.board.stages.last_mut() {
            stage.excluded = losers.to_vec();
        }
    }
}
