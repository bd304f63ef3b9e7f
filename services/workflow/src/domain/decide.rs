//! The result: drafted, approved, or found too late to be withdrawn.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, ResultId, TaskId};

use super::process::NewTaskId;
use super::{Decision, Draft, Event, Onward, Outcome, Process, Refusal, TaskEnd};

impl Process {
    /// Whether this officer may draft a result in this task now.
    pub fn may_draft(&self, id: TaskId, by: AccountId) -> Result<(), Refusal> {
        let index = self.held_step(id, by)?;
        self.undecided()?;
        let step = self.step_of(&self.tasks[index])?;
        if step.drafts { Ok(()) } else { Err(Refusal::StepDoesNotDraft) }
    }

    /// The holder puts a draft in the place of the one before, if there was one.
    pub fn draft(
        &mut self,
        id: TaskId,
        by: AccountId,
        result: ResultId,
        outcome: Outcome,
        at: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        self.may_draft(id, by)?;
        self.progress.draft = Some(Draft { result, outcome, by, at });
        Ok(self.say(vec![Event::ResultDrafted { task: id, result }]))
    }

    /// The holder approves the draft they read, and ends the step.
    ///
    /// Who drafts does not approve, whatever roles they hold, unless the
    /// published process has one step that does both.
    pub fn approve(
        &mut self,
        id: TaskId,
        by: AccountId,
        read: ResultId,
        onward: &Onward,
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.held_step(id, by)?;
        self.undecided()?;
        let task = self.tasks[index].clone();
        let step = self.step_of(&task)?;
        if !step.approves {
            return Err(Refusal::StepDoesNotApprove);
        }
        let one_person_does_both = step.drafts;
        let Some(draft) = self.progress.draft else { return Err(Refusal::ResultNotDrafted) };
        if draft.result != read {
            return Err(Refusal::DraftChanged { current: draft.result });
        }
        if draft.by == by && !one_person_does_both {
            return Err(Refusal::OwnDraft);
        }
        self.nothing_beside(&task)?;
        let next = self.next_step(&task.step, onward)?;
        let decision = Decision { result: draft.result, outcome: draft.outcome, by, at };
        self.progress.decision = Some(decision);
        let followed = self.leave(index, next.as_deref(), onward, TaskEnd::Approved, at, new_id)?;
        let timeliness = self.tasks[index].timeliness(at);
        let mut events = vec![Event::Approved { task: id, decision, timeliness }];
        events.extend(followed);
        Ok(self.say(events))
    }
}
