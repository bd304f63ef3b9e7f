use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_context::Clock;
use motcua_fault::{Fault, Kind};
use motcua_post::Letter;
use motcua_store::{Lease, Store};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    Subscriptions,
    lanes::{Chores, LANES, Outcome, work_through},
    seen::Processing,
};

const LOOK_AGAIN: Duration = Duration::from_millis(100);
const LOOK_AGAIN_AT_MOST: Duration = Duration::from_secs(1);

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
    let letters = Letters { store, subscriptions, clock };
    work_through("courier", service, lease, &stop, letters, LANES).await;
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
        let (subscriptions, letter) = (self.subscriptions.clone(), letter.clone());
        let (consumer, clock) = (self.store.service(), self.clock.clone());
        let is_known = subscriptions.event_types().any(|known| known == letter.envelope.event_type);
        let seen = Processing::begin(consumer, &letter, is_known);
        let span = seen.span().clone();
        Box::pin(async move {
            let (said, now) = (letter.envelope.occurred_at, clock.now());
            let work = async move { subscriptions.handle(consumer, &letter, now).await };
            let answer = alone(work.instrument(span)).await;
            seen.end(&answer, said, clock.now());
            answer
        })
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
    /// Later, or never again without a person: a neighbour that is away comes
    /// back, a defect of our own seldom mends itself.
    async fn set_aside(&self, letter: &Letter, fault: &Fault) -> Result<(), Fault> {
        let inbox = self.store.inbox();
        let event = &letter.envelope.event_type;
        let cause = std::error::Error::source(fault).map(ToString::to_string);
        // A neighbour that does not know us is never the event's fault: keys roll over.
        let passing = fault.is_transient() || fault.kind() == Kind::Unauthenticated;
        let retries = self.subscriptions.retries();
        let most = if fault.kind() == Kind::Internal { retries.defects } else { retries.attempts };
        if passing && letter.attempts < most {
            let delay = retries.delay(letter.attempts, letter.envelope.id.uuid());
            tracing::debug!(%fault, cause, event, attempts = letter.attempts, "event will be tried again");
            return inbox.postpone(letter, fault.reason(), self.clock.now(), delay).await;
        }
        // The span of the attempt has ended; by this the trace is found all the same.
        let trace_id = letter.envelope.traceparent.as_deref().and_then(|text| text.get(3..35));
        let id = letter.envelope.id;
        tracing::error!(%fault, cause, event, %id, trace_id, "event parked for a person");
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
