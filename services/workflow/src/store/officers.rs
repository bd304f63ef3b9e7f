use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::{OrFault, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entity::officer;
use super::words::{from_json, json};
use crate::domain::{KnownGrant, KnownOfficer};

/// Officers' roles as identity told them, for giving people work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Officers;

impl Officers {
    /// The officer, if identity told of one.
    pub(crate) async fn find(
        self,
        db: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<Option<KnownOfficer>, Fault> {
        let row = officer::Entity::find_by_id(account.uuid()).one(db).await.or_fault()?;
        row.map(|row| Ok(KnownOfficer { disabled: row.disabled, grants: from_json(&row.grants)? }))
            .transpose()
    }

    /// Takes in a fact about an account, unless a newer one was heard.
    pub(crate) async fn learn(
        self,
        tx: &Tx,
        account: AccountId,
        version: i64,
        grants: Option<&[KnownGrant]>,
        disabled: Option<bool>,
    ) -> Result<(), Fault> {
        let known = officer::Entity::find_by_id(account.uuid()).one(tx.db()).await.or_fault()?;
        if known.as_ref().is_some_and(|row| row.version >= version) {
            return Ok(());
        }
        let before = known.as_ref();
        let row = officer::ActiveModel {
            account: Set(account.uuid()),
            version: Set(version),
            disabled: Set(disabled.or(before.map(|row| row.disabled)).unwrap_or_default()),
            grants: Set(match (grants, before) {
                (Some(grants), _) => json(&grants)?,
                (None, Some(row)) => row.grants.clone(),
                (None, None) => json(&Vec::<KnownGrant>::new())?,
            }),
        };
        let again = OnConflict::column(officer::Column::Account)
            .update_columns([
                officer::Column::Version,
                officer::Column::Disabled,
                officer::Column::Grants,
            ])
            .to_owned();
        officer::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }
}
