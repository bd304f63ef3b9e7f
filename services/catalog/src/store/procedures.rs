use std::collections::HashSet;

use chrono::NaiveDate;
use motcua_fault::{Fault, Kind};
use motcua_ids::{ProcedureId, ProcedureVersionId};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    entity::procedure::{ActiveModel, Column, Entity, Model},
    unchanged_before,
};
use crate::domain::{Abolition, Procedure, ProcedureNumber};

/// What is answered where there is none, or none the caller may know of.
pub(crate) fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "PROCEDURE_NOT_FOUND", "Không tìm thấy thủ tục này.")
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: ProcedureId) -> Result<Procedure, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(procedure).transpose()?.ok_or_else(not_found)
}

pub(crate) async fn by_number<C: ConnectionTrait>(
    db: &C,
    number: &ProcedureNumber,
) -> Result<Option<Procedure>, Fault> {
    let query = Entity::find().filter(Column::Number.eq(number.as_str()));
    query.one(db).await.or_fault()?.map(procedure).transpose()
}

/// A page in the order of their numbers.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    after: Option<String>,
    size: u64,
) -> Result<Vec<Procedure>, Fault> {
    let mut query = Entity::find();
    if let Some(after) = after {
        query = query.filter(Column::Number.gt(after));
    }
    let rows = query.order_by_asc(Column::Number).limit(size).all(db).await.or_fault()?;
    rows.into_iter().map(procedure).collect()
}

/// The procedures whose last day lies before this one.
pub(crate) async fn gone_by<C: ConnectionTrait>(
    db: &C,
    day: NaiveDate,
) -> Result<HashSet<ProcedureId>, Fault> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::AbolishedOn.lt(day));
    let ids: Vec<sea_orm::prelude::Uuid> = query.into_tuple().all(db).await.or_fault()?;
    Ok(ids.into_iter().map(ProcedureId::new).collect())
}

pub(crate) async fn insert(tx: &Tx, procedure: &Procedure) -> Result<(), Fault> {
    let row = row(procedure).into_active_model();
    Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// Saves a procedure read at version `before`.
pub(crate) async fn update(tx: &Tx, procedure: &Procedure, before: i64) -> Result<(), Fault> {
    let changes = ActiveModel { id: NotSet, ..row(procedure).into_active_model().reset_all() };
    let result = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(procedure.id.uuid()))
        .filter(Column::Version.eq(before))
        .exec(tx.db())
        .await
        .or_fault()?;
    unchanged_before(&result)
}

fn procedure(row: Model) -> Result<Procedure, Fault> {
    Ok(Procedure {
        id: ProcedureId::new(row.id),
        number: row.number.parse().map_err(Fault::from)?,
        revisions: row.revisions,
        newest_from: row.newest_from,
        draft: row.draft.map(ProcedureVersionId::new),
        abolished: row
            .abolished_on
            .map(|last_day| Abolition { last_day, decision: row.abolishing_decision }),
        version: row.version,
    })
}

fn row(procedure: &Procedure) -> Model {
    let abolished = procedure.abolished.as_ref();
    Model {
        id: procedure.id.uuid(),
        number: procedure.number.to_string(),
        revisions: procedure.revisions,
        newest_from: procedure.newest_from,
        draft: procedure.draft.map(ProcedureVersionId::uuid),
        abolished_on: abolished.map(|a| a.last_day),
        abolishing_decision: abolished.and_then(|a| a.decision.clone()),
        version: procedure.version,
    }
}
