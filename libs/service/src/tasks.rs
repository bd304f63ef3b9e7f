use std::{sync::Arc, time::Duration};

use motcua_bus::{Bus, Hold, courier, relay, timer};
use motcua_context::Clock;
use motcua_ids::Uuid;
use motcua_rpc::Trust;
use motcua_store::Store;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::host::Service;

/// How long a holder may be silent before another process takes over.
const LEASE: Duration = Duration::from_secs(10);
const TRUST_EVERY: Duration = Duration::from_secs(20);
const TRUST_AGAIN: Duration = Duration::from_millis(250);
const HOUSEKEEPING_EVERY: Duration = Duration::from_hours(1);
/// How long a cause stays claimed. A broker may redeliver an old event.
const CLAIMS_KEPT: chrono::TimeDelta = chrono::TimeDelta::days(90);

/// What a service does besides answering: says, hears, minds its timers.
pub(crate) fn run(
    service: Service,
    bus: &Bus,
    clock: &Arc<dyn Clock>,
    hold: &Hold,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) {
    let Service { name, store, mounted, subscriptions, .. } = service;
    let holder = format!("{name}-{}", Uuid::from_bytes(rand::random()));
    let lease = |what| store.lease(what, holder.clone(), LEASE);
    tasks.spawn(relay(
        store.clone(),
        bus.clone(),
        lease("relay"),
        clock.clone(),
        hold.clone(),
        stop.clone(),
    ));
    bus.subscribe(&store, &subscriptions, clock.clone(), tasks, stop.clone());
    tasks.spawn(courier(
        store.clone(),
        subscriptions,
        lease("courier"),
        clock.clone(),
        stop.clone(),
    ));
    tasks.spawn(timer(store.clone(), mounted.due, lease("timer"), clock.clone(), stop.clone()));
    tasks.spawn(keep_house(store, clock.clone(), stop.clone()));
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

async fn keep_house(store: Store, clock: Arc<dyn Clock>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(HOUSEKEEPING_EVERY) => {}
            () = stop.cancelled() => return,
        }
        if let Err(fault) = store.forget_claims(clock.now() - CLAIMS_KEPT).await {
            tracing::warn!(%fault, service = store.service(), "old claims were not forgotten");
        }
    }
}
