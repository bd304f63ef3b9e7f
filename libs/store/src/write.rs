use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::Uuid;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, SqliteTransactionMode,
    TransactionOptions, TransactionTrait, TryInsertResult,
};

use crate::{OrFault, Store, Tx, spine::handled};

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
    /// Begins, claims the cause, runs `work`, stores what it said, commits.
    ///
    /// A cause claimed before changes nothing and answers [`Once::Already`]. A
    /// fault rolls everything back, the claim with it, so that a corrected or
    /// repeated request finds the way open.
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
        let tx = Tx::new(db, ctx);
        if !claim(&tx, ctx, &key, subject).await? {
            let first = first(&tx, &key, ctx).await;
            tx.rollback().await?;
            return first.map(Once::Already);
        }
        let done = match work(&tx).await {
            Ok(value) => tx.flush().await.map(|()| value),
            Err(fault) => Err(fault),
        };
        match done {
            Ok(value) => {
                tx.commit().await?;
                self.nudge();
                Ok(Once::Done(value))
            }
            Err(fault) => {
                tx.rollback().await?;
                Err(fault)
            }
        }
    }

    /// Forgets which causes were claimed before `before`.
    pub async fn forget_claims(&self, before: Timestamp) -> Result<u64, Fault> {
        let forgotten = handled::Entity::delete_many()
            .filter(handled::Column::At.lt(before))
            .exec(self.writer())
            .await
            .or_fault()?;
        Ok(forgotten.rows_affected)
    }
}

/// SQLite takes its write lock at once: taken later, it would find that another
/// was faster, and fail.
pub(crate) fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    }
}

async fn claim(tx: &Tx, ctx: &Ctx, key: &[u8], subject: Uuid) -> Result<bool, Fault> {
    let row = handled::ActiveModel {
        key: Set(key.to_vec()),
        payload: Set(ctx.cause().payload().to_vec()),
        subject: Set(subject),
        at: Set(ctx.now()),
    };
    let inserted = handled::Entity::insert(row)
        .on_conflict_do_nothing_on([handled::Column::Key])
        .exec_without_returning(tx.db())
        .await
        .or_fault()?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// The subject of the first time; refused if it was another request under the same id.
async fn first(tx: &Tx, key: &[u8], ctx: &Ctx) -> Result<Uuid, Fault> {
    let row = handled::Entity::find_by_id(key.to_vec())
        .one(tx.db())
        .await
        .or_fault()?
        .ok_or_else(|| Fault::unavailable("database"))?;
    if row.payload != ctx.cause().payload() {
        return Err(Fault::new(
            Kind::InvalidArgument,
            "REQUEST_ID_REUSED",
            "Mã yêu cầu (request_id) đã được dùng cho một yêu cầu khác, vui lòng dùng mã mới.",
        ));
    }
    Ok(row.subject)
}
