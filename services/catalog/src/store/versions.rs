use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_fault::{Fault, Kind};
use motcua_ids::{FieldId, ProcedureId, ProcedureVersionId};
use motcua_store::{OrFault, Tx};
use motcua_vn::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Uuid,
};

use super::{
    entity::version::{ActiveModel, Column, Entity, Model},
    unchanged_before,
    words::{from_json, read, to_json, word},
};
use crate::domain::{Version, VersionState, search::Entry};

const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";
/// Databases bound how many values one query may name.
const MOST_IN_ONE_QUERY: usize = 500;

/// What is answered where there is none, or none the caller may know of.
pub(crate) fn not_found() -> Fault {
    Fault::new(
        Kind::NotFound,
        "PROCEDURE_VERSION_NOT_FOUND",
        "Không tìm thấy phiên bản thủ tục này.",
    )
}

pub(crate) async fn get<C: ConnectionTrait>(
    db: &C,
    id: ProcedureVersionId,
) -> Result<Version, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(version).transpose()?.ok_or_else(not_found)
}

/// The version in force on a day, abolition left aside.
pub(crate) async fn in_force<C: ConnectionTrait>(
    db: &C,
    procedure: ProcedureId,
    day: NaiveDate,
) -> Result<Option<ProcedureVersionId>, Fault> {
    let query = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Procedure.eq(procedure.uuid()))
        .filter(Column::State.eq(PUBLISHED))
        .filter(Column::EffectiveFrom.lte(day))
        .order_by_desc(Column::EffectiveFrom)
        .order_by_desc(Column::Revision)
        .limit(1);
    let id: Option<Uuid> = query.into_tuple().one(db).await.or_fault()?;
    Ok(id.map(ProcedureVersionId::new))
}

/// These versions, in any order.
pub(crate) async fn many<C: ConnectionTrait>(
    db: &C,
    ids: &[ProcedureVersionId],
) -> Result<Vec<Version>, Fault> {
    let mut versions = Vec::with_capacity(ids.len());
    for some in ids.chunks(MOST_IN_ONE_QUERY) {
        let query = Entity::find().filter(Column::Id.is_in(some.iter().map(|id| id.uuid())));
        for row in query.all(db).await.or_fault()? {
            versions.push(version(row)?);
        }
    }
    Ok(versions)
}

/// The last version of each that was begun and not thrown away.
pub(crate) async fn newest_of<C: ConnectionTrait>(
    db: &C,
    procedures: &[ProcedureId],
) -> Result<BTreeMap<ProcedureId, ProcedureVersionId>, Fault> {
    pairs(db, Entity::find().order_by_asc(Column::Revision), Some(procedures)).await
}

/// The last version that was begun and not thrown away.
pub(crate) async fn newest<C: ConnectionTrait>(
    db: &C,
    procedure: ProcedureId,
) -> Result<Option<Version>, Fault> {
    let query = Entity::find()
        .filter(Column::Procedure.eq(procedure.uuid()))
        .order_by_desc(Column::Revision);
    query.one(db).await.or_fault()?.map(version).transpose()
}

/// A procedure's versions, newest first, below a revision.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    procedure: ProcedureId,
    with_drafts: bool,
    below: Option<i32>,
    size: u64,
) -> Result<Vec<Version>, Fault> {
    let mut query = Entity::find().filter(Column::Procedure.eq(procedure.uuid()));
    if !with_drafts {
        query = query.filter(Column::State.eq(PUBLISHED));
    }
    if let Some(below) = below {
        query = query.filter(Column::Revision.lt(below));
    }
    let rows = query.order_by_desc(Column::Revision).limit(size).all(db).await.or_fault()?;
    rows.into_iter().map(version).collect()
}

/// The version of each procedure in force on a day, abolition left aside; of
/// all procedures, or of these.
pub(crate) async fn in_force_on<C: ConnectionTrait>(
    db: &C,
    day: NaiveDate,
    of: Option<&[ProcedureId]>,
) -> Result<BTreeMap<ProcedureId, ProcedureVersionId>, Fault> {
    let query = Entity::find()
        .filter(Column::State.eq(PUBLISHED))
        .filter(Column::EffectiveFrom.lte(day))
        .order_by_asc(Column::EffectiveFrom)
        .order_by_asc(Column::Revision);
    pairs(db, query, of).await
}

