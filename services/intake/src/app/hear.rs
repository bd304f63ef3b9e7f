//! A fact of workflow or of payment is taken in.

use chrono::{DateTime, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::App;
use crate::{
    domain::{Fact, PaymentFact, ReturnWay},
    store::dossiers::{self, Changed},
};

impl App {
    /// Takes in what became of processing. `version` is the process's; a fact
    /// that is late changes nothing. `fact` is told how the citizen wants the result.
    pub(crate) async fn hear(
        &self,
        ctx: &Ctx,
        id: DossierId,
        version: i64,
        at: DateTime<Utc>,
        fact: impl FnOnce(ReturnWay) -> Fact + Send,
    ) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let way = loaded.return_way();
                let mut dossier = loaded.dossier;
                if dossier.hear(fact(way), version, at)? {
                    self.keep(tx, &mut dossier, Changed::default()).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Takes in what became of what is owed. `version` is the order's; a fact that is late
    /// changes nothing.
    pub(crate) async fn hear_payment(
        &self,
        ctx: &Ctx,
        id: DossierId,
        version: i64,
        at: DateTime<Utc>,
        fact: PaymentFact,
    ) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                if dossier.hear_payment(fact, version, at)? {
                    self.keep(tx, &mut dossier, Changed::default()).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
