use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};
use motcua_rpc::Page;
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde::{Deserialize, Serialize};

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

/// Where a closing of an agency stands among the others: by its day, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Closed {
    pub(crate) day: NaiveDate,
    pub(crate) cashier: AccountId,
}

impl TillClosing {
    /// Its place in a list.
    pub(crate) const fn place(&self) -> Closed {
        Closed { day: self.day, cashier: self.cashier }
    }
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
    /// A page of an agency's closings, the last day first; and whether there is more.
    pub(crate) async fn page(
        self,
        db: &impl ConnectionTrait,
        agency: AgencyId,
        page: Page<Closed>,
    ) -> Result<(Vec<TillClosing>, bool), Fault> {
        let mut found = page_of(agency, page).all(db).await.or_fault()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        Ok((found.into_iter().map(TillClosing::from).collect(), more))
    }

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

/// One row more than the page has.
pub(super) fn page_of(agency: AgencyId, page: Page<Closed>) -> Select<till::Entity> {
    use till::Column as C;
    let mut query = till::Entity::find().filter(C::Agency.eq(agency.uuid()));
    if let Some(after) = page.after {
        let place = Expr::tuple([Expr::col(C::Day), Expr::col(C::Cashier)]);
        let last = [Expr::val(after.day), Expr::val(after.cashier.uuid())];
        query = query.filter(place.lt(Expr::tuple(last)));
    }
    query.order_by_desc(C::Day).order_by_desc(C::Cashier).limit(page.size + 1)
}
