use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyId, DeskId};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    entity::desk::{ActiveModel, Column, Entity, Model},
    unchanged_before,
};
use crate::domain::{Desk, Validity};

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: DeskId) -> Result<Desk, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(desk).ok_or_else(|| {
        Fault::new(Kind::NotFound, "DESK_NOT_FOUND", "Không tìm thấy quầy tiếp nhận này.")
    })
}

pub(crate) async fn by_code<C: ConnectionTrait>(
    db: &C,
    agency: AgencyId,
    code: &str,
) -> Result<Option<Desk>, Fault> {
    let query =
        Entity::find().filter(Column::Agency.eq(agency.uuid())).filter(Column::Code.eq(code));
    Ok(query.one(db).await.or_fault()?.map(desk))
}

/// A page in the order of their ids.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    agency: Option<AgencyId>,
    after: Option<DeskId>,
    size: u64,
) -> Result<Vec<Desk>, Fault> {
    let mut query = Entity::find();
    if let Some(agency) = agency {
        query = query.filter(Column::Agency.eq(agency.uuid()));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(size).all(db).await.or_fault()?;
    Ok(rows.into_iter().map(desk).collect())
}

pub(crate) async fn insert(tx: &Tx, desk: &Desk) -> Result<(), Fault> {
    let row = row(desk).into_active_model();
    Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// Saves a desk that was changed once since it was read.
pub(crate) async fn update(tx: &Tx, desk: &Desk) -> Result<(), Fault> {
    let changes = ActiveModel { id: NotSet, ..row(desk).into_active_model().reset_all() };
    let result = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(desk.id.uuid()))
        .filter(Column::Version.eq(desk.version - 1))
        .exec(tx.db())
        .await
        .or_fault()?;
    unchanged_before(&result)
}

fn desk(row: Model) -> Desk {
    Desk {
        id: DeskId::new(row.id),
        code: row.code,
        agency: AgencyId::new(row.agency),
        name: row.name,
        address: row.address,
        telephone: row.telephone,
        valid: Validity { from: row.valid_from, to: row.valid_to },
        version: row.version,
    }
}

fn row(desk: &Desk) -> Model {
    Model {
        id: desk.id.uuid(),
        code: desk.code.clone(),
        agency: desk.agency.uuid(),
        name: desk.name.clone(),
        address: desk.address.clone(),
        telephone: desk.telephone.clone(),
        valid_from: desk.valid.from,
        valid_to: desk.valid.to,
        version: desk.version,
    }
}
