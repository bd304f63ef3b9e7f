//! Loading, locking and saving dossiers.

use std::collections::BTreeMap;

use motcua_fault::Fault;
use motcua_ids::{DossierId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx, padded};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::{
    entity::{dossier, supplement},
    rows, sealed,
};
use crate::domain::{Dossier, Persons, ReturnWay};

/// A dossier with its row, whose sealed columns are opened only when asked for.
pub(crate) struct Loaded {
    /// The aggregate.
    pub(crate) dossier: Dossier,
    row: dossier::Model,
}

impl Loaded {
    /// How the citizen wants the result; nothing is opened for it.
    pub(crate) fn return_way(&self) -> ReturnWay {
        ReturnWay::parse(&self.row.return_way).unwrap_or_default()
    }

    /// Opens the persons.
    pub(crate) fn persons(&self, keyring: &Keyring) -> Result<Persons, Fault> {
        sealed::persons(keyring, &self.row)
    }

    /// Opens the answers.
    pub(crate) fn answers(&self, keyring: &Keyring) -> Result<serde_json::Value, Fault> {
        sealed::answers(keyring, &self.row)
    }
}

/// The dossier, locked until the write ends.
pub(crate) async fn lock(tx: &Tx, id: DossierId) -> Result<Loaded, Fault> {
    let row = dossier::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(tx.db())
        .await
        .or_fault()?
        .ok_or_else(unknown)?;
    load(tx.db(), row).await
}

/// The dossier as it is now, for reading.
pub(crate) async fn find(db: &impl ConnectionTrait, id: DossierId) -> Result<Loaded, Fault> {
    let row =
        dossier::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?.ok_or_else(unknown)?;
    load(db, row).await
}

/// Several dossiers as they are now, in the order asked for; `NOT_FOUND` where one is not there.
pub(crate) async fn find_all(
    db: &impl ConnectionTrait,
    ids: &[DossierId],
) -> Result<Vec<Loaded>, Fault> {
    let wanted = padded(ids.iter().map(|id| id.uuid()));
    let rows = dossier::Entity::find().filter(dossier::Column::Id.is_in(wanted)).all(db).await;
    let mut rows: BTreeMap<Uuid, _> =
        rows.or_fault()?.into_iter().map(|row| (row.id, row)).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(load(db, rows.remove(&id.uuid()).ok_or_else(unknown)?).await?);
    }
    Ok(found)
}

/// What a public look-up must know before it answers anything.
pub(crate) struct Coded {
    pub(crate) id: DossierId,
    /// Blind indexes of the digits that open it.
    pub(crate) factors: Vec<u8>,
}

/// The dossier with a code. No more of it is read, so that its size tells nothing.
pub(crate) async fn find_by_code(
    db: &impl ConnectionTrait,
    code: &str,
) -> Result<Option<Coded>, Fault> {
    let found: Option<(Uuid, Vec<u8>)> = dossier::Entity::find()
        .select_only()
        .columns([dossier::Column::Id, dossier::Column::Factors])
        .filter(dossier::Column::Code.eq(code))
        .into_tuple()
        .one(db)
        .await
        .or_fault()?;
    Ok(found.map(|(id, factors)| Coded { id: id.into(), factors }))
}

/// What the answer to "there is none" is; also given to whoever may not know of it.
pub(crate) fn unknown() -> Fault {
    Fault::not_found("dossier")
}

async fn load(db: &impl ConnectionTrait, row: dossier::Model) -> Result<Loaded, Fault> {
    let rounds = if row.rounds == 0 {
        Vec::new()
    } else {
        supplement::Entity::find()
            .filter(supplement::Column::Dossier.eq(row.id))
            .order_by_asc(supplement::Column::Round)
            .all(db)
            .await
            .or_fault()?
    };
    Ok(Loaded { dossier: rows::dossier(&row, &rounds)?, row })
}

/// Stores a new draft.
pub(crate) async fn insert(
    tx: &Tx,
    keyring: &Keyring,
    dossier: &Dossier,
    persons: &Persons,
    answers: &serde_json::Value,
) -> Result<(), Fault> {
    let mut row = rows::columns(dossier);
    sealed::put_persons(keyring, dossier.id, persons, &mut row)?;
    sealed::put_answers(keyring, dossier.id, answers, &mut row)?;
    dossier::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// What is personal and changed with a save; `None`: it stays.
#[derive(Clone, Copy, Default)]
pub(crate) struct Changed<'a> {
    pub(crate) persons: Option<&'a Persons>,
    pub(crate) answers: Option<&'a serde_json::Value>,
    /// The answers as a round that begins finds them.
    pub(crate) filed: Option<&'a serde_json::Value>,
}

/// Stores a changed dossier. It has been locked since it was loaded; should it not
/// have been, the act of its next version would be there already.
pub(crate) fn save(
    tx: &Tx,
    keyring: &Keyring,
    dossier: &Dossier,
    changed: Changed<'_>,
) -> Result<(), Fault> {
    let mut row = rows::columns(dossier);
    row.id = sea_orm::ActiveValue::NotSet;
    if let Some(persons) = changed.persons {
        sealed::put_persons(keyring, dossier.id, persons, &mut row)?;
    }
    if let Some(answers) = changed.answers {
        sealed::put_answers(keyring, dossier.id, answers, &mut row)?;
    }
    let update = dossier::Entity::update_many()
        .set(row)
        .filter(dossier::Column::Id.eq(dossier.id.uuid()))
        .filter(dossier::Column::Version.eq(dossier.stored_version()));
    tx.at_last(update.into_query());
    Ok(())
}

/// Stores what became of the open round.
pub(crate) async fn save_rounds(tx: &Tx, dossier: &Dossier) -> Result<(), Fault> {
    let Some(round) = dossier.rounds.last() else { return Ok(()) };
    let row = supplement::ActiveModel {
        state: Set(round.state.as_str().to_owned()),
        deadline: Set(round.deadline),
        ended_at: Set(round.ended_at),
        ..Default::default()
    };
    supplement::Entity::update_many()
        .set(row)
        .filter(supplement::Column::Id.eq(round.id.uuid()))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

/// Removes a draft and what hangs on it.
pub(crate) async fn remove(tx: &Tx, id: DossierId) -> Result<(), Fault> {
    dossier::Entity::delete_by_id(id.uuid()).exec(tx.db()).await.or_fault()?;
    Ok(())
}
