mod m20261128_000001_orders;
mod m20261128_000002_books;
mod m20261128_000003_reconciliation;
mod m20261129_000001_cancelled_receipts;
mod m20261129_000002_books_check;

use sea_orm_migration::MigrationTrait;

/// The schema, step by step; append only.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261128_000001_orders::Step),
        Box::new(m20261128_000002_books::Step),
        Box::new(m20261128_000003_reconciliation::Step),
        Box::new(m20261129_000001_cancelled_receipts::Step),
        Box::new(m20261129_000002_books_check::Step),
    ]
}
