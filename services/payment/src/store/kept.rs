//! What of the books the database itself refuses to change or to take away: to every login, so that a
//! fault in the program or a statement slipped into it cannot. A schema that was shipped is made of
//! these words: they stay as they are.

use sea_orm::DbBackend;

/// A table, and those of its columns that never change; none: no column does. Left out are where a row
/// stands, what is noted behind it, and what is sealed, as that is sealed anew when keys are exchanged.
const KEPT: [(&str, &str); 6] = [
    ("posting", ""),
    ("till_closing", ""),
    ("statement", ""),
    ("statement_entry", "id, statement, line, account, day, amount, bank_reference, nth, reversal"),
    ("assessment", "fee_order, version, at, officer, payable, lines"),
    ("receipt", "id, fee_order, series, number, kind, amount, issued_at"),
];

/// A series goes on by one, or it has gaps or a number twice.
const GOES_ON: &str = "WHEN (NEW.series <> OLD.series OR NEW.last <> OLD.last + 1)";

/// The statements that make the triggers.
pub(super) fn refusals(backend: DbBackend) -> Vec<String> {
    let postgres = backend == DbBackend::Postgres;
    let mut made = Vec::new();
    let refuse = if postgres {
        let function = "CREATE FUNCTION books_refuse() RETURNS trigger LANGUAGE plpgsql AS \
                        $$ BEGIN RAISE EXCEPTION 'the books are never changed'; END $$";
        made.push(function.to_owned());
        "EXECUTE FUNCTION books_refuse()"
    } else {
        "BEGIN SELECT RAISE(ABORT, 'the books are never changed'); END"
    };
    let mut trigger = |what: String| made.push(format!("CREATE TRIGGER {what} {refuse}"));
    for (table, columns) in KEPT {
        let of = if columns.is_empty() { String::new() } else { format!(" OF {columns}") };
        trigger(format!("{table}_kept BEFORE UPDATE{of} ON {table} FOR EACH ROW"));
    }
    let series = "receipt_series";
    trigger(format!("{series}_kept BEFORE UPDATE ON {series} FOR EACH ROW {GOES_ON}"));
    for table in KEPT.map(|(table, _)| table).into_iter().chain([series]) {
        trigger(format!("{table}_stays BEFORE DELETE ON {table} FOR EACH ROW"));
        if postgres {
            trigger(format!("{table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"));
        }
    }
    made
}
