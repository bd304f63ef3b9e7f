use motcua_fault::{Fault, Kind};
use motcua_ids::FieldId;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    entity::field::{ActiveModel, Column, Entity, Model},
    unchanged_before,
};
use crate::domain::Field;

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: FieldId) -> Result<Field, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(field).ok_or_else(|| {
        Fault::new(Kind::NotFound, "FIELD_NOT_FOUND", "Không tìm thấy lĩnh vực này.")
    })
}

pub(crate) async fn by_code<C: ConnectionTrait>(
    db: &C,
    code: &str,
) -> Result<Option<Field>, Fault> {
    let query = Entity::find().filter(Column::Code.eq(code));
    Ok(query.one(db).await.or_fault()?.map(field))
}

/// The field that is called so: by our code, the national one, or its name.
pub(crate) async fn called<C: ConnectionTrait>(db: &C, text: &str) -> Result<Option<Field>, Fault> {
    if let Some(field) = by_code(db, text).await? {
        return Ok(Some(field));
    }
    let query = Entity::find()
        .filter(Condition::any().add(Column::NationalCode.eq(text)).add(Column::Name.eq(text)))
        .order_by_asc(Column::Id);
    Ok(query.one(db).await.or_fault()?.map(field))
}

/// A page in the order of their codes.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    after: Option<String>,
    size: u64,
) -> Result<Vec<Field>, Fault> {
    let mut query = Entity::find();
    if let Some(after) = after {
        query = query.filter(Column::Code.gt(after));
    }
    let rows = query.order_by_asc(Column::Code).limit(size).all(db).await.or_fault()?;
    Ok(rows.into_iter().map(field).collect())
}

pub(crate) async fn insert(tx: &Tx, field: &Field) -> Result<(), Fault> {
    let row = row(field).into_active_model();
    Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// Saves a field that was changed once since it was read.
pub(crate) async fn update(tx: &Tx, field: &Field) -> Result<(), Fault> {
    let changes = ActiveModel { id: NotSet, ..row(field).into_active_model().reset_all() };
    let result = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(field.id.uuid()))
        .filter(Column::Version.eq(field.version - 1))
        .exec(tx.db())
        .await
        .or_fault()?;
    unchanged_before(&result)
}

fn field(row: Model) -> Field {
    Field {
        id: FieldId::new(row.id),
        code: row.code,
        name: row.name,
        national_code: row.national_code,
        version: row.version,
    }
}

fn row(field: &Field) -> Model {
    Model {
        id: field.id.uuid(),
        code: field.code.clone(),
        name: field.name.clone(),
        national_code: field.national_code.clone(),
        version: field.version,
    }
}
