use std::sync::Arc;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect,
};

use super::entity::sign_in_try as table;
use crate::domain::{Identifier, Tries};

/// The tries of the database: they and their locks outlive a cache and a restart.
#[derive(Debug, Clone)]
pub(crate) struct SignInTries {
    keyring: Arc<Keyring>,
}

/// What a login is counted under: its blind index.
#[derive(Debug, Clone)]
pub(crate) struct Counted(Vec<u8>);

impl SignInTries {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Where tries with this login are counted. A new index key begins a new count.
    pub(crate) fn of(&self, login: &str) -> Counted {
        Counted(self.keyring.blind("identity/guess", &Identifier::counted(login)))
    }

    /// The tries, if there were any.
    pub(crate) async fn find(
        &self,
        db: &impl ConnectionTrait,
        login: &Counted,
    ) -> Result<Option<Tries>, Fault> {
        let row = table::Entity::find_by_id(login.0.clone()).one(db).await.or_fault()?;
        Ok(row.as_ref().map(from_row))
    }

    /// The tries, held until the write ends.
    pub(crate) async fn lock(
        &self,
        tx: &Tx,
        login: &Counted,
        now: Timestamp,
    ) -> Result<Tries, Fault> {
        let none = to_row(login, &Tries::none(now));
        table::Entity::insert(none)
            .on_conflict_do_nothing_on([table::Column::Login])
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        let held = table::Entity::find_by_id(login.0.clone()).lock_exclusive();
        let row = held.one(tx.db()).await.or_fault()?;
        Ok(row.as_ref().map_or_else(|| Tries::none(now), from_row))
    }

    /// Keeps what became of the tries.
    pub(crate) async fn save(&self, tx: &Tx, login: &Counted, tries: &Tries) -> Result<(), Fault> {
        table::Entity::update_many()
            .set(to_row(login, tries))
            .filter(table::Column::Login.eq(login.0.clone()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Forgets the tries before a right one. A lock that others brought about meanwhile stays.
    pub(crate) async fn forget(
        &self,
        tx: &Tx,
        login: &Counted,
        now: Timestamp,
    ) -> Result<(), Fault> {
        table::Entity::delete_many()
            .filter(table::Column::Login.eq(login.0.clone()))
            .filter(open(now))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Forgets counts that were begun before `before` and bar nobody any more.
    pub(crate) async fn prune(
        &self,
        tx: &Tx,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let pruned = table::Entity::delete_many()
            .filter(table::Column::Since.lt(before))
            .filter(open(now))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(pruned.rows_affected)
    }
}

/// Rows that lock nobody at `now`.
fn open(now: Timestamp) -> Condition {
    Condition::any()
        .add(table::Column::LockedUntil.is_null())
        .add(table::Column::LockedUntil.lte(now))
}

fn to_row(login: &Counted, tries: &Tries) -> table::ActiveModel {
    table::ActiveModel {
        login: Set(login.0.clone()),
        tries: Set(i32::try_from(tries.count).unwrap_or(i32::MAX)),
        since: Set(tries.since),
        locked_until: Set(tries.locked_until),
    }
}

fn from_row(row: &table::Model) -> Tries {
    Tries {
        count: u32::try_from(row.tries).unwrap_or_default(),
        since: row.since,
        locked_until: row.locked_until,
    }
}
