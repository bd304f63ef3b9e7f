use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{AccountId, FeePolicyId};
use motcua_rpc::Page;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::fee_policy::{self, Column};
use crate::domain::{Policy, Terms};

/// The rules by which people pay less.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policies;

impl Policies {
    /// Keeps a new one.
    pub(crate) async fn insert(
        self,
        tx: &Tx,
        policy: &Policy,
        by: Option<AccountId>,
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let row = fee_policy::ActiveModel {
            id: Set(policy.id.uuid()),
            valid_from: Set(policy.terms.valid_from),
            valid_to: Set(policy.terms.valid_to),
            terms: Set(serde_json::to_string(&policy.terms).map_err(Fault::internal)?),
            published_by: Set(by.map(AccountId::uuid)),
            published_at: Set(at),
            ended_by: Set(None),
            ended_at: Set(None),
        };
        fee_policy::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// One of them.
    pub(crate) async fn get(
        self,
        db: &impl ConnectionTrait,
        id: FeePolicyId,
    ) -> Result<Policy, Fault> {
        let row = fee_policy::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        policy(&row.ok_or_else(|| Fault::not_found("fee policy"))?)
    }

    /// One of them, held until the write ends.
    pub(crate) async fn lock(self, tx: &Tx, id: FeePolicyId) -> Result<Policy, Fault> {
        let query = fee_policy::Entity::find_by_id(id.uuid()).lock_exclusive();
        let row = query.one(tx.db()).await.or_fault()?;
        policy(&row.ok_or_else(|| Fault::not_found("fee policy"))?)
    }

    /// Keeps the last day that somebody set, beside the terms as they were published.
    pub(crate) async fn end(self, tx: &Tx, policy: &Policy, by: AccountId) -> Result<(), Fault> {
        let row = fee_policy::ActiveModel {
            id: Set(policy.id.uuid()),
            valid_to: Set(policy.terms.valid_to),
            ended_by: Set(Some(by.uuid())),
            ended_at: Set(policy.ended_at),
            ..Default::default()
        };
        fee_policy::Entity::update(row).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Those that hold on a day.
    pub(crate) async fn on(
        self,
        db: &impl ConnectionTrait,
        day: NaiveDate,
    ) -> Result<Vec<Policy>, Fault> {
        let open = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(day));
        let rows = fee_policy::Entity::find()
            .filter(Column::ValidFrom.lte(day))
            .filter(open)
            .all(db)
            .await
            .or_fault()?;
        rows.iter().map(policy).collect()
    }

    /// A page of all, newest first, and whether there is more.
    pub(crate) async fn page(
        self,
        db: &impl ConnectionTrait,
        page: Page<FeePolicyId>,
    ) -> Result<(Vec<Policy>, bool), Fault> {
        let mut query = fee_policy::Entity::find();
        if let Some(after) = page.after {
            query = query.filter(Column::Id.lt(after.uuid()));
        }
        let mut found =
            query.order_by_desc(Column::Id).limit(page.size + 1).all(db).await.or_fault()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        Ok((found.iter().map(policy).collect::<Result<_, _>>()?, more))
    }
}

fn policy(row: &fee_policy::Model) -> Result<Policy, Fault> {
    let published: Terms = serde_json::from_str(&row.terms).map_err(Fault::internal)?;
    let terms = Terms { valid_to: row.valid_to, ..published };
    Ok(Policy { id: row.id.into(), terms, ended_at: row.ended_at })
}
