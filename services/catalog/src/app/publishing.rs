//! A draft becomes a version; a procedure is abolished.

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{ProcedureId, ProcedureVersionId};

use super::{
    App, access,
    drafts::{edits, surroundings},
    today,
};
use crate::{
    domain::{Abolition, Effect, Procedure, Refusal, Version},
    events::publish,
    store::{mark, procedures, versions},
};

impl App {
    /// Publishes a draft, or refuses with everything that is missing.
    pub(crate) async fn publish_version(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
        etag: &str,
        from: Option<NaiveDate>,
    ) -> Result<Version, Fault> {
        let today = today(ctx);
        let effect = Effect { from: from.unwrap_or(today), today, now: ctx.now() };
        let published = self.store.write(ctx, id.uuid(), async |tx| {
            let mut draft = versions::get(tx.db(), id).await?;
            access::edit_procedure(ctx, tx.db(), &draft.content).await?;
            let before_edits = edits(&draft);
            let mut procedure = procedures::get(tx.db(), draft.procedure).await?;
            let before = procedure.version;
            let found = self.check(&draft.number, &draft.content, &surroundings(tx.db()).await?);
            // A stale or published one is refused for that, whatever else is wrong with it.
            if let (false, _) | (_, true) = (draft.is_draft(), draft.etag() != etag) {
                return Err(stale(&draft).into());
            }
            let complete = match found.complete("content.") {
                Ok(complete) => complete,
                Err(violations) => return violations.finish().map(|()| draft),
            };
            let event = procedure.publish(&mut draft, etag, effect, complete)?;
            procedures::update(tx, &procedure, before).await?;
            versions::update(tx, &draft, before_edits).await?;
            mark::advance(tx).await?;
            publish(tx, event);
            Ok(draft)
        });
        published
            .await?
            .or_reload(async |id| versions::get(self.store.reader(), id.into()).await)
            .await
    }

    /// Abolishes a procedure after a day.
    pub(crate) async fn abolish_procedure(
        &self,
        ctx: &Ctx,
        id: ProcedureId,
        last_day: Option<NaiveDate>,
        decision: Option<String>,
    ) -> Result<Procedure, Fault> {
        let last_day = last_day.unwrap_or_else(|| today(ctx));
        let abolished = self.store.write(ctx, id.uuid(), async |tx| {
            let mut procedure = procedures::get(tx.db(), id).await?;
            let before = procedure.version;
            let newest = versions::newest(tx.db(), id).await?.ok_or(Refusal::NeverPublished)?;
            access::edit_procedure(ctx, tx.db(), &newest.content).await?;
            let event = procedure.abolish(Abolition { last_day, decision })?;
            procedures::update(tx, &procedure, before).await?;
            mark::advance(tx).await?;
            publish(tx, event);
            Ok(procedure)
        });
        abolished
            .await?
            .or_reload(async |id| procedures::get(self.store.reader(), id.into()).await)
            .await
    }
}

fn stale(version: &Version) -> Refusal {
    if version.is_draft() { Refusal::EtagMismatch } else { Refusal::VersionPublished }
}
