use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entity::till;

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
        Ok(row.map(|row| TillClosing {
            cashier: row.cashier.into(),
            agency: row.agency.into(),
            day: row.day,
            expected: Vnd::new(row.expected),
            counted: Vnd::new(row.counted),
            closed_at: row.closed_at,
        }))
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
