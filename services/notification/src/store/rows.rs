//! Messages as rows and back; what cannot be a message is a fault of that row.

use chrono::TimeDelta;
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId, EventId, MessageId, Uuid};
use motcua_keys::SealedColumn;
use motcua_sealing::Keyring;
use sea_orm::ActiveValue::Set;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::entity::message;
use crate::domain::{
    Address, Arrival, Handover, Message, MessageState, Origin, Spare, Terms, Written,
};

/// The family of what people ask us.
pub(crate) const INQUIRY: &str = "inquiry";
/// The families whose events we hear, and ourselves.
const FAMILIES: [&str; 5] = ["intake", "workflow", "payment", "notification", INQUIRY];

/// Stands for the dossier of what is about none: the column came before there was such a thing.
const NO_DOSSIER: Uuid = Uuid::nil();

/// Of a message that waits to be handed over.
pub(super) const QUEUED: &str = "queued";
/// Of a message whose provider has not said yet what became of it.
const AWAITED: &str = "awaited";
const EXPIRED: &str = Arrival::Expired.word();

pub(super) fn to_row(keyring: &Keyring, message: &Message) -> Result<message::ActiveModel, Fault> {
    let id = message.id.uuid();
    let origin = &message.origin;
    let channel = message.written.address.channel();
    Ok(message::ActiveModel {
        id: Set(id),
        event: Set(origin.event.uuid()),
        family: Set(origin.family.to_owned()),
        fact_version: Set(origin.fact_version),
        dossier: Set(origin.dossier.map_or(NO_DOSSIER, DossierId::uuid)),
        code: Set(origin.code.clone()),
        agency_path: Set(origin.agency_path.clone()),
        topic: Set(word(&message.topic)?),
        template: Set(message.template.clone()),
        channel: Set(channel.as_str().to_owned()),
        recipient: Set(recipient(keyring, &message.written.address)),
        account: Set(origin.account.map(AccountId::uuid)),
        written: Set(keyring.seal_json(&label(id), &message.written)?),
        turn: Set(message.terms.turn.map(i32::from)),
        expires_at: Set(message.terms.expires_at),
        words: Set(Some(words(keyring, &message.written))),
        created_at: Set(message.created_at),
        ..changes(message)
    })
}

/// Blind index of who is told what: equal where the same is said to the same person.
pub(super) fn words(keyring: &Keyring, written: &Written) -> Vec<u8> {
    let label = format!("notification/words/{}", written.address.channel().as_str());
    let Written { address, title, text } = written;
    keyring.blind(&label, &format!("{}\0{title}\0{text}", address.key()))
}

/// Blind index of who is reached.
pub(super) fn recipient(keyring: &Keyring, address: &Address) -> Vec<u8> {
    let label = format!("notification/recipient/{}", address.channel().as_str());
    keyring.blind(&label, &address.key())
}

/// What is sealed, with the index made of it.
pub(crate) fn sealed_column() -> SealedColumn {
    SealedColumn::of("message", "written", "notification/message").with(|keyring, _, plain| {
        // The parser's message may quote the value, which is personal data: it is dropped.
        let written: Written = serde_json::from_slice(plain)
            .map_err(|_| Fault::internal("a sealed message is no JSON"))?;
        Ok(vec![
            ("recipient", Some(recipient(keyring, &written.address))),
            ("words", Some(words(keyring, &written))),
        ])
    })
}

