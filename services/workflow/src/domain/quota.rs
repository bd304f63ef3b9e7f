//! How long a step may take: a quota of its own, or one it shares.
//!
//! What is left of a quota is kept when a task ends, so that a step that comes
//! back goes on with its remainder, and the steps of a group draw on one sum.

use chrono::{DateTime, Utc};

use super::{Consult, DossierClock, Process, Quota, Step, Task, TaskDue, TaskState};

/// The last part of a quota in which a task is near its due time, as a divisor.
const NEAR_PART: i64 = 4;

/// The key under which the remainder of a task's quota is kept.
fn key(step: &Step, consult: Option<&str>) -> String {
    match (consult, &step.quota) {
        (Some(consult), _) => format!("consult:{}/{consult}", step.code),
        (None, Quota::Own(_)) => format!("step:{}", step.code),
        (None, Quota::Shared(group)) => format!("group:{group}"),
    }
}

impl Process {
    /// When a task that opens now is due; absent: the step is not counted.
    pub(super) fn task_due(
        &self,
        step: &Step,
        consult: Option<&Consult>,
        at: DateTime<Utc>,
    ) -> Option<TaskDue> {
        let full = consult.map_or_else(|| self.definition.quota_of(step), |consult| consult.quota);
        let key = key(step, consult.map(|consult| consult.code.as_str()));
        let left = self.progress.quota_left.get(&key).copied().unwrap_or(full);
        (full > 0).then(|| due_in(&self.clock, at, left, full))
    }

    /// Keeps what is left of an open task's quota at an instant.
    pub(super) fn keep_quota(&mut self, index: usize, at: DateTime<Utc>) {
        let task = &self.tasks[index];
        let (Some(due), Some(step)) = (task.due, self.definition.step(&task.step)) else { return };
        let left = self.clock.minutes_between(at, due.at);
        self.progress.quota_left.insert(key(step, task.consult.as_deref()), left);
    }

    /// Measures the open tasks anew after a pause: with what was left of their
    /// quotas, or with the whole where the limit begins anew.
    pub(super) fn renew_dues(&mut self, at: DateTime<Utc>) {
        if self.clock.restarts() {
            self.progress.quota_left.clear();
        }
        for index in 0..self.tasks.len() {
            if !self.tasks[index].is_open() {
                continue;
            }
            let due = self.definition.step(&self.tasks[index].step).and_then(|step| {
                let consult = self.tasks[index].consult.as_deref();
                self.task_due(step, consult.and_then(|code| step.consult(code)), at)
            });
            self.tasks[index].due = due;
        }
    }

    /// Puts by every open task.
    pub(super) fn suspend_tasks(&mut self, at: DateTime<Utc>) {
        for index in 0..self.tasks.len() {
            if self.tasks[index].is_open() {
                self.keep_quota(index, at);
            }
        }
        self.tasks.iter_mut().filter(|task| task.is_open()).for_each(Task::suspend);
    }
}

impl Task {
    fn suspend(&mut self) {
        let hold = match self.state {
            TaskState::Held(hold) => Some(hold),
            _ => None,
        };
        self.state = TaskState::Suspended(hold);
    }

    /// Back to where it was, and to whom.
    pub(super) fn restore(&mut self) {
        if let TaskState::Suspended(hold) = self.state {
            self.state = hold.map_or(TaskState::Waiting, TaskState::Held);
        }
    }
}

fn due_in(clock: &DossierClock, at: DateTime<Utc>, left: i64, full: i64) -> TaskDue {
    let near = (left - full / NEAR_PART).max(0);
    TaskDue { at: clock.after(at, left), near_at: clock.after(at, near) }
}
