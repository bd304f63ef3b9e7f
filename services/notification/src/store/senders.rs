use std::sync::Arc;

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{DossierId, Uuid};
use motcua_keys::SealedColumn;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, OnConflict, Query},
};

use super::{
    entity::{
        message,
        zalo_sender::{ActiveModel, Column, Entity},
    },
    old, rows,
};
use crate::domain::{Asked, Topic};

const LABEL: &str = "notification/zalo_sender";
const PERSON: &str = "notification/zalo/person";
/// What asks for a supplement.
const ASKING: [Topic; 2] = [Topic::SupplementRequested, Topic::SupplementDueSoon];
/// How long it may take until a message is known that came.
const SETTLED: TimeDelta = TimeDelta::days(1);

/// To whom at Zalo messages came.
#[derive(Debug, Clone)]
pub(crate) struct Senders {
    keyring: Arc<Keyring>,
}

/// What is sealed, with the index made of it.
pub(super) fn sealed_sender() -> SealedColumn {
    SealedColumn::of("zalo_sender", "known", LABEL).with(|keyring, _, plain| {
        let user: String = serde_json::from_slice(plain)
            .map_err(|_| Fault::internal("a sealed sender is no JSON"))?;
        Ok(vec![("person", Some(person(keyring, &user)))])
    })
}

/// Blind index of somebody at Zalo.
pub(super) fn person(keyring: &Keyring, user: &str) -> Vec<u8> {
    keyring.blind(PERSON, user)
}

/// The same under every key, for looking up.
pub(super) fn persons(keyring: &Keyring, user: &str) -> Vec<Vec<u8>> {
    keyring.blind_all(PERSON, user)
}

impl Senders {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Whether a message that came asks for no supplement. One nobody knows yet may.
    pub(crate) async fn is_beside(
        &self,
        db: &impl ConnectionTrait,
        message: &str,
    ) -> Result<bool, Fault> {
        let topic: Option<String> = message::Entity::find()
            .select_only()
            .column(message::Column::Topic)
            .filter(message::Column::Provider.eq("zalo"))
            .filter(message::Column::ProviderId.eq(message))
            .order_by_desc(message::Column::Id)
            .into_tuple()
            .one(db)
            .await
            .or_fault()?;
        Ok(topic.is_some_and(|topic| !asking().contains(&topic)))
    }

    /// Notes to whom a message came; told twice it is noted once.
    pub(crate) async fn note(
        &self,
        tx: &Tx,
        id: Uuid,
        user: &str,
        message: &str,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let row = ActiveModel {
            id: Set(id),
            person: Set(person(&self.keyring, user)),
            known: Set(self.keyring.seal_json(&format!("{LABEL}/{id}"), &user)?),
            provider_id: Set(message.to_owned()),
            told_at: Set(at),
        };
        let once = OnConflict::column(Column::Id).do_nothing().to_owned();
        let noted = Entity::insert(row).on_conflict(once);
        noted.exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Of which dossiers somebody was told that a supplement is asked for, the latest first.
    pub(crate) async fn asked(
        &self,
        db: &impl ConnectionTrait,
        user: &str,
        limit: u64,
    ) -> Result<Vec<Asked>, Fault> {
        let told: Vec<(String, Timestamp)> =
            self.told(user, limit).into_tuple().all(db).await.or_fault()?;
        let ids = told.iter().map(|(id, _)| id.clone()).collect();
        let of: Vec<(Option<String>, Uuid)> =
            asking_among(ids).into_tuple().all(db).await.or_fault()?;
        let mut asked: Vec<Asked> = Vec::new();
        for (message, at) in told {
            let same = of.iter().filter(|(id, _)| id.as_deref() == Some(&message));
            for (_, dossier) in same {
                let dossier = DossierId::new(*dossier);
                if asked.iter().all(|known| known.dossier != dossier) {
                    asked.push(Asked { dossier, at });
                }
            }
        }
        Ok(asked)
    }

    /// What came to somebody, the latest first.
    fn told(&self, user: &str, limit: u64) -> Select<Entity> {
        Entity::find()
            .select_only()
            .columns([Column::ProviderId, Column::ToldAt])
            .filter(Column::Person.is_in(persons(&self.keyring, user)))
            .order_by_desc(Column::ToldAt)
            .limit(limit)
    }

    /// The rows told before an instant, and those of messages that turned out to ask for nothing.
    pub(crate) async fn outlived(
        &self,
        db: &impl ConnectionTrait,
        before: Timestamp,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, Fault> {
        let theirs = |column: message::Column| Expr::col((message::Entity, column));
        let asks = Query::select()
            .expr(Expr::value(1))
            .from(message::Entity)
            .and_where(theirs(message::Column::Provider).eq("zalo"))
            .and_where(
                theirs(message::Column::ProviderId).eq(Expr::col((Entity, Column::ProviderId))),
            )
            .and_where(theirs(message::Column::Topic).is_in(asking()))
            .to_owned();
        let idle = Column::ToldAt.lt(now - SETTLED).and(Expr::exists(asks).not());
        Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::ToldAt.lt(before).or(idle))
            .order_by_asc(Column::ToldAt)
            .limit(limit)
            .into_tuple()
            .all(db)
            .await
            .or_fault()
    }

    /// Forgets rows.
    pub(crate) async fn forget(&self, tx: &Tx, rows: &[Uuid]) -> Result<(), Fault> {
        old::forget::<Entity>(tx, Column::Id, rows).await
    }
}

/// Those of these messages that ask for a supplement, with their dossiers.
fn asking_among(ids: Vec<String>) -> Select<message::Entity> {
    message::Entity::find()
        .select_only()
        .columns([message::Column::ProviderId, message::Column::Dossier])
        .filter(message::Column::Provider.eq("zalo"))
        .filter(message::Column::ProviderId.is_in(ids))
        .filter(message::Column::Topic.is_in(asking()))
}

/// The words of topics that ask for a supplement.
fn asking() -> Vec<String> {
    ASKING.iter().filter_map(|topic| rows::word(topic).ok()).collect()
}

#[cfg(test)]
mod tests;