/// The columns that change after a message was written. What older binaries read keeps its
/// meaning: to them a receipt that is awaited, or came too late, is none, and what was spared
/// has failed.
pub(super) fn changes(message: &Message) -> message::ActiveModel {
    let (state, attempts, ended_at, failure) = match &message.state {
        MessageState::Queued { attempts } => (QUEUED, attempts, None, None),
        MessageState::Sent { at, attempts } | MessageState::Delivered { at, attempts } => {
            ("delivered", attempts, Some(*at), None)
        }
        MessageState::Failed { at, attempts, reason } => {
            ("failed", attempts, Some(*at), Some(reason.clone()))
        }
        MessageState::Expired { at, attempts } => {
            ("failed", attempts, Some(*at), Some(EXPIRED.to_owned()))
        }
        MessageState::Spared { at, attempts, why } => {
            ("failed", attempts, Some(*at), Some(why.word().to_owned()))
        }
    };
    let awaited = matches!(message.state, MessageState::Sent { .. });
    let handover = message.handover.as_ref();
    message::ActiveModel {
        state: Set(state.to_owned()),
        attempts: Set((*attempts).into()),
        ended_at: Set(ended_at),
        failure: Set(failure),
        receipt: Set(awaited.then(|| AWAITED.to_owned())),
        provider: Set(handover.map(|taken| taken.provider.clone())),
        provider_id: Set(handover.and_then(|taken| taken.id.clone())),
        segments: Set(handover.map(|taken| taken.segments.into())),
        sent_at: Set(handover.map(|taken| taken.at)),
        took_ms: Set(handover.map(|taken| taken.took.num_milliseconds())),
        read_at: Set(message.read_at),
        version: Set(message.version),
        ..Default::default()
    }
}

pub(super) fn from_row(keyring: &Keyring, row: message::Model) -> Result<Message, Fault> {
    let written: Written = keyring.open_json(&label(row.id), &row.written)?;
    let attempts = u16::try_from(row.attempts).map_err(Fault::internal)?;
    let state = match (row.state.as_str(), row.ended_at, row.failure, row.receipt.as_deref()) {
        (QUEUED, None, None, None) => MessageState::Queued { attempts },
        ("delivered", Some(at), None, Some(AWAITED)) => MessageState::Sent { at, attempts },
        ("delivered", Some(at), None, None) => MessageState::Delivered { at, attempts },
        ("failed", Some(at), Some(reason), None) if reason == EXPIRED => {
            MessageState::Expired { at, attempts }
        }
        ("failed", Some(at), Some(reason), None) => match spare(&reason) {
            Some(why) => MessageState::Spared { at, attempts, why },
            None => MessageState::Failed { at, attempts, reason },
        },
        (state, ..) => return Err(Fault::internal(format!("message {} is {state}", row.id))),
    };
    let handover = match (row.provider, row.segments, row.sent_at, row.took_ms) {
        (Some(provider), Some(segments), Some(at), Some(took)) => Some(Handover {
            provider,
            id: row.provider_id,
            segments: u16::try_from(segments).map_err(Fault::internal)?,
            at,
            took: TimeDelta::milliseconds(took),
        }),
        _ => None,
    };
    let turn = row.turn.map(u16::try_from);
    let family = FAMILIES.into_iter().find(|family| *family == row.family);
    Ok(Message {
        id: MessageId::new(row.id),
        origin: Origin {
            event: EventId::new(row.event),
            family: family.ok_or_else(|| Fault::internal("a family nobody knows"))?,
            fact_version: row.fact_version,
            dossier: dossier(row.dossier),
            code: row.code,
            account: row.account.map(AccountId::new),
            agency_path: row.agency_path,
        },
        topic: from_word(&row.topic)?,
        template: row.template,
        written,
        terms: Terms {
            turn: turn.transpose().map_err(Fault::internal)?,
            expires_at: row.expires_at,
        },
        state,
        handover,
        created_at: row.created_at,
        read_at: row.read_at,
        version: row.version,
    })
}

/// The dossier a row is about, if it is about one.
pub(super) fn dossier(id: Uuid) -> Option<DossierId> {
    (id != NO_DOSSIER).then_some(DossierId::new(id))
}

/// Why it was spared, if it was.
pub(super) fn spare(failure: &str) -> Option<Spare> {
    Spare::ALL.into_iter().find(|why| why.word() == failure)
}

/// `RequiredOnly` as `required_only`.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, Fault> {
    match serde_json::to_value(value).map_err(Fault::internal)? {
        Value::String(word) => Ok(word),
        _ => Err(Fault::internal("a value that is no word")),
    }
}

/// Reads what [`word`] wrote.
pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T, Fault> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(Fault::internal)
}

fn label(id: Uuid) -> String {
    format!("notification/message/{id}")
}
