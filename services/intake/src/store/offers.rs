//! Pictures that nobody has confirmed yet.

use motcua_fault::Fault;
use motcua_ids::{DossierId, FileId, PaperOfferId, Uuid};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::entity::paper_offer::{ActiveModel, Column, Entity, Model};
use crate::domain::{Content, Offer, Scan};

/// The offer, or `NOT_FOUND`.
pub(crate) async fn find(db: &impl ConnectionTrait, id: PaperOfferId) -> Result<Offer, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
    row.map(open).ok_or_else(unknown)
}

/// There is none, or it was answered.
pub(crate) fn unknown() -> Fault {
    Fault::not_found("paper offer")
}

/// Those of a dossier among these, the oldest first.
pub(crate) async fn among(
    db: &impl ConnectionTrait,
    dossier: DossierId,
    ids: &[PaperOfferId],
) -> Result<Vec<Offer>, Fault> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(Column::Id)
        .all(db)
        .await
        .or_fault()?;
    Ok(rows.into_iter().map(open).collect())
}

/// How many a dossier has.
pub(crate) async fn count(db: &impl ConnectionTrait, dossier: DossierId) -> Result<u64, Fault> {
    Entity::find().filter(Column::Dossier.eq(dossier.uuid())).count(db).await.or_fault()
}

/// Stores a new one.
pub(crate) async fn insert(tx: &Tx, offer: &Offer) -> Result<(), Fault> {
    let content = &offer.content;
    let row = ActiveModel {
        id: Set(offer.id.uuid()),
        dossier: Set(offer.dossier.uuid()),
        round: Set(offer.round.uuid()),
        file: Set(content.file.uuid()),
        media_type: Set(content.media_type.clone()),
        size: Set(i64::try_from(content.size).unwrap_or(i64::MAX)),
        sha256: Set(content.sha256.clone()),
        scan: Set(content.scan.as_str().to_owned()),
        created_at: Set(offer.created_at),
        expires_at: Set(offer.expires_at),
    };
    Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// What was found in a file; whether an offer has it.
pub(crate) async fn set_scan(tx: &Tx, file: FileId, scan: Scan) -> Result<bool, Fault> {
    let noted = Entity::update_many()
        .col_expr(Column::Scan, Expr::value(scan.as_str()))
        .filter(Column::File.eq(file.uuid()))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(noted.rows_affected > 0)
}

/// Takes some out.
pub(crate) async fn remove(tx: &Tx, ids: &[PaperOfferId]) -> Result<(), Fault> {
    Entity::delete_many()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

/// Whether an offer still needs the file.
pub(super) async fn uses(db: &impl ConnectionTrait, file: FileId) -> Result<bool, Fault> {
    let offers = Entity::find().filter(Column::File.eq(file.uuid()));
    Ok(offers.count(db).await.or_fault()? > 0)
}

/// Which of these files an offer names.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    files: &[FileId],
) -> Result<Vec<FileId>, Fault> {
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::File)
        .filter(Column::File.is_in(files.iter().map(|file| file.uuid())))
        .into_tuple()
        .all(db)
        .await
        .or_fault()?;
    Ok(found.into_iter().map(FileId::new).collect())
}

fn open(row: Model) -> Offer {
    Offer {
        id: row.id.into(),
        dossier: row.dossier.into(),
        round: row.round.into(),
        content: Content {
            file: row.file.into(),
            file_name: Offer::file_name(&row.media_type),
            media_type: row.media_type,
            size: u64::try_from(row.size).unwrap_or_default(),
            sha256: row.sha256,
            scan: Scan::parse(&row.scan),
        },
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}
