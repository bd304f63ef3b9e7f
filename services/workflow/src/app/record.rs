//! The second half of every write: keep what changed, and say what happened.

use chrono::{DateTime, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::Tx;

use super::{App, NEAR_DUE, OVERDUE};
use crate::domain::{Act, AskState, Event, Process, Refusal};
use crate::events;
use crate::store::Locked;

/// Who did something, when, and why.
#[derive(Debug)]
pub(super) struct Done {
    /// Absent: the citizen's side or a timer.
    pub(super) by: Option<AccountId>,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// In the officer's words.
    pub(super) reason: Option<String>,
}

impl Locked {
    /// Refuses to go on from a version the officer did not see.
    pub(super) fn expect(&self, etag: Option<i64>) -> Result<(), Refusal> {
        match etag {
            Some(seen) if seen != self.version() => {
                Err(Refusal::EtagMismatch { current: self.version() })
            }
            _ => Ok(()),
        }
    }
}

impl App {
    /// Keeps a changed process and says what happened to it. No events: nothing is kept.
    pub(super) async fn settle(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        held: &Locked,
        events: &[Event],
        reason: Option<String>,
    ) -> Result<(), Fault> {
        if events.is_empty() {
            return Ok(());
        }
        self.processes.save(tx, held).await?;
        let done = Done { by: ctx.actor().account(), at: ctx.now(), reason };
        self.record(tx, ctx, held, events, done).await
    }

    /// Says what happened: the control slip, the rows beside the process, other
    /// services, and the timers. The reason goes with the first event.
    pub(super) async fn record(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        held: &Locked,
        events: &[Event],
        done: Done,
    ) -> Result<(), Fault> {
        let Done { by: actor, at, mut reason } = done;
        let process = &held.process;
        let mut acts = Vec::new();
        for (version, event) in (held.version() + 1..).zip(events) {
            if let Some(line) = process.line(event) {
                let (id, reason) = (ctx.new_id(), reason.take());
                acts.push(Act { id, version, at, actor, line, reason });
            }
            self.keep_beside(tx, process, event).await?;
            events::publish(tx, process, version, at, event);
        }
        self.acts.add(tx, process.id(), &acts).await?;
        if events.iter().any(moves_timers) {
            set_timers(tx, ctx, process).await?;
        }
        Ok(())
    }

    async fn keep_beside(&self, tx: &Tx, process: &Process, event: &Event) -> Result<(), Fault> {
        match event {
            Event::SupplementDeclined { ask } => self.asks.turn(tx, *ask, AskState::Declined).await,
            Event::SupplementRequested { ask: Some(ask) } => {
                self.asks.turn(tx, *ask, AskState::Requested).await
            }
            Event::SupplementProvided { ask: Some(ask) } => {
                self.asks.turn(tx, *ask, AskState::Provided).await
            }
            Event::Stopped { .. } => self.asks.cancel(tx, process.id()).await,
            Event::Approved { decision, .. } => self.results.approve(tx, decision).await,
            _ => Ok(()),
        }
    }
}

fn moves_timers(event: &Event) -> bool {
    matches!(
        event,
        Event::Started { .. }
            | Event::SupplementRequested { .. }
            | Event::SupplementProvided { .. }
            | Event::PaymentAwaited
            | Event::PaymentMade
            | Event::DueDateChanged { .. }
            | Event::Finished { .. }
            | Event::Stopped { .. }
    )
}

async fn set_timers(tx: &Tx, ctx: &Ctx, process: &Process) -> Result<(), Fault> {
    let id = process.id().uuid();
    if let Some(alarm) = process.alarm(ctx.now()) {
        tx.schedule(NEAR_DUE, id, alarm.near_at).await?;
        tx.schedule(OVERDUE, id, alarm.at).await
    } else {
        tx.unschedule(NEAR_DUE, id).await?;
        tx.unschedule(OVERDUE, id).await
    }
}
