use std::time::Duration;

use motcua_fault::Fault;
use motcua_store::Lease;
use tokio_util::sync::CancellationToken;

const AFTER_A_FAULT: Duration = Duration::from_millis(500);

/// Work that is done again and again.
pub(crate) trait Turns: Sync {
    /// Does what there is to do now; answers how much that was.
    fn turn(&self) -> impl Future<Output = Result<usize, Fault>> + Send;

    /// Waits where there was nothing to do, for the `idled`th time in a row.
    fn idle(&self, idled: u32) -> impl Future<Output = ()> + Send;
}

/// Takes turns until stopped: the next at once while there is work, more slowly
/// after a fault. Gives the lease back at the end.
pub(crate) async fn take_turns(
    what: &'static str,
    service: &'static str,
    lease: &Lease,
    stop: &CancellationToken,
    work: impl Turns,
) {
    let mut idled = 0;
    while !stop.is_cancelled() {
        match work.turn().await {
            Ok(done) if done > 0 => idled = 0,
            Ok(_) => {
                tokio::select! {
                    () = work.idle(idled) => {}
                    () = stop.cancelled() => {}
                }
                idled = idled.saturating_add(1);
            }
            Err(fault) => {
                tracing::warn!(%fault, service, "{what} is held up");
                tokio::select! {
                    () = tokio::time::sleep(AFTER_A_FAULT) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }
    if let Err(fault) = lease.release().await {
        tracing::debug!(%fault, service, "the lease of the {what} was not given back");
    }
}
