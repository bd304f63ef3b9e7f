use std::{sync::Arc, time::Duration};

use ed25519_dalek::SigningKey;
use motcua_context::Clock;
use motcua_database::Lease;
use motcua_fault::{Fault, Kind};
use tokio_util::sync::CancellationToken;

use crate::{Audit, SealEvery};

/// How long a row waits before it is chained.
const CHAIN_EVERY: Duration = Duration::from_secs(1);

/// Who chains and seals a service's record.
pub struct Keeper {
    /// The record.
    pub audit: Audit,
    /// Of several processes, the one that holds it works.
    pub lease: Lease,
    /// The service's key.
    pub key: SigningKey,
    /// When it seals.
    pub every: SealEvery,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Keeper {
    /// Chains and seals until stopped.
    pub async fn keep(self, stop: CancellationToken) {
        let service = self.audit.service();
        while !stop.is_cancelled() {
            if let Err(fault) = self.turn().await {
                // Two at once, after a lease was lost: the other has done it.
                if fault.kind() != Kind::Aborted {
                    tracing::warn!(%fault, service, "the audit log is not chained");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(CHAIN_EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
        if let Err(fault) = self.lease.release().await {
            tracing::debug!(%fault, "the lease of the audit log was not given back");
        }
    }

    async fn turn(&self) -> Result<(), Fault> {
        if self.lease.acquire().await?.is_none() {
            return Ok(());
        }
        while self.audit.chain().await? > 0 {
            if self.lease.acquire().await?.is_none() {
                return Ok(());
            }
        }
        if let Some(seal) = self.audit.seal(&self.key, self.every, self.clock.now()).await? {
            // Whoever keeps this line elsewhere can tell later that nothing was cut off.
            tracing::info!(
                service = self.audit.service(),
                seal = seal.number,
                head = %seal.head,
                "audit log sealed"
            );
        }
        Ok(())
    }
}
