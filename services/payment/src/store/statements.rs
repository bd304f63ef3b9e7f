use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{AgencyPath, PaymentId, RefundId, StatementEntryId, StatementId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use motcua_vn::{Vnd, local};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Value, sea_query::OnConflict,
};

use super::entity::{
    statement,
    statement_entry::{self, Column},
};
use crate::domain::{Outlook, Refusal, Statement, StatementEntry};

/// Databases bind some ten thousand values at the most.
const AT_ONCE: usize = 500;

/// Banks' statements and what they brought.
#[derive(Debug, Clone)]
pub(crate) struct Statements {
    keyring: Arc<Keyring>,
}

/// What an entry was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Payment(PaymentId),
    Refund(RefundId),
    Nobodys,
    /// A person said what for; a payment, where it is one.
    Said(Option<PaymentId>),
}

/// What the bank, the gateway and the books say of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reckoned {
    /// Entries of statements, and what they add up to.
    pub(crate) entries: i64,
    pub(crate) bank: Vnd,
    /// Of these: payments, refunds, and what a person said what for.
    pub(crate) explained: Vnd,
    /// What nobody has explained, coming or going.
    pub(crate) unexplained: Vnd,
    /// What was settled through the gateway.
    pub(crate) gateway: Vnd,
    /// Of this: what the gateway was found to see as we do.
    pub(crate) confirmed: Vnd,
    /// Discrepancies of the day that are open.
    pub(crate) open: i64,
}

impl Statements {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Keeps a statement and those of its entries that no other had; answers how many these are.
    pub(crate) async fn insert(
        &self,
        tx: &Tx,
        account: &str,
        statement: &mut Statement,
        entries: &[StatementEntry],
    ) -> Result<(), Fault> {
        let mut new = 0;
        for some in entries.chunks(AT_ONCE) {
            let rows = some.iter().map(|entry| self.entry_row(account, statement.id, entry));
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            let once =
                [Column::Account, Column::Day, Column::Amount, Column::BankReference, Column::Nth];
            let insert = statement_entry::Entity::insert_many(rows)
                .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
                .into_query()
                .returning_col(Column::Id)
                .to_owned();
            new += tx.db().query_all(&insert).await.or_fault()?.len();
        }
        statement.new = new;
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let row = statement::ActiveModel {
            id: Set(statement.id.uuid()),
            imported_by: Set(statement.by.map(Into::into)),
            imported_at: Set(statement.at),
            agency_path: Set(statement.agency.text()),
            first_day: Set(statement.days.map(|(first, _)| first)),
            last_day: Set(statement.days.map(|(_, last)| last)),
            entries: Set(number(statement.entries)),
            new_entries: Set(number(statement.new)),
        };
        statement::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// A statement, or `NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: StatementId,
    ) -> Result<Statement, Fault> {
        let row = statement::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        let row = row.ok_or(Refusal::StatementUnknown)?;
        let number = |n: i64| usize::try_from(n).map_err(Fault::internal);
        Ok(Statement {
            id: row.id.into(),
            by: row.imported_by.map(Into::into),
            agency: AgencyPath::parse(&row.agency_path).map_err(Fault::internal)?,
            at: row.imported_at,
            days: row.first_day.zip(row.last_day),
            entries: number(row.entries)?,
            new: number(row.new_entries)?,
        })
    }

    /// How many of a statement's new entries stand where.
    pub(crate) async fn counts(
        &self,
        db: &impl ConnectionTrait,
        id: StatementId,
    ) -> Result<HashMap<Outlook, i64>, Fault> {
        let counted: Vec<(String, i64)> = statement_entry::Entity::find()
            .select_only()
            .column(Column::State)
            .column_as(Column::Id.count(), "many")
            .filter(Column::Statement.eq(id.uuid()))
            .group_by(Column::State)
            .into_tuple()
            .all(db)
            .await
            .or_fault()?;
        let outlook = |word: &str| Outlook::ALL.into_iter().find(|one| one.as_str() == word);
        let counted = counted.into_iter().filter_map(|(word, many)| Some((outlook(&word)?, many)));
        Ok(counted.collect())
    }

