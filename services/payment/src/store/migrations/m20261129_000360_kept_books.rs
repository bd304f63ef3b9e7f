use sea_orm_migration::prelude::*;

/// The database itself refuses to change what was booked, counted, found to be owed, receipted or
/// stated by a bank, or to take it away: to every login, so that a fault in the program or a statement
/// slipped into it cannot.
///
/// A later step that has to change such rows takes the triggers away first, and makes them again.
pub(super) struct Step;

/// A table, and those of its columns that never change; none: no column does. Left out are where a row
/// stands, what is noted behind it, and what is sealed, as that is sealed anew when keys are exchanged.
const KEPT: [(&str, &str); 6] = [
    ("posting", ""),
    ("till_closing", ""),
    ("statement", ""),
    ("statement_entry", "id, statement, line, account, day, amount, bank_reference, nth, reversal"),
    ("assessment", "fee_order, version, at, officer, payable"),
    ("receipt", "id, fee_order, series, number, kind, amount, issued_at"),
];

/// A series goes on by one, or it has gaps or a number twice.
const GOES_ON: &str = "WHEN (NEW.series <> OLD.series OR NEW.last <> OLD.last + 1)";

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000360_kept_books"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == sea_orm::DbBackend::Postgres;
        let refuse = if postgres {
            db.execute_unprepared(
                "CREATE FUNCTION books_refuse() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'the books are never changed'; END $$",
            )
            .await?;
            "EXECUTE FUNCTION books_refuse()"
        } else {
            "BEGIN SELECT RAISE(ABORT, 'the books are never changed'); END"
        };
        let mut triggers = Vec::new();
        for (table, columns) in KEPT {
            let of = if columns.is_empty() { String::new() } else { format!(" OF {columns}") };
            triggers.push(format!("{table}_kept BEFORE UPDATE{of} ON {table} FOR EACH ROW"));
        }
        triggers.push(format!(
            "receipt_series_kept BEFORE UPDATE ON receipt_series FOR EACH ROW {GOES_ON}"
        ));
        for table in KEPT.map(|(table, _)| table).into_iter().chain(["receipt_series"]) {
            triggers.push(format!("{table}_stays BEFORE DELETE ON {table} FOR EACH ROW"));
            if postgres {
                triggers
                    .push(format!("{table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"));
            }
        }
        for trigger in triggers {
            db.execute_unprepared(&format!("CREATE TRIGGER {trigger} {refuse}")).await?;
        }
        Ok(())
    }
}
