use chrono::{DateTime, Utc};
use motcua_ids::AccountId;

use super::process::NewTaskId;
use super::{Consult, Definition, DossierClock, Event, Filing, Hold, Process, Progress, Refusal};
use super::{State, Step, Task, TaskState};

/// The last part of a dossier's time in which it is near its due time, as a divisor.
const WARNING_PART: i64 = 4;

impl Process {
    /// Begins to process an accepted dossier at the definition's first step.
    ///
    /// `heard` is the dossier's version in the acceptance.
    pub fn start(
        filing: Filing,
        definition: Definition,
        clock: DossierClock,
        heard: i64,
        new_id: NewTaskId<'_>,
    ) -> Result<(Self, Vec<Event>), Refusal> {
        definition.check()?;
        let first = definition.first().map(|step| step.code.clone()).unwrap_or_default();
        let at = filing.accepted_at;
        let warning_minutes = clock
            .due()
            .map(|due| clock.minutes_between(at, due.promised) / WARNING_PART)
            .unwrap_or_default();
        let progress = Progress {
            state: State::Running,
            ask: None,
            draft: None,
            decision: None,
            extended_at: None,
            quota_left: std::collections::BTreeMap::new(),
            warning_minutes,
            warned: None,
            overdue: None,
            heard,
        };
        let mut process =
            Self { filing, definition, clock, progress, tasks: Vec::new(), version: 0 };
        let (task, consulted) = process.open_step(&first, None, None, at, new_id)?;
        let mut events = vec![Event::Started { task }];
        events.extend(consulted);
        Ok((process.happened(events.len()), events))
    }

    /// Opens a step's task, with the opinions asked beside it: each is asked
    /// once, and again only if it was taken back before anybody saw to it.
    pub(super) fn open_step(
        &mut self,
        code: &str,
        came_from: Option<String>,
        holder: Option<AccountId>,
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Result<(motcua_ids::TaskId, Vec<Event>), Refusal> {
        let step = self.definition.step(code).ok_or(Refusal::TaskUnknown)?.clone();
        let mut task = self.new_task(&step, None, at, new_id);
        task.came_from = came_from;
        if let Some(by) = holder {
            task.state = TaskState::Held(Hold { by, since: at });
        }
        let id = task.id;
        self.tasks.push(task);
        let (mut events, mut asked) = (Vec::new(), Vec::new());
        for consult in step.consults.iter().filter(|consult| !self.was_asked(&step, consult)) {
            let branch = self.new_task(&step, Some(consult), at, new_id);
            events.push(Event::Consulted { task: branch.id });
            asked.push(branch);
        }
        self.tasks.extend(asked);
        Ok((id, events))
    }

    fn was_asked(&self, step: &Step, consult: &Consult) -> bool {
        self.tasks
            .iter()
            .filter(|task| task.step == step.code)
            .filter(|task| task.consult.as_ref() == Some(&consult.code))
            .any(|task| !task.was_recalled())
    }

    fn new_task(
        &self,
        step: &Step,
        consult: Option<&Consult>,
        at: DateTime<Utc>,
        new_id: NewTaskId<'_>,
    ) -> Task {
        let (name, role, post) = consult.map_or_else(
            || (&step.name, step.role, &step.post),
            |consult| (&consult.name, consult.role, &consult.post),
        );
        Task {
            id: new_id(),
            step: step.code.clone(),
            consult: consult.map(|consult| consult.code.clone()),
            name: name.clone(),
            role,
            post: post.clone(),
            came_from: None,
            opened_at: at,
            due: self.task_due(step, consult, at),
            state: TaskState::Waiting,
        }
    }

    /// Every event raises the version, so that each carries its own.
    fn happened(mut self, events: usize) -> Self {
        self.raise(events);
        self
    }

    pub(super) fn raise(&mut self, events: usize) {
        self.version += i64::try_from(events).unwrap_or_default();
    }
}
