use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict, Query},
};

use super::{
    entity::{
        message,
        receipt::{self, Column},
    },
    old,
};
use crate::domain::{Arrival, Receipt};

/// Receipts of messages that were not known when they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipts;

/// A receipt that waits for its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The row.
    pub(crate) id: Uuid,
    /// What it says.
    pub(crate) receipt: Receipt,
}

impl Receipts {
    /// Keeps one; the same one twice is one.
    pub(crate) async fn keep(
        self,
        tx: &Tx,
        id: Uuid,
        receipt: &Receipt,
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let row = receipt::ActiveModel {
            id: Set(id),
            provider: Set(receipt.provider.clone()),
            provider_id: Set(receipt.id.clone()),
            arrival: Set(receipt.arrival.word().to_owned()),
            heard_at: Set(at),
        };
        let once = OnConflict::column(Column::Id).do_nothing().to_owned();
        receipt::Entity::insert(row)
            .on_conflict(once)
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Takes away what was kept of a message, and answers what was said first.
    pub(crate) async fn take(
        self,
        tx: &Tx,
        provider: &str,
        id: &str,
    ) -> Result<Option<Arrival>, Fault> {
        let first = receipt::Entity::find()
            .filter(Column::Provider.eq(provider))
            .filter(Column::ProviderId.eq(id))
            .order_by_asc(Column::HeardAt)
            .one(tx.db())
            .await
            .or_fault()?;
        let Some(first) = first else { return Ok(None) };
        receipt::Entity::delete_many()
            .filter(Column::Provider.eq(provider))
            .filter(Column::ProviderId.eq(id))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(Some(arrival(&first)?))
    }

    /// Those whose message is known by now.
    pub(crate) async fn matched(
        self,
        db: &impl ConnectionTrait,
        limit: u64,
    ) -> Result<Vec<Waiting>, Fault> {
        let theirs = |column: message::Column| Expr::col((message::Entity, column));
        let own = |column: Column| Expr::col((receipt::Entity, column));
        let known = Query::select()
            .expr(Expr::value(1))
            .from(message::Entity)
            .and_where(theirs(message::Column::Provider).eq(own(Column::Provider)))
            .and_where(theirs(message::Column::ProviderId).eq(own(Column::ProviderId)))
            .to_owned();
        let rows = receipt::Entity::find()
            .filter(Expr::exists(known))
            .order_by_asc(Column::HeardAt)
            .limit(limit)
            .all(db)
            .await
            .or_fault()?;
        rows.iter()
            .map(|row| {
                let (provider, id) = (row.provider.clone(), row.provider_id.clone());
                let receipt = Receipt { provider, id, arrival: arrival(row)? };
                Ok(Waiting { id: row.id, receipt })
            })
            .collect()
    }

    /// The rows heard before an instant.
    pub(crate) async fn heard_before(
        self,
        db: &impl ConnectionTrait,
        at: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Uuid>, Fault> {
        old::outlived::<receipt::Entity>(db, Column::Id, Column::HeardAt, at, limit).await
    }

    /// Forgets rows.
    pub(crate) async fn forget(self, tx: &Tx, rows: &[Uuid]) -> Result<(), Fault> {
        old::forget::<receipt::Entity>(tx, Column::Id, rows).await
    }
}

fn arrival(row: &receipt::Model) -> Result<Arrival, Fault> {
    Arrival::ALL
        .into_iter()
        .find(|arrival| arrival.word() == row.arrival)
        .ok_or_else(|| Fault::internal(format!("receipt {} says {}", row.id, row.arrival)))
}
