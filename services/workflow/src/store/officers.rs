use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};

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
        row.map(|row| known(&row)).transpose()
    }

    /// Officers for whom nothing was counted on this day, `limit` at the most.
    pub(crate) async fn uncounted(
        self,
        db: &impl ConnectionTrait,
        day: NaiveDate,
        limit: u64,
    ) -> Result<Vec<(AccountId, KnownOfficer)>, Fault> {
        let rows = uncounted(day, limit).all(db).await.or_fault()?;
        rows.iter().map(|row| Ok((AccountId::new(row.account), known(row)?))).collect()
    }

    /// Notes that it was counted for an officer on this day; whether it had not been.
    pub(crate) async fn count(
        self,
        tx: &Tx,
        account: AccountId,
        day: NaiveDate,
    ) -> Result<bool, Fault> {
        use officer::Column;
        let noted = officer::Entity::update_many()
            .col_expr(Column::DigestDay, Expr::value(day.to_epoch_days()))
            .filter(Column::Account.eq(account.uuid()))
            .filter(Column::DigestDay.lt(day.to_epoch_days()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(noted.rows_affected == 1)
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
            digest_day: NotSet,
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

fn known(row: &officer::Model) -> Result<KnownOfficer, Fault> {
    Ok(KnownOfficer { disabled: row.disabled, grants: from_json(&row.grants)? })
}

fn uncounted(day: NaiveDate, limit: u64) -> Select<officer::Entity> {
    use officer::Column;
    officer::Entity::find()
        .filter(Column::DigestDay.lt(day.to_epoch_days()))
        .order_by_asc(Column::DigestDay)
        .order_by_asc(Column::Account)
        .limit(limit)
}

#[cfg(test)]
mod tests;
