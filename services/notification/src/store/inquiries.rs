use std::sync::Arc;

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_keys::SealedColumn;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::OnConflict,
};

use super::{
    entity::inquiry::{ActiveModel, Column, Entity},
    old,
};
use crate::domain::{Inquiry, Said};

const LABEL: &str = "notification/inquiry";
/// Of what indexes are made.
const ASKER: &str = "notification/asker";
const ASKED: &str = "notification/asked";
/// How long the same words of the same telephone are one question.
const SAME: TimeDelta = TimeDelta::minutes(2);

/// Short messages that people send to us.
#[derive(Debug, Clone)]
pub(crate) struct Inquiries {
    keyring: Arc<Keyring>,
}

/// How often a telephone asked since some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// In all.
    pub(crate) all: u64,
    /// Of them, what nobody understood.
    pub(crate) unclear: u64,
}

/// What is sealed, with the indexes made of it.
pub(super) fn sealed_said() -> SealedColumn {
    SealedColumn::of("inquiry", "said", LABEL).with(|keyring, _, plain| {
        // The parser's message may quote the value, which is personal data: it is dropped.
        let said: Said = serde_json::from_slice(plain)
            .map_err(|_| Fault::internal("a sealed question is no JSON"))?;
        Ok(vec![("asker", Some(asker(keyring, &said))), ("words", Some(words(keyring, &said)))])
    })
}

fn asker(keyring: &Keyring, said: &Said) -> Vec<u8> {
    keyring.blind(ASKER, said.phone.e164())
}

fn words(keyring: &Keyring, said: &Said) -> Vec<u8> {
    keyring.blind(ASKED, &whole(said))
}

fn whole(said: &Said) -> String {
    format!("{}\0{}", said.phone.e164(), said.text)
}

impl Inquiries {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// How often a telephone asked since an instant.
    pub(crate) async fn asked(
        &self,
        db: &impl ConnectionTrait,
        said: &Said,
        since: Timestamp,
    ) -> Result<Asked, Fault> {
        let own = Entity::find()
            .filter(Column::Asker.is_in(self.keyring.blind_all(ASKER, said.phone.e164())))
            .filter(Column::HeardAt.gte(since));
        let all = own.clone().count(db).await.or_fault()?;
        let unclear = own.filter(Column::Unclear.eq(true)).count(db).await.or_fault()?;
        Ok(Asked { all, unclear })
    }

    /// Keeps a new question; whether it is one, and not the same again.
    pub(crate) async fn keep(&self, tx: &Tx, inquiry: &Inquiry) -> Result<bool, Fault> {
        let words = words(&self.keyring, &inquiry.said);
        let same = Entity::find()
            .filter(Column::Words.is_in(self.keyring.blind_all(ASKED, &whole(&inquiry.said))))
            .filter(Column::HeardAt.gt(inquiry.heard_at - SAME));
        if same.count(tx.db()).await.or_fault()? > 0 {
            return Ok(false);
        }
        let row = ActiveModel {
            id: Set(inquiry.id),
            asker: Set(asker(&self.keyring, &inquiry.said)),
            words: Set(words),
            slot: Set(inquiry.heard_at.timestamp() / SAME.num_seconds()),
            said: Set(self.keyring.seal_json(&label(inquiry.id), &inquiry.said)?),
            unclear: Set(inquiry.said.question().code.is_none()),
            heard_at: Set(inquiry.heard_at),
        };
        let once = OnConflict::columns([Column::Words, Column::Slot]).do_nothing().to_owned();
        let kept = Entity::insert(row).on_conflict(once).exec_without_returning(tx.db());
        Ok(kept.await.or_fault()? > 0)
    }

    /// The question, if it is kept.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: Uuid,
    ) -> Result<Option<Inquiry>, Fault> {
        let row = Entity::find_by_id(id).one(db).await.or_fault()?;
        row.map(|row| {
            let said = self.keyring.open_json(&label(row.id), &row.said)?;
            Ok(Inquiry { id: row.id, said, heard_at: row.heard_at })
        })
        .transpose()
    }

    /// Some of those heard before an instant.
    pub(crate) async fn before(
        &self,
        db: &impl ConnectionTrait,
        at: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, Fault> {
        old::outlived::<Entity>(db, Column::Id, Column::HeardAt, at, limit).await
    }

    /// Forgets rows.
    pub(crate) async fn forget(&self, tx: &Tx, rows: &[Uuid]) -> Result<(), Fault> {
        old::forget::<Entity>(tx, Column::Id, rows).await
    }
}

fn label(id: Uuid) -> String {
    format!("{LABEL}/{id}")
}
