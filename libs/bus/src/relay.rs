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

use crate::{
    Bus,
    turns::{Turns, take_turns},
};

const BATCH: u64 = 256;
const QUICKEST: Duration = Duration::from_millis(10);
const SLOWEST: Duration = Duration::from_millis(100);

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
    let work = Relay { store: &store, bus, lease: &lease, clock, hold };
    take_turns("relay", store.service(), &lease, &stop, work).await;
}

struct Relay<'a> {
    store: &'a Store,
    bus: Bus,
    lease: &'a Lease,
    clock: Arc<dyn Clock>,
    hold: Hold,
}

impl Turns for Relay<'_> {
    async fn turn(&self) -> Result<usize, Fault> {
        if self.hold.is_set() {
            return Ok(0);
        }
        turn(self.store, &self.bus, self.lease, self.clock.as_ref()).await
    }

    async fn idle(&self, idled: u32) {
        let pause = QUICKEST.saturating_mul(2_u32.saturating_pow(idled.min(8))).min(SLOWEST);
        self.store.outbox().wait(pause).await;
    }
}

/// One batch; how many were relayed: none while another holds the lease.
async fn turn(store: &Store, bus: &Bus, lease: &Lease, clock: &dyn Clock) -> Result<usize, Fault> {
    let outbox = store.outbox();
    if outbox.unpublished(store.service(), 1).await?.is_empty() {
        return Ok(0);
    }
    let Some(held) = lease.acquire().await? else { return Ok(0) };
    // Read only now: what another holder has published meanwhile is not ours.
    let waiting = outbox.unpublished(store.service(), BATCH).await?;
    relay_batch(&outbox, bus, waiting, &held, clock).await
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
