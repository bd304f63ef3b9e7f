//! Rows that are counted up: the catalog's generation, and the lock of its tree.
//!
//! How often the catalog was changed: what is kept in memory is good for one
//! generation, in whichever process.

use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use super::entity::mark::{Column, Entity};

const CATALOG: i32 = 1;
const TREE: i32 = 2;

pub(crate) async fn generation<C: ConnectionTrait>(db: &C) -> Result<i64, Fault> {
    let row = Entity::find_by_id(CATALOG).one(db).await.or_fault()?;
    Ok(row.map_or(0, |row| row.generation))
}

/// Says that something kept in memory changed.
pub(crate) async fn advance(tx: &Tx) -> Result<(), Fault> {
    count_up(tx, CATALOG).await
}

/// Lets one write at a time change the tree of agencies, from here to its end: whether a code or a
/// place is free stays true until it is taken. Comes before any agency is read or written.
pub(crate) async fn hold_tree(tx: &Tx) -> Result<(), Fault> {
    count_up(tx, TREE).await
}

async fn count_up(tx: &Tx, row: i32) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Generation, Expr::col(Column::Generation).add(1))
        .filter(Column::Id.eq(row))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}
