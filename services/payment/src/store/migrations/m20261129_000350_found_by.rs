use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

/// Finding the refunds of a payment, and the transfers whose reference begins so.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000350_found_by"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Whatever the database sorts by, a beginning is looked for letter by letter.
        let letters = match manager.get_database_backend() {
            DbBackend::Postgres => "text_pattern_ops",
            _ => "",
        };
        for sql in [
            "CREATE INDEX refund_payment ON refund (payment)".to_owned(),
            format!(
                "CREATE INDEX payment_reference_begins ON payment (reference {letters}) \
                 WHERE method = 'bank_transfer'"
            ),
        ] {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
