use std::collections::BTreeSet;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, MessageId, Uuid};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Statement,
    sea_query::{InsertStatement, OnConflict},
};

use super::{
    entity::{
        message,
        status::{self, Column},
    },
    old, rows,
};
use crate::domain::{Channel, Message, Stage, Status, Topic};

/// Numbers looked through for one page at the most: a reader with few messages goes through
/// the province's in several calls.
const LOOKED_THROUGH: i64 = 5_000;
/// Changes of one turn.
const BATCH: u64 = 1_000;

/// Rows get their numbers when they are committed and can be seen, all of a turn in one
/// statement: so nothing appears behind a number that was read. Of two turns at once each row is
/// numbered by one, or the index refuses the other.
const NUMBER: &str = "UPDATE status SET seq = numbered.seq FROM (\
     SELECT waiting.id AS id, \
         (SELECT COALESCE(MAX(seq), 0) FROM status) \
             + ROW_NUMBER() OVER (ORDER BY waiting.id) AS seq \
     FROM (SELECT id FROM status WHERE seq IS NULL ORDER BY id LIMIT $1) AS waiting\
     ) AS numbered WHERE status.id = numbered.id AND status.seq IS NULL";

/// How messages came on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statuses;

/// Some changes, and where to go on.
#[derive(Debug)]
pub(crate) struct StatusPage {
    pub(crate) statuses: Vec<Status>,
    /// After which number; none where there is nothing more.
    pub(crate) next: Option<i64>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    seq: i64,
    message: Uuid,
    state: String,
    reason: String,
    at: Timestamp,
    dossier: Uuid,
    code: String,
    topic: String,
    channel: String,
}

/// Notes the states that messages are in; one it was noted in before is noted once.
pub(super) fn note<'a>(messages: impl IntoIterator<Item = &'a Message>) -> InsertStatement {
    let rows = messages.into_iter().map(|message| {
        let (state, reason, at) = message.status();
        status::ActiveModel {
            seq: Set(None),
            message: Set(message.id.uuid()),
            state: Set(state.as_str().to_owned()),
            reason: Set(reason.to_owned()),
            at: Set(at),
            ..Default::default()
        }
    });
    let once = OnConflict::columns([Column::Message, Column::State]).do_nothing().to_owned();
    status::Entity::insert_many(rows).on_conflict(once).into_query()
}

impl Statuses {
    /// Whether changes wait for their numbers.
    pub(crate) async fn wait(self, db: &impl ConnectionTrait) -> Result<bool, Fault> {
        let waiting = status::Entity::find().filter(Column::Seq.is_null());
        let first: Option<i64> =
            waiting.select_only().column(Column::Id).into_tuple().one(db).await.or_fault()?;
        Ok(first.is_some())
    }

    /// Numbers what waits. Whether there may be more.
    pub(crate) async fn number(self, tx: &Tx) -> Result<bool, Fault> {
        let batch = i64::try_from(BATCH).map_err(Fault::internal)?;
        let backend = tx.db().get_database_backend();
        let number = Statement::from_sql_and_values(backend, NUMBER, [batch.into()]);
        let numbered = tx.db().execute_raw(number).await.or_fault()?;
        Ok(numbered.rows_affected() == BATCH)
    }

    /// The oldest rows, as far as they are from before an instant. The last of all stays: the
    /// next number follows on it.
    pub(crate) async fn before(
        self,
        db: &impl ConnectionTrait,
        at: Timestamp,
    ) -> Result<Vec<i64>, Fault> {
        let mut old = Vec::new();
        // Mostly there are none, which the first says.
        for limit in [1, BATCH] {
            let rows: Vec<(i64, Timestamp)> = status::Entity::find()
                .select_only()
                .columns([Column::Id, Column::At])
                .filter(Column::Seq.lt(self.last(db).await?))
                .order_by_asc(Column::Seq)
                .limit(limit)
                .into_tuple()
                .all(db)
                .await
                .or_fault()?;
            let before = rows.into_iter().take_while(|(_, then)| *then < at);
            old = before.map(|(id, _)| id).collect();
            if old.is_empty() {
                break;
            }
        }
        Ok(old)
    }

    /// Forgets rows.
    pub(crate) async fn forget(self, tx: &Tx, rows: &[i64]) -> Result<(), Fault> {
        old::forget::<status::Entity>(tx, Column::Id, rows).await
    }

    /// The changes of messages within reach after a number, `size` at the most.
    pub(crate) async fn after(
        self,
        db: &impl ConnectionTrait,
        reach: &BTreeSet<AgencyId>,
        after: i64,
        size: u64,
    ) -> Result<StatusPage, Fault> {
        if reach.is_empty() {
            return Ok(StatusPage { statuses: Vec::new(), next: None });
        }
        let last = self.last(db).await?;
        let until = last.min(after.saturating_add(LOOKED_THROUGH));
        let within = reach.iter().fold(Condition::any(), |any, agency| {
            any.add(message::Column::AgencyPath.contains(format!("/{}/", agency.uuid())))
        });
        let of = status::Entity::belongs_to(message::Entity)
            .from(Column::Message)
            .to(message::Column::Id)
            .into();
        let rows: Vec<Row> = status::Entity::find()
            .select_only()
            .columns([Column::Seq, Column::Message, Column::State, Column::Reason, Column::At])
            .columns([message::Column::Dossier, message::Column::Code])
            .columns([message::Column::Topic, message::Column::Channel])
            .join(JoinType::InnerJoin, of)
            .filter(Column::Seq.gt(after))
            .filter(Column::Seq.lte(until))
            .filter(within)
            .order_by_asc(Column::Seq)
            .limit(size)
            .into_model()
            .all(db)
            .await
            .or_fault()?;
        let full = u64::try_from(rows.len()).is_ok_and(|found| found == size);
        let passed = rows.last().filter(|_| full).map_or(until, |row| row.seq);
        let statuses = rows.into_iter().map(from_row).collect::<Result<_, _>>()?;
        Ok(StatusPage { statuses, next: (passed < last).then_some(passed) })
    }

    async fn last(self, db: &impl ConnectionTrait) -> Result<i64, Fault> {
        let last: Option<Option<i64>> = status::Entity::find()
            .select_only()
            .column_as(Column::Seq.max(), "last")
            .into_tuple()
            .one(db)
            .await
            .or_fault()?;
        Ok(last.flatten().unwrap_or_default())
    }
}

fn from_row(row: Row) -> Result<Status, Fault> {
    let unknown = |what: &str| Fault::internal(format!("status {} has {what}", row.seq));
    let state = Stage::ALL.into_iter().find(|stage| stage.as_str() == row.state);
    let channel = Channel::ALL.into_iter().find(|channel| channel.as_str() == row.channel);
    Ok(Status {
        sequence: row.seq,
        message: MessageId::new(row.message),
        dossier: rows::dossier(row.dossier),
        code: row.code.clone(),
        topic: rows::from_word::<Topic>(&row.topic)?,
        channel: channel.ok_or_else(|| unknown("no channel"))?,
        state: state.ok_or_else(|| unknown("no state"))?,
        reason: row.reason,
        at: row.at,
    })
}
