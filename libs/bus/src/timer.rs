use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::{StreamExt, future::BoxFuture, stream};
use motcua_context::{Actor, Clock, Ctx, System};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::{Alarm, Lease, Store};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    courier::{alone, delay},
    turns::{Turns, take_turns},
};

const LANES: usize = 8;
const BATCH: u64 = 64;
const LOOK_AGAIN: Duration = Duration::from_millis(250);

type Work = Arc<dyn Fn(Ctx, Uuid) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// What a service does when a timer of that name comes due.
#[derive(Clone)]
pub struct DueJob {
    name: &'static str,
    work: Work,
}

impl DueJob {
    /// The timers named `name`, and what is done for their subject. The context
    /// has the timer as its cause, so its write happens once.
    pub fn new<F, R>(name: &'static str, work: F) -> Self
    where
        F: Fn(Ctx, Uuid) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        Self { name, work: Arc::new(move |ctx, subject| Box::pin(work(ctx, subject))) }
    }

    /// The timers' name.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// Acts upon a service's timers until it is stopped. A failing one is tried
/// again, ever more slowly; it is never given up.
pub async fn timer(
    store: Store,
    jobs: Vec<DueJob>,
    lease: Lease,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let jobs: BTreeMap<_, _> = jobs.into_iter().map(|job| (job.name, job)).collect();
    if jobs.is_empty() {
        return;
    }
    let work = Timer { store: &store, jobs, lease: &lease, clock };
    take_turns("timers", store.service(), &lease, &stop, work).await;
}

struct Timer<'a> {
    store: &'a Store,
    jobs: BTreeMap<&'static str, DueJob>,
    lease: &'a Lease,
    clock: Arc<dyn Clock>,
}

impl Turns for Timer<'_> {
    async fn turn(&self) -> Result<usize, Fault> {
        turn(self.store, &self.jobs, self.lease, self.clock.as_ref()).await
    }

    async fn idle(&self, _: u32) {
        self.store.due().wait(LOOK_AGAIN).await;
    }
}

async fn turn(
    store: &Store,
    jobs: &BTreeMap<&'static str, DueJob>,
    lease: &Lease,
    clock: &dyn Clock,
) -> Result<usize, Fault> {
    let due = store.due();
    let names: Vec<_> = jobs.keys().copied().collect();
    if due.ready(&names, clock.now(), 1).await?.is_empty() || lease.acquire().await?.is_none() {
        return Ok(0);
    }
    let alarms = due.ready(&names, clock.now(), BATCH).await?;
    let acted: Vec<_> = stream::iter(alarms)
        .map(|alarm| async move {
            let done = match jobs.get(alarm.name.as_str()) {
                Some(job) => act(store, job, &alarm, clock).await,
                None => Ok(()),
            };
            (alarm, done)
        })
        .buffer_unordered(LANES)
        .collect()
        .await;
    let mut count = 0;
    for (alarm, outcome) in acted {
        match outcome {
            Ok(()) => {
                due.done(&alarm).await?;
                count += 1;
            }
            Err(fault) => {
                let cause = std::error::Error::source(&fault).map(ToString::to_string);
                tracing::warn!(%fault, cause, timer = alarm.name, attempts = alarm.attempts, "timer failed");
                let delay = delay(alarm.attempts);
                due.postpone(&alarm, fault.reason(), clock.now(), delay).await?;
            }
        }
    }
    Ok(count)
}

async fn act(store: &Store, job: &DueJob, alarm: &Alarm, clock: &dyn Clock) -> Result<(), Fault> {
    let span = tracing::info_span!("timer", name = job.name, subject = %alarm.subject);
    let ctx = Ctx::new(Actor::System(System::service(store.service())), clock.now())
        .with_cause(alarm.cause(job.name));
    alone((job.work)(ctx, alarm.subject).instrument(span)).await
}
