use std::{
    collections::{HashSet, VecDeque},
    hash::Hash,
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use motcua_fault::Fault;
use motcua_store::Lease;
use tokio_util::sync::CancellationToken;

use crate::tenure::Tenure;

/// Chores done at once where nothing else is said. SQLite has one writer: more would only wait there.
pub(crate) const LANES: usize = 8;
/// Chores looked up at once.
const BATCH: usize = 64;
/// How long a chore that has ended may stay in its table while others are begun.
const SETTLE_AFTER: Duration = Duration::from_millis(20);
const AFTER_A_FAULT: Duration = Duration::from_millis(500);

pub(crate) type Outcome = Result<(), Fault>;

/// Chores that lie in a table until they are done.
pub(crate) trait Chores: Sync {
    /// What is to be done.
    type Chore: Send + Sync + 'static;
    /// Which it is.
    type Id: Copy + Eq + Hash + Send;

    fn id(chore: &Self::Chore) -> Self::Id;

    /// Those that may be done now, the oldest first.
    fn ready(&self, limit: usize) -> impl Future<Output = Result<Vec<Self::Chore>, Fault>> + Send;

    /// Does one.
    fn act(&self, chore: &Self::Chore) -> BoxFuture<'static, Outcome>;

    /// Records how some have ended.
    fn settle(
        &self,
        ended: &[(Self::Chore, Outcome)],
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Waits until there may be something new, after `idled` looks that found nothing.
    fn wait(&self, idled: u32) -> impl Future<Output = ()> + Send;
}

/// Does chores until stopped, `at_once` of them: a slow one holds up none but those
/// that wait for it. When stopped, begins no more, and finishes what was begun.
pub(crate) async fn work_through<C: Chores>(
    what: &'static str,
    service: &'static str,
    lease: Lease,
    stop: &CancellationToken,
    chores: C,
    at_once: usize,
) {
    let mut lanes = Lanes::new(chores, lease, at_once);
    while !stop.is_cancelled() || !lanes.busy.is_empty() {
        if let Err(fault) = lanes.step(stop).await {
            tracing::warn!(%fault, service, "{what} is held up");
            tokio::select! {
                () = tokio::time::sleep(AFTER_A_FAULT) => {}
                () = stop.cancelled(), if !stop.is_cancelled() => {}
            }
        }
    }
    if let Err(fault) = lanes.end().await {
        // They are found done when they are begun again.
        tracing::debug!(%fault, service, "{what} could not record its end");
    }
}

struct Lanes<C: Chores> {
    chores: C,
    at_once: usize,
    tenure: Tenure,
    /// Looked up, not begun.
    waiting: VecDeque<C::Chore>,
    busy: FuturesUnordered<BoxFuture<'static, (C::Chore, Outcome)>>,
    /// Ended, and still in the table.
    ended: Vec<(C::Chore, Outcome)>,
    /// What is busy or ended: a look finds it again.
    taken: HashSet<C::Id>,
    idled: u32,
}

impl<C: Chores> Lanes<C> {
    fn new(chores: C, lease: Lease, at_once: usize) -> Self {
        Self {
            chores,
            at_once,
            tenure: Tenure::new(lease),
            waiting: VecDeque::new(),
            busy: FuturesUnordered::new(),
            ended: Vec::new(),
            taken: HashSet::new(),
            idled: 0,
        }
    }

    /// Begins what can be begun, then waits for whatever happens first.
    async fn step(&mut self, stop: &CancellationToken) -> Result<(), Fault> {
        let stopping = stop.is_cancelled();
        if stopping {
            self.waiting.clear();
        } else if self.waiting.is_empty() && self.busy.len() < self.at_once {
            self.look().await?;
        }
        self.begin();
        self.idled = if self.busy.is_empty() { self.idled.saturating_add(1) } else { 0 };
        let may_look = !stopping && self.waiting.is_empty() && self.busy.len() < self.at_once;
        tokio::select! {
            Some(ended) = self.busy.next() => {
                self.ended.push(ended);
                while let Some(Some(ended)) = self.busy.next().now_or_never() {
                    self.ended.push(ended);
                }
            }
            () = self.chores.wait(self.idled), if may_look => {}
            () = stop.cancelled(), if !stopping => {}
            () = tokio::time::sleep(SETTLE_AFTER), if !self.ended.is_empty() => {
                self.settle().await?;
            }
            () = tokio::time::sleep_until(self.tenure.renew_at()), if !self.busy.is_empty() => {
                // Lost while we worked: the next holder begins what waits.
                if self.tenure.held().await?.is_none() {
                    self.waiting.clear();
                }
            }
        }
        Ok(())
    }

    /// Looks what there is. Another holder's chores are no business of ours.
    async fn look(&mut self) -> Result<(), Fault> {
        self.settle().await?;
        if !self.tenure.is_sure() {
            let nothing = self.busy.is_empty() && self.chores.ready(1).await?.is_empty();
            if nothing || self.tenure.held().await?.is_none() {
                return Ok(());
            }
        }
        let ready = self.chores.ready(BATCH + self.taken.len()).await?;
        self.waiting.extend(ready.into_iter().filter(|c| !self.taken.contains(&C::id(c))));
        Ok(())
    }

    fn begin(&mut self) {
        while self.busy.len() < self.at_once
            && let Some(chore) = self.waiting.pop_front()
        {
            self.taken.insert(C::id(&chore));
            let act = self.chores.act(&chore);
            self.busy.push(Box::pin(async move { (chore, act.await) }));
        }
    }

    async fn settle(&mut self) -> Result<(), Fault> {
        if self.ended.is_empty() {
            return Ok(());
        }
        self.chores.settle(&self.ended).await?;
        for (chore, _) in self.ended.drain(..) {
            self.taken.remove(&C::id(&chore));
        }
        Ok(())
    }

    async fn end(mut self) -> Result<(), Fault> {
        self.settle().await?;
        self.tenure.end().await
    }
}
