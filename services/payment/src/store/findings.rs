use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::entity::books_finding::{self, Column};

/// What the last look through the books found, a row for each kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Findings;

impl Findings {
    /// Puts it in the place of what was found before.
    pub(crate) async fn keep(
        tx: &Tx,
        found: &[(&str, usize)],
        now: Timestamp,
    ) -> Result<(), Fault> {
        let rows = found.iter().map(|(what, number)| books_finding::ActiveModel {
            what: Set((*what).to_owned()),
            number: Set(i64::try_from(*number).unwrap_or(i64::MAX)),
            checked_at: Set(now),
        });
        let newest = [Column::Number, Column::CheckedAt];
        books_finding::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(Column::What).update_columns(newest).to_owned())
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }
}
