//! Opinions of other agencies, asked for beside a step.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, TaskId};

use super::{Event, Process, Refusal, TaskEnd};

impl Process {
    /// The officer of the agency that was asked answers.
    pub fn answer_consult(
        &mut self,
        id: TaskId,
        by: AccountId,
        at: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.held(id, by)?;
        if self.tasks[index].consult.is_none() {
            return Err(Refusal::NotAConsult);
        }
        let timeliness = self.tasks[index].finish(at, TaskEnd::Answered);
        Ok(self.say(vec![Event::ConsultAnswered { task: id, timeliness }]))
    }

    /// The officer who works on the step no longer needs the opinion.
    pub fn withdraw_consult(
        &mut self,
        id: TaskId,
        by: AccountId,
        at: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.workable(id)?;
        if self.tasks[index].consult.is_none() {
            return Err(Refusal::NotAConsult);
        }
        let beside = &self.tasks[index].step;
        let holder = self
            .open_tasks()
            .find(|task| task.consult.is_none() && task.step == *beside)
            .and_then(|task| task.state.holder());
        if holder != Some(by) {
            return Err(Refusal::TaskNotHeld { by: holder });
        }
        self.tasks[index].finish(at, TaskEnd::Withdrawn);
        Ok(self.say(vec![Event::ConsultWithdrawn { task: id }]))
    }
}
