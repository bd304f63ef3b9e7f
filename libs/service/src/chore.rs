use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_context::{Clock, Timestamp};
use motcua_fault::Fault;
use motcua_store::Lease;
use tokio_util::sync::CancellationToken;

type Turn = Arc<dyn Fn(Timestamp) -> BoxFuture<'static, Result<bool, Fault>> + Send + Sync>;

/// Something a service does again and again, by one of its processes at a time.
/// What is done must bear being done twice at once: a holder of the lease that is
/// slow does not know that it has lost it.
#[derive(Clone)]
pub struct Chore {
    pub(crate) name: &'static str,
    every: Duration,
    turn: Turn,
}

impl Chore {
    /// Takes a `turn` after each `every`; one that answers that there is more to do is
    /// followed by the next at once. A turn that the process's end cuts off is lost.
    pub fn new<F, R>(name: &'static str, every: Duration, turn: F) -> Self
    where
        F: Fn(Timestamp) -> R + Send + Sync + 'static,
        R: Future<Output = Result<bool, Fault>> + Send + 'static,
    {
        Self { name, every, turn: Arc::new(move |now| Box::pin(turn(now))) }
    }

    pub(crate) async fn keep(self, lease: Lease, clock: Arc<dyn Clock>, stop: CancellationToken) {
        let name = self.name;
        let forever = async {
            loop {
                let more = self.once(&lease, &clock).await.unwrap_or_else(|fault| {
                    tracing::warn!(%fault, name, "a chore is held up");
                    false
                });
                if !more {
                    tokio::time::sleep(self.every).await;
                }
            }
        };
        stop.run_until_cancelled(forever).await;
        if let Err(fault) = lease.release().await {
            tracing::debug!(%fault, name, "the lease of a chore was not given back");
        }
    }

    async fn once(&self, lease: &Lease, clock: &Arc<dyn Clock>) -> Result<bool, Fault> {
        Ok(lease.acquire().await?.is_some() && (self.turn)(clock.now()).await?)
    }
}