    /// The next entries of a statement that nobody has looked at.
    pub(crate) async fn unseen(
        &self,
        db: &impl ConnectionTrait,
        id: StatementId,
        most: u64,
    ) -> Result<Vec<StatementEntry>, Fault> {
        let rows = statement_entry::Entity::find()
            .filter(Column::Statement.eq(id.uuid()))
            .filter(Column::State.eq(Outlook::New.as_str()))
            .order_by_asc(Column::Line)
            .limit(most)
            .all(db)
            .await
            .or_fault()?;
        rows.iter().map(|row| self.entry(row)).collect()
    }

    /// Some entries.
    pub(crate) async fn entries(
        &self,
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = StatementEntryId>,
    ) -> Result<Vec<StatementEntry>, Fault> {
        let ids = ids.into_iter().map(StatementEntryId::uuid);
        let rows = statement_entry::Entity::find().filter(Column::Id.is_in(ids)).all(db).await;
        rows.or_fault()?.iter().map(|row| self.entry(row)).collect()
    }

    /// An entry, held until the write ends.
    pub(crate) async fn lock(
        &self,
        tx: &Tx,
        id: StatementEntryId,
    ) -> Result<StatementEntry, Fault> {
        let query = statement_entry::Entity::find_by_id(id.uuid()).lock_exclusive();
        let row = query.one(tx.db()).await.or_fault()?;
        self.entry(&row.ok_or_else(|| Fault::internal("an entry of a statement is gone"))?)
    }

