//! The timeline.

use motcua_fault::Fault;
use motcua_ids::DossierId;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::{entity::act, sealed};
use crate::domain::{Act, Happened, State};

/// Stores what happened.
pub(crate) fn insert(tx: &Tx, keyring: &Keyring, dossier: DossierId, happened: &[Happened]) {
    let rows: Vec<_> = happened
        .iter()
        .map(|act| act::ActiveModel {
            dossier: Set(dossier.uuid()),
            version: Set(act.version),
            at: Set(act.hand.at),
            verb: Set(act.event.verb().to_owned()),
            state: Set(act.state.as_str().to_owned()),
            capacity: Set(act.hand.by.capacity().to_owned()),
            actor: Set(act.hand.by.account().map(Into::into)),
            reason: Set((!act.hand.why.is_empty())
                .then(|| sealed::text(keyring, "act", place(dossier, act.version), &act.hand.why))),
        })
        .collect();
    if !rows.is_empty() {
        tx.at_last(act::Entity::insert_many(rows).into_query());
    }
}

/// Acts after `after`, oldest first, one more than `size` where there are more.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    dossier: DossierId,
    after: Option<i64>,
    size: u64,
) -> Result<Vec<Act>, Fault> {
    let rows = act::Entity::find()
        .filter(act::Column::Dossier.eq(dossier.uuid()))
        .filter(act::Column::Version.gt(after.unwrap_or(0)))
        .order_by_asc(act::Column::Version)
        .limit(size + 1)
        .all(db)
        .await
        .or_fault()?;
    rows.into_iter().map(|row| open(keyring, dossier, row)).collect()
}

/// Why the dossier ended without a result: the reason of its last act with that verb.
pub(crate) async fn last_reason(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    dossier: DossierId,
    verb: &str,
) -> Result<String, Fault> {
    let row = act::Entity::find()
        .filter(act::Column::Dossier.eq(dossier.uuid()))
        .filter(act::Column::Verb.eq(verb))
        .order_by_desc(act::Column::Version)
        .one(db)
        .await
        .or_fault()?;
    row.map_or(Ok(String::new()), |row| open(keyring, dossier, row).map(|act| act.reason))
}

fn open(keyring: &Keyring, dossier: DossierId, row: act::Model) -> Result<Act, Fault> {
    let reason = match &row.reason {
        Some(reason) => sealed::open_text(keyring, "act", place(dossier, row.version), reason)?,
        None => String::new(),
    };
    Ok(Act {
        version: row.version,
        at: row.at,
        verb: row.verb,
        state: State::parse(&row.state),
        capacity: row.capacity,
        actor: row.actor.map(Into::into),
        reason,
    })
}

fn place(dossier: DossierId, version: i64) -> String {
    format!("{}/{version}", dossier.uuid())
}
