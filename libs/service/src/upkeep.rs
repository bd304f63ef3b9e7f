use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_audit::{Keeper, SealEvery};
use motcua_context::Clock;
use motcua_ids::Uuid;
use motcua_keys::{follow_keys, keep_sealed};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{host::Service, tasks::to_the_end};

/// How long a holder may be silent before another process takes over.
const AUDIT: Duration = Duration::from_secs(10);
/// A large file takes its time.
const RESEAL: Duration = Duration::from_secs(20);

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
    let keeper = Keeper {
        audit: store.audit(),
        lease: store.lease("audit", holder.clone(), AUDIT),
        key: service.signing.clone(),
        every: seal_every,
        clock: clock.clone(),
    };
    let works: [BoxFuture<'static, ()>; 3] = [
        Box::pin(keeper.keep(stop.clone())),
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
