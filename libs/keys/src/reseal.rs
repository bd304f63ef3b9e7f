use std::fmt::Write;

use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::{ReadingId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::{Noted, OrFault, Store};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

/// Rows sealed anew in one transaction: short enough that nobody waits for them.
const BATCH: i64 = 100;

/// A column whose values are sealed, each under `label/{id}`.
#[derive(Debug, Clone, Copy)]
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// The columns of its primary key, in order.
    pub id: &'static [(&'static str, IdKind)],
    /// The column.
    pub column: &'static str,
    /// What the values are sealed under, before the id.
    pub label: &'static str,
    /// The blind indexes made of the same plain text, by their columns. They are
    /// always written together with the value.
    pub blind: Option<Blind>,
}

/// The blind indexes of a plain text, by their columns.
pub type Blind = fn(&Keyring, &str, &[u8]) -> Result<Blinded, Fault>;

/// Columns with their blind indexes.
pub type Blinded = Vec<(&'static str, Option<Vec<u8>>)>;

/// What a column of a primary key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    /// A UUID.
    Uuid,
    /// A text.
    Text,
    /// A whole number.
    Number,
}

/// Where a row stands: the values of its primary key.
#[derive(Debug, Clone, PartialEq)]
pub struct Place(Vec<Value>);

/// What became of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Resealed {
    /// Rows sealed anew.
    pub rows: u64,
    /// Rows that could not be; the log says which.
    pub failed: u64,
    /// Where to go on; nowhere when the end was reached.
    pub next: Option<Place>,
}

struct Row {
    place: Place,
    sealed: Vec<u8>,
}

impl SealedColumn {
    /// A column of a table whose key is one UUID, `id`.
    pub const fn of(table: &'static str, column: &'static str, label: &'static str) -> Self {
        Self { table, id: &[("id", IdKind::Uuid)], column, label, blind: None }
    }

    /// The same with blind indexes.
    #[must_use]
    pub const fn with(self, blind: Blind) -> Self {
        Self { blind: Some(blind), ..self }
    }

