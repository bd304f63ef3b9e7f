use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use motcua_vn::local;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, OnConflict},
};

use super::{
    costs::{CostFilter, CostSlot, Sum},
    entity::talk_day::{ActiveModel, Column, Entity},
};
use crate::domain::{Channel, TALK};

/// How much was said in conversations on each day. Of no agency: who is talked with may have dossiers at
/// several, and what is said is not kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TalkDays;

impl TalkDays {
    /// Counts one message that was taken, with the commit: everybody's answers of a day share its row.
    pub(crate) fn note(tx: &Tx, at: Timestamp) {
        let row = ActiveModel { day: Set(local::day(at).to_string()), messages: Set(1) };
        let more = Expr::col((Entity, Column::Messages)).add(1);
        let again = OnConflict::column(Column::Day).value(Column::Messages, more).to_owned();
        tx.at_last(Entity::insert(row).on_conflict(again).into_query());
    }

    /// The sums of some days after a slot, so many at the most.
    pub(super) async fn sums(
        self,
        db: &impl ConnectionTrait,
        filter: CostFilter,
        after: Option<&CostSlot>,
        limit: u64,
    ) -> Result<Vec<Sum>, Fault> {
        let first = after.map_or_else(|| filter.from.to_string(), |slot| slot.day.clone());
        let days = Entity::find()
            .filter(Column::Day.between(first, filter.until.to_string()))
            .order_by_asc(Column::Day)
            // The day of the slot itself may have been told.
            .limit(limit + 1);
        let rows = days.all(db).await.or_fault()?;
        let sums = rows.into_iter().map(|row| {
            let messages = u64::try_from(row.messages).map_err(Fault::internal)?;
            let slot = CostSlot {
                day: row.day,
                agency_path: String::new(),
                channel: Channel::Zalo.as_str().to_owned(),
                provider: TALK.to_owned(),
            };
            Ok(Sum { slot, messages, segments: messages })
        });
        let sums = sums.collect::<Result<Vec<_>, Fault>>()?;
        Ok(sums.into_iter().filter(|sum| after.is_none_or(|after| sum.slot > *after)).collect())
    }
}
