use sea_orm_migration::prelude::*;

use crate::store::kept::refusals;

/// The database refuses to change the books.
///
/// A later step that has to change such rows takes the triggers away first, and makes them again.
pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m20261129_000363_kept_books"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for refusal in refusals(db.get_database_backend()) {
            db.execute_unprepared(&refusal).await?;
        }
        Ok(())
    }
}
