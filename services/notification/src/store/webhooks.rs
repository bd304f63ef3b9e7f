use std::sync::Arc;

use motcua_fault::Fault;
use motcua_ids::{AccountId, Uuid, WebhookId};
use motcua_keys::SealedColumn;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::entity::webhook::{ActiveModel, Column, Entity, Model};
use crate::domain::Webhook;

const LABEL: &str = "notification/webhook";

/// Where organisations' own systems are told.
#[derive(Debug, Clone)]
pub(crate) struct Webhooks {
    keyring: Arc<Keyring>,
}

/// What is sealed.
pub(super) fn sealed_hook() -> SealedColumn {
    SealedColumn::of("webhook", "hook", LABEL)
}

impl Webhooks {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The address, if there is one.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: WebhookId,
    ) -> Result<Option<Webhook>, Fault> {
        self.one(db, Entity::find_by_id(id.uuid())).await
    }

    /// The address, held until the write ends.
    pub(crate) async fn lock(&self, tx: &Tx, id: WebhookId) -> Result<Option<Webhook>, Fault> {
        self.one(tx.db(), Entity::find_by_id(id.uuid()).lock_exclusive()).await
    }

    /// All of an organisation, the oldest first.
    pub(crate) async fn of(
        &self,
        db: &impl ConnectionTrait,
        owner: AccountId,
    ) -> Result<Vec<Webhook>, Fault> {
        let all = Entity::find().filter(Column::Account.eq(owner.uuid())).order_by_asc(Column::Id);
        let rows = all.all(db).await.or_fault()?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// Keeps a new one.
    pub(crate) async fn insert(&self, tx: &Tx, webhook: &Webhook) -> Result<(), Fault> {
        let row = self.row(webhook)?;
        Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Keeps a changed one.
    pub(crate) async fn save(&self, tx: &Tx, webhook: &Webhook) -> Result<(), Fault> {
        Entity::update(self.row(webhook)?).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Forgets one.
    pub(crate) async fn delete(&self, tx: &Tx, id: WebhookId) -> Result<(), Fault> {
        Entity::delete_by_id(id.uuid()).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    fn row(&self, webhook: &Webhook) -> Result<ActiveModel, Fault> {
        let id = webhook.id.uuid();
        Ok(ActiveModel {
            id: Set(id),
            account: Set(webhook.owner.uuid()),
            hook: Set(self.keyring.seal_json(&label(id), &webhook.hook)?),
            created_at: Set(webhook.created_at),
            version: Set(webhook.version),
        })
    }

    async fn one(
        &self,
        db: &impl ConnectionTrait,
        query: Select<Entity>,
    ) -> Result<Option<Webhook>, Fault> {
        query.one(db).await.or_fault()?.map(|row| self.read(&row)).transpose()
    }

    fn read(&self, row: &Model) -> Result<Webhook, Fault> {
        Ok(Webhook {
            id: WebhookId::new(row.id),
            owner: AccountId::new(row.account),
            hook: self.keyring.open_json(&label(row.id), &row.hook)?,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

fn label(id: Uuid) -> String {
    format!("{LABEL}/{id}")
}
