use std::{collections::BTreeSet, sync::Arc};

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, DossierId, MessageId, Uuid};
use motcua_rpc::Page;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use motcua_vn::PhoneNumber;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Statement,
    sea_query::Expr,
};

use super::{
    entity::message::{self, Column},
    rows, statuses,
};
use crate::domain::{Address, Channel, Message, Refusal, Topic};

/// What [`Known`] has, in one look.
const KNOWN: &str = "SELECT \
     (SELECT MAX(fact_version) FROM message WHERE dossier = $1 AND family = $2) AS version, \
     (SELECT agency_path FROM message WHERE dossier = $1 AND agency_path <> '' \
         ORDER BY id DESC LIMIT 1) AS agency_path";
/// As many of a day's as are looked at.
const MOST_TOLD: u64 = 1_000;

/// The messages.
#[derive(Debug, Clone)]
pub(crate) struct Messages {
    keyring: Arc<Keyring>,
}

/// Which messages of the spool are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpoolFilter {
    /// One dossier's, or all.
    pub(crate) dossier: Option<DossierId>,
    /// One channel's, or all but the inbox.
    pub(crate) channel: Option<Channel>,
}

/// What was told about a dossier before.
#[derive(Debug, Default, FromQueryResult)]
pub(crate) struct Known {
    /// The latest version told of, of one family of events.
    pub(crate) version: Option<i64>,
    /// Where the dossier was received.
    pub(crate) agency_path: Option<String>,
}

impl Messages {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    pub(super) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Keeps new messages, with the commit.
    pub(crate) fn insert(&self, tx: &Tx, messages: &[Message]) -> Result<(), Fault> {
        if messages.is_empty() {
            return Ok(());
        }
        let rows = messages.iter().map(|message| rows::to_row(&self.keyring, message));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        tx.at_last(message::Entity::insert_many(rows).into_query());
        tx.at_last(statuses::note(messages));
        Ok(())
    }

