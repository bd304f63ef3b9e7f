use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_context::Clock;
use motcua_ids::Uuid;
use motcua_store::SealEvery;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    audit::keep_audit,
    host::Service,
    rotation::{follow_keys, keep_sealed},
    tasks::to_the_end,
};

/// How long a holder may be silent before another process takes over.
const AUDIT: Duration = Duration::from_secs(10);
/// A large file takes its time.
const RESEAL: Duration = Duration::from_mins(1);

/// What a service does for its own record and its own keys.
pub(crate) fn run(
    service: &Service,
    seal_every: SealEvery,
    clock: &Arc<dyn Clock>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) {
    let (name, store, sealed) = (service.name, &service.store, &service.sealed);
    let holder = format!("{name}-{}", Uuid::from_bytes(rand::random()));
    let works: [BoxFuture<'static, ()>; 3] = [
        Box::pin(keep_audit(
            store.clone(),
            store.lease("audit", holder.clone(), AUDIT),
            service.signing.clone(),
            seal_every,
            clock.clone(),
            stop.clone(),
        )),
        Box::pin(follow_keys(sealed.clone(), stop.clone())),
        Box::pin(keep_sealed(
            sealed.clone(),
            store.lease("reseal", holder, RESEAL),
            clock.clone(),
            stop.clone(),
        )),
    ];
    for work in works {
        tasks.spawn(to_the_end(name, work, stop.clone()));
    }
}
