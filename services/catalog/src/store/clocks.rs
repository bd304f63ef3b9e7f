use chrono::NaiveDate;
use motcua_fault::{Fault, Kind};
use motcua_ids::{CalendarId, PolicyId};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{
    entity::{calendar, policy},
    words::{from_json, to_json},
};
use crate::domain::{Calendar, Policy};

/// Every calendar, the newest day of effect first. There are few.
pub(crate) async fn calendars<C: ConnectionTrait>(db: &C) -> Result<Vec<Calendar>, Fault> {
    let query = calendar::Entity::find()
        .order_by_desc(calendar::Column::ValidFrom)
        .order_by_desc(calendar::Column::Id);
    query.all(db).await.or_fault()?.into_iter().map(calendar_of).collect()
}

/// Every policy, the newest day of effect first. There are few.
pub(crate) async fn policies<C: ConnectionTrait>(db: &C) -> Result<Vec<Policy>, Fault> {
    let query = policy::Entity::find()
        .order_by_desc(policy::Column::ValidFrom)
        .order_by_desc(policy::Column::Id);
    query.all(db).await.or_fault()?.into_iter().map(policy_of).collect()
}

pub(crate) async fn calendar<C: ConnectionTrait>(
    db: &C,
    id: CalendarId,
) -> Result<Calendar, Fault> {
    let row = calendar::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(calendar_of).transpose()?.ok_or_else(|| {
        Fault::new(Kind::NotFound, "CALENDAR_NOT_FOUND", "Không tìm thấy lịch làm việc này.")
    })
}

pub(crate) async fn policy<C: ConnectionTrait>(db: &C, id: PolicyId) -> Result<Policy, Fault> {
    let row = policy::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(policy_of).transpose()?.ok_or_else(|| {
        Fault::new(
            Kind::NotFound,
            "POLICY_NOT_FOUND",
            "Không tìm thấy chính sách tính thời hạn này.",
        )
    })
}

/// The newest revision under a code.
pub(crate) async fn newest_calendar<C: ConnectionTrait>(
    db: &C,
    code: &str,
) -> Result<Option<Calendar>, Fault> {
    let query = calendar::Entity::find()
        .filter(calendar::Column::Code.eq(code))
        .order_by_desc(calendar::Column::Revision);
    query.one(db).await.or_fault()?.map(calendar_of).transpose()
}

/// The newest revision under a code.
pub(crate) async fn newest_policy<C: ConnectionTrait>(
    db: &C,
    code: &str,
) -> Result<Option<Policy>, Fault> {
    let query = policy::Entity::find()
        .filter(policy::Column::Code.eq(code))
        .order_by_desc(policy::Column::Revision);
    query.one(db).await.or_fault()?.map(policy_of).transpose()
}

pub(crate) async fn insert_calendar(tx: &Tx, calendar: &Calendar) -> Result<(), Fault> {
    let valid_from: NaiveDate = calendar.data.valid_from;
    let row = calendar::Model {
        id: calendar.id.uuid(),
        code: calendar.code.clone(),
        revision: calendar.revision,
        valid_from,
        agencies: to_json(&calendar.agencies)?,
        data: to_json(&calendar.data)?,
        published_at: calendar.published_at,
    };
    calendar::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

pub(crate) async fn insert_policy(tx: &Tx, policy: &Policy) -> Result<(), Fault> {
    let row = policy::Model {
        id: policy.id.uuid(),
        code: policy.code.clone(),
        revision: policy.revision,
        valid_from: policy.data.valid_from,
        scope: to_json(&policy.scope)?,
        data: to_json(&policy.data)?,
        notes: to_json(&policy.notes)?,
        published_at: policy.published_at,
    };
    policy::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

fn calendar_of(row: calendar::Model) -> Result<Calendar, Fault> {
    Ok(Calendar {
        id: CalendarId::new(row.id),
        code: row.code,
        revision: row.revision,
        agencies: from_json(row.agencies)?,
        published_at: row.published_at,
        data: from_json(row.data)?,
    })
}

fn policy_of(row: policy::Model) -> Result<Policy, Fault> {
    Ok(Policy {
        id: PolicyId::new(row.id),
        code: row.code,
        revision: row.revision,
        scope: from_json(row.scope)?,
        published_at: row.published_at,
        data: from_json(row.data)?,
        notes: from_json(row.notes)?,
    })
}
