//! From step to step, and back.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, TaskId};

use super::process::NewTaskId;
use super::{Event, Process, Refusal, Step, TaskEnd, TaskState};

/// Where a step leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Onward {
    /// The next step's code; absent where there is at most one.
    pub to: Option<String>,
    /// The officer the next task goes to.
    pub assignee: Option<AccountId>,
}

impl Process {
    /// The holder ends a step and opens the next; at the last step the approved
    /// result goes to the desk.
    pub fn forward(
        &mut self,
        id: TaskId,
        by: AccountId,
        onward: &Onward,
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.held_step(id, by)?;
        let task = self.tasks[index].clone();
        let step = self.step_of(&task)?;
        if step.approves && self.progress.decision.is_none() {
            return Err(Refusal::ApprovalNeeded);
        }
        if step.drafts && self.progress.draft.is_none() {
            return Err(Refusal::ResultNotDrafted);
        }
        self.nothing_beside(&task)?;
        let next = self.next_step(&task.step, onward)?;
        if next.is_none() && self.progress.decision.is_none() {
            return Err(Refusal::ResultNotApproved);
        }
        let events = self.leave(index, next.as_deref(), onward, TaskEnd::Forwarded, at, new_id)?;
        Ok(self.say(events))
    }

    /// The holder ends a step and opens one done before, for the person who did
    /// it, or for its queue where they are `gone`. Absent: the step that led here.
    pub fn send_back(
        &mut self,
        id: TaskId,
        by: AccountId,
        to: Option<&str>,
        gone: &[AccountId],
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.held_step(id, by)?;
        self.undecided()?;
        let task = self.tasks[index].clone();
        self.nothing_beside(&task)?;
        let allowed = self.steps_before(id)?;
        let Some(to) = to.or(allowed.first().map(String::as_str)).map(str::to_owned) else {
            return Err(Refusal::StepNotBefore { allowed });
        };
        if !allowed.contains(&to) {
            return Err(Refusal::StepNotBefore { allowed });
        }
        let (came_from, person) = self
            .tasks
            .iter()
            .rev()
            .find(|task| task.step == to && task.consult.is_none())
            .map(|task| (task.came_from.clone(), task.state.holder()))
            .unwrap_or_default();
        let person = person.filter(|person| !gone.contains(person));
        self.keep_quota(index, at);
        let timeliness = self.tasks[index].finish(at, TaskEnd::SentBack);
        let (next, consulted) = self.open_step(&to, came_from, person, at, new_id)?;
        let mut events = vec![Event::SentBack { task: id, next, timeliness }];
        events.extend(person.map(|to| Event::Assigned { task: next, to }));
        events.extend(consulted);
        Ok(self.say(events))
    }

    /// The steps a task may be sent back to, the nearest first.
    pub fn steps_before(&self, id: TaskId) -> Result<Vec<String>, Refusal> {
        let mut steps = Vec::new();
        let mut from = self.task(id)?.came_from.clone();
        while let Some(code) = from.filter(|code| !steps.contains(code)) {
            from = self
                .tasks
                .iter()
                .rev()
                .find(|task| task.step == code && task.consult.is_none())
                .and_then(|task| task.came_from.clone());
            steps.push(code);
        }
        Ok(steps)
    }

    /// The step that would follow a task; none: the desk.
    pub fn step_after(&self, id: TaskId, onward: &Onward) -> Result<Option<&Step>, Refusal> {
        let next = self.next_step(&self.task(id)?.step, onward)?;
        Ok(next.and_then(|code| self.definition.step(&code)))
    }

    /// The step that follows; none: the desk.
    pub(super) fn next_step(&self, step: &str, onward: &Onward) -> Result<Option<String>, Refusal> {
        let next = &self.definition.step(step).ok_or(Refusal::TaskUnknown)?.next;
        match (&onward.to, next.as_slice()) {
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some(only.clone())),
            (Some(to), _) if next.contains(to) => Ok(Some(to.clone())),
            _ => Err(Refusal::StepNotNext { allowed: next.clone() }),
        }
    }

    /// Ends a step and opens the next, or hands the decision to the desk.
    pub(super) fn leave(
        &mut self,
        index: usize,
        next: Option<&str>,
        onward: &Onward,
        end: TaskEnd,
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        self.keep_quota(index, at);
        let id = self.tasks[index].id;
        let from = self.tasks[index].step.clone();
        let timeliness = self.tasks[index].finish(at, end);
        let Some(next) = next else {
            let decision = self.progress.decision.ok_or(Refusal::ResultNotApproved)?;
            self.progress.state = super::State::Finished { at };
            self.clock.end(at);
            return Ok(vec![Event::Finished { task: id, decision, timeliness }]);
        };
        let (next, consulted) = self.open_step(next, Some(from), onward.assignee, at, new_id)?;
        let mut events = Vec::new();
        if end == TaskEnd::Forwarded {
            events.push(Event::Forwarded { task: id, next, timeliness });
        }
        events.extend(onward.assignee.map(|to| Event::Assigned { task: next, to }));
        events.extend(consulted);
        Ok(events)
    }

    /// Ends every open task because the process ends.
    pub(super) fn cancel_tasks(&mut self, at: DateTime<Utc>) {
        for task in &mut self.tasks {
            if task.is_open() {
                if let TaskState::Suspended(_) = task.state {
                    task.restore();
                }
                task.finish(at, TaskEnd::Cancelled);
            }
        }
    }
}
