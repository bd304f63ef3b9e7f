use chrono::NaiveDate;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyId, AgencyPath};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    entity::agency::{ActiveModel, Column, Entity, Model},
    unchanged_before,
    words::{read, word},
};
use crate::domain::{Agency, AgencyFacts, AgencyKind, Validity};

/// Which agencies to list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) parent: Option<AgencyId>,
    pub(crate) kinds: Vec<AgencyKind>,
    pub(crate) identifier: Option<String>,
    /// None: those that ended and those to come, too.
    pub(crate) valid_on: Option<NaiveDate>,
}

/// What is answered where there is none.
pub(crate) fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "AGENCY_NOT_FOUND", "Không tìm thấy cơ quan, đơn vị này.")
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: AgencyId) -> Result<Agency, Fault> {
    find(db, id).await?.ok_or_else(not_found)
}

pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    id: AgencyId,
) -> Result<Option<Agency>, Fault> {
    Entity::find_by_id(id.uuid()).one(db).await.or_fault()?.map(agency).transpose()
}

/// All that ever bore an identifier code.
pub(crate) async fn by_identifier<C: ConnectionTrait>(
    db: &C,
    identifier: &str,
) -> Result<Vec<Agency>, Fault> {
    let query = Entity::find().filter(Column::Identifier.eq(identifier));
    rows(query.order_by_asc(Column::ValidFrom).all(db).await.or_fault()?)
}

/// The province, once it was made.
pub(crate) async fn province<C: ConnectionTrait>(db: &C) -> Result<Option<Agency>, Fault> {
    let query = Entity::find().filter(Column::Kind.eq(word(&AgencyKind::Province)?));
    query.order_by_asc(Column::Id).one(db).await.or_fault()?.map(agency).transpose()
}

/// The units of an agency, by code.
pub(crate) async fn units<C: ConnectionTrait>(
    db: &C,
    parent: AgencyId,
) -> Result<Vec<Agency>, Fault> {
    let query = Entity::find()
        .filter(Column::Parent.eq(parent.uuid()))
        .filter(Column::UnitCode.is_not_null())
        .order_by_asc(Column::UnitCode);
    rows(query.all(db).await.or_fault()?)
}

/// Everything below an agency, without itself.
pub(crate) async fn below<C: ConnectionTrait>(
    db: &C,
    path: &AgencyPath,
) -> Result<Vec<Agency>, Fault> {
    let query = Entity::find()
        .filter(Column::Path.starts_with(path.text()))
        .filter(Column::Id.ne(path.agency().uuid()));
    rows(query.all(db).await.or_fault()?)
}

pub(crate) async fn everything<C: ConnectionTrait>(db: &C) -> Result<Vec<Agency>, Fault> {
    rows(Entity::find().order_by_asc(Column::Path).all(db).await.or_fault()?)
}

/// A page in the order of their ids.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    wanted: &Wanted,
    after: Option<AgencyId>,
    size: u64,
) -> Result<Vec<Agency>, Fault> {
    let mut query = Entity::find();
    if let Some(parent) = wanted.parent {
        query = query.filter(Column::Parent.eq(parent.uuid()));
    }
    if !wanted.kinds.is_empty() {
        let kinds = wanted.kinds.iter().map(word).collect::<Result<Vec<_>, _>>()?;
        query = query.filter(Column::Kind.is_in(kinds));
    }
    if let Some(identifier) = &wanted.identifier {
        query = query.filter(Column::Identifier.eq(identifier.as_str()));
    }
    if let Some(day) = wanted.valid_on {
        let begun =
            Condition::any().add(Column::ValidFrom.is_null()).add(Column::ValidFrom.lte(day));
        let open = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(day));
        query = query.filter(begun).filter(open);
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    rows(query.order_by_asc(Column::Id).limit(size).all(db).await.or_fault()?)
}

pub(crate) async fn insert(tx: &Tx, agency: &Agency) -> Result<(), Fault> {
    let row = row(agency)?.into_active_model();
    Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// Saves an agency that was changed once since it was read.
pub(crate) async fn update(tx: &Tx, agency: &Agency) -> Result<(), Fault> {
    let changes = ActiveModel { id: NotSet, ..row(agency)?.into_active_model().reset_all() };
    let result = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(agency.id().uuid()))
        .filter(Column::Version.eq(agency.version - 1))
        .exec(tx.db())
        .await
        .or_fault()?;
    unchanged_before(&result)
}

fn rows(rows: Vec<Model>) -> Result<Vec<Agency>, Fault> {
    rows.into_iter().map(agency).collect()
}

fn agency(row: Model) -> Result<Agency, Fault> {
    Ok(Agency {
        path: AgencyPath::parse(&row.path).map_err(Fault::internal)?,
        kind: read(row.kind)?,
        facts: AgencyFacts {
            identifier: row.identifier,
            name: row.name,
            address: row.address,
            telephone: row.telephone,
            email: row.email,
        },
        unit_code: row.unit_code,
        valid: Validity { from: row.valid_from, to: row.valid_to },
        successor: row.successor.map(AgencyId::new),
        version: row.version,
    })
}

fn row(agency: &Agency) -> Result<Model, Fault> {
    Ok(Model {
        id: agency.id().uuid(),
        path: agency.path.text(),
        parent: agency.parent().map(AgencyId::uuid),
        kind: word(&agency.kind)?,
        identifier: agency.facts.identifier.clone(),
        name: agency.facts.name.clone(),
        unit_code: agency.unit_code.clone(),
        valid_from: agency.valid.from,
        valid_to: agency.valid.to,
        successor: agency.successor.map(AgencyId::uuid),
        address: agency.facts.address.clone(),
        telephone: agency.facts.telephone.clone(),
        email: agency.facts.email.clone(),
        version: agency.version,
    })
}
