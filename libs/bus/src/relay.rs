use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use motcua_context::Clock;
use motcua_fault::Fault;
use motcua_store::{Held, Lease, Store};
use tokio_util::sync::CancellationToken;

use crate::Bus;

const BATCH: u64 = 256;
const QUICKEST: Duration = Duration::from_millis(10);
const SLOWEST: Duration = Duration::from_millis(100);
const AFTER_A_FAULT: Duration = Duration::from_millis(500);

/// The failpoint between commit and publish: while it is set, what is said stays
/// in the outbox. Never set but by a test.
#[derive(Debug, Clone, Default)]
pub struct Hold(Arc<AtomicBool>);

impl Hold {
    /// Holds the relay, or lets it go on.
    pub fn set(&self, held: bool) {
        self.0.store(held, Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Takes what a service said to the bus until it is stopped. Of several
/// processes of one service only the holder of the lease does so; that keeps
/// the order.
pub async fn relay(
    store: Store,
    bus: Bus,
    lease: Lease,
    clock: Arc<dyn Clock>,
    hold: Hold,
    stop: CancellationToken,
) {
    let outbox = store.outbox();
    let mut pause = QUICKEST;
    while !stop.is_cancelled() {
        if hold.is_set() {
            tokio::time::sleep(SLOWEST).await;
            continue;
        }
        match turn(&store, &bus, &lease, clock.as_ref()).await {
            // A full batch: there is more.
            Ok(Some(relayed)) if relayed > 0 => pause = QUICKEST,
            Ok(_) => {
                tokio::select! {
                    () = outbox.wait(pause) => {}
                    () = stop.cancelled() => {}
                }
                pause = (pause * 2).min(SLOWEST);
            }
            Err(fault) => {
                tracing::warn!(%fault, service = store.service(), "relay is held up");
                tokio::select! {
                    () = tokio::time::sleep(AFTER_A_FAULT) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }
    if let Err(fault) = lease.release().await {
        tracing::debug!(%fault, "lease was not given back");
    }
}

/// One batch; how many were relayed, or `None` while another holds the lease.
async fn turn(
    store: &Store,
    bus: &Bus,
    lease: &Lease,
    clock: &dyn Clock,
) -> Result<Option<usize>, Fault> {
    let outbox = store.outbox();
    let waiting = outbox.unpublished(store.service(), BATCH).await?;
    if waiting.is_empty() {
        return Ok(Some(0));
    }
    let Some(held) = lease.acquire().await? else { return Ok(None) };
    relay_batch(&outbox, bus, waiting, &held, clock).await.map(Some)
}

async fn relay_batch(
    outbox: &motcua_store::Outbox,
    bus: &Bus,
    waiting: Vec<(i64, motcua_store::Envelope)>,
    held: &Held,
    clock: &dyn Clock,
) -> Result<usize, Fault> {
    let (seqs, envelopes): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
    let answers = bus.publish(&envelopes).await;
    // Behind one that failed, those of the same key are published again too:
    // a listener that had them passes them over, one that had not keeps the order.
    let mut failed = HashSet::new();
    let mut safe = Vec::with_capacity(seqs.len());
    let mut first = None;
    for ((seq, envelope), answer) in seqs.iter().zip(&envelopes).zip(answers) {
        match answer {
            Ok(()) if !failed.contains(&envelope.key) => safe.push(*seq),
            Ok(()) => {}
            Err(fault) => {
                failed.insert(envelope.key);
                first.get_or_insert(fault);
            }
        }
    }
    if !safe.is_empty() {
        outbox.mark_published(&safe, clock.now(), held).await?;
    }
    first.map_or(Ok(safe.len()), Err)
}
