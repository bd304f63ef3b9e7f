use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, EventId, SessionId, Uuid};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::revocation;
use crate::domain::{Revocation, Revoked};

/// What was taken back, in the order in which it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revocations;

/// Where a reader of the feed stands: behind this entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FeedPosition {
    pub(crate) at: Timestamp,
    pub(crate) id: Uuid,
}

impl Revocations {
    /// Adds to the feed.
    pub(crate) async fn insert(
        self,
        tx: &Tx,
        ctx: &Ctx,
        revocation: &Revocation,
    ) -> Result<(), Fault> {
        let (session, account) = match revocation.revoked {
            Revoked::Session(session) => (Some(session.uuid()), None),
            Revoked::Account(account) => (None, Some(account.uuid())),
        };
        let row = revocation::ActiveModel {
            id: Set(ctx.new_id::<EventId>().uuid()),
            session: Set(session),
            account: Set(account),
            revoked_at: Set(revocation.at),
            forget_at: Set(revocation.forget_at),
        };
        revocation::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// The entries behind `after` that still matter, oldest first.
    pub(crate) async fn feed(
        self,
        db: &impl ConnectionTrait,
        after: FeedPosition,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<(FeedPosition, Revocation)>, Fault> {
        let same_instant = Condition::all()
            .add(revocation::Column::RevokedAt.eq(after.at))
            .add(revocation::Column::Id.gt(after.id));
        let behind =
            Condition::any().add(revocation::Column::RevokedAt.gt(after.at)).add(same_instant);
        let rows = revocation::Entity::find()
            .filter(behind)
            .filter(revocation::Column::ForgetAt.gt(now))
            .order_by_asc(revocation::Column::RevokedAt)
            .order_by_asc(revocation::Column::Id)
            .limit(limit)
            .all(db)
            .await
            .or_fault()?;
        rows.iter().map(from_row).collect()
    }

    /// Forgets entries whose tokens have all expired.
    pub(crate) async fn prune(self, tx: &Tx, now: Timestamp) -> Result<u64, Fault> {
        let pruned = revocation::Entity::delete_many()
            .filter(revocation::Column::ForgetAt.lte(now))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(pruned.rows_affected)
    }
}

fn from_row(row: &revocation::Model) -> Result<(FeedPosition, Revocation), Fault> {
    let revoked = match (row.session, row.account) {
        (Some(session), None) => Revoked::Session(SessionId::new(session)),
        (None, Some(account)) => Revoked::Account(AccountId::new(account)),
        _ => return Err(Fault::internal("a revocation is of a session or of an account")),
    };
    let position = FeedPosition { at: row.revoked_at, id: row.id };
    Ok((position, Revocation { revoked, at: row.revoked_at, forget_at: row.forget_at }))
}
