//! How often the catalog was changed: what is kept in memory is good for one
//! generation, in whichever process.

use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use super::entity::mark::{Column, Entity};

const ONLY: i32 = 1;

pub(crate) async fn generation<C: ConnectionTrait>(db: &C) -> Result<i64, Fault> {
    let row = Entity::find_by_id(ONLY).one(db).await.or_fault()?;
    Ok(row.map_or(0, |row| row.generation))
}

/// Says that something kept in memory changed.
pub(crate) async fn advance(tx: &Tx) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Generation, Expr::col(Column::Generation).add(1))
        .filter(Column::Id.eq(ONLY))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}
