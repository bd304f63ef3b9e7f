use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{App, due};

/// How often.
pub(super) const EVERY: TimeDelta = TimeDelta::hours(6);

impl App {
    /// Forgets sessions that were over long ago, and revocations, tries and spent tickets that no
    /// longer matter.
    pub(crate) async fn keep_house(&self, ctx: &Ctx) -> Result<(), Fault> {
        let over_before = ctx.now() - TimeDelta::days(self.config.keep_sessions_d.into());
        let window = self.config.guessing.per_login().window;
        self.store
            .write(ctx, Uuid::nil(), async |tx| {
                self.sessions.prune(tx, over_before).await?;
                self.revocations.prune(tx, ctx.now()).await?;
                self.external.prune(tx, ctx.now()).await?;
                self.tries.prune(tx, ctx.now() - window, ctx.now()).await?;
                tx.schedule(due::HOUSEKEEPING, Uuid::nil(), ctx.now() + EVERY).await
            })
            .await?;
        Ok(())
    }
}
