//! At which addresses there is nobody. That stands with the letter that came back, whose blind
//! index of the address is made anew with it when keys are exchanged: no other copy is kept.

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::MessageId;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};

use super::{
    Messages,
    entity::message::{self, Column},
    rows,
};
use crate::domain::Address;

impl Messages {
    /// Notes of a message that there is nobody at its address; what was noted first stays.
    pub(crate) async fn note_gone(
        &self,
        tx: &Tx,
        id: MessageId,
        at: Timestamp,
    ) -> Result<(), Fault> {
        message::Entity::update_many()
            .col_expr(Column::GoneAt, Expr::value(at))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::GoneAt.is_null())
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Whether it was noted since an instant that there is nobody at an address.
    pub(crate) async fn is_gone(
        &self,
        db: &impl ConnectionTrait,
        address: &Address,
        since: Timestamp,
    ) -> Result<bool, Fault> {
        let noted = noted(rows::recipient(self.keyring(), address), since);
        Ok(db.query_one(&noted).await.or_fault()?.is_some())
    }
}

fn noted(recipient: Vec<u8>, since: Timestamp) -> SelectStatement {
    message::Entity::find()
        .select_only()
        .column(Column::GoneAt)
        .filter(Column::Recipient.eq(recipient))
        .filter(Column::GoneAt.is_not_null())
        .filter(Column::GoneAt.gt(since))
        .limit(1)
        .into_query()
}

#[cfg(test)]
mod tests;
