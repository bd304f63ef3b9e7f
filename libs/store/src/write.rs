use chrono::TimeDelta;
use motcua_audit::AuditEntry;
use motcua_context::{Cause, Ctx};
use motcua_database::{OrFault, immediate};
use motcua_fault::{Fault, Kind};
use motcua_ids::Uuid;
use sea_orm::{
    ActiveValue::Set, EntityTrait, QueryTrait, TransactionTrait, sea_query::InsertStatement,
};

use crate::{Store, Tx, spine::handled};

/// What became of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once<T> {
    /// It was done now.
    Done(T),
    /// It was done before, for this subject: answer with its present state.
    Already(Uuid),
}

impl<T> Once<T> {
    /// The value, or what `reload` finds under the subject of the first time.
    pub async fn or_reload(
        self,
        reload: impl AsyncFnOnce(Uuid) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Already(subject) => reload(subject).await,
        }
    }
}

impl Store {
    /// Begins, runs `work`, claims the cause with what `work` left for the end and
    /// a row for the record of who did what, commits.
    ///
    /// A cause claimed before changes nothing and answers [`Once::Already`],
    /// whatever `work` made of it: `work` may be run again, and must do nothing
    /// that a roll-back does not undo. A fault rolls everything back, so that a
    /// corrected or repeated request finds the way open.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED` if the same request id came with another payload;
    /// `Unavailable` if the database is away; whatever `work` answers.
    pub async fn write<T>(
        &self,
        ctx: &Ctx,
        subject: Uuid,
        work: impl AsyncFnOnce(&Tx) -> Result<T, Fault>,
    ) -> Result<Once<T>, Fault> {
        let key = ctx.claim()?;
        let db = self.writer().begin_with_options(immediate()).await.or_fault()?;
        let tx = Tx::new(db, self.service(), ctx);
        let done = match work(&tx).await {
            Ok(value) => {
                let record = AuditEntry::draft(ctx, &key, subject, tx.noted());
                let fresh = tx.flush(claim(ctx, &key, subject), record).await;
                fresh.map(|woken| woken.map(|woken| (value, woken)))
            }
            Err(fault) => Err(fault),
        };
        match done {
            Ok(Some((value, woken))) => {
                tx.commit().await?;
                self.nudge(&woken);
                Ok(Once::Done(value))
            }
            Ok(None) => {
                tx.rollback().await?;
                let first = self.first(ctx, &key).await?;
                first.map(Once::Already).ok_or_else(|| Fault::unavailable("database"))
            }
            Err(fault) => {
                tx.rollback().await?;
                // What the first time has changed is in the way of the second: no refusal.
                let first = if fault.kind() == Kind::Unavailable {
                    None
                } else {
                    self.first(ctx, &key).await?
                };
                first.map(Once::Already).ok_or(fault)
            }
        }
    }

    /// The subject of the first time, if there was one; refused if that was
    /// another request under the same id.
    async fn first(&self, ctx: &Ctx, key: &[u8]) -> Result<Option<Uuid>, Fault> {
        let row = handled::Entity::find_by_id(key.to_vec()).one(self.writer()).await.or_fault()?;
        match row {
            Some(row) if row.payload != ctx.cause().payload() => Err(Fault::new(
                Kind::InvalidArgument,
                "REQUEST_ID_REUSED",
                "Mã yêu cầu (request_id) đã được dùng cho một yêu cầu khác, vui lòng dùng mã mới.",
            )),
            row => Ok(row.map(|row| row.subject)),
        }
    }
}

fn claim(ctx: &Ctx, key: &[u8], subject: Uuid) -> InsertStatement {
    let row = handled::ActiveModel {
        key: Set(key.to_vec()),
        payload: Set(ctx.cause().payload().to_vec()),
        subject: Set(subject),
        at: Set(ctx.now()),
        forget_at: Set(ctx.now() + kept(ctx.cause())),
    };
    let claim = handled::Entity::insert(row);
    claim.on_conflict_do_nothing_on([handled::Column::Key]).into_query()
}

/// How long a cause stays claimed: a caller gives up within days, a broker may
/// deliver an event again after weeks.
fn kept(cause: &Cause) -> TimeDelta {
    match cause {
        Cause::Step { of, .. } => kept(of),
        Cause::Event { .. } => TimeDelta::days(90),
        Cause::None | Cause::Request { .. } | Cause::Due { .. } | Cause::Command { .. } => {
            TimeDelta::days(7)
        }
    }
}
