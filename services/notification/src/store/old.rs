//! Rows that need not be known any more, of whatever table.

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};

/// Some whose time is before an instant, the oldest first.
pub(super) async fn outlived<E: EntityTrait>(
    db: &impl ConnectionTrait,
    id: E::Column,
    time: E::Column,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Uuid>, Fault> {
    let old = E::find().select_only().column(id).filter(time.lt(before));
    old.order_by_asc(time).limit(limit).into_tuple().all(db).await.or_fault()
}

/// Forgets these.
pub(super) async fn forget<E: EntityTrait>(
    tx: &Tx,
    id: E::Column,
    rows: &[impl Into<Value> + Copy],
) -> Result<(), Fault> {
    let gone = id.is_in(rows.iter().copied());
    E::delete_many().filter(gone).exec(tx.db()).await.or_fault()?;
    Ok(())
}