/// Of each procedure the last in the query's order; of all, or of these (a page of them).
async fn pairs<C: ConnectionTrait>(
    db: &C,
    mut query: Select<Entity>,
    of: Option<&[ProcedureId]>,
) -> Result<BTreeMap<ProcedureId, ProcedureVersionId>, Fault> {
    if let Some(of) = of {
        query = query.filter(Column::Procedure.is_in(of.iter().map(|id| id.uuid())));
    }
    let query = query.select_only().column(Column::Procedure).column(Column::Id);
    let rows: Vec<(Uuid, Uuid)> = query.into_tuple().all(db).await.or_fault()?;
    let pair = |(procedure, id)| (ProcedureId::new(procedure), ProcedureVersionId::new(id));
    Ok(rows.into_iter().map(pair).collect())
}

/// What is searched of these versions.
pub(crate) async fn entries<C: ConnectionTrait>(
    db: &C,
    ids: &[ProcedureVersionId],
) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::with_capacity(ids.len());
    for some in ids.chunks(MOST_IN_ONE_QUERY) {
        let query = Entity::find().filter(Column::Id.is_in(some.iter().map(|id| id.uuid())));
        let rows: Vec<Promoted> = query.into_partial_model().all(db).await.or_fault()?;
        for row in rows {
            entries.push(entry(row)?);
        }
    }
    Ok(entries)
}

/// A version without its text.
#[derive(sea_orm::DerivePartialModel)]
#[sea_orm(entity = "Entity")]
struct Promoted {
    id: Uuid,
    procedure: Uuid,
    number: String,
    name: String,
    field: Uuid,
    level: String,
    audiences: serde_json::Value,
    service_level: String,
    internal: bool,
    keywords: serde_json::Value,
    agencies: serde_json::Value,
}

fn entry(row: Promoted) -> Result<Entry, Fault> {
    Ok(Entry {
        procedure: ProcedureId::new(row.procedure),
        version: ProcedureVersionId::new(row.id),
        number: row.number.parse().map_err(Fault::from)?,
        name: row.name,
        keywords: from_json(row.keywords)?,
        field: FieldId::new(row.field),
        level: read(row.level)?,
        audiences: from_json(row.audiences)?,
        service_level: read(row.service_level)?,
        agencies: from_json(row.agencies)?,
        internal: row.internal,
    })
}

pub(crate) async fn insert(tx: &Tx, version: &Version) -> Result<(), Fault> {
    let row = row(version)?.into_active_model();
    Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// Saves a draft that was edited, or is published now.
pub(crate) async fn update(tx: &Tx, version: &Version, edits_before: i64) -> Result<(), Fault> {
    let mut changes = ActiveModel { id: NotSet, ..row(version)?.into_active_model().reset_all() };
    if !version.is_draft() {
        changes.edits = NotSet;
    }
    let result = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(version.id.uuid()))
        .filter(Column::State.eq(DRAFT))
        .filter(Column::Edits.eq(edits_before))
        .exec(tx.db())
        .await
        .or_fault()?;
    unchanged_before(&result)
}

/// Removes a draft; what is published stays.
pub(crate) async fn remove_draft(tx: &Tx, id: ProcedureVersionId) -> Result<(), Fault> {
    Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::State.eq(DRAFT))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

fn version(row: Model) -> Result<Version, Fault> {
    let state = match (row.state.as_str(), row.effective_from, row.published_at) {
        (DRAFT, _, _) => VersionState::Draft { edits: row.edits },
        (PUBLISHED, Some(effective_from), Some(at)) => {
            VersionState::Published { effective_from, at }
        }
        _ => return Err(Fault::internal(format!("version {} is in no state", row.id))),
    };
    Ok(Version {
        id: ProcedureVersionId::new(row.id),
        procedure: ProcedureId::new(row.procedure),
        number: row.number.parse().map_err(Fault::from)?,
        revision: row.revision,
        state,
        content: from_json(row.content)?,
    })
}

fn row(version: &Version) -> Result<Model, Fault> {
    let (state, edits, effective_from, published_at): (_, _, _, Option<Timestamp>) =
        match version.state {
            VersionState::Draft { edits } => (DRAFT, edits, None, None),
            VersionState::Published { effective_from, at } => {
                (PUBLISHED, 0, Some(effective_from), Some(at))
            }
        };
    let content = &version.content;
    Ok(Model {
        id: version.id.uuid(),
        procedure: version.procedure.uuid(),
        number: version.number.to_string(),
        revision: version.revision,
        state: state.to_owned(),
        edits,
        effective_from,
        published_at,
        name: content.name.clone(),
        field: content.field.uuid(),
        level: word(&content.level)?,
        audiences: to_json(&content.audiences)?,
        service_level: word(&content.service_level)?,
        legacy_level: content.legacy_level.map(i32::from),
        front_door: word(&content.front_door)?,
        internal: version.is_internal(),
        keywords: to_json(&content.keywords)?,
        agencies: to_json(&content.agencies)?,
        content: to_json(content)?,
    })
}
