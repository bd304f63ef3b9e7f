//! At which addresses there is nobody, and at which somebody wants no more than must be told. That
//! stands with the letter that came back or was answered so, whose blind index of the address is made
//! anew with it when keys are exchanged: no other copy is kept.

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
        note(tx, Column::GoneAt, id, at).await
    }

    /// Whether it was noted since an instant that there is nobody at an address.
    pub(crate) async fn is_gone(
        &self,
        db: &impl ConnectionTrait,
        address: &Address,
        since: Timestamp,
    ) -> Result<bool, Fault> {
        let noted = noted(Column::GoneAt, rows::recipient(self.keyring(), address), since);
        Ok(db.query_one(&noted).await.or_fault()?.is_some())
    }

    /// Notes of a message that whoever got it wants no more than must be told; likewise.
    pub(crate) async fn note_unsubscribed(
        &self,
        tx: &Tx,
        id: MessageId,
        at: Timestamp,
    ) -> Result<(), Fault> {
        note(tx, Column::UnsubscribedAt, id, at).await
    }

    /// Whether it was ever noted that no more than must be told is wanted at an address.
    pub(crate) async fn is_unsubscribed(
        &self,
        db: &impl ConnectionTrait,
        address: &Address,
    ) -> Result<bool, Fault> {
        let ever = Timestamp::UNIX_EPOCH;
        let noted = noted(Column::UnsubscribedAt, rows::recipient(self.keyring(), address), ever);
        Ok(db.query_one(&noted).await.or_fault()?.is_some())
    }
}

async fn note(tx: &Tx, column: Column, id: MessageId, at: Timestamp) -> Result<(), Fault> {
    message::Entity::update_many()
        .col_expr(column, Expr::value(at))
        .filter(Column::Id.eq(id.uuid()))
        .filter(column.is_null())
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

fn noted(column: Column, recipient: Vec<u8>, since: Timestamp) -> SelectStatement {
    message::Entity::find()
        .select_only()
        .column(column)
        .filter(Column::Recipient.eq(recipient))
        .filter(column.is_not_null())
        .filter(column.gt(since))
        .limit(1)
        .into_query()
}

#[cfg(test)]
mod tests;
