use motcua_database::OrFault;
use motcua_fault::Fault;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::Store;

impl Store {
    /// How many there are, by a statement that answers one row with the number `n`.
    ///
    /// # Errors
    /// The database is away, or the statement answers something else.
    pub async fn count(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, Fault> {
        let db = self.reader();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let row = db.query_one_raw(statement).await.or_fault()?;
        let row = row.ok_or_else(|| Fault::internal("a count answers no row"))?;
        u64::try_from(row.try_get::<i64>("", "n").or_fault()?).map_err(Fault::internal)
    }
}
