use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, AgencyPath, PaymentId, RefundId, StatementEntryId, StatementId, Uuid};
use motcua_paywire::statement::Form;
use motcua_rpc::Page;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx, padded};
use motcua_vn::{Vnd, local};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, Value, sea_query::Expr,
};

use super::entity::{
    statement,
    statement_entry::{self, Column},
};
use crate::domain::{Outlook, Refusal, Statement, StatementEntry, Taken};

/// How many of a statement's new entries stand where.
pub(crate) type Counts = HashMap<Outlook, i64>;

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
    /// This payment's, or a refund's of it, and booked with a statement of another form.
    Known(PaymentId),
    /// A person said what for; a payment, where it is one.
    Said(Option<PaymentId>),
}

/// What a bank gave, and of which account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) account: &'a str,
    pub(crate) form: Form,
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
    /// Whether some statement tells of the day.
    pub(crate) stated: bool,
}

impl Statements {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Keeps a statement and those of its entries that no other had; says in it how many these are.
    /// Of two statements that are taken over at once with the same entry, the second fails, by the
    /// rows' number, and finds the first one's when it is tried again.
    pub(crate) async fn insert(
        &self,
        tx: &Tx,
        given: Given<'_>,
        statement: &mut Statement,
        entries: &[StatementEntry],
    ) -> Result<(), Fault> {
        let account = given.account;
        let mut days: Vec<_> = entries.iter().map(|entry| entry.day).collect();
        days.sort_unstable();
        days.dedup();
        let mut taken = Taken::default();
        for day in days {
            self.note_taken(tx, account, day, &mut taken).await?;
        }
        let new = taken.new_of(entries);
        for some in new.chunks(AT_ONCE) {
            let row = |(entry, nth): &(&StatementEntry, u32)| {
                self.entry_row(account, statement.id, entry, *nth)
            };
            let rows = some.iter().map(row).collect::<Result<Vec<_>, _>>()?;
            let insert = statement_entry::Entity::insert_many(rows);
            insert.exec_without_returning(tx.db()).await.or_fault()?;
        }
        statement.new = new.len();
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
            form: Set(Some(given.form.as_str().to_owned())),
            account: Set(Some(account.to_owned())),
            opening: Set(statement.opening.map(Vnd::dong)),
            closing: Set(statement.closing.map(Vnd::dong)),
        };
        statement::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Notes what statements before had of a day.
    async fn note_taken(
        &self,
        tx: &Tx,
        account: &str,
        day: NaiveDate,
        taken: &mut Taken,
    ) -> Result<(), Fault> {
        let rows = statement_entry::Entity::find()
            .filter(Column::Account.eq(account))
            .filter(Column::Day.eq(day))
            .all(tx.db())
            .await
            .or_fault()?;
        for row in &rows {
            taken.had(&self.entry(row)?, u32::try_from(row.nth).map_err(Fault::internal)?);
        }
        Ok(())
    }

