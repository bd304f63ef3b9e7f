//! A supplement: the specialist asks the desk, the desk alone asks the citizen.

use motcua_ids::{AccountId, SupplementId, TaskId};

use super::process::PendingAsk;
use super::{Event, Process, Refusal};

impl Process {
    /// The holder of a step asks the desk for a supplement.
    pub fn ask_supplement(
        &mut self,
        id: TaskId,
        by: AccountId,
        ask: SupplementId,
    ) -> Result<Vec<Event>, Refusal> {
        self.held_step(id, by)?;
        self.undecided()?;
        if self.progress.ask.is_some() {
            return Err(Refusal::SupplementPending);
        }
        self.progress.ask = Some(PendingAsk { id: ask, task: id });
        Ok(self.say(vec![Event::SupplementAsked { task: id, ask }]))
    }
}
