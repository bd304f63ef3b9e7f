use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect, Select, sea_query::OnConflict,
};

use super::{entity::preference, rows};
use crate::domain::{Language, Preferences};

/// How people want to be told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Preferred;

impl Preferred {
    /// A person's preferences.
    pub(crate) async fn get(
        self,
        db: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<Preferences, Fault> {
        one(db, preference::Entity::find_by_id(account.uuid())).await
    }

    /// A person's preferences, held until the write ends.
    pub(crate) async fn lock(self, tx: &Tx, account: AccountId) -> Result<Preferences, Fault> {
        one(tx.db(), preference::Entity::find_by_id(account.uuid()).lock_exclusive()).await
    }

    /// Keeps changed preferences.
    pub(crate) async fn save(
        self,
        tx: &Tx,
        account: AccountId,
        changed: Preferences,
    ) -> Result<(), Fault> {
        use preference::Column;
        let row = preference::ActiveModel {
            account: Set(account.uuid()),
            sms: Set(rows::word(&changed.sms)?),
            email: Set(rows::word(&changed.email)?),
            zalo: Set(Some(rows::word(&changed.zalo)?)),
            first: Set(changed.first.map(|first| rows::word(&first)).transpose()?),
            language: Set(Some(rows::word(&changed.language)?)),
            digest: Set(Some(changed.digest)),
            version: Set(changed.version),
        };
        let again = OnConflict::column(Column::Account)
            .update_columns([
                Column::Sms,
                Column::Email,
                Column::Zalo,
                Column::First,
                Column::Language,
                Column::Digest,
                Column::Version,
            ])
            .to_owned();
        preference::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }
}

async fn one(
    db: &impl ConnectionTrait,
    query: Select<preference::Entity>,
) -> Result<Preferences, Fault> {
    let Some(row) = query.one(db).await.or_fault()? else { return Ok(Preferences::default()) };
    let zalo = row.zalo.as_deref().map(rows::from_word).transpose()?;
    Ok(Preferences {
        sms: rows::from_word(&row.sms)?,
        email: rows::from_word(&row.email)?,
        zalo: zalo.unwrap_or(Preferences::default().zalo),
        first: row.first.as_deref().map(rows::from_word).transpose()?,
        language: row.language.as_deref().map_or(Ok(Language::default()), rows::from_word)?,
        digest: row.digest.unwrap_or(Preferences::default().digest),
        version: row.version,
    })
}
