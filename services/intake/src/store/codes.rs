//! Minting dossier codes.

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, OnConflict, Query},
};

use super::entity::code_counter::{Column, Entity};

/// The next order number of an agency on a day, by one atomic statement. The
/// row is held until the commit: take it last.
pub(crate) async fn next(tx: &Tx, agency: &str, day: NaiveDate, start: u32) -> Result<u32, Fault> {
    let start = i64::from(start);
    let statement = Query::insert()
        .into_table(Entity)
        .columns([Column::Agency, Column::Day, Column::N, Column::First])
        .values_panic([agency.into(), day.into(), start.into(), start.into()])
        .on_conflict(
            OnConflict::columns([Column::Agency, Column::Day])
                .value(Column::N, Expr::col((Entity, Column::N)).add(1))
                .to_owned(),
        )
        .returning_col(Column::N)
        .to_owned();
    let row = tx
        .db()
        .query_one(&statement)
        .await
        .or_fault()?
        .ok_or_else(|| Fault::internal("the counter answered no row"))?;
    let n: i64 = row.try_get_by_index(0).or_fault()?;
    u32::try_from(n).map_err(Fault::internal)
}
