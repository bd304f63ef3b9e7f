//! What `motcua doctor --consistency` compares with the other services' stores:
//! facts without personal data, read in batches.

use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use motcua_store::OrFault;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::message;

/// A message without its words.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MessageFacts {
    /// Its id.
    pub id: Uuid,
    /// What it came from.
    pub event: Uuid,
    /// What it is about; nil where it is about no dossier.
    pub dossier: Uuid,
    /// The dossier's code, as the message has it; empty before there is one.
    pub code: String,
    /// The word of its channel.
    pub channel: String,
    /// The word of its state.
    pub state: String,
    /// Whose dossier it is about.
    pub account: Option<Uuid>,
}

impl MessageFacts {
    /// Whether it waits to be handed over.
    pub fn waits(&self) -> bool {
        self.state == "queued"
    }

    /// Whether it lies in somebody's inbox.
    pub fn is_in_inbox(&self) -> bool {
        self.channel == crate::domain::Channel::Inbox.as_str()
    }
}

/// The messages that these events made.
pub async fn of_events(
    db: &impl ConnectionTrait,
    events: &[EventId],
) -> Result<Vec<MessageFacts>, Fault> {
    let events = events.iter().map(|event| event.uuid());
    facts().filter(message::Column::Event.is_in(events)).into_model().all(db).await.or_fault()
}

/// The messages behind an id, `limit` at the most.
pub async fn behind(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<MessageFacts>, Fault> {
    facts().filter(message::Column::Id.gt(after)).limit(limit).into_model().all(db).await.or_fault()
}

fn facts() -> sea_orm::Select<message::Entity> {
    use message::Column as C;
    message::Entity::find()
        .select_only()
        .columns([C::Id, C::Event, C::Dossier, C::Code, C::Channel, C::State, C::Account])
        .order_by_asc(C::Id)
}
