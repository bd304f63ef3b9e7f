//! Rounds of supplement, with their words.

use motcua_fault::Fault;
use motcua_ids::{DossierId, SupplementId};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;

use super::{entity::supplement, sealed};
use crate::domain::Supplement;

const KIND: &str = "supplement";

/// What is personal in a round that begins.
pub(crate) struct Said<'a> {
    /// The words the citizen reads.
    pub(crate) reason: &'a str,
    /// The answers as they are.
    pub(crate) filed: Option<&'a Value>,
}

/// Stores a new round.
pub(crate) async fn insert(
    tx: &Tx,
    keyring: &Keyring,
    dossier: DossierId,
    round: &Supplement,
    said: Said<'_>,
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
        reason: Set(sealed::text(keyring, KIND, round.id.uuid(), said.reason)),
        filed_answers: Set(said
            .filed
            .map(|answers| sealed::filed_answers(keyring, round.id.uuid(), answers))
            .transpose()?),
    };
    supplement::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

/// The answers as a round found them; nothing where an earlier release asked.
pub(crate) async fn filed(
    tx: &Tx,
    keyring: &Keyring,
    round: SupplementId,
) -> Result<Option<Value>, Fault> {
    let kept: Option<Option<Vec<u8>>> = supplement::Entity::find_by_id(round.uuid())
        .select_only()
        .column(supplement::Column::FiledAnswers)
        .into_tuple()
        .one(tx.db())
        .await
        .or_fault()?;
    let kept = kept.flatten();
    kept.map(|kept| sealed::open_filed_answers(keyring, round.uuid(), &kept)).transpose()
}

/// What is personal in a round, opened.
pub(crate) struct Told {
    pub(crate) id: SupplementId,
    pub(crate) reason: String,
    pub(crate) filed: Option<Value>,
}

/// The same of every round, oldest first.
pub(crate) async fn told(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    dossier: DossierId,
) -> Result<Vec<Told>, Fault> {
    let rows = supplement::Entity::find()
        .filter(supplement::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(supplement::Column::Round)
        .all(db)
        .await
        .or_fault()?;
    rows.into_iter()
        .map(|row| {
            let filed = row.filed_answers.as_deref();
            let open = |filed| sealed::open_filed_answers(keyring, row.id, filed);
            Ok(Told {
                id: row.id.into(),
                reason: sealed::open_text(keyring, KIND, row.id, &row.reason)?,
                filed: filed.map(open).transpose()?,
            })
        })
        .collect()
}