    /// Says what an entry is.
    pub(crate) async fn settle(
        &self,
        tx: &Tx,
        id: StatementEntryId,
        fate: Fate,
    ) -> Result<(), Fault> {
        let (state, payment, refund) = match fate {
            Fate::Payment(payment) => (Outlook::Matched, Some(payment), None),
            Fate::Refund(refund) => (Outlook::Matched, None, Some(refund)),
            Fate::Nobodys => (Outlook::Open, None, None),
            Fate::Said(payment) => (Outlook::Resolved, payment, None),
        };
        let row = statement_entry::ActiveModel {
            id: Set(id.uuid()),
            state: Set(state.as_str().to_owned()),
            payment: Set(payment.map(PaymentId::uuid)),
            refund: Set(refund.map(RefundId::uuid)),
            ..Default::default()
        };
        statement_entry::Entity::update(row).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Whether some statement has shown a refund go.
    pub(crate) async fn shows(
        &self,
        db: &impl ConnectionTrait,
        refund: RefundId,
    ) -> Result<bool, Fault> {
        let found =
            statement_entry::Entity::find().filter(Column::Refund.eq(refund.uuid())).one(db).await;
        Ok(found.or_fault()?.is_some())
    }

    /// Refunds by transfer that had gone by `before`, that no statement shows and that are no
    /// discrepancy yet: with what each brought back.
    pub(crate) async fn refunds_not_shown(
        &self,
        db: &impl ConnectionTrait,
        before: DateTime<Utc>,
    ) -> Result<Vec<(RefundId, Uuid)>, Fault> {
        let sql = "SELECT r.id AS refund, r.fee_order AS fee_order FROM refund r \
                   JOIN payment p ON p.id = r.payment AND p.method = 'bank_transfer' \
                   LEFT JOIN statement_entry e ON e.refund = r.id \
                   LEFT JOIN discrepancy d ON d.subject = r.id AND d.kind = 'missing_there' \
                   WHERE r.state = 'refunded' AND r.refunded_at < $1 \
                   AND e.id IS NULL AND d.id IS NULL ORDER BY r.refunded_at LIMIT 500";
        let rows = raw(db, sql, [before.into()]).await?;
        let found = rows.iter().map(|row| {
            let refund: Uuid = row.try_get("", "refund").or_fault()?;
            Ok((refund.into(), row.try_get("", "fee_order").or_fault()?))
        });
        found.collect()
    }

    /// What is said of a day.
    pub(crate) async fn reckon(
        &self,
        db: &impl ConnectionTrait,
        day: NaiveDate,
    ) -> Result<Reckoned, Fault> {
        let sql = "SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS bank, \
                   CAST(COALESCE(SUM(CASE WHEN state IN ('matched', 'resolved') \
                   THEN amount ELSE 0 END), 0) AS BIGINT) AS explained, \
                   CAST(COALESCE(SUM(CASE WHEN state IN ('matched', 'resolved') \
                   THEN 0 ELSE ABS(amount) END), 0) AS BIGINT) AS unexplained \
                   FROM statement_entry WHERE day = $1";
        let bank = raw(db, sql, [day.into()]).await?;
        let (from, to) = local::bounds(day);
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS gateway, \
                   CAST(COALESCE(SUM(CASE WHEN confirmed_at IS NULL THEN 0 ELSE amount END), 0) \
                   AS BIGINT) AS confirmed FROM payment \
                   WHERE method = 'gateway' AND settled_at >= $1 AND settled_at < $2";
        let gateway = raw(db, sql, [from.into(), to.into()]).await?;
        let sql = "SELECT COUNT(*) AS open FROM discrepancy \
                   WHERE day = $1 AND resolved_at IS NULL";
        let open = raw(db, sql, [day.into()]).await?;
        let number = |rows: &[sea_orm::QueryResult], name: &str| -> Result<i64, Fault> {
            let row = rows.first().ok_or_else(|| Fault::internal("a sum answers no row"))?;
            row.try_get("", name).or_fault()
        };
        Ok(Reckoned {
            entries: number(&bank, "entries")?,
            bank: Vnd::new(number(&bank, "bank")?),
            explained: Vnd::new(number(&bank, "explained")?),
            unexplained: Vnd::new(number(&bank, "unexplained")?),
            gateway: Vnd::new(number(&gateway, "gateway")?),
            confirmed: Vnd::new(number(&gateway, "confirmed")?),
            open: number(&open, "open")?,
        })
    }

    fn entry(&self, row: &statement_entry::Model) -> Result<StatementEntry, Fault> {
        let outlook = Outlook::ALL.into_iter().find(|outlook| outlook.as_str() == row.state);
        Ok(StatementEntry {
            id: row.id.into(),
            line: usize::try_from(row.line).map_err(Fault::internal)?,
            day: row.day,
            amount: Vnd::new(row.amount),
            bank_reference: row.bank_reference.clone(),
            nth: u32::try_from(row.nth).map_err(Fault::internal)?,
            memo: self.keyring.open_json(&label(row.id), &row.memo)?,
            reversal: row.reversal,
            outlook: outlook.ok_or_else(|| Fault::internal("an entry stands nowhere"))?,
        })
    }

    fn entry_row(
        &self,
        account: &str,
        statement: StatementId,
        entry: &StatementEntry,
    ) -> Result<statement_entry::ActiveModel, Fault> {
        let id = entry.id.uuid();
        Ok(statement_entry::ActiveModel {
            id: Set(id),
            statement: Set(statement.uuid()),
            account: Set(account.to_owned()),
            line: Set(i32::try_from(entry.line).map_err(Fault::internal)?),
            day: Set(entry.day),
            amount: Set(entry.amount.dong()),
            bank_reference: Set(entry.bank_reference.clone()),
            nth: Set(i32::try_from(entry.nth).map_err(Fault::internal)?),
            memo: Set(self.keyring.seal_json(&label(id), &entry.memo)?),
            reversal: Set(entry.reversal),
            state: Set(entry.outlook.as_str().to_owned()),
            payment: Set(None),
            refund: Set(None),
        })
    }
}

fn label(id: Uuid) -> String {
    format!("payment/statement_entry/{id}")
}

async fn raw<const N: usize>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: [Value; N],
) -> Result<Vec<sea_orm::QueryResult>, Fault> {
    let backend: DbBackend = db.get_database_backend();
    let statement = sea_orm::Statement::from_sql_and_values(backend, sql, values);
    db.query_all_raw(statement).await.or_fault()
}