    /// A statement, or `NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: StatementId,
    ) -> Result<Statement, Fault> {
        let row = statement::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        read(&row.ok_or(Refusal::StatementUnknown)?)
    }

    /// A page of statements, newest first, of the accounts of these agencies and of those below them;
    /// and whether there is more.
    pub(crate) async fn page(
        &self,
        db: &impl ConnectionTrait,
        below: &[AgencyId],
        page: Page<StatementId>,
    ) -> Result<(Vec<Statement>, bool), Fault> {
        if below.is_empty() {
            return Ok(Default::default());
        }
        let mut found = page_of(below, page).all(db).await.or_fault()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let statements = found.iter().map(read).collect::<Result<_, _>>()?;
        Ok((statements, more))
    }

    /// How many of the new entries of some statements stand where.
    pub(crate) async fn counts(
        &self,
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = StatementId>,
    ) -> Result<HashMap<StatementId, Counts>, Fault> {
        let counted: Vec<(Uuid, String, i64)> =
            counts_of(ids).into_tuple().all(db).await.or_fault()?;
        let outlook = |word: &str| Outlook::ALL.into_iter().find(|one| one.as_str() == word);
        let mut counts: HashMap<_, Counts> = HashMap::new();
        for (id, word, many) in counted {
            if let Some(outlook) = outlook(&word) {
                counts.entry(id.into()).or_default().insert(outlook, many);
            }
        }
        Ok(counts)
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
            Fate::Known(payment) => (Outlook::Known, Some(payment), None),
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

    /// Whether an entry that names a payment is one that a statement of another form had, under
    /// another number or none. Of a form, and of those in it with or without a number, the entries
    /// of the same day, sum and payment are all different money; so this is one more only if no
    /// other form has told of more than its own has.
    pub(crate) async fn has_twin(
        &self,
        tx: &Tx,
        entry: &StatementEntry,
        payment: PaymentId,
    ) -> Result<bool, Fault> {
        let sql = "SELECT CASE WHEN s.form = os.form \
                   AND (e.bank_reference = '') = (o.bank_reference = '') \
                   THEN 1 ELSE 0 END AS own, COUNT(*) AS many \
                   FROM statement_entry o JOIN statement os ON os.id = o.statement \
                   JOIN statement_entry e ON e.account = o.account AND e.day = o.day \
                   AND e.amount = o.amount AND e.id <> o.id \
                   JOIN statement s ON s.id = e.statement \
                   WHERE o.id = $1 AND e.state <> 'new' AND (e.payment = $2 \
                   OR e.refund IN (SELECT id FROM refund WHERE payment = $2)) \
                   AND ((s.form = os.form AND (e.bank_reference = '') = (o.bank_reference = '')) \
                   OR e.statement <> o.statement) \
                   AND os.form IS NOT NULL AND s.form IS NOT NULL \
                   GROUP BY s.form, e.bank_reference = '', os.form, o.bank_reference";
        let rows = raw(tx.db(), sql, [entry.id.uuid().into(), payment.uuid().into()]).await?;
        let (mut own, mut others) = (0, 0);
        for row in &rows {
            let many: i64 = row.try_get("", "many").or_fault()?;
            match row.try_get::<i32>("", "own").or_fault()? {
                1 => own = many,
                _ => others = many.max(others),
            }
        }
        Ok(own < others)
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
                   FROM statement_entry WHERE day = $1 AND state <> 'known'";
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
        let sql = "SELECT COUNT(*) AS stated FROM statement \
                   WHERE last_day >= $1 AND first_day <= $1";
        let stated = raw(db, sql, [day.into()]).await?;
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
            stated: number(&stated, "stated")? > 0,
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
        nth: u32,
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
            nth: Set(i32::try_from(nth).map_err(Fault::internal)?),
            memo: Set(self.keyring.seal_json(&label(id), &entry.memo)?),
            reversal: Set(entry.reversal),
            state: Set(entry.outlook.as_str().to_owned()),
            payment: Set(None),
            refund: Set(None),
        })
    }
}

fn read(row: &statement::Model) -> Result<Statement, Fault> {
    let number = |n: i64| usize::try_from(n).map_err(Fault::internal);
    Ok(Statement {
        id: row.id.into(),
        by: row.imported_by.map(Into::into),
        agency: AgencyPath::parse(&row.agency_path).map_err(Fault::internal)?,
        at: row.imported_at,
        days: row.first_day.zip(row.last_day),
        opening: row.opening.map(Vnd::new),
        closing: row.closing.map(Vnd::new),
        entries: number(row.entries)?,
        new: number(row.new_entries)?,
    })
}

/// Out of the index alone: no entry itself is looked at.
pub(super) fn counts_of(
    ids: impl IntoIterator<Item = StatementId>,
) -> Select<statement_entry::Entity> {
    statement_entry::Entity::find()
        .select_only()
        .column(Column::Statement)
        .column(Column::State)
        .column_as(Expr::cust("COUNT(*)"), "many")
        .filter(Column::Statement.is_in(padded(ids.into_iter().map(StatementId::uuid))))
        .group_by(Column::Statement)
        .group_by(Column::State)
}

/// One row more than the page has. Ids tell the time, so that the key of the table is the order.
pub(super) fn page_of(below: &[AgencyId], page: Page<StatementId>) -> Select<statement::Entity> {
    use statement::Column as C;
    let reach = below.iter().fold(Condition::any(), |reach, agency| {
        reach.add(C::AgencyPath.contains(format!("/{}/", agency.uuid())))
    });
    let mut query = statement::Entity::find().filter(reach);
    if let Some(after) = page.after {
        query = query.filter(C::Id.lt(after.uuid()));
    }
    query.order_by_desc(C::Id).limit(page.size + 1)
}

fn label(id: Uuid) -> String {
    format!("payment/statement_entry/{id}")
}

pub(super) async fn raw<const N: usize>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: [Value; N],
) -> Result<Vec<sea_orm::QueryResult>, Fault> {
    let backend: DbBackend = db.get_database_backend();
    let statement = sea_orm::Statement::from_sql_and_values(backend, sql, values);
    db.query_all_raw(statement).await.or_fault()
}
