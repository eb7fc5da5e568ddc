//! The Wright system: the count runs until an exclusion is due, and then begins again as if the excluded had never
//! stood, with the quota of the papers that are still for somebody. Who is elected is known from the last run alone.

use super::{Count, Pile, quota};
use crate::board::Standing;
use crate::number::Number;
use crate::sheet::Refused;

impl<N: Number> Count<'_, N> {
    pub(super) fn again_and_again(&mut self, seats: usize) -> Result<(), Refused> {
        let mut act = String::from("first preferences");
        let mut out: Option<usize> = None;
        loop {
            let begun = self.board.stages.len();
            self.sort_papers();
            let papers = self.board.papers.uniques.total() - self.ended();
            self.board.quota = quota(self.rules.quota, &self.board.unit, papers, seats);
            self.close(std::mem::take(&mut act))?;
            if let (Some(one), Some(stage)) = (out, self.board.stages.last_mut()) {
                stage.excluded.push(one);
            }
            while self.board.vacancies > 0 && !self.board.continuing().is_empty() {
                let Some(donor) = self.surplus()? else { break };
                self.move_surplus(donor);
                self.close(format!("surplus {}", self.board.name(donor)))?;
            }
            let continuing = self.board.continuing();
            if self.board.vacancies == 0 || continuing.is_empty() {
                return Ok(());
            }
            let lowest = self.board.pick(&continuing, "exclusion")?;
            act = format!("exclude {}", self.board.name(lowest));
            out = Some(lowest);
            self.begin_again(lowest, begun, seats);
        }
    }

    /// How many papers are for nobody who is in.
    fn ended(&self) -> u64 {
        self.board.transfers.iter().filter(|one| one.heir.is_none()).map(|one| one.papers).sum()
    }

    fn begin_again(&mut self, lowest: usize, begun: usize, seats: usize) {
        self.board.standing[lowest] = Standing::Excluded;
        for standing in &mut self.board.standing {
            if *standing == Standing::Elected {
                *standing = Standing::Continuing;
            }
        }
        for stage in &mut self.board.stages[begun..] {
            stage.elected.clear();
        }
        self.board.elected.clear();
        self.board.vacancies = seats;
        self.pending.clear();
        self.piles.fill(Pile::new());
        self.board.rounding = N::of(0);
    }
}
