use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use motcua_context::Clock;
use motcua_fault::{Fault, Kind};
use motcua_store::{Lease, Letter, Store};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    Subscriptions,
    turns::{Turns, take_turns},
};

/// Keys worked upon at once. SQLite has one writer: more would only wait there.
const LANES: usize = 8;
const BATCH: u64 = 64;
const LOOK_AGAIN: Duration = Duration::from_millis(100);
const LOOK_AGAIN_AT_MOST: Duration = Duration::from_secs(1);
/// A letter that failed so often waits for a person.
const ATTEMPTS: i32 = 20;

/// Acts upon what a service was told until it is stopped. Events of one key are
/// acted upon in their order; those of different keys do not wait for each other.
pub async fn courier(
    store: Store,
    subscriptions: Subscriptions,
    lease: Lease,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let work = Courier { store: &store, subscriptions, lease: &lease, clock };
    take_turns("courier", store.service(), &lease, &stop, work).await;
}

struct Courier<'a> {
    store: &'a Store,
    subscriptions: Subscriptions,
    lease: &'a Lease,
    clock: Arc<dyn Clock>,
}

impl Turns for Courier<'_> {
    async fn turn(&self) -> Result<usize, Fault> {
        turn(self.store, &self.subscriptions, self.lease, self.clock.as_ref()).await
    }

    async fn idle(&self, idled: u32) {
        // What arrives wakes us; a look is for what was postponed.
        let pause = LOOK_AGAIN.saturating_mul(idled.saturating_add(1)).min(LOOK_AGAIN_AT_MOST);
        self.store.inbox().wait(pause).await;
    }
}

/// One batch; how many letters were acted upon.
async fn turn(
    store: &Store,
    subscriptions: &Subscriptions,
    lease: &Lease,
    clock: &dyn Clock,
) -> Result<usize, Fault> {
    let inbox = store.inbox();
    if inbox.ready(clock.now(), 1).await?.is_empty() || lease.acquire().await?.is_none() {
        return Ok(0);
    }
    let letters = inbox.ready(clock.now(), BATCH).await?;
    let acted: Vec<_> = stream::iter(letters)
        .map(|letter| async move {
            let done = deliver(store, subscriptions, &letter, clock).await;
            (letter, done)
        })
        .buffer_unordered(LANES)
        .collect()
        .await;
    let mut done = Vec::with_capacity(acted.len());
    for (letter, outcome) in acted {
        match outcome {
            Ok(()) => done.push(letter.position),
            Err(fault) => set_aside(store, &letter, &fault, clock).await?,
        }
    }
    if !done.is_empty() {
        inbox.done(&done).await?;
    }
    Ok(done.len())
}

async fn deliver(
    store: &Store,
    subscriptions: &Subscriptions,
    letter: &Letter,
    clock: &dyn Clock,
) -> Result<(), Fault> {
    let envelope = &letter.envelope;
    let span = tracing::info_span!(
        "event",
        otel.kind = "consumer",
        messaging.operation.name = "process",
        messaging.destination.name = store.service(),
        messaging.message.id = %envelope.id.uuid(),
        event = envelope.event_type,
    );
    if let Some(traceparent) = &envelope.traceparent {
        motcua_telemetry::continue_from(&span, traceparent);
    }
    let (subscriptions, letter) = (subscriptions.clone(), letter.clone());
    let (consumer, now) = (store.service(), clock.now());
    let work = async move { subscriptions.handle(consumer, &letter, now).await };
    alone(work.instrument(span)).await
}

async fn set_aside(
    store: &Store,
    letter: &Letter,
    fault: &Fault,
    clock: &dyn Clock,
) -> Result<(), Fault> {
    let inbox = store.inbox();
    let event = &letter.envelope.event_type;
    let cause = std::error::Error::source(fault).map(ToString::to_string);
    // A neighbour that does not know us is never the event's fault: keys roll over.
    let passing = fault.is_transient() || fault.kind() == Kind::Unauthenticated;
    if passing && letter.attempts < ATTEMPTS {
        let delay = delay(letter.attempts);
        tracing::debug!(%fault, cause, event, attempts = letter.attempts, "event will be tried again");
        return inbox.postpone(letter, fault.reason(), clock.now(), delay).await;
    }
    tracing::error!(%fault, cause, event, id = %letter.envelope.id, "event parked for a person");
    inbox.park(letter, fault.reason()).await
}

/// Runs one handler so that its panic ends it alone.
#[expect(clippy::disallowed_methods, reason = "it is waited for here")]
pub(crate) async fn alone(
    work: impl Future<Output = Result<(), Fault>> + Send + 'static,
) -> Result<(), Fault> {
    tokio::spawn(work).await.unwrap_or_else(|panic| Err(Fault::internal(panic)))
}

/// 100 ms, doubling, up to five minutes.
pub(crate) fn delay(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or_default().min(12);
    Duration::from_millis(100 << doublings).min(Duration::from_mins(5))
}
