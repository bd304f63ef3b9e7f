use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_context::Clock;
use motcua_fault::{Fault, Kind};
use motcua_store::{Lease, Letter, Store};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    Subscriptions,
    lanes::{Chores, Outcome, work_through},
};

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
    let service = store.service();
    work_through("courier", service, lease, &stop, Letters { store, subscriptions, clock }).await;
}

struct Letters {
    store: Store,
    subscriptions: Subscriptions,
    clock: Arc<dyn Clock>,
}

impl Chores for Letters {
    type Chore = Letter;
    type Id = i64;

    fn id(letter: &Letter) -> i64 {
        letter.position
    }

    async fn ready(&self, limit: usize) -> Result<Vec<Letter>, Fault> {
        self.store.inbox().ready(self.clock.now(), limit as u64).await
    }

    fn act(&self, letter: &Letter) -> BoxFuture<'static, Outcome> {
        let envelope = &letter.envelope;
        let span = tracing::info_span!(
            "event",
            otel.kind = "consumer",
            messaging.operation.name = "process",
            messaging.destination.name = self.store.service(),
            messaging.message.id = %envelope.id.uuid(),
            event = envelope.event_type,
        );
        if let Some(traceparent) = &envelope.traceparent {
            motcua_telemetry::continue_from(&span, traceparent);
        }
        let (subscriptions, letter) = (self.subscriptions.clone(), letter.clone());
        let (consumer, now) = (self.store.service(), self.clock.now());
        let work = async move { subscriptions.handle(consumer, &letter, now).await };
        Box::pin(alone(work.instrument(span)))
    }

    async fn settle(&self, ended: &[(Letter, Outcome)]) -> Result<(), Fault> {
        let done: Vec<_> = ended
            .iter()
            .filter(|(_, end)| end.is_ok())
            .map(|(letter, _)| letter.position)
            .collect();
        if !done.is_empty() {
            self.store.inbox().done(&done).await?;
        }
        for (letter, end) in ended {
            if let Err(fault) = end {
                self.set_aside(letter, fault).await?;
            }
        }
        Ok(())
    }

    async fn wait(&self, idled: u32) {
        // What arrives wakes us; a look is for what was postponed.
        let pause = LOOK_AGAIN.saturating_mul(idled.max(1)).min(LOOK_AGAIN_AT_MOST);
        self.store.inbox().wait(pause).await;
    }
}

impl Letters {
    async fn set_aside(&self, letter: &Letter, fault: &Fault) -> Result<(), Fault> {
        let inbox = self.store.inbox();
        let event = &letter.envelope.event_type;
        let cause = std::error::Error::source(fault).map(ToString::to_string);
        // A neighbour that does not know us is never the event's fault: keys roll over.
        let passing = fault.is_transient() || fault.kind() == Kind::Unauthenticated;
        if passing && letter.attempts < ATTEMPTS {
            let delay = delay(letter.attempts);
            tracing::debug!(%fault, cause, event, attempts = letter.attempts, "event will be tried again");
            return inbox.postpone(letter, fault.reason(), self.clock.now(), delay).await;
        }
        tracing::error!(%fault, cause, event, id = %letter.envelope.id, "event parked for a person");
        inbox.park(letter, fault.reason()).await
    }
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
