use std::collections::BTreeSet;

use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Ctx, Role, System, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, Uuid};
use motcua_store::Store;

use super::App;
use crate::{
    domain::Refusal,
    store::{StatusPage, Statuses},
};

/// How long changes are kept.
const KEPT: TimeDelta = TimeDelta::days(90);

impl App {
    /// The next changes of messages within the caller's reach after a number.
    pub(crate) async fn statuses(
        &self,
        ctx: &Ctx,
        after: i64,
        size: u64,
    ) -> Result<StatusPage, Fault> {
        Statuses.after(self.store.reader(), &reach(ctx)?, after, size).await
    }
}

/// Officers see what their roles reach, a system what its agency does.
fn reach(ctx: &Ctx) -> Result<BTreeSet<AgencyId>, Fault> {
    if let Actor::System(System { service: false, agency, .. }) = ctx.actor().principal() {
        return Ok([agency.ok_or(Refusal::NoAgency)?].into());
    }
    let officer = ctx.officer()?;
    let roles = [Role::Administrator, Role::Auditor];
    Ok(roles.into_iter().flat_map(|role| officer.agencies(role)).collect())
}

/// Numbers the changes that wait, and forgets old ones. Whether there may be more.
pub(crate) async fn number(store: &Store, now: Timestamp) -> Result<bool, Fault> {
    let db = store.reader();
    let old = Statuses.before(db, now - KEPT).await?;
    if old.is_empty() && !Statuses.wait(db).await? {
        return Ok(false);
    }
    let ctx = Ctx::new(Actor::System(System::service(store.service())), now);
    let id = Uuid::from_bytes(ctx.random());
    let ctx = ctx.with_cause(Cause::Due { name: "statuses-numbered", id, generation: 0 });
    let numbered = store.write(&ctx, id, async |tx| {
        Statuses.forget(tx, &old).await?;
        Statuses.number(tx).await
    });
    numbered.await?.or_reload(async |_| Ok(false)).await
}
