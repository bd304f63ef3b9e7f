//! Who works on a task: one officer at a time.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, TaskId};

use super::{Event, Hold, Process, Refusal, Task, TaskState};

impl Process {
    /// An officer takes a waiting task. Two who try at once: the first has it,
    /// the second is told who that is.
    pub fn take(
        &mut self,
        id: TaskId,
        by: AccountId,
        at: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.workable(id)?;
        if let Some(by) = self.tasks[index].state.holder() {
            return Err(Refusal::TaskTaken { by });
        }
        self.tasks[index].state = TaskState::Held(Hold { by, since: at });
        Ok(self.say(vec![Event::Taken { task: id }]))
    }

    /// The head gives a task to an officer, or moves it to another.
    pub fn assign(
        &mut self,
        id: TaskId,
        to: AccountId,
        at: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let index = self.workable(id)?;
        if self.tasks[index].state.holder() == Some(to) {
            return Err(Refusal::TaskTaken { by: to });
        }
        self.tasks[index].state = TaskState::Held(Hold { by: to, since: at });
        Ok(self.say(vec![Event::Assigned { task: id, to }]))
    }

    /// The holder, or a superior for them, puts a task back into the queue.
    pub fn release(&mut self, id: TaskId) -> Result<Vec<Event>, Refusal> {
        let index = self.workable(id)?;
        let Some(from) = self.tasks[index].state.holder() else {
            return Err(Refusal::TaskNotHeld { by: None });
        };
        self.tasks[index].state = TaskState::Waiting;
        Ok(self.say(vec![Event::Released { task: id, from }]))
    }

    /// An officer may no longer do some of the tasks they hold: these go back
    /// into their queues, even while the citizen is asked.
    pub fn give_up(&mut self, by: AccountId, still: impl Fn(&Task) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        for task in &mut self.tasks {
            let freed = match task.state {
                TaskState::Held(hold) if hold.by == by => TaskState::Waiting,
                TaskState::Suspended(Some(hold)) if hold.by == by => TaskState::Suspended(None),
                _ => continue,
            };
            if !still(task) {
                task.state = freed;
                events.push(Event::Released { task: task.id, from: by });
            }
        }
        self.say(events)
    }

    /// An open task of a running process.
    pub(super) fn workable(&self, id: TaskId) -> Result<usize, Refusal> {
        self.running()?;
        let index = self.tasks.iter().position(|task| task.id == id).ok_or(Refusal::TaskUnknown)?;
        if self.tasks[index].is_open() { Ok(index) } else { Err(Refusal::TaskDone) }
    }

    /// An open task that this officer works on.
    pub(super) fn held(&self, id: TaskId, by: AccountId) -> Result<usize, Refusal> {
        let index = self.workable(id)?;
        match self.tasks[index].state.holder() {
            Some(holder) if holder == by => Ok(index),
            holder => Err(Refusal::TaskNotHeld { by: holder }),
        }
    }

    /// An open task that this officer works on, and that is a step.
    pub(super) fn held_step(&self, id: TaskId, by: AccountId) -> Result<usize, Refusal> {
        let index = self.held(id, by)?;
        if self.tasks[index].consult.is_some() { Err(Refusal::IsAConsult) } else { Ok(index) }
    }

    /// Refuses to leave a step while something beside it is open.
    pub(super) fn nothing_beside(&self, step: &Task) -> Result<(), Refusal> {
        if self.progress.ask.is_some() {
            return Err(Refusal::SupplementPending);
        }
        let consults: Vec<_> = self
            .open_tasks()
            .filter(|task| task.step == step.step)
            .filter_map(|task| task.consult.clone())
            .collect();
        if consults.is_empty() { Ok(()) } else { Err(Refusal::ConsultPending { consults }) }
    }

    /// Counts the events into the version.
    pub(super) fn say(&mut self, events: Vec<Event>) -> Vec<Event> {
        self.raise(events.len());
        events
    }
}
