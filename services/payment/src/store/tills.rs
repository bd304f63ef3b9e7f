use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{OnConflict, Query},
};

use super::entity::till;
use crate::domain::Refusal;

/// Cashiers' closed days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tills;

/// A cashier's closed day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TillClosing {
    pub(crate) cashier: AccountId,
    pub(crate) agency: AgencyId,
    pub(crate) day: NaiveDate,
    /// What the books said.
    pub(crate) expected: Vnd,
    /// What was counted.
    pub(crate) counted: Vnd,
    pub(crate) closed_at: DateTime<Utc>,
}

impl From<till::Model> for TillClosing {
    fn from(row: till::Model) -> Self {
        Self {
            cashier: row.cashier.into(),
            agency: row.agency.into(),
            day: row.day,
            expected: Vnd::new(row.expected),
            counted: Vnd::new(row.counted),
            closed_at: row.closed_at,
        }
    }
}

impl Tills {
    /// The closing of a day, if it is closed.
    pub(crate) async fn closing(
        self,
        db: &impl ConnectionTrait,
        cashier: AccountId,
        agency: AgencyId,
        day: NaiveDate,
    ) -> Result<Option<TillClosing>, Fault> {
        let key = (cashier.uuid(), agency.uuid(), day);
        let row = till::Entity::find_by_id(key).one(db).await.or_fault()?;
        Ok(row.map(TillClosing::from))
    }

    /// The closing of the last day that is closed.
    pub(crate) async fn last_closing(
        self,
        db: &impl ConnectionTrait,
        cashier: AccountId,
        agency: AgencyId,
    ) -> Result<Option<TillClosing>, Fault> {
        let closings = till::Entity::find()
            .filter(till::Column::Cashier.eq(cashier.uuid()))
            .filter(till::Column::Agency.eq(agency.uuid()));
        let row = closings.order_by_desc(till::Column::Day).one(db).await.or_fault()?;
        Ok(row.map(TillClosing::from))
    }

    /// Holds a cashier's till until the write ends: what is taken, given back and counted waits for
    /// each other, so that nothing comes into a till while it is counted. Refuses once the day is
    /// closed.
    pub(crate) async fn hold(
        self,
        tx: &Tx,
        cashier: AccountId,
        agency: AgencyId,
        day: NaiveDate,
    ) -> Result<(), Fault> {
        let key = ["cashier", "agency"];
        let statement = Query::insert()
            .into_table("till")
            .columns(["cashier", "agency", "last_day"])
            .values_panic([cashier.uuid().into(), agency.uuid().into(), day.into()])
            .on_conflict(OnConflict::columns(key).update_column("last_day").to_owned())
            .to_owned();
        tx.db().execute(&statement).await.or_fault()?;
        match self.closing(tx.db(), cashier, agency, day).await? {
            Some(_) => Err(Refusal::TillClosed.into()),
            None => Ok(()),
        }
    }

    /// Keeps a closing.
    pub(crate) async fn close(self, tx: &Tx, closing: TillClosing) -> Result<(), Fault> {
        let row = till::ActiveModel {
            cashier: Set(closing.cashier.uuid()),
            agency: Set(closing.agency.uuid()),
            day: Set(closing.day),
            expected: Set(closing.expected.dong()),
            counted: Set(closing.counted.dong()),
            closed_at: Set(closing.closed_at),
        };
        till::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }
}
