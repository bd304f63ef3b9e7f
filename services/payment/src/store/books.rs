use std::fmt::Write;

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyPath, FeeOrderId, Uuid};
use motcua_rpc::Page;
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryTrait, Statement};
use serde::{Deserialize, Serialize};

use super::entity::posting;
use crate::domain::{Entry, Place};

/// The books: rows are added and never changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Books;

/// What is asked of the books.
#[derive(Debug, Clone)]
pub(crate) struct Which {
    /// This agency's and all below it.
    pub(crate) agency: AgencyPath,
    /// One day's, or all there is.
    pub(crate) day: Option<NaiveDate>,
}

/// Where a row of balances stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Slot {
    pub(crate) account: String,
    pub(crate) agency_path: String,
    pub(crate) fee: String,
}

/// What an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) slot: Slot,
    pub(crate) debit: Vnd,
    pub(crate) credit: Vnd,
}

impl Books {
    /// Writes a movement down, with the commit: both sides of each transfer. It is of a `day`, which is
    /// not the one of its writing where a bank tells of it later.
    pub(crate) fn write(
        tx: &Tx,
        id: Uuid,
        order: Option<FeeOrderId>,
        (agency, day): (&AgencyPath, NaiveDate),
        entry: &Entry,
    ) {
        let side = |line: usize, place: &Place, amount: i64| posting::ActiveModel {
            entry: Set(id),
            line: Set(i32::try_from(line).unwrap_or(i32::MAX)),
            what: Set(entry.what.as_str().to_owned()),
            at: Set(entry.at),
            day: Set(day),
            fee_order: Set(order.map(FeeOrderId::uuid)),
            agency_path: Set(place.agency.as_ref().unwrap_or(agency).text()),
            account: Set(place.account.as_str().to_owned()),
            fee: Set(place.fee.clone().unwrap_or_default()),
            till: Set(place.till.map(AccountId::uuid)),
            amount: Set(amount),
        };
        let sides = entry.transfers.iter().enumerate().flat_map(|(n, transfer)| {
            let amount = transfer.amount.dong();
            let debit = side(2 * n, &transfer.debit, amount);
            [debit, side(2 * n + 1, &transfer.credit, -amount)]
        });
        let rows: Vec<_> = sides.collect();
        if !rows.is_empty() {
            tx.at_last(posting::Entity::insert_many(rows).into_query());
        }
    }

    /// What lies in a cashier's till at an agency.
    pub(crate) async fn in_till(
        db: &impl ConnectionTrait,
        cashier: AccountId,
        agency: &AgencyPath,
    ) -> Result<Vnd, Fault> {
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS held FROM posting \
                   WHERE till = $1 AND agency_path = $2";
        let values: [sea_orm::Value; 2] = [cashier.uuid().into(), agency.text().into()];
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let row = db.query_one_raw(statement).await.or_fault()?;
        let row = row.ok_or_else(|| Fault::internal("a sum answers no row"))?;
        Ok(Vnd::new(row.try_get("", "held").or_fault()?))
    }

    /// A page of balances, by account, agency and fee; and whether there is more.
    pub(crate) async fn page(
        db: &impl ConnectionTrait,
        which: &Which,
        page: Page<Slot>,
    ) -> Result<(Vec<Sum>, bool), Fault> {
        let mut values: Vec<sea_orm::Value> = vec![format!("{}%", which.agency.text()).into()];
        let mut sql = "SELECT account, agency_path, fee, \
                       CAST(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS BIGINT) AS debit, \
                       CAST(SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS BIGINT) AS credit \
                       FROM posting WHERE agency_path LIKE $1"
            .to_owned();
        if let Some(day) = which.day {
            values.push(day.into());
            let _ = write!(sql, " AND day = ${}", values.len());
        }
        if let Some(after) = page.after {
            let n = values.len();
            values.extend([after.account.into(), after.agency_path.into(), after.fee.into()]);
            let (a, b, c) = (n + 1, n + 2, n + 3);
            let _ = write!(sql, " AND (account, agency_path, fee) > (${a}, ${b}, ${c})");
        }
        values.push(i64::try_from(page.size + 1).unwrap_or(i64::MAX).into());
        let _ = write!(
            sql,
            " GROUP BY account, agency_path, fee ORDER BY account, agency_path, fee LIMIT ${}",
            values.len()
        );
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let rows = db.query_all_raw(statement).await.or_fault()?;
        let sums = rows.iter().map(|row| {
            Ok(Sum {
                slot: Slot {
                    account: row.try_get("", "account").or_fault()?,
                    agency_path: row.try_get("", "agency_path").or_fault()?,
                    fee: row.try_get("", "fee").or_fault()?,
                },
                debit: Vnd::new(row.try_get("", "debit").or_fault()?),
                credit: Vnd::new(row.try_get("", "credit").or_fault()?),
            })
        });
        let mut sums = sums.collect::<Result<Vec<_>, Fault>>()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = sums.len() > size;
        sums.truncate(size);
        Ok((sums, more))
    }
}
