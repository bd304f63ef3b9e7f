use std::sync::Arc;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{DossierId, PaperOfferId, Uuid};
use motcua_keys::SealedColumn;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::OnConflict,
};

use super::{
    entity::zalo_picture::{ActiveModel, Column, Entity, Model},
    old,
    senders::{person, persons},
};
use crate::domain::{Picture, Shot, Stand};

const LABEL: &str = "notification/zalo_picture";

/// Pictures on their way into dossiers.
#[derive(Debug, Clone)]
pub(crate) struct Pictures {
    keyring: Arc<Keyring>,
}

/// What is sealed, with the index made of it.
pub(super) fn sealed_picture() -> SealedColumn {
    SealedColumn::of("zalo_picture", "shot", LABEL).with(|keyring, _, plain| {
        // The parser's message may quote the value, which is personal data: it is dropped.
        let shot: Shot = serde_json::from_slice(plain)
            .map_err(|_| Fault::internal("a sealed picture is no JSON"))?;
        Ok(vec![("person", Some(person(keyring, &shot.user)))])
    })
}

impl Pictures {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The picture, unless it was filed or dropped.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: Uuid,
    ) -> Result<Option<Picture>, Fault> {
        let row = Entity::find_by_id(id).one(db).await.or_fault()?;
        row.map(|row| self.read(&row)).transpose()
    }

    /// How many of somebody are on their way.
    pub(crate) async fn count(&self, db: &impl ConnectionTrait, user: &str) -> Result<u64, Fault> {
        self.of(user).count(db).await.or_fault()
    }

    /// All of somebody, the oldest first, held until the write ends: what is asked and answered
    /// about them goes one after the other.
    pub(crate) async fn lock(&self, tx: &Tx, user: &str) -> Result<Vec<Picture>, Fault> {
        let held = self.of(user).order_by_asc(Column::Id).lock_exclusive();
        let rows = held.all(tx.db()).await.or_fault()?;
        let mut all = rows.iter().map(|row| self.read(row)).collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|picture| picture.heard_at);
        Ok(all)
    }

    /// Those that one message answered.
    pub(crate) async fn answered(
        &self,
        db: &impl ConnectionTrait,
        answer: Uuid,
    ) -> Result<Vec<Picture>, Fault> {
        let all = Entity::find().filter(Column::Answer.eq(answer));
        // The same order at every try: they are one request.
        let all = all.order_by_asc(Column::HeardAt).order_by_asc(Column::Id);
        let rows = all.all(db).await.or_fault()?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// Keeps one just heard of.
    pub(crate) async fn insert(&self, tx: &Tx, picture: &Picture) -> Result<(), Fault> {
        let once = OnConflict::column(Column::Id).do_nothing().to_owned();
        let row = Entity::insert(self.row(picture)?).on_conflict(once);
        row.exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Keeps how far one came.
    pub(crate) async fn save(&self, tx: &Tx, picture: &Picture) -> Result<(), Fault> {
        Entity::update(self.row(picture)?).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Those kept since before an instant.
    pub(crate) async fn outlived(
        &self,
        db: &impl ConnectionTrait,
        before: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, Fault> {
        old::outlived::<Entity>(db, Column::Id, Column::HeardAt, before, limit).await
    }

    /// Forgets some.
    pub(crate) async fn forget(&self, tx: &Tx, ids: &[Uuid]) -> Result<(), Fault> {
        old::forget::<Entity>(tx, Column::Id, ids).await
    }

    fn of(&self, user: &str) -> Select<Entity> {
        Entity::find().filter(Column::Person.is_in(persons(&self.keyring, user)))
    }

    fn row(&self, picture: &Picture) -> Result<ActiveModel, Fault> {
        let (state, answer) = match picture.stand {
            Stand::Heard => ("heard", None),
            Stand::Waiting(..) => ("waiting", None),
            Stand::Ready(..) => ("ready", None),
            Stand::Asked(..) => ("asked", None),
            Stand::Answered(.., answer) => ("answered", Some(answer)),
        };
        Ok(ActiveModel {
            id: Set(picture.id),
            person: Set(person(&self.keyring, &picture.shot.user)),
            shot: Set(self.keyring.seal_json(&label(picture.id), &picture.shot)?),
            state: Set(state.to_owned()),
            dossier: Set(picture.stand.dossier().map(DossierId::uuid)),
            offer: Set(picture.stand.offer().map(PaperOfferId::uuid)),
            answer: Set(answer),
            attempts: Set(picture.attempts.into()),
            heard_at: Set(picture.heard_at),
        })
    }

    fn read(&self, row: &Model) -> Result<Picture, Fault> {
        let known = row.dossier.map(DossierId::new).zip(row.offer.map(PaperOfferId::new));
        let stand = match (&*row.state, known, row.answer) {
            ("heard", ..) => Stand::Heard,
            ("waiting", Some((dossier, offer)), _) => Stand::Waiting(dossier, offer),
            ("ready", Some((dossier, offer)), _) => Stand::Ready(dossier, offer),
            ("asked", Some((dossier, offer)), _) => Stand::Asked(dossier, offer),
            ("answered", Some((dossier, offer)), Some(answer)) => {
                Stand::Answered(dossier, offer, answer)
            }
            (state, ..) => {
                return Err(Fault::internal(format!("picture {} is {state}", row.id)));
            }
        };
        Ok(Picture {
            id: row.id,
            shot: self.keyring.open_json(&label(row.id), &row.shot)?,
            stand,
            attempts: u16::try_from(row.attempts).map_err(Fault::internal)?,
            heard_at: row.heard_at,
        })
    }
}

fn label(id: Uuid) -> String {
    format!("{LABEL}/{id}")
}
