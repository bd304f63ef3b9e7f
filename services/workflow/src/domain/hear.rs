//! What intake tells of a dossier. Facts cannot be refused: one that comes late
//! or twice changes nothing.

use chrono::{DateTime, Utc};
use motcua_ids::SupplementId;
use motcua_vn::Pause;

use super::{DueDateChange, Event, Process, State, StopCause};

/// A fact of the citizen's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The desk asked the citizen for a supplement.
    SupplementRequested {
        /// The specialist's ask it forwards, if it does.
        ask: Option<SupplementId>,
    },
    /// The desk found the specialist's ask not needed.
    SupplementDeclined {
        /// The ask.
        ask: SupplementId,
    },
    /// The citizen provided the supplement.
    SupplementProvided,
    /// The citizen did not, in time.
    SupplementExpired,
    /// What is owed is to be paid.
    PaymentAwaited,
    /// It is paid.
    PaymentMade,
    /// The citizen wants the dossier back; we alone answer.
    WithdrawalRequested,
    /// The dossier ended without a result.
    Stopped,
    /// The citizen has the result.
    Returned,
    /// The dossier is closed.
    Closed,
}

impl Process {
    /// Takes in a fact with the dossier's version and the instant it carries.
    /// No events: it came late, or told nothing new.
    pub fn hear(&mut self, fact: Fact, version: i64, at: DateTime<Utc>) -> Vec<Event> {
        if version < self.progress.heard {
            return Vec::new();
        }
        self.progress.heard = version;
        let events = match fact {
            Fact::SupplementRequested { ask } => self.supplement_requested(ask, at),
            Fact::SupplementDeclined { ask } => self.supplement_declined(ask),
            Fact::SupplementProvided => self.supplement_provided(at),
            Fact::SupplementExpired => self.stop(StopCause::SupplementExpired, at),
            Fact::PaymentAwaited => self.payment_awaited(at),
            Fact::PaymentMade => self.payment_made(at),
            Fact::WithdrawalRequested => self.withdrawal_requested(at),
            Fact::Stopped => self.stop(StopCause::Desk, at),
            Fact::Returned => self.returned(at),
            Fact::Closed => self.closed(at),
        };
        self.say(events)
    }

    fn supplement_requested(&mut self, ask: Option<SupplementId>, at: DateTime<Utc>) -> Vec<Event> {
        if self.progress.state != State::Running {
            return Vec::new();
        }
        if ask.is_some() && ask == self.progress.ask.map(|pending| pending.id) {
            self.progress.ask = None;
        }
        self.clock.pause(at, Pause::Supplement);
        self.suspend_tasks(at);
        self.progress.state = State::AwaitingSupplement { since: at, ask };
        vec![Event::SupplementRequested { ask }]
    }

    fn supplement_declined(&mut self, ask: SupplementId) -> Vec<Event> {
        if self.progress.ask.map(|pending| pending.id) != Some(ask) {
            return Vec::new();
        }
        self.progress.ask = None;
        vec![Event::SupplementDeclined { ask }]
    }

    fn supplement_provided(&mut self, at: DateTime<Utc>) -> Vec<Event> {
        let State::AwaitingSupplement { ask, .. } = self.progress.state else {
            return Vec::new();
        };
        self.go_on(at, Pause::Supplement, Event::SupplementProvided { ask })
    }

    fn payment_awaited(&mut self, at: DateTime<Utc>) -> Vec<Event> {
        if self.progress.state != State::Running {
            return Vec::new();
        }
        self.clock.pause(at, Pause::Payment);
        self.suspend_tasks(at);
        self.progress.state = State::AwaitingPayment { since: at };
        vec![Event::PaymentAwaited]
    }

    fn payment_made(&mut self, at: DateTime<Utc>) -> Vec<Event> {
        match self.progress.state {
            State::AwaitingPayment { .. } => self.go_on(at, Pause::Payment, Event::PaymentMade),
            _ => Vec::new(),
        }
    }

    /// The clock runs again; each task is where it was, and whose it was.
    fn go_on(&mut self, at: DateTime<Utc>, why: Pause, event: Event) -> Vec<Event> {
        let before = self.due();
        self.clock.resume(at, why);
        self.progress.state = State::Running;
        self.tasks.iter_mut().for_each(super::Task::restore);
        self.renew_dues(at);
        let mut events = vec![event];
        if let (Some(before), Some(after)) = (before, self.due())
            && before != after
        {
            let change = match why {
                Pause::Payment => DueDateChange::Payment,
                _ => DueDateChange::Supplement,
            };
            events.push(Event::DueDateChanged { change, before, after });
        }
        events
    }

    fn withdrawal_requested(&mut self, at: DateTime<Utc>) -> Vec<Event> {
        match self.progress.state {
            State::Stopped { .. } => Vec::new(),
            _ if self.progress.decision.is_some() => vec![Event::StopRefused],
            _ => self.stop(StopCause::Withdrawn, at),
        }
    }

    fn stop(&mut self, cause: StopCause, at: DateTime<Utc>) -> Vec<Event> {
        if self.ended_at().is_some() {
            return Vec::new();
        }
        self.cancel_tasks(at);
        self.clock.end(at);
        self.progress.ask = None;
        self.progress.state = State::Stopped { at, cause };
        vec![Event::Stopped { cause }]
    }

    fn returned(&mut self, at: DateTime<Utc>) -> Vec<Event> {
        let State::Finished { at: finished_at } = self.progress.state else { return Vec::new() };
        self.progress.state = State::Returned { finished_at, at };
        vec![Event::Returned]
    }

    fn closed(&mut self, at: DateTime<Utc>) -> Vec<Event> {
        let (State::Finished { at: finished_at } | State::Returned { finished_at, .. }) =
            self.progress.state
        else {
            return Vec::new();
        };
        self.progress.state = State::Closed { finished_at, at };
        vec![Event::Closed]
    }
}
