use chrono::{DateTime, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId, ProcessId};

use super::{App, record::Done};
use crate::domain::{Fact, Refusal};

/// A fact intake told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    /// About which dossier.
    pub(crate) dossier: DossierId,
    /// The dossier's version.
    pub(crate) version: i64,
    /// When it came about.
    pub(crate) at: DateTime<Utc>,
    /// The officer of the desk who did it.
    pub(crate) by: Option<AccountId>,
    /// What.
    pub(crate) fact: Fact,
}

impl App {
    /// Takes in a fact about a dossier's process; one that came late changes nothing.
    ///
    /// # Errors
    /// A withdrawal must be answered: without a process it is refused, for a
    /// person to look at.
    pub(crate) async fn hear(&self, ctx: &Ctx, told: Told) -> Result<(), Fault> {
        let id = ProcessId::new(told.dossier.uuid());
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let Some(mut held) = self.processes.try_lock(tx, id).await? else {
                    return match told.fact {
                        Fact::WithdrawalRequested => Err(Refusal::ProcessUnknown.into()),
                        _ => Ok(()),
                    };
                };
                let events = held.process.hear(told.fact, told.version, told.at);
                if events.is_empty() {
                    return Ok(());
                }
                self.processes.save(tx, &held).await?;
                let done = Done { by: told.by, at: told.at, reason: None };
                self.record(tx, ctx, &held, &events, done).await
            })
            .await?;
        Ok(())
    }
}
