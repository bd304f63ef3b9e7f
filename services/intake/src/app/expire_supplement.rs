//! The citizen did not answer in time.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, timer};
use crate::store::dossiers::{self, Changed};

impl App {
    /// Ends the dossier, unless it was answered or the deadline was moved.
    pub(crate) async fn expire_supplement(&self, ctx: &Ctx, id: DossierId) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                if dossier.expire_supplement(ctx.now())? {
                    return self.keep(tx, &mut dossier, Changed::default()).await;
                }
                match dossier.open_round() {
                    // Exactly at the deadline it still is in time.
                    Some(round) if dossier.withdrawal.is_none() => {
                        let again = round.deadline.max(ctx.now()) + chrono::TimeDelta::seconds(1);
                        tx.schedule(timer::SUPPLEMENT, id.uuid(), again).await
                    }
                    _ => Ok(()),
                }
            })
            .await?;
        Ok(())
    }
}
