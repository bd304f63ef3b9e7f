use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures::future::BoxFuture;
use motcua_bus::{Bus, DueJobs, Hold, courier, relay, timer};
use motcua_context::Clock;
use motcua_ids::Uuid;
use motcua_rpc::Trust;
use motcua_spine::Spine;
use motcua_store::Store;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{host::Service, watch::Watch};

/// How long a holder may be silent before another process takes over.
const LEASE: Duration = Duration::from_secs(10);
const TRUST_EVERY: Duration = Duration::from_secs(20);
const TRUST_AGAIN: Duration = Duration::from_millis(250);
/// A process that is often started anew keeps house too.
const HOUSEKEEPING_FIRST: Duration = Duration::from_mins(1);
const HOUSEKEEPING_EVERY: Duration = Duration::from_hours(1);

/// What a service does besides answering: says, hears, minds its timers.
pub(crate) fn run(
    service: Service,
    bus: &Bus,
    clock: &Arc<dyn Clock>,
    hold: &Hold,
    spine: &Spine,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) {
    let Service { name, store, mounted, subscriptions, .. } = service;
    let holder = format!("{name}-{}", Uuid::from_bytes(rand::random()));
    let lease = |what| store.lease(what, holder.clone(), LEASE);
    let (relays, letters) = (lease("relay"), lease("courier"));
    let look_every = spine.telemetry.0.look_every();
    let watch = Watch {
        store: store.clone(),
        bus: bus.clone(),
        lookouts: mounted.lookouts,
        clock: clock.clone(),
        every: look_every,
    };
    let looks = store.lease("watch", holder.clone(), 3 * look_every);
    let keep = |work| tasks.spawn(to_the_end(name, work, stop.clone()));
    keep(Box::pin(relay(
        store.clone(),
        bus.clone(),
        relays,
        clock.clone(),
        hold.clone(),
        stop.clone(),
    )) as BoxFuture<'static, ()>);
    keep(Box::pin(courier(store.clone(), subscriptions, letters, clock.clone(), stop.clone())));
    for due in DueJobs::of(mounted.due) {
        let mine = lease(due.lease());
        keep(Box::pin(timer(store.clone(), due, mine, clock.clone(), stop.clone())));
    }
    keep(Box::pin(watch.keep(looks, stop.clone())));
    for chore in mounted.chores {
        let mine = lease(chore.name);
        keep(Box::pin(chore.keep(mine, clock.clone(), stop.clone())));
    }
    keep(Box::pin(keep_house(store, clock.clone(), spine.store.log_kept(), stop.clone())));
}

/// Work that ends only when the process does. Should it break, the process ends
/// in order, so that it is started anew instead of living on without it.
#[expect(clippy::disallowed_methods, reason = "it is waited for here")]
pub(crate) async fn to_the_end(
    service: &'static str,
    work: BoxFuture<'static, ()>,
    stop: CancellationToken,
) {
    if let Err(error) = tokio::spawn(work).await {
        tracing::error!(%error, service, "background work broke; the process ends");
        stop.cancel();
    }
}

/// Follows the keys and revocations that `identity` publishes.
pub(crate) async fn keep_trust(trust: Trust, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut pause = TRUST_AGAIN;
    while !stop.is_cancelled() {
        pause = match trust.refresh().await {
            Ok(()) => TRUST_EVERY,
            Err(fault) => {
                tracing::warn!(%fault, "identity does not tell what was revoked");
                (pause * 2).clamp(TRUST_AGAIN, TRUST_EVERY / 4)
            }
        };
        trust.forget(clock.now());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn keep_house(
    store: Store,
    clock: Arc<dyn Clock>,
    log_kept: TimeDelta,
    stop: CancellationToken,
) {
    let mut pause = HOUSEKEEPING_FIRST;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = HOUSEKEEPING_EVERY,
            () = stop.cancelled() => return,
        }
        let now = clock.now();
        match store.clear(now, now - log_kept).await {
            Ok(cleared) => tracing::debug!(?cleared, service = store.service(), "kept house"),
            Err(fault) => {
                tracing::warn!(%fault, service = store.service(), "what is old was not cleared");
            }
        }
    }
}