    fn ids(&self) -> String {
        let names: Vec<_> = self.id.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    fn place(&self, row: &QueryResult) -> Result<Place, Fault> {
        let value = |(name, kind): &(&'static str, IdKind)| {
            Ok(match kind {
                IdKind::Uuid => row.try_get::<Uuid>("", name).or_fault()?.into(),
                IdKind::Text => row.try_get::<String>("", name).or_fault()?.into(),
                IdKind::Number => row.try_get::<i64>("", name).or_fault()?.into(),
            })
        };
        Ok(Place(self.id.iter().map(value).collect::<Result<_, Fault>>()?))
    }

    fn row(&self, row: &QueryResult) -> Result<Row, Fault> {
        Ok(Row { place: self.place(row)?, sealed: row.try_get("", self.column).or_fault()? })
    }

    /// The statement that puts a row's value and indexes in place of what was read.
    fn update(&self, keyring: &Keyring, row: &Row) -> Result<(String, Vec<Value>), Fault> {
        let place = row.place.text();
        let label = format!("{}/{place}", self.label);
        let plain = keyring.open(&label, &row.sealed)?;
        // The index before the value: see `motcua_sealing::Rotation`.
        let blinded = self.blind.map_or(Ok(Vec::new()), |blind| blind(keyring, &place, &plain))?;
        let mut sql = format!("UPDATE {} SET {} = $1", self.table, self.column);
        let mut values: Vec<Value> = vec![keyring.seal(&label, &plain).into()];
        for (column, index) in blinded {
            values.push(index.into());
            let _ = write!(sql, ", {column} = ${}", values.len());
        }
        values.push(row.sealed.clone().into());
        let _ = write!(sql, " WHERE {} = ${}", self.column, values.len());
        for ((column, _), value) in self.id.iter().zip(&row.place.0) {
            values.push(value.clone());
            let _ = write!(sql, " AND {column} = ${}", values.len());
        }
        Ok((sql, values))
    }
}

impl Place {
    fn text(&self) -> String {
        let parts = self.0.iter().map(|value| match value {
            Value::Uuid(Some(id)) => id.to_string(),
            Value::String(Some(text)) => text.clone(),
            Value::BigInt(Some(number)) => number.to_string(),
            _ => String::new(),
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

impl SealedColumn {
    /// How many values of a column another key than the current one has sealed.
    pub async fn sealed_before(&self, store: &Store, keyring: &Keyring) -> Result<u64, Fault> {
        let Self { table, column, .. } = self;
        let sql = format!(
            "SELECT count(*) AS n FROM {table} \
             WHERE {column} IS NOT NULL AND substr({column}, 1, 5) <> $1"
        );
        let db = store.reader();
        let values = [keyring.current_mark().into()];
        let count = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let row = db.query_one_raw(count).await.or_fault()?;
        let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n")).or_fault()?;
        Ok(n.unsigned_abs())
    }

    /// Seals the next values behind `after` anew that another key than the
    /// current one has sealed, with their blind indexes. A row that is changed
    /// meanwhile stays as it was changed.
    pub async fn reseal(
        &self,
        store: &Store,
        keyring: &Keyring,
        after: Option<&Place>,
        now: Timestamp,
    ) -> Result<Resealed, Fault> {
        let rows = self.next_sealed_before(store, keyring, after).await?;
        let whole = i64::try_from(rows.len()).is_ok_and(|read| read == BATCH);
        let next = rows.last().filter(|_| whole).map(|row| row.place.clone());
        let (mut updates, mut failed) = (Vec::new(), 0);
        for row in rows {
            match self.update(keyring, &row) {
                Ok(update) => updates.push((row.place, update)),
                Err(fault) => {
                    failed += 1;
                    self.could_not(&row.place, &fault);
                }
            }
        }
        let statements: Vec<_> = updates.iter().map(|(_, update)| update.clone()).collect();
        let mut rows = 0;
        match self.apply(store, statements, now).await {
            Ok(changed) => rows = changed,
            // One of them is in the way of something: the others need not wait for it.
            Err(fault) if fault.kind() != Kind::Unavailable => {
                for (place, update) in updates {
                    match self.apply(store, vec![update], now).await {
                        Ok(changed) => rows += changed,
                        Err(fault) => {
                            failed += 1;
                            self.could_not(&place, &fault);
                        }
                    }
                }
            }
            Err(fault) => return Err(fault),
        }
        Ok(Resealed { rows, failed, next })
    }

    async fn next_sealed_before(
        &self,
        store: &Store,
        keyring: &Keyring,
        after: Option<&Place>,
    ) -> Result<Vec<Row>, Fault> {
        let Self { table, column: name, .. } = self;
        let ids = self.ids();
        let mut values: Vec<Value> = vec![keyring.current_mark().into(), BATCH.into()];
        let mut behind = String::new();
        if let Some(Place(last)) = after {
            let first = values.len() + 1;
            let marks: Vec<_> = (first..first + last.len()).map(|n| format!("${n}")).collect();
            behind = format!("AND ({ids}) > ({})", marks.join(", "));
            values.extend(last.iter().cloned());
        }
        let sql = format!(
            "SELECT {ids}, {name} FROM {table} WHERE {name} IS NOT NULL \
             AND substr({name}, 1, 5) <> $1 {behind} ORDER BY {ids} LIMIT $2"
        );
        let db = store.reader();
        let query = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.query_all_raw(query).await.or_fault()?.iter().map(|row| self.row(row)).collect()
    }

    async fn apply(
        &self,
        store: &Store,
        updates: Vec<(String, Vec<Value>)>,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        if updates.is_empty() {
            return Ok(0);
        }
        let ctx = Ctx::new(Actor::System(System::service(store.service())), now);
        let id = ctx.new_id::<ReadingId>().uuid();
        let done = store
            .write(&ctx.with_cause(Cause::Command { id }), id, async |tx| {
                tx.note(Noted {
                    kind: "write",
                    cause: format!("seal {}.{} anew", self.table, self.column),
                    subjects: Vec::new(),
                    purpose: "key_rotation".to_owned(),
                });
                let mut changed = 0;
                for (sql, values) in updates {
                    let db = tx.db();
                    let update =
                        Statement::from_sql_and_values(db.get_database_backend(), sql, values);
                    changed += db.execute_raw(update).await.or_fault()?.rows_affected();
                }
                Ok(changed)
            })
            .await?;
        done.or_reload(async |_| Ok(0)).await
    }

    fn could_not(&self, place: &Place, fault: &Fault) {
        tracing::error!(
            %fault, table = self.table, column = self.column, row = place.text(),
            "not sealed anew: its key is still needed"
        );
    }
}
