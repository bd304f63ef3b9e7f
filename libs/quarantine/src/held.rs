use std::collections::HashMap;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_files::{Unfit, Verdict, Waiting};
use motcua_ids::{FileId, Uuid};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use sea_orm_migration::MigrationTrait;

use self::row::{ActiveModel, Column, Entity, Model};
use crate::Look;

/// No count goes further.
const MOST: u64 = 10_000;

#[expect(unreachable_pub, reason = "the entity derive wants public models")]
mod row {
    use sea_orm::entity::prelude::*;

    /// A file that is not served.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "held_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub file: Uuid,
        pub subject: Uuid,
        pub state: String,
        pub problem: Option<String>,
        pub said: Option<String>,
        pub since: ChronoDateTimeUtc,
        pub until: Option<ChronoDateTimeUtc>,
        pub look_at: Option<ChronoDateTimeUtc>,
        pub looks: i64,
        pub failures: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod schema {
    use sea_orm_migration::prelude::*;

    pub(super) struct HeldFiles;

    impl MigrationName for HeldFiles {
        fn name(&self) -> &'static str {
            "m20261128_000001_held_file"
        }
    }

    #[async_trait::async_trait]
    impl MigrationTrait for HeldFiles {
        async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            let table = Table::create()
                .table("held_file")
                .col(ColumnDef::new("file").uuid().not_null().primary_key())
                .col(ColumnDef::new("subject").uuid().not_null())
                .col(ColumnDef::new("state").string().not_null())
                .col(ColumnDef::new("problem").string())
                .col(ColumnDef::new("said").string())
                .col(ColumnDef::new("since").timestamp_with_time_zone().not_null())
                .col(ColumnDef::new("until").timestamp_with_time_zone())
                .col(ColumnDef::new("look_at").timestamp_with_time_zone())
                .col(ColumnDef::new("looks").big_integer().not_null())
                .col(ColumnDef::new("failures").integer().not_null())
                .to_owned();
            manager.create_table(table).await?;
            let db = manager.get_connection();
            for index in [
                "CREATE INDEX held_file_look ON held_file (look_at) WHERE look_at IS NOT NULL",
                "CREATE INDEX held_file_state ON held_file (state, file)",
            ] {
                db.execute_unprepared(index).await?;
            }
            Ok(())
        }
    }
}

/// The table, as a step of a service's schema.
pub fn migration() -> Box<dyn MigrationTrait> {
    Box::new(schema::HeldFiles)
}

/// How a file that is not served stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is known of it.
    Waiting,
    /// It lies in quarantine.
    Held,
    /// It lay in quarantine until its time was over.
    Gone,
}

impl State {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Gone => "gone",
        }
    }

    /// A word nobody knows is of a newer release: the file is left alone.
    fn parse(word: &str) -> Self {
        [Self::Waiting, Self::Gone].into_iter().find(|s| s.as_str() == word).unwrap_or(Self::Held)
    }
}

/// A file that is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// Its bytes.
    pub file: FileId,
    /// What it was sent for: the id of a dossier.
    pub subject: Uuid,
    /// How it stands.
    pub state: State,
    /// Why it is held back.
    pub problem: Option<Unfit>,
    /// The scanner's word for that.
    pub said: Option<String>,
    /// Since when it waits, or is held back.
    pub since: Timestamp,
    /// Until when it is held back.
    pub until: Option<Timestamp>,
    /// When it is examined again; `None`: only when somebody asks for it.
    pub look_at: Option<Timestamp>,
    looks: i64,
    failures: i32,
}

fn open(row: Model) -> HeldFile {
    HeldFile {
        file: row.file.into(),
        subject: row.subject,
        state: State::parse(&row.state),
        problem: row.problem.as_deref().and_then(Unfit::parse),
        said: row.said,
        since: row.since,
        until: row.until,
        look_at: row.look_at,
        looks: row.looks,
        failures: row.failures,
    }
}

pub(crate) async fn insert_waiting(
    tx: &Tx,
    file: FileId,
    subject: Uuid,
    now: Timestamp,
) -> Result<(), Fault> {
    let row = ActiveModel {
        file: Set(file.uuid()),
        subject: Set(subject),
        state: Set(State::Waiting.as_str().to_owned()),
        problem: Set(None),
        said: Set(None),
        since: Set(now),
        until: Set(None),
        look_at: Set(Some(now)),
        looks: Set(0),
        failures: Set(0),
    };
    insert(tx, row).await
}