    /// The message, or `NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: MessageId,
    ) -> Result<Message, Fault> {
        self.one(db, message::Entity::find_by_id(id.uuid())).await
    }

    /// The message, held until the write ends, or `NOT_FOUND`.
    pub(crate) async fn lock(&self, tx: &Tx, id: MessageId) -> Result<Message, Fault> {
        self.one(tx.db(), message::Entity::find_by_id(id.uuid()).lock_exclusive()).await
    }

    /// The message that a provider knows by this id, held until the write ends.
    pub(crate) async fn lock_taken(
        &self,
        tx: &Tx,
        provider: &str,
        id: &str,
    ) -> Result<Option<Message>, Fault> {
        let query = message::Entity::find()
            .filter(Column::Provider.eq(provider))
            .filter(Column::ProviderId.eq(id))
            // A provider may begin to count anew.
            .order_by_desc(Column::Id)
            .lock_exclusive();
        let row = query.one(tx.db()).await.or_fault()?;
        row.map(|row| rows::from_row(&self.keyring, row)).transpose()
    }

    /// Keeps how far a message came, with the commit.
    pub(crate) fn save(tx: &Tx, message: &Message) {
        let changes = message::Entity::update_many().set(rows::changes(message));
        tx.at_last(changes.filter(Column::Id.eq(message.id.uuid())).into_query());
        tx.at_last(statuses::note([message]));
    }

    /// Those of which the same was said to the same person about the same dossier since an instant,
    /// and not in vain. Before there is a code, words of two dossiers are alike. What is about no
    /// dossier is not asked for: its event alone says it, once.
    pub(crate) async fn repeated(
        &self,
        db: &impl ConnectionTrait,
        messages: &[Message],
        since: Timestamp,
    ) -> Result<BTreeSet<MessageId>, Fault> {
        let Some(dossier) = messages.first().and_then(|first| first.origin.dossier) else {
            return Ok(BTreeSet::new());
        };
        let words: Vec<_> = messages
            .iter()
            .map(|message| (rows::words(&self.keyring, &message.written), message.id))
            .collect();
        let said: Vec<Option<Vec<u8>>> = message::Entity::find()
            .select_only()
            .column(Column::Words)
            .filter(Column::Words.is_in(words.iter().map(|(words, _)| words.clone())))
            .filter(Column::Dossier.eq(dossier.uuid()))
            .filter(Column::CreatedAt.gt(since))
            .filter(Column::Failure.is_null())
            .into_tuple()
            .all(db)
            .await
            .or_fault()?;
        let said: BTreeSet<_> = said.into_iter().flatten().collect();
        Ok(words.into_iter().filter(|(words, _)| said.contains(words)).map(|(_, id)| id).collect())
    }

    /// Whether a later message says the same of a dossier in other words, on the same channel.
    pub(crate) async fn is_followed(
        &self,
        db: &impl ConnectionTrait,
        message: &Message,
    ) -> Result<bool, Fault> {
        let Some(dossier) = message.origin.dossier else { return Ok(false) };
        let later = message::Entity::find()
            .filter(Column::Dossier.eq(dossier.uuid()))
            .filter(Column::Topic.eq(rows::word(&message.topic)?))
            .filter(Column::Channel.eq(message.written.address.channel().as_str()))
            .filter(Column::FactVersion.gt(message.origin.fact_version))
            .filter(Column::Failure.is_null());
        Ok(later.count(db).await.or_fault()? > 0)
    }

    /// What a telephone was told of since an instant, or is to be told, by short message or Zalo: what it was
    /// spared and what could not be told does not count. Hold the telephone before.
    pub(crate) async fn told(
        &self,
        db: &impl ConnectionTrait,
        phone: &PhoneNumber,
        since: Timestamp,
    ) -> Result<Vec<Topic>, Fault> {
        let theirs = [Address::Sms(phone.clone()), Address::Zalo(phone.clone())]
            .map(|address| rows::recipient(&self.keyring, &address));
        let rows: Vec<String> = message::Entity::find()
            .select_only()
            .column(Column::Topic)
            .filter(Column::Recipient.is_in(theirs))
            .filter(Column::Channel.is_in([Channel::Sms.as_str(), Channel::Zalo.as_str()]))
            .filter(Column::CreatedAt.gte(since))
            .filter(Column::Failure.is_null())
            .limit(MOST_TOLD)
            .into_tuple()
            .all(db)
            .await
            .or_fault()?;
        rows.iter().map(|topic| rows::from_word(topic)).collect()
    }

    /// Whoever else would tell a telephone something waits until the write ends, so that none counts what
    /// another is about to add. By a lock of its own, since that is not there yet; in SQLite one writes at
    /// a time.
    pub(crate) async fn hold_telephone(
        &self,
        db: &impl ConnectionTrait,
        phone: &PhoneNumber,
    ) -> Result<(), Fault> {
        let backend = db.get_database_backend();
        if backend != DbBackend::Postgres {
            return Ok(());
        }
        let index = rows::recipient(&self.keyring, &Address::Sms(phone.clone()));
        let key = index.first_chunk().map_or(0, |head| i64::from_be_bytes(*head));
        let hold = "SELECT pg_advisory_xact_lock($1)";
        let hold = Statement::from_sql_and_values(backend, hold, [key.into()]);
        db.execute_raw(hold).await.or_fault()?;
        Ok(())
    }

    /// Holds all of a message's turns that still wait, in turn: two of them are handed over at once, and
    /// what becomes of one is noted on the others.
    pub(crate) async fn hold_turns(&self, tx: &Tx, message: &Message) -> Result<(), Fault> {
        if message.terms.turn.is_none() {
            return Ok(());
        }
        let all = message::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Event.eq(message.origin.event.uuid()))
            .filter(Column::Turn.is_not_null())
            .filter(Column::State.eq(rows::QUEUED))
            .order_by_asc(Column::Turn)
            .lock_exclusive();
        all.into_tuple::<Uuid>().all(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Those of a message's turns that still wait, in turn, held until the write ends: those behind it,
    /// and one before it that could not go when its turn was.
    pub(crate) async fn lock_beside(
        &self,
        tx: &Tx,
        message: &Message,
    ) -> Result<Vec<Message>, Fault> {
        let Some(turn) = message.terms.turn else { return Ok(Vec::new()) };
        let rows = message::Entity::find()
            .filter(Column::Event.eq(message.origin.event.uuid()))
            .filter(Column::Turn.ne(turn))
            .filter(Column::State.eq(rows::QUEUED))
            .order_by_asc(Column::Turn)
            .lock_exclusive()
            .all(tx.db())
            .await
            .or_fault()?;
        rows.into_iter().map(|row| rows::from_row(&self.keyring, row)).collect()
    }

    /// What was told about a dossier before.
    pub(crate) async fn known(
        &self,
        db: &impl ConnectionTrait,
        dossier: DossierId,
        family: &str,
    ) -> Result<Known, Fault> {
        let values = [dossier.uuid().into(), family.into()];
        let known = Statement::from_sql_and_values(db.get_database_backend(), KNOWN, values);
        Ok(Known::find_by_statement(known).one(db).await.or_fault()?.unwrap_or_default())
    }

    /// Notes where a dossier was received, on what was told before that was known.
    pub(crate) async fn place(&self, tx: &Tx, dossier: DossierId, path: &str) -> Result<(), Fault> {
        message::Entity::update_many()
            .col_expr(Column::AgencyPath, Expr::value(path))
            .filter(Column::Dossier.eq(dossier.uuid()))
            .filter(Column::AgencyPath.ne(path))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// How many messages of an inbox were not read.
    pub(crate) async fn unread(
        &self,
        db: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<u64, Fault> {
        inbox_of(account).filter(Column::ReadAt.is_null()).count(db).await.or_fault()
    }

    /// A page of an inbox, newest first, and whether there is more.
    pub(crate) async fn inbox(
        &self,
        db: &impl ConnectionTrait,
        account: AccountId,
        page: Page<MessageId>,
        unread_only: bool,
    ) -> Result<(Vec<Message>, bool), Fault> {
        let mut query = inbox_of(account);
        if unread_only {
            query = query.filter(Column::ReadAt.is_null());
        }
        self.page(db, query, page).await
    }

    /// A page of what went out about dossiers within reach, newest first, and
    /// whether there is more.
    pub(crate) async fn spool(
        &self,
        db: &impl ConnectionTrait,
        reach: &BTreeSet<AgencyId>,
        page: Page<MessageId>,
        filter: SpoolFilter,
    ) -> Result<(Vec<Message>, bool), Fault> {
        if reach.is_empty() {
            return Ok(Default::default());
        }
        let within = reach.iter().fold(Condition::any(), |any, agency| {
            any.add(Column::AgencyPath.contains(format!("/{}/", agency.uuid())))
        });
        let mut query = message::Entity::find().filter(within);
        query = match filter.channel {
            Some(channel) => query.filter(Column::Channel.eq(channel.as_str())),
            None => query.filter(Column::Channel.ne(Channel::Inbox.as_str())),
        };
        if let Some(dossier) = filter.dossier {
            query = query.filter(Column::Dossier.eq(dossier.uuid()));
        }
        self.page(db, query, page).await
    }

    async fn page(
        &self,
        db: &impl ConnectionTrait,
        query: Select<message::Entity>,
        page: Page<MessageId>,
    ) -> Result<(Vec<Message>, bool), Fault> {
        let query = match page.after {
            Some(after) => query.filter(Column::Id.lt(after.uuid())),
            None => query,
        };
        let mut found =
            query.order_by_desc(Column::Id).limit(page.size + 1).all(db).await.or_fault()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let messages = found.into_iter().map(|row| rows::from_row(&self.keyring, row));
        Ok((messages.collect::<Result<_, _>>()?, more))
    }

    async fn one(
        &self,
        db: &impl ConnectionTrait,
        query: Select<message::Entity>,
    ) -> Result<Message, Fault> {
        let row = query.one(db).await.or_fault()?.ok_or(Refusal::MessageUnknown)?;
        rows::from_row(&self.keyring, row)
    }
}

fn inbox_of(account: AccountId) -> Select<message::Entity> {
    message::Entity::find()
        .filter(Column::Account.eq(account.uuid()))
        .filter(Column::Channel.eq(Channel::Inbox.as_str()))
        // What repeats another is not shown.
        .filter(Column::Failure.is_null())
}
