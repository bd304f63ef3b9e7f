//! Taking back what was forwarded (thu hồi), as long as nobody has begun on it.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, TaskId};

use super::process::NewTaskId;
use super::{Event, Process, Refusal, TaskEnd, TaskState};

impl Process {
    /// Whoever forwarded a step takes the dossier back, as long as it waits in
    /// the next queue and no agency has taken up what is asked beside it.
    pub fn recall(
        &mut self,
        id: TaskId,
        by: AccountId,
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        self.running()?;
        let (step, came_from) = self.forwarded_by(id, by)?;
        self.undecided()?;
        let Some(next) = self.followed_at(id) else { return Err(Refusal::NotForwarded) };
        let taken = self.tasks[next..].iter().find(|task| task.state != TaskState::Waiting);
        if let Some(task) = taken {
            return Err(Refusal::RecallTooLate { by: task.state.holder() });
        }
        if self.progress.ask.is_some() {
            return Err(Refusal::SupplementPending);
        }
        let from = self.tasks[next].id;
        for index in next..self.tasks.len() {
            self.keep_quota(index, at);
            self.tasks[index].finish(at, TaskEnd::Recalled);
        }
        let (back, consulted) = self.open_step(&step, came_from, Some(by), at, new_id)?;
        let mut events = vec![Event::Recalled { task: from, back }];
        events.extend(consulted);
        Ok(self.say(events))
    }

    /// The step a task ended by forwarding it, and the one before that.
    fn forwarded_by(&self, id: TaskId, by: AccountId) -> Result<(String, Option<String>), Refusal> {
        let task = self.task(id)?;
        match &task.state {
            TaskState::Done(ending) if ending.end == TaskEnd::Forwarded => match ending.by {
                Some(holder) if holder == by => Ok((task.step.clone(), task.came_from.clone())),
                holder => Err(Refusal::TaskNotHeld { by: holder }),
            },
            _ => Err(Refusal::NotForwarded),
        }
    }

    /// Where among the tasks the step stands that followed a task.
    fn followed_at(&self, id: TaskId) -> Option<usize> {
        let at = self.tasks.iter().position(|task| task.id == id)?;
        let next = self.tasks[at + 1..].iter().position(|task| task.consult.is_none())?;
        Some(at + 1 + next)
    }
}
