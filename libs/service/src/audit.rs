use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use ed25519_dalek::SigningKey;
use motcua_config::Section;
use motcua_context::Clock;
use motcua_fault::{Fault, Kind};
use motcua_store::{Lease, SealEvery, Store};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

/// How long a row waits before it is chained.
const CHAIN_EVERY: Duration = Duration::from_secs(1);

/// `[audit]`: how often the record of who did what is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditSettings {
    /// After so many rows.
    pub seal_rows: u32,
    /// Or so long after a row, in minutes.
    pub seal_minutes: u32,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { seal_rows: 10_000, seal_minutes: 10 }
    }
}

impl Section for AuditSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let wrong: Vec<_> = [("seal_rows", self.seal_rows), ("seal_minutes", self.seal_minutes)]
            .into_iter()
            .filter(|(_, value)| *value == 0)
            .map(|(key, _)| format!("{key}: must be at least 1"))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl AuditSettings {
    pub(crate) fn every(&self) -> SealEvery {
        SealEvery {
            rows: self.seal_rows.into(),
            time: TimeDelta::minutes(self.seal_minutes.into()),
        }
    }

    /// What is older than this must have been sealed.
    pub fn overdue(&self) -> TimeDelta {
        self.every().time * 3
    }
}

/// Chains and seals a service's record, while the lease is held.
pub(crate) async fn keep_audit(
    store: Store,
    lease: Lease,
    key: SigningKey,
    every: SealEvery,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        if let Err(fault) = turn(&store, &lease, &key, every, &clock).await {
            // Two at once, after a lease was lost: the other has done it.
            if fault.kind() != Kind::Aborted {
                tracing::warn!(%fault, service = store.service(), "the audit log is not chained");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(CHAIN_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
    if let Err(fault) = lease.release().await {
        tracing::debug!(%fault, "the lease of the audit log was not given back");
    }
}

async fn turn(
    store: &Store,
    lease: &Lease,
    key: &SigningKey,
    every: SealEvery,
    clock: &Arc<dyn Clock>,
) -> Result<(), Fault> {
    if lease.acquire().await?.is_none() {
        return Ok(());
    }
    let audit = store.audit();
    while audit.chain().await? > 0 {
        if lease.acquire().await?.is_none() {
            return Ok(());
        }
    }
    if let Some(seal) = audit.seal(key, every, clock.now()).await? {
        // Whoever keeps this line elsewhere can tell later that nothing was cut off.
        tracing::info!(
            service = store.service(),
            seal = seal.number,
            head = %seal.head,
            "audit log sealed"
        );
    }
    Ok(())
}
