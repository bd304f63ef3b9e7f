//! What providers took, added up where it is read: a message has one hand-over at the most, kept in
//! the write that notes it, so that a sum counts each once and no second figure can differ.

use std::fmt::Write;

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, AgencyPath};
use motcua_rpc::Page;
use motcua_store::OrFault;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::{Deserialize, Serialize};

use super::TalkDays;
use crate::domain::Channel;

/// Reads sums.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs;

/// Which are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CostFilter {
    /// Of this agency and those below it.
    pub(crate) agency: AgencyId,
    /// The first local day.
    pub(crate) from: NaiveDate,
    /// The last local day.
    pub(crate) until: NaiveDate,
}

/// Of what a sum is, in the order of sums.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CostSlot {
    /// The local day, `YYYY-MM-DD`.
    pub(crate) day: String,
    /// The receiving agency and its ancestors; empty of what is no agency's.
    pub(crate) agency_path: String,
    pub(crate) channel: String,
    pub(crate) provider: String,
}

/// What a provider took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) slot: CostSlot,
    pub(crate) messages: u64,
    pub(crate) segments: u64,
}

/// The local day of a hand-over: Vietnam has been seven hours ahead of Greenwich, summer and winter,
/// since 1975. An index that was shipped is made of these words: they stay as they are.
pub(super) const fn day(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "CAST(sent_at AT TIME ZONE INTERVAL '7 hours' AS date)",
        _ => "date(sent_at, '+7 hours')",
    }
}

impl Costs {
    /// A page of sums, by day, agency, channel and provider; and whether there is more. `whole`: also of
    /// what is no agency's.
    pub(crate) async fn page(
        self,
        db: &impl ConnectionTrait,
        filter: CostFilter,
        whole: bool,
        page: Page<CostSlot>,
    ) -> Result<(Vec<Sum>, bool), Fault> {
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let said = if whole {
            TalkDays.sums(db, filter, page.after.as_ref(), page.size + 1).await?
        } else {
            Vec::new()
        };
        let rows = db.query_all_raw(query(db.get_database_backend(), filter, whole, page)).await;
        let count = |n: i64| u64::try_from(n).map_err(Fault::internal);
        let sums = rows.or_fault()?.into_iter().map(|row| {
            let text = |column| row.try_get::<String>("", column).or_fault();
            Ok(Sum {
                slot: CostSlot {
                    day: text("day")?,
                    agency_path: text("agency_path")?,
                    channel: text("channel")?,
                    provider: text("provider")?,
                },
                messages: count(row.try_get("", "messages").or_fault()?)?,
                segments: count(row.try_get("", "segments").or_fault()?)?,
            })
        });
        let mut sums = sums.collect::<Result<Vec<_>, Fault>>()?;
        // Not sorted as one: a database may have the agencies of a day in an order of its own, in which
        // none comes first all the same.
        for said in said {
            sums.insert(sums.partition_point(|sum| sum.slot < said.slot), said);
        }
        let more = sums.len() > size;
        sums.truncate(size);
        Ok((sums, more))
    }
}

/// In the index's order, so that a page reads no more of it than it adds up. Nobody asks anything
/// for telling organisations' own systems.
fn query(backend: DbBackend, filter: CostFilter, whole: bool, page: Page<CostSlot>) -> Statement {
    let day = day(backend);
    // A day compares as what it is: in PostgreSQL a date, in SQLite a text.
    let bound = |n: usize| match backend {
        DbBackend::Postgres => format!("CAST(${n} AS date)"),
        _ => format!("${n}"),
    };
    let (from, until) = (filter.from.to_string(), filter.until.to_string());
    let within = format!("%/{}/%", filter.agency.uuid());
    let of =
        if whole { "(agency_path LIKE $3 OR agency_path = '')" } else { "agency_path LIKE $3" };
    let mut values: Vec<sea_orm::Value> = vec![from.into(), until.into(), within.into()];
    let mut sql = format!(
        "SELECT CAST({day} AS text) AS day, agency_path, channel, provider, \
             COUNT(*) AS messages, CAST(SUM(segments) AS bigint) AS segments \
         FROM message WHERE provider IS NOT NULL AND channel <> 'webhook' AND {day} >= {} AND {day} <= {} \
             AND {of}",
        bound(1),
        bound(2),
    );
    if let Some(CostSlot { day: then, agency_path, channel, provider }) = page.after {
        values.extend([then.into(), agency_path.into(), channel.into(), provider.into()]);
        let after = bound(4);
        let _ = write!(sql, " AND ({day}, agency_path, channel, provider) > ({after}, $5, $6, $7)");
    }
    values.push(i64::try_from(page.size + 1).unwrap_or(i64::MAX).into());
    let order = format!("{day}, agency_path, channel, provider");
    let _ = write!(sql, " GROUP BY {order} ORDER BY {order} LIMIT ${}", values.len());
    Statement::from_sql_and_values(backend, sql, values)
}

impl CostSlot {
    /// The receiving agency, if it is one's.
    pub(crate) fn agency(&self) -> Result<Option<AgencyId>, Fault> {
        if self.agency_path.is_empty() {
            return Ok(None);
        }
        let path = AgencyPath::parse(&self.agency_path).map_err(Fault::internal)?;
        Ok(Some(path.agency()))
    }

    /// How it went.
    pub(crate) fn channel(&self) -> Result<Channel, Fault> {
        let known = Channel::ALL.into_iter().find(|channel| channel.as_str() == self.channel);
        known.ok_or_else(|| Fault::internal("a sum of no channel"))
    }

    /// The local day.
    pub(crate) fn day(&self) -> Result<NaiveDate, Fault> {
        self.day.parse().map_err(Fault::internal)
    }
}

#[cfg(test)]
mod tests;
