use std::time::Duration;

use motcua_fault::Fault;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, Statement,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};

use crate::OrFault;

/// The right to be the only process that does something in a service. Its table is
/// among those every service has.
///
/// Time is the database's, so that two machines with different clocks agree. A
/// holder that slept past its end is fenced off by its token.
#[derive(Debug, Clone)]
pub struct Lease {
    db: DatabaseConnection,
    name: &'static str,
    holder: String,
    ttl: Duration,
}

/// A lease that was held when it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    name: &'static str,
    token: i64,
}

impl Held {
    /// True in a statement only while no later holder has come.
    pub fn fence(&self) -> SimpleExpr {
        let mine = Query::select()
            .expr(Expr::val(1))
            .from("lease")
            .and_where(Expr::col("name").eq(self.name))
            .and_where(Expr::col("token").eq(self.token))
            .to_owned();
        Expr::exists(mine)
    }
}

impl Lease {
    pub(crate) const fn new(
        db: DatabaseConnection,
        name: &'static str,
        holder: String,
        ttl: Duration,
    ) -> Self {
        Self { db, name, holder, ttl }
    }

    /// How long it is held without being renewed.
    pub const fn ttl(&self) -> Duration {
        self.ttl
    }

    /// Takes or renews the lease; `None` while another holds it.
    pub async fn acquire(&self) -> Result<Option<Held>, Fault> {
        let now = self.now();
        let sql = format!(
            "INSERT INTO lease (name, holder, until, token) VALUES ($1, $2, {now} + $3, 1) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
             token = CASE WHEN lease.holder = excluded.holder THEN lease.token \
             ELSE lease.token + 1 END \
             WHERE lease.holder = excluded.holder OR lease.until < {now} RETURNING token"
        );
        let ttl = i64::try_from(self.ttl.as_millis()).unwrap_or(i64::MAX);
        let values = [self.name.into(), self.holder.clone().into(), ttl.into()];
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        let Some(row) = self.db.query_one_raw(statement).await.or_fault()? else {
            return Ok(None);
        };
        let token = row.try_get::<i64>("", "token").or_fault()?;
        Ok(Some(Held { name: self.name, token }))
    }

    /// Gives the lease back, so that another need not wait for its end.
    pub async fn release(&self) -> Result<(), Fault> {
        let sql = "UPDATE lease SET until = 0 WHERE name = $1 AND holder = $2";
        let values = [self.name.into(), self.holder.clone().into()];
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        self.db.execute_raw(statement).await.or_fault()?;
        Ok(())
    }

    /// The database's clock, in milliseconds.
    fn now(&self) -> &'static str {
        match self.db.get_database_backend() {
            DbBackend::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
            _ => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        }
    }
}
