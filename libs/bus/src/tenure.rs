use std::time::Duration;

use motcua_fault::Fault;
use motcua_store::{Held, Lease};
use tokio::time::Instant;

/// When nothing is held there is nothing to renew.
const NEVER: Duration = Duration::from_hours(1);

/// A lease as its holder sees it: renewed when a third of it has passed, and not
/// asked for before.
pub(crate) struct Tenure {
    lease: Lease,
    held: Option<(Held, Instant)>,
}

impl Tenure {
    pub(crate) const fn new(lease: Lease) -> Self {
        Self { lease, held: None }
    }

    /// Whether it is held without asking.
    pub(crate) fn is_sure(&self) -> bool {
        self.held.as_ref().is_some_and(|(_, renew_at)| Instant::now() < *renew_at)
    }

    /// When to renew it.
    pub(crate) fn renew_at(&self) -> Instant {
        self.held.as_ref().map_or_else(|| Instant::now() + NEVER, |(_, renew_at)| *renew_at)
    }

    /// The lease; `None` while another holds it.
    pub(crate) async fn held(&mut self) -> Result<Option<Held>, Fault> {
        if !self.is_sure() {
            // Counted from before the database was asked: never longer than it says.
            let renew_at = Instant::now() + self.lease.ttl() / 3;
            self.held = self.lease.acquire().await?.map(|held| (held, renew_at));
        }
        Ok(self.held.as_ref().map(|(held, _)| held.clone()))
    }

    /// Gives it back, so that another need not wait for its end.
    pub(crate) async fn end(self) -> Result<(), Fault> {
        self.lease.release().await
    }
}