pub(crate) async fn insert_held(
    tx: &Tx,
    file: FileId,
    subject: Uuid,
    unfit: Unfit,
    said: &str,
    (since, until): (Timestamp, Timestamp),
) -> Result<(), Fault> {
    let row = ActiveModel {
        file: Set(file.uuid()),
        subject: Set(subject),
        state: Set(State::Held.as_str().to_owned()),
        problem: Set(Some(unfit.as_str().to_owned())),
        said: Set(Some(said.to_owned())),
        since: Set(since),
        until: Set(Some(until)),
        look_at: Set(None),
        looks: Set(0),
        failures: Set(0),
    };
    insert(tx, row).await
}

async fn insert(tx: &Tx, row: ActiveModel) -> Result<(), Fault> {
    let known = OnConflict::column(Column::File).do_nothing().to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(tx.db()).await.or_fault()?;
    Ok(())
}

pub(crate) async fn lock(tx: &Tx, file: FileId) -> Result<Option<HeldFile>, Fault> {
    let row = Entity::find_by_id(file.uuid()).lock_exclusive().one(tx.db()).await.or_fault()?;
    Ok(row.map(open))
}

/// What a look has found; `now` and until when it would be held back.
pub(crate) async fn save(
    tx: &Tx,
    look: &Look,
    verdict: &Verdict,
    (now, until): (Timestamp, Timestamp),
) -> Result<(), Fault> {
    let mut row = ActiveModel { looks: Set(look.looks + 1), ..Default::default() };
    match verdict {
        Verdict::Unfit(unfit, said) => {
            row.state = Set(State::Held.as_str().to_owned());
            row.problem = Set(Some(unfit.as_str().to_owned()));
            row.said = Set(Some(said.clone()));
            row.look_at = Set(None);
            row.failures = Set(0);
            if !look.held {
                row.since = Set(now);
                row.until = Set(Some(until));
            }
        }
        Verdict::Waiting(Waiting::Failed) => {
            row.failures = Set(look.failures + 1);
            row.look_at = Set((!look.held).then(|| now + look.pause()));
        }
        Verdict::Clean => return forget(tx, look.file).await,
        Verdict::Waiting(Waiting::Away) | Verdict::Unscanned => return Ok(()),
    }
    let update = Entity::update_many().set(row).filter(Column::File.eq(look.file.uuid()));
    update.exec(tx.db()).await.or_fault()?;
    Ok(())
}

pub(crate) async fn forget(tx: &Tx, file: FileId) -> Result<(), Fault> {
    Entity::delete_by_id(file.uuid()).exec(tx.db()).await.or_fault()?;
    Ok(())
}

/// Its bytes are gone.
pub(crate) async fn gone(tx: &Tx, file: FileId) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Gone.as_str()))
        .col_expr(Column::LookAt, Expr::value(Option::<Timestamp>::None))
        .filter(Column::File.eq(file.uuid()))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

/// Another look at what is held back; whether there is such a file.
pub(crate) async fn look_again(tx: &Tx, file: FileId, now: Timestamp) -> Result<bool, Fault> {
    let asked = Entity::update_many()
        .col_expr(Column::LookAt, Expr::value(now))
        .filter(Column::File.eq(file.uuid()))
        .filter(Column::State.ne(State::Gone.as_str()))
        .exec(tx.db())
        .await
        .or_fault()?;
    Ok(asked.rows_affected > 0)
}

/// What is to be examined by now, the longest due first.
pub(crate) async fn due(
    db: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Look>, Fault> {
    let rows = Entity::find()
        .filter(Column::LookAt.lte(now))
        .order_by_asc(Column::LookAt)
        .limit(limit)
        .all(db)
        .await
        .or_fault()?;
    Ok(rows.into_iter().map(|row| look(&open(row))).collect())
}

pub(crate) fn look(held: &HeldFile) -> Look {
    Look {
        file: held.file,
        subject: held.subject,
        held: held.state == State::Held,
        looks: held.looks,
        failures: held.failures,
    }
}

/// Files in any of these states behind a file, `limit` at the most.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    of: &[State],
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<HeldFile>, Fault> {
    let mut query = Entity::find().filter(Column::State.is_in(of.iter().map(|s| s.as_str())));
    if let Some(after) = after {
        query = query.filter(Column::File.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::File).limit(limit).all(db).await.or_fault()?;
    Ok(rows.into_iter().map(open).collect())
}

/// How these files stand, as far as they are not served.
pub async fn states(
    db: &impl ConnectionTrait,
    files: &[FileId],
) -> Result<HashMap<FileId, State>, Fault> {
    let asked = Entity::find().filter(Column::File.is_in(files.iter().map(|file| file.uuid())));
    let rows = asked.all(db).await.or_fault()?;
    Ok(rows.into_iter().map(|row| (row.file.into(), State::parse(&row.state))).collect())
}

pub(crate) async fn count(db: &impl ConnectionTrait, state: State) -> Result<u64, Fault> {
    Entity::find().filter(Column::State.eq(state.as_str())).limit(MOST).count(db).await.or_fault()
}
