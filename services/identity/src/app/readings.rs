use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, Uuid};

use super::{App, change_password::at, reach::AUDITORS};
use crate::{
    domain::{Malformed, Reading, Refusal, Subject},
    store::{ReadingEnd, ReadingFilter},
};

/// Which readings are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListReadings {
    /// Whose data was read.
    pub(crate) subject: Option<Subject>,
    /// Who read.
    pub(crate) reader: Option<AccountId>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) after: Option<ReadingEnd>,
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

    /// A page of readings of somebody's data, or by some officer, or both.
    pub(crate) async fn list_readings(
        &self,
        ctx: &Ctx,
        asked: ListReadings,
        size: u64,
    ) -> Result<Vec<Reading>, Fault> {
        self.require_audit(ctx, &asked).await?;
        let ListReadings { subject, reader, from, until, after } = asked;
        let filter = ReadingFilter { subject, reader, from, until, after };
        self.readings.page(self.store.reader(), &filter, size).await
    }

    /// The holder of an account sees who read their data, the person of a dossier who read it. An
    /// auditor sees the readings by officers within reach, and of accounts within reach: of an
    /// officer's, and for the province of everybody's and every dossier's.
    async fn require_audit(&self, ctx: &Ctx, asked: &ListReadings) -> Result<(), Fault> {
        if let Some(subject) = asked.subject
            && self.is_theirs(ctx, subject).await?
        {
            return Ok(());
        }
        // Whoever audits nobody learns nothing about which accounts there are.
        let audits = ctx.officer().is_ok_and(|o| AUDITORS.iter().any(|role| o.holds(*role)));
        if !audits {
            return Err(Refusal::OutOfReach.into());
        }
        let by = asked.reader.map(Subject::Account);
        let mut reached = Err(at("account", Malformed::FilterMissing));
        for audited in by.into_iter().chain(asked.subject) {
            reached = match audited {
                Subject::Dossier(_) => self.require_province(ctx, AUDITORS).await,
                Subject::Account(id) => {
                    let account = self.accounts.get(self.store.reader(), id).await?;
                    self.require_reach(ctx, &account, AUDITORS).await
                }
            };
            if reached.is_ok() {
                break;
            }
        }
        reached
    }

    /// Whether the caller is the one whom the data is about. Whose a dossier is, `intake` knows.
    async fn is_theirs(&self, ctx: &Ctx, subject: Subject) -> Result<bool, Fault> {
        match subject {
            Subject::Account(account) => Ok(Self::is_own(ctx, account)),
            Subject::Dossier(dossier) if ctx.person().is_ok() => {
                self.dossiers.may_be_seen(ctx, dossier).await
            }
            Subject::Dossier(_) => Ok(false),
        }
    }
}
