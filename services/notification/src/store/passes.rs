use std::sync::Arc;

use motcua_fault::Fault;
use motcua_keys::{IdKind, SealedColumn};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect, Select, sea_query::OnConflict,
};

use super::entity::zalo_pass::{ActiveModel, Column, Entity};
use crate::domain::Pass;

const LABEL: &str = "notification/zalo_pass";

/// What we are known by at Zalo, by our apps there.
#[derive(Debug, Clone)]
pub(crate) struct Passes {
    keyring: Arc<Keyring>,
}

/// What is sealed.
pub(super) fn sealed_pass() -> SealedColumn {
    SealedColumn {
        table: "zalo_pass",
        id: &[("app", IdKind::Text)],
        column: "tokens",
        label: LABEL,
        blind: None,
    }
}

impl Passes {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The pass as it was kept; none before the first.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        app: &str,
    ) -> Result<Option<Pass>, Fault> {
        self.one(db, Entity::find_by_id(app.to_owned())).await
    }

    /// The pass, held until the write ends: one process at a time renews it.
    pub(crate) async fn lock(&self, tx: &Tx, app: &str) -> Result<Pass, Fault> {
        let none = Pass::none();
        let once = OnConflict::column(Column::App).do_nothing().to_owned();
        let first = Entity::insert(self.row(app, &none)?).on_conflict(once);
        first.exec_without_returning(tx.db()).await.or_fault()?;
        let kept = Entity::find_by_id(app.to_owned()).lock_exclusive();
        Ok(self.one(tx.db(), kept).await?.unwrap_or(none))
    }

    /// Keeps a changed pass.
    pub(crate) async fn save(&self, tx: &Tx, app: &str, pass: &Pass) -> Result<(), Fault> {
        Entity::update(self.row(app, pass)?).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    fn row(&self, app: &str, pass: &Pass) -> Result<ActiveModel, Fault> {
        Ok(ActiveModel {
            app: Set(app.to_owned()),
            tokens: Set(self.keyring.seal_json(&label(app), pass)?),
            renewed_at: Set(pass.renewed_at),
        })
    }

    async fn one(
        &self,
        db: &impl ConnectionTrait,
        query: Select<Entity>,
    ) -> Result<Option<Pass>, Fault> {
        let row = query.one(db).await.or_fault()?;
        row.map(|row| self.keyring.open_json(&label(&row.app), &row.tokens)).transpose()
    }
}

fn label(app: &str) -> String {
    format!("{LABEL}/{app}")
}
