use motcua_context::{Ctx, Role, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, Uuid};

use super::App;
use crate::{
    domain::{Reading, Refusal},
    store::ReadingFilter,
};

/// Which readings are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListReadings {
    pub(crate) subject: AccountId,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) after: Option<(Timestamp, Uuid)>,
}

impl App {
    /// Keeps what a service said about readings; a repeated event adds nothing.
    pub(crate) async fn record_readings(
        &self,
        ctx: &Ctx,
        readings: Vec<Reading>,
    ) -> Result<(), Fault> {
        let subject = readings.first().map_or(Uuid::nil(), |reading| reading.event.uuid());
        self.store
            .write(ctx, subject, async |tx| self.readings.insert(tx, &readings).await)
            .await?;
        Ok(())
    }

    /// A page of who read an account's data, to its holder or an auditor.
    pub(crate) async fn list_readings(
        &self,
        ctx: &Ctx,
        asked: ListReadings,
        size: u64,
    ) -> Result<Vec<Reading>, Fault> {
        let own = Self::is_own(ctx, asked.subject);
        let audits = ctx.officer().is_ok_and(|officer| officer.holds(Role::Auditor));
        if !own && !audits {
            return Err(Refusal::OutOfReach.into());
        }
        let ListReadings { subject, from, until, after } = asked;
        let filter = ReadingFilter { subject, from, until, after };
        self.readings.page(self.store.reader(), &filter, size).await
    }
}
