mod m20261128_000001_orders;
mod m20261128_000002_books;
mod m20261128_000003_reconciliation;
mod m20261129_000001_cancelled_receipts;
mod m20261129_000002_books_check;
mod m20261129_000310_refund_parts;
mod m20261129_000311_refund_sent;
mod m20261129_000312_tills;
mod m20261129_000313_ended_orders;
mod m20261129_000314_bills;
mod m20261129_000320_ended_policies;
mod m20261129_000321_stated_balances;
mod m20261129_000350_found_by;
mod m20261129_000360_assessed_lines;
mod m20261129_000361_waiting_orders;
mod m20261129_000362_till_closings;
mod m20261129_000363_kept_books;

use sea_orm_migration::MigrationTrait;

/// The schema, step by step; append only.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261128_000001_orders::Step),
        Box::new(m20261128_000002_books::Step),
        Box::new(m20261128_000003_reconciliation::Step),
        Box::new(m20261129_000001_cancelled_receipts::Step),
        Box::new(m20261129_000002_books_check::Step),
        Box::new(m20261129_000310_refund_parts::Step),
        Box::new(m20261129_000311_refund_sent::Step),
        Box::new(m20261129_000312_tills::Step),
        Box::new(m20261129_000313_ended_orders::Step),
        Box::new(m20261129_000314_bills::Step),
        Box::new(m20261129_000320_ended_policies::Step),
        Box::new(m20261129_000321_stated_balances::Step),
        Box::new(m20261129_000350_found_by::Step),
        Box::new(m20261129_000360_assessed_lines::Step),
        Box::new(m20261129_000361_waiting_orders::Step),
        Box::new(m20261129_000362_till_closings::Step),
        Box::new(m20261129_000363_kept_books::Step),
    ]
}
