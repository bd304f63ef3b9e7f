//! Numbers of receipts.

use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, OnConflict, Query},
};

use crate::domain::Series;

const TABLE: &str = "receipt_series";

/// The next number of a series, by one atomic statement. The row is held until the commit: take
/// it last. A write that is rolled back takes no number, so that a series has no gaps.
pub(super) async fn next(tx: &Tx, series: &Series) -> Result<i64, Fault> {
    let statement = Query::insert()
        .into_table(TABLE)
        .columns(["series", "last"])
        .values_panic([series.as_str().into(), 1_i64.into()])
        .on_conflict(
            OnConflict::column("series")
                .value("last", Expr::col((TABLE, "last")).add(1))
                .to_owned(),
        )
        .returning_col("last")
        .to_owned();
    let row = tx.db().query_one(&statement).await.or_fault()?;
    let row = row.ok_or_else(|| Fault::internal("the counter answered no row"))?;
    row.try_get_by_index(0).or_fault()
}
