use std::sync::Arc;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_keys::SealedColumn;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};

use super::{
    entity::zalo_reply::{ActiveModel, Column, Entity},
    old,
};

const LABEL: &str = "notification/zalo_reply";

/// What is to be said in conversations.
#[derive(Debug, Clone)]
pub(crate) struct Replies {
    keyring: Arc<Keyring>,
}

/// Something to be said: personal data.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saying {
    /// To whom, by their number at the official account.
    pub(crate) user: String,
    /// What.
    pub(crate) text: String,
}

/// What is sealed.
pub(super) fn sealed_reply() -> SealedColumn {
    SealedColumn::of("zalo_reply", "saying", LABEL)
}

impl Replies {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// What is to be said, and how often it was tried; none once it was said.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: Uuid,
    ) -> Result<Option<(Saying, u16)>, Fault> {
        let Some(row) = Entity::find_by_id(id).one(db).await.or_fault()? else { return Ok(None) };
        let saying = self.keyring.open_json(&label(id), &row.saying)?;
        Ok(Some((saying, u16::try_from(row.attempts).map_err(Fault::internal)?)))
    }

    /// Keeps something to be said; whether it is not kept yet.
    pub(crate) async fn insert(
        &self,
        tx: &Tx,
        id: Uuid,
        saying: &Saying,
        at: Timestamp,
    ) -> Result<bool, Fault> {
        let row = ActiveModel {
            id: Set(id),
            saying: Set(self.keyring.seal_json(&label(id), saying)?),
            attempts: Set(0),
            created_at: Set(at),
        };
        let once = OnConflict::column(Column::Id).do_nothing().to_owned();
        let kept = Entity::insert(row).on_conflict(once);
        Ok(kept.exec_without_returning(tx.db()).await.or_fault()? > 0)
    }

    /// Keeps how often it was tried.
    pub(crate) async fn tried(&self, tx: &Tx, id: Uuid, attempts: u16) -> Result<(), Fault> {
        Entity::update_many()
            .col_expr(Column::Attempts, Expr::value(i32::from(attempts)))
            .filter(Column::Id.eq(id))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Those kept since before an instant.
    pub(crate) async fn outlived(
        &self,
        db: &impl ConnectionTrait,
        before: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, Fault> {
        old::outlived::<Entity>(db, Column::Id, Column::CreatedAt, before, limit).await
    }

    /// They were said, or will never be.
    pub(crate) async fn forget(&self, tx: &Tx, ids: &[Uuid]) -> Result<(), Fault> {
        old::forget::<Entity>(tx, Column::Id, ids).await
    }
}

fn label(id: Uuid) -> String {
    format!("{LABEL}/{id}")
}
