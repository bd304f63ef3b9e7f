//! Papers.

use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId, FileId, PaperId};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use super::{entity::paper, offers, sealed};
use crate::domain::{Content, Paper, Scan, Source};

const KIND: &str = "paper";
/// What a paper's file may be that is used again.
const USABLE: [Scan; 3] = [Scan::Clean, Scan::Waiting, Scan::Unscanned];

/// The paper, or `NOT_FOUND`.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    id: PaperId,
) -> Result<Paper, Fault> {
    let row = paper::Entity::find_by_id(id.uuid())
        .one(db)
        .await
        .or_fault()?
        .ok_or_else(|| Fault::not_found("paper"))?;
    open(keyring, row)
}

/// A dossier's papers, oldest first.
pub(crate) async fn of_dossier(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    dossier: DossierId,
) -> Result<Vec<Paper>, Fault> {
    let rows = paper::Entity::find()
        .filter(paper::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(paper::Column::Id)
        .all(db)
        .await
        .or_fault()?;
    rows.into_iter().map(|row| open(keyring, row)).collect()
}

/// The papers that share a file, those of one dossier side by side.
pub(crate) async fn of_file(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    file: FileId,
) -> Result<Vec<Paper>, Fault> {
    let rows = paper::Entity::find()
        .filter(paper::Column::File.eq(file.uuid()))
        .order_by_asc(paper::Column::Dossier)
        .all(db)
        .await
        .or_fault()?;
    rows.into_iter().map(|row| open(keyring, row)).collect()
}

/// Papers an account filed before, newest first, one more than `size` where there are more.
pub(crate) async fn of_account(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    account: AccountId,
    code: &str,
    after: Option<PaperId>,
    size: u64,
) -> Result<Vec<Paper>, Fault> {
    let mut query = paper::Entity::find()
        .filter(paper::Column::Account.eq(account.uuid()))
        .filter(paper::Column::Filed.eq(true))
        .filter(paper::Column::File.is_not_null())
        // One line a file: what was reused is the same bytes.
        .filter(paper::Column::ReusedFrom.is_null())
        .filter(paper::Column::Scan.is_in(USABLE.map(Scan::as_str)));
    if !code.is_empty() {
        query = query.filter(paper::Column::Code.eq(code));
    }
    if let Some(after) = after {
        query = query.filter(paper::Column::Id.lt(after.uuid()));
    }
    let rows = query.order_by_desc(paper::Column::Id).limit(size + 1).all(db).await.or_fault()?;
    rows.into_iter().map(|row| open(keyring, row)).collect()
}

/// Stores new papers of an account's dossier.
pub(crate) async fn insert(
    tx: &Tx,
    keyring: &Keyring,
    account: Option<AccountId>,
    papers: &[Paper],
) -> Result<(), Fault> {
    if papers.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = papers.iter().map(|paper| columns(keyring, account, paper)).collect();
    paper::Entity::insert_many(rows).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// From now on a dossier's papers are part of what was filed.
pub(crate) fn mark_filed(tx: &Tx, dossier: DossierId) {
    let update = paper::Entity::update_many()
        .col_expr(paper::Column::Filed, Expr::value(true))
        .filter(paper::Column::Dossier.eq(dossier.uuid()))
        .filter(paper::Column::Filed.eq(false));
    tx.at_last(update.into_query());
}

/// What was found in a file, for every paper that shares it.
pub(crate) async fn set_scan(tx: &Tx, file: FileId, scan: Scan) -> Result<(), Fault> {
    paper::Entity::update_many()
        .col_expr(paper::Column::Scan, Expr::value(scan.as_str()))
        .filter(paper::Column::File.eq(file.uuid()))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

/// Takes a paper out.
pub(crate) async fn remove(tx: &Tx, id: PaperId) -> Result<(), Fault> {
    paper::Entity::delete_by_id(id.uuid()).exec(tx.db()).await.or_fault()?;
    Ok(())
}

/// Whether a paper, or an offer of one, still needs the file.
pub(crate) async fn uses(db: &impl ConnectionTrait, file: FileId) -> Result<bool, Fault> {
    let papers = paper::Entity::find().filter(paper::Column::File.eq(file.uuid()));
    Ok(papers.count(db).await.or_fault()? > 0 || offers::uses(db, file).await?)
}

fn columns(keyring: &Keyring, account: Option<AccountId>, paper: &Paper) -> paper::ActiveModel {
    let content = paper.content.as_ref();
    let (source, from) = match paper.source {
        Source::Uploaded => ("uploaded", None),
        Source::Reused(from) => ("reused", Some(from.uuid())),
        Source::HandedIn => ("handed_in", None),
    };
    let name = |c: &Content| sealed::text(keyring, KIND, paper.id.uuid(), &c.file_name);
    paper::ActiveModel {
        id: Set(paper.id.uuid()),
        dossier: Set(paper.dossier.uuid()),
        code: Set(paper.code.clone()),
        source: Set(source.to_owned()),
        reused_from: Set(from),
        file: Set(content.map(|c| c.file.uuid())),
        file_name: Set(content.map(name)),
        media_type: Set(content.map(|c| c.media_type.clone())),
        size: Set(content.map_or(0, |c| i64::try_from(c.size).unwrap_or(i64::MAX))),
        sha256: Set(content.map(|c| c.sha256.clone())),
        scan: Set(content.map(|c| c.scan.as_str().to_owned())),
        originals: Set(i32::try_from(paper.originals).unwrap_or(i32::MAX)),
        copies: Set(i32::try_from(paper.copies).unwrap_or(i32::MAX)),
        filed: Set(paper.filed),
        account: Set(account.map(Into::into)),
        created_at: Set(paper.created_at),
    }
}

fn open(keyring: &Keyring, row: paper::Model) -> Result<Paper, Fault> {
    let content = match (row.file, row.file_name) {
        (Some(file), Some(name)) => Some(Content {
            file: file.into(),
            file_name: sealed::open_text(keyring, KIND, row.id, &name)?,
            media_type: row.media_type.unwrap_or_default(),
            size: u64::try_from(row.size).unwrap_or_default(),
            sha256: row.sha256.unwrap_or_default(),
            scan: Scan::parse(row.scan.as_deref().unwrap_or_default()),
        }),
        _ => None,
    };
    let source = match (row.source.as_str(), row.reused_from) {
        (_, Some(from)) => Source::Reused(from.into()),
        ("handed_in", None) => Source::HandedIn,
        _ => Source::Uploaded,
    };
    Ok(Paper {
        id: row.id.into(),
        dossier: row.dossier.into(),
        code: row.code,
        source,
        content,
        originals: u32::try_from(row.originals).unwrap_or_default(),
        copies: u32::try_from(row.copies).unwrap_or_default(),
        filed: row.filed,
        created_at: row.created_at,
    })
}
