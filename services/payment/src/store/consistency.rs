//! What `motcua doctor --consistency` looks at: whether the books balance, and say what the
//! orders say.

use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::OrFault;
use sea_orm::{ConnectionTrait, Statement};

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Orders.
    pub orders: usize,
    /// Movements of the books.
    pub entries: usize,
}

/// How much there is.
pub async fn counted(db: &impl ConnectionTrait) -> Result<Counted, Fault> {
    let sql = "SELECT (SELECT COUNT(*) FROM fee_order) AS orders, \
               (SELECT COUNT(DISTINCT entry) FROM posting) AS entries";
    let rows = all(db, sql).await?;
    let row = rows.first().ok_or_else(|| Fault::internal("a count answers no row"))?;
    let number = |name| -> Result<usize, Fault> {
        usize::try_from(row.try_get::<i64>("", name).or_fault()?).map_err(Fault::internal)
    };
    Ok(Counted { orders: number("orders")?, entries: number("entries")? })
}

/// Movements whose sides do not add up to nothing, at most a hundred.
pub async fn unbalanced(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    let sql = "SELECT entry AS id FROM posting GROUP BY entry HAVING SUM(amount) <> 0 LIMIT 100";
    ids(db, sql).await
}

/// Orders of which the books say something else than what is owed, at most a hundred: a due
/// order's receivable is what it was last assessed at, to the đồng, and every other's is nothing.
pub async fn disowned(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    let sql = "SELECT o.id AS id FROM fee_order o LEFT JOIN (\
               SELECT fee_order, SUM(amount) AS held FROM posting \
               WHERE account = 'receivable' GROUP BY fee_order) p ON p.fee_order = o.id \
               WHERE COALESCE(p.held, 0) <> CASE WHEN o.state <> 'due' THEN 0 ELSE \
               COALESCE((SELECT a.payable FROM assessment a WHERE a.fee_order = o.id \
               ORDER BY a.version DESC LIMIT 1), -1) END LIMIT 100";
    ids(db, sql).await
}

/// Orders of which the books hold something else to be given back than what was approved and has
/// not gone, at most a hundred.
pub async fn unreturned(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    let sql = "SELECT o.id AS id FROM fee_order o LEFT JOIN (\
               SELECT fee_order, SUM(amount) AS held FROM posting \
               WHERE account = 'refunds' GROUP BY fee_order) p ON p.fee_order = o.id LEFT JOIN (\
               SELECT fee_order, SUM(amount) AS going FROM refund \
               WHERE state = 'approved' GROUP BY fee_order) r ON r.fee_order = o.id \
               WHERE COALESCE(p.held, 0) + COALESCE(r.going, 0) <> 0 LIMIT 100";
    ids(db, sql).await
}

/// Orders of which the books hold another surplus than what came, was not owed, and nobody has
/// approved to give back, at most a hundred.
pub async fn misheld(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    let sql = "SELECT o.id AS id FROM fee_order o LEFT JOIN (\
               SELECT fee_order, SUM(amount) AS held FROM posting \
               WHERE account = 'surplus' GROUP BY fee_order) p ON p.fee_order = o.id LEFT JOIN (\
               SELECT fee_order, SUM(amount) AS came FROM payment \
               WHERE state = 'settled' AND NOT owed GROUP BY fee_order) a \
               ON a.fee_order = o.id LEFT JOIN (\
               SELECT s.fee_order, SUM(r.amount) AS back FROM refund r \
               JOIN payment s ON s.id = r.payment AND NOT s.owed \
               WHERE r.state IN ('approved', 'refunded') GROUP BY s.fee_order) b \
               ON b.fee_order = o.id \
               WHERE COALESCE(p.held, 0) + COALESCE(a.came, 0) - COALESCE(b.back, 0) <> 0 LIMIT 100";
    ids(db, sql).await
}

/// Paid orders whose money does not stand in the books, at most a hundred.
pub async fn unbooked(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    let sql = "SELECT a.fee_order AS id FROM payment a LEFT JOIN (\
               SELECT fee_order, SUM(amount) AS came FROM posting \
               WHERE account IN ('gateway', 'bank', 'cash', 'postal') \
               AND what IN ('settled', 'surplus') GROUP BY fee_order) b \
               ON b.fee_order = a.fee_order WHERE a.state = 'settled' \
               GROUP BY a.fee_order, b.came HAVING SUM(a.amount) <> COALESCE(b.came, 0) LIMIT 100";
    ids(db, sql).await
}

/// What the books say came to and went from the collecting account by statements, and what the
/// statements say, where the two differ.
pub async fn misbanked(db: &impl ConnectionTrait) -> Result<Option<(i64, i64)>, Fault> {
    let sql = "SELECT \
               (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM posting \
               WHERE account = 'bank' AND what <> 'refunded') AS books, \
               (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM statement_entry \
               WHERE state NOT IN ('new', 'known') AND refund IS NULL) AS bank";
    let rows = all(db, sql).await?;
    let row = rows.first().ok_or_else(|| Fault::internal("a sum answers no row"))?;
    let (books, bank) = (row.try_get("", "books").or_fault()?, row.try_get("", "bank").or_fault()?);
    Ok((books != bank).then_some((books, bank)))
}

/// Series of receipts in which a number is missing, as `series`.
pub async fn gaps(db: &impl ConnectionTrait) -> Result<Vec<String>, Fault> {
    let sql = "SELECT s.series AS series FROM receipt_series s LEFT JOIN receipt r \
               ON r.series = s.series GROUP BY s.series, s.last \
               HAVING COUNT(r.number) <> s.last LIMIT 100";
    let rows = all(db, sql).await?;
    rows.iter().map(|row| row.try_get("", "series").or_fault()).collect()
}

async fn ids(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<Uuid>, Fault> {
    let rows = all(db, sql).await?;
    rows.iter().map(|row| row.try_get("", "id").or_fault()).collect()
}

async fn all(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<sea_orm::QueryResult>, Fault> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement).await.or_fault()
}
