use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use motcua_context::Clock;
use motcua_fault::Fault;
use motcua_post::Envelope;
use motcua_store::{Held, Lease, Store};
use tokio_util::sync::CancellationToken;

use crate::{Bus, seen::Sending, tenure::Tenure};

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
    let service = store.service();
    let mut relay = Relay { store, bus, tenure: Tenure::new(lease), clock, hold };
    let mut idled = 0_u32;
    while !stop.is_cancelled() {
        let pause = match relay.turn().await {
            Ok(0) => {
                idled = idled.saturating_add(1);
                relay.pause(idled).left_future()
            }
            Ok(_) => {
                idled = 0;
                continue;
            }
            Err(fault) => {
                tracing::warn!(%fault, service, "relay is held up");
                tokio::time::sleep(AFTER_A_FAULT).right_future()
            }
        };
        tokio::select! {
            () = pause => {}
            () = stop.cancelled() => {}
        }
    }
    if let Err(fault) = relay.tenure.end().await {
        tracing::debug!(%fault, service, "the relay's lease was not given back");
    }
}

struct Relay {
    store: Store,
    bus: Bus,
    tenure: Tenure,
    clock: Arc<dyn Clock>,
    hold: Hold,
}

impl Relay {
    /// One batch; how many were relayed: none while another holds the lease.
    async fn turn(&mut self) -> Result<usize, Fault> {
        let outbox = self.store.outbox();
        let look = async |limit| outbox.unpublished(self.store.service(), limit).await;
        if self.hold.is_set() || (!self.tenure.is_sure() && look(1).await?.is_empty()) {
            return Ok(0);
        }
        let Some(held) = self.tenure.held().await? else { return Ok(0) };
        // Read only now: what another holder has published meanwhile is not ours.
        let waiting = look(BATCH).await?;
        if waiting.is_empty() { Ok(0) } else { self.publish(waiting, &held).await }
    }

    async fn publish(&self, waiting: Vec<(i64, Envelope)>, held: &Held) -> Result<usize, Fault> {
        let (seqs, mut envelopes): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        let begin = |envelope: &mut Envelope| Sending::begin(self.bus.system(), envelope);
        let sending: Vec<_> = envelopes.iter_mut().map(begin).collect();
        let answers = self.bus.publish(&envelopes).await;
        sending.into_iter().zip(&answers).for_each(|(one, answer)| one.end(answer));
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
            self.store.outbox().mark_published(&safe, self.clock.now(), held).await?;
        }
        first.map_or(Ok(safe.len()), Err)
    }

    async fn pause(&self, idled: u32) {
        let pause =
            QUICKEST.saturating_mul(2_u32.saturating_pow(idled.clamp(1, 8) - 1)).min(SLOWEST);
        self.store.outbox().wait(pause).await;
    }
}
