//! Rounds of supplement, with their words.

use std::collections::HashMap;

use motcua_fault::Fault;
use motcua_ids::{DossierId, SupplementId};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::Value;

use super::{entity::supplement, sealed};
use crate::domain::Supplement;

const KIND: &str = "supplement";

/// Stores a new round with the words the citizen reads.
pub(crate) async fn insert(
    tx: &Tx,
    keyring: &Keyring,
    dossier: DossierId,
    round: &Supplement,
    reason: &str,
) -> Result<(), Fault> {
    let row = supplement::ActiveModel {
        id: Set(round.id.uuid()),
        dossier: Set(dossier.uuid()),
        round: Set(i32::try_from(round.round).unwrap_or(i32::MAX)),
        state: Set(round.state.as_str().to_owned()),
        before_acceptance: Set(round.before_acceptance),
        papers: Set(round.papers.clone().into()),
        answers: Set(round.answers.clone().into()),
        ask: Set(round.ask.map(Into::into)),
        requested_at: Set(round.requested_at),
        deadline: Set(round.deadline),
        ended_at: Set(round.ended_at),
        reason: Set(sealed::text(keyring, KIND, round.id.uuid(), reason)),
        filed_answers: Set(None),
        changed_answers: Set(None),
    };
    supplement::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// Keeps the answers as they were when the citizen was asked.
pub(crate) async fn keep_filed(
    tx: &Tx,
    keyring: &Keyring,
    round: SupplementId,
    answers: &Value,
) -> Result<(), Fault> {
    let row = supplement::ActiveModel {
        id: Set(round.uuid()),
        filed_answers: Set(sealed::filed_answers(keyring, round.uuid(), answers)?),
        ..Default::default()
    };
    supplement::Entity::update(row).exec(tx.db()).await.or_fault()?;
    Ok(())
}

/// The answers as they were then; null where there were none.
pub(crate) async fn filed(tx: &Tx, keyring: &Keyring, round: SupplementId) -> Result<Value, Fault> {
    let kept: Option<Option<Vec<u8>>> = supplement::Entity::find_by_id(round.uuid())
        .select_only()
        .column(supplement::Column::FiledAnswers)
        .into_tuple()
        .one(tx.db())
        .await
        .or_fault()?;
    sealed::open_filed_answers(keyring, round.uuid(), kept.flatten().as_deref())
}

/// The words of every round.
pub(crate) async fn reasons(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    dossier: DossierId,
) -> Result<HashMap<SupplementId, String>, Fault> {
    let rows = supplement::Entity::find()
        .filter(supplement::Column::Dossier.eq(dossier.uuid()))
        .all(db)
        .await
        .or_fault()?;
    rows.into_iter()
        .map(|row| {
            let reason = sealed::open_text(keyring, KIND, row.id, &row.reason)?;
            Ok((row.id.into(), reason))
        })
        .collect()
}
