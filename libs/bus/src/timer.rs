use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_context::{Actor, Clock, Ctx, System};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::{Alarm, DueQueue, Lease, Store};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    Retries,
    courier::alone,
    lanes::{Chores, LANES, Outcome, work_through},
};

const LOOK_AGAIN: Duration = Duration::from_millis(250);

type Work = Arc<dyn Fn(Ctx, Uuid) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// What a service does when a timer of that name comes due.
#[derive(Clone)]
pub struct DueJob {
    name: &'static str,
    work: Work,
    apart: Option<usize>,
}

impl DueJob {
    /// The timers named `name`, and what is done for their subject. The context
    /// has the timer as its cause, so its write happens once.
    pub fn new<F, R>(name: &'static str, work: F) -> Self
    where
        F: Fn(Ctx, Uuid) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        Self { name, work: Arc::new(move |ctx, subject| Box::pin(work(ctx, subject))), apart: None }
    }

    /// In lanes of its own, so many at once: for what waits for somebody outside, who would else
    /// hold up the service's other timers.
    #[must_use]
    pub const fn apart(mut self, at_once: usize) -> Self {
        self.apart = Some(at_once);
        self
    }

    /// The timers' name.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// Timers that are minded together, under one lease.
pub struct DueJobs {
    lease: &'static str,
    jobs: Vec<DueJob>,
    at_once: usize,
}

impl DueJobs {
    /// Those that are minded apart each by itself, and all others.
    pub fn of(jobs: Vec<DueJob>) -> Vec<Self> {
        let mut all = vec![Self { lease: "timer", jobs: Vec::new(), at_once: LANES }];
        for job in jobs {
            match job.apart {
                Some(at_once) => all.push(Self { lease: job.name, jobs: vec![job], at_once }),
                None => all[0].jobs.push(job),
            }
        }
        all.retain(|some| !some.jobs.is_empty());
        all
    }

    /// What the lease is called.
    pub const fn lease(&self) -> &'static str {
        self.lease
    }
}

/// Acts upon a service's timers until it is stopped. A failing one is tried
/// again, ever more slowly; it is never given up.
pub async fn timer(
    store: Store,
    due: DueJobs,
    lease: Lease,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let jobs: BTreeMap<_, _> = due.jobs.into_iter().map(|job| (job.name, job)).collect();
    let names: Vec<_> = jobs.keys().copied().collect();
    let (service, queue) = (store.service(), store.due(names));
    let timers = Timers { service, queue, jobs, clock };
    work_through("timers", service, lease, &stop, timers, due.at_once).await;
}

struct Timers {
    service: &'static str,
    queue: DueQueue,
    jobs: BTreeMap<&'static str, DueJob>,
    clock: Arc<dyn Clock>,
}

impl Chores for Timers {
    type Chore = Alarm;
    type Id = Uuid;

    fn id(alarm: &Alarm) -> Uuid {
        alarm.id
    }

    async fn ready(&self, limit: usize) -> Result<Vec<Alarm>, Fault> {
        self.queue.ready(self.clock.now(), limit as u64).await
    }

    fn act(&self, alarm: &Alarm) -> BoxFuture<'static, Outcome> {
        // Only those of our names are looked up.
        let Some(job) = self.jobs.get(alarm.name.as_str()) else {
            return Box::pin(async { Ok(()) });
        };
        let span = tracing::info_span!("timer", name = job.name, subject = %alarm.subject);
        let ctx = Ctx::new(Actor::System(System::service(self.service)), self.clock.now())
            .with_cause(alarm.cause(job.name));
        Box::pin(alone((job.work)(ctx, alarm.subject).instrument(span)))
    }

    async fn settle(&self, ended: &[(Alarm, Outcome)]) -> Result<(), Fault> {
        let done = ended.iter().filter(|(_, end)| end.is_ok());
        self.queue.done(done.map(|(alarm, _)| alarm)).await?;
        for (alarm, end) in ended {
            let Err(fault) = end else { continue };
            let cause = std::error::Error::source(fault).map(ToString::to_string);
            tracing::warn!(%fault, cause, timer = alarm.name, attempts = alarm.attempts, "timer failed");
            let delay = Retries::default().delay(alarm.attempts, alarm.id);
            self.queue.postpone(alarm, fault.reason(), self.clock.now(), delay).await?;
        }
        Ok(())
    }

    async fn wait(&self, _: u32) {
        self.queue.wait(LOOK_AGAIN).await;
    }
}
