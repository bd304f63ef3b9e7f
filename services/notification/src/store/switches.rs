use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};

use super::entity::provider_switch::{ActiveModel, Column, Entity, Model};

/// Which providers an operator has taken out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Switches;

/// How a provider was turned last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Our word for it.
    pub provider: String,
    /// Whether nothing is handed over to it.
    pub out: bool,
    /// Who turned it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Switches {
    /// Those to whom nothing is handed over.
    pub(crate) async fn out(self, db: &impl ConnectionTrait) -> Result<BTreeSet<String>, Fault> {
        let out = Entity::find().filter(Column::Out.eq(true)).select_only();
        let names = out.column(Column::Provider).into_tuple::<String>().all(db).await.or_fault()?;
        Ok(names.into_iter().collect())
    }

    /// All that were ever turned.
    pub(crate) async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<Switch>, Fault> {
        let rows = Entity::find().order_by_asc(Column::Provider).all(db).await.or_fault()?;
        let switch =
            |Model { provider, out, by, reason, at }| Switch { provider, out, by, reason, at };
        Ok(rows.into_iter().map(switch).collect())
    }

    /// Turns one.
    pub(crate) async fn turn(self, tx: &Tx, switch: Switch) -> Result<(), Fault> {
        let row = ActiveModel {
            provider: Set(switch.provider),
            out: Set(switch.out),
            by: Set(switch.by),
            reason: Set(switch.reason),
            at: Set(switch.at),
        };
        let again = OnConflict::column(Column::Provider)
            .update_columns([Column::Out, Column::By, Column::Reason, Column::At])
            .to_owned();
        Entity::insert(row).on_conflict(again).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }
}
