use std::{path::PathBuf, sync::Arc, time::Duration};

use motcua_context::Clock;
use motcua_fault::Fault;
use motcua_files::Files;
use motcua_sealing::{Keyring, Rotation};
use motcua_store::{Lease, Store};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::SealedColumn;

/// How soon a changed key file is read.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two batches, so that the work of people goes first.
const BREATH: Duration = Duration::from_millis(20);
/// How soon everything is looked through again while old keys are there: a process
/// that learned of the new key late may have written with the old one.
const AGAIN: Duration = Duration::from_mins(5);

/// What a service has sealed.
#[derive(Clone)]
pub struct Sealed {
    /// Its database.
    pub store: Store,
    /// Its files.
    pub files: Files,
    /// What seals them.
    pub keyring: Arc<Keyring>,
    /// The file of that.
    pub path: PathBuf,
    /// The columns that hold sealed values.
    pub columns: Vec<SealedColumn>,
}

/// Reads the key file when it has changed.
pub async fn follow_keys(sealed: Sealed, stop: CancellationToken) {
    let service = sealed.store.service();
    while pause(LOOK_EVERY, &stop).await {
        match sealed.keyring.reload(&sealed.path) {
            Ok(false) => {}
            Ok(true) => {
                let rotation = sealed.keyring.rotation();
                tracing::info!(service, keys = sealed.keyring.name(), ?rotation, "keys changed");
            }
            Err(error) => {
                let error = error.to_string();
                tracing::error!(service, error, "the key file is not read: the old keys stay");
            }
        }
    }
}

/// Seals anew what an old key has sealed, while the lease is held. A pass that
/// was broken off is begun again: what is done is not done twice.
pub async fn keep_sealed(
    sealed: Sealed,
    lease: Lease,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut done: Option<(u32, Instant)> = None;
    while pause(LOOK_EVERY, &stop).await {
        let current = sealed.keyring.data().current().id();
        let fresh = done.is_some_and(|(key, at)| key == current && at.elapsed() < AGAIN);
        if sealed.keyring.rotation() != Rotation::Changed || fresh {
            continue;
        }
        let pass = Pass { sealed: &sealed, lease: &lease, clock: &clock, stop: &stop };
        let service = sealed.store.service();
        match pass.run().await {
            Ok(Some(count)) => {
                done = Some((current, Instant::now()));
                if count > 0 {
                    tracing::info!(service, count, key = current, "sealed anew");
                }
            }
            Ok(None) => {}
            Err(fault) => tracing::warn!(%fault, service, "sealing anew is held up"),
        }
    }
    if let Err(fault) = lease.release().await {
        tracing::debug!(%fault, "the lease of sealing anew was not given back");
    }
}

struct Pass<'a> {
    sealed: &'a Sealed,
    lease: &'a Lease,
    clock: &'a Arc<dyn Clock>,
    stop: &'a CancellationToken,
}

impl Pass<'_> {
    /// Goes through everything once; how much was sealed anew, or nothing where
    /// another does it or the process ends.
    async fn run(&self) -> Result<Option<u64>, Fault> {
        let mut count = 0;
        let Sealed { store, files, keyring, columns, .. } = self.sealed;
        for column in columns {
            let mut after = None;
            loop {
                if !self.may_go_on().await? {
                    return Ok(None);
                }
                let now = self.clock.now();
                let batch = column.reseal(store, keyring, after.as_ref(), now).await?;
                count += batch.rows;
                after = batch.next;
                if after.is_none() {
                    break;
                }
            }
        }
        if !self.may_go_on().await? {
            return Ok(None);
        }
        files.forget_copies().await?;
        for file in files.sealed_before().await? {
            if !self.may_go_on().await? {
                return Ok(None);
            }
            match files.reseal(file).await {
                Ok(resealed) => count += u64::from(resealed),
                Err(fault) => tracing::error!(%fault, %file, "not sealed anew: its key is needed"),
            }
        }
        Ok(Some(count))
    }

    async fn may_go_on(&self) -> Result<bool, Fault> {
        Ok(pause(BREATH, self.stop).await && self.lease.acquire().await?.is_some())
    }
}

/// Waits; whether the process goes on.
async fn pause(time: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        () = stop.cancelled() => false,
    }
}
