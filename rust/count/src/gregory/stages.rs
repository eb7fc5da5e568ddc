//! The count that goes on from stage to stage: whoever reaches the quota is elected; the largest surplus moves, and
//! where there is none, the lowest goes out (Scottish rules 46 to 52).

use super::Count;
use crate::board::Standing;
use crate::number::Number;
use crate::sheet::Refused;

impl<N: Number> Count<'_, N> {
    pub(super) fn stage_by_stage(&mut self) -> Result<(), Refused> {
        self.sort_papers();
        self.close("first preferences".into())?;
        while self.board.vacancies > 0 && !self.board.continuing().is_empty() {
            match self.surplus()? {
                Some(donor) => {
                    self.move_surplus(donor);
                    self.close(format!("surplus {}", self.board.name(donor)))?;
                }
                None => self.exclude()?,
            }
        }
        Ok(())
    }

    /// Whose surplus moves next, which is then no longer pending.
    pub(super) fn surplus(&mut self) -> Result<Option<usize>, Refused> {
        let waiting: Vec<usize> = self.pending.iter().copied().filter(|&one| self.waits(one)).collect();
        if waiting.is_empty() {
            return Ok(None);
        }
        let donor = self.board.pick(&waiting, "surplus")?;
        self.pending.retain(|&one| one != donor);
        Ok(Some(donor))
    }

    fn waits(&self, one: usize) -> bool {
        let (votes, quota) = (&self.board.tallies[one], &self.board.quota);
        votes > quota || (votes == quota && self.rules.of_nothing)
    }

    fn exclude(&mut self) -> Result<(), Refused> {
        let lowest = self.board.pick(&self.board.continuing(), "exclusion")?;
        self.board.standing[lowest] = Standing::Excluded;
        if !self.rules.stay_put || self.board.continuing().len() > self.board.vacancies {
            self.move_papers(lowest, None);
            self.board.tallies[lowest] = N::of(0);
        }
        self.close(format!("exclude {}", self.board.name(lowest)))?;
        if let Some(stage) = self.board.stages.last_mut() {
            stage.excluded.push(lowest);
        }
        Ok(())
    }

    /// Ends a stage: elects whoever has the quota, and everybody once no more continue than seats are left.
    pub(super) fn close(&mut self, act: String) -> Result<(), Refused> {
        self.board.close(act, 0);
        let chosen = self.chosen();
        let chosen = self.board.in_order(&chosen)?;
        self.board.elect(&chosen);
        self.pending.extend(chosen);
        Ok(())
    }

    /// Who has the votes to be elected now, or is left for the last seats.
    pub(super) fn chosen(&self) -> Vec<usize> {
        let continuing = self.board.continuing();
        if continuing.len() <= self.board.vacancies {
            return continuing;
        }
        let (tallies, quota) = (&self.board.tallies, &self.board.quota);
        let enough = |one: &usize| tallies[*one] > *quota || (tallies[*one] == *quota && !self.rules.above);
        continuing.into_iter().filter(enough).collect()
    }
}
