use motcua_context::{Actor, Cause, Ctx, Timestamp};
use motcua_ids::Uuid;
use sha2::{Digest, Sha256};

/// One row: no personal data, only who, why, about what and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its own.
    pub id: Uuid,
    /// When it was done.
    pub at: Timestamp,
    /// `write`, or `read` where personal data was read.
    pub kind: String,
    /// Who acted: `accounts/{uuid}`, a service's or a system's name, or `anonymous`.
    pub actor: String,
    /// On whose behalf, where a service or a system acted for somebody.
    pub on_behalf_of: Option<String>,
    /// The RPC's path, `event {uuid}`, `timer {name}` or `command`.
    pub cause: String,
    /// The hash of the cause: of a request, it holds the request id.
    pub key: Vec<u8>,
    /// What it is about: ids or names, by spaces.
    pub subjects: String,
    /// Why personal data was read.
    pub purpose: Option<String>,
    /// `done`, and the events it said.
    pub outcome: String,
}

/// What a write says of itself beyond its context.
#[derive(Debug, Clone)]
pub struct Noted {
    /// `write`, or `read` where personal data was read.
    pub kind: &'static str,
    /// What was done: an RPC's path, or words.
    pub cause: String,
    /// What it is about.
    pub subjects: Vec<String>,
    /// Why.
    pub purpose: String,
}

fn id(ctx: &Ctx) -> Uuid {
    ctx.new_id::<motcua_ids::EventId>().uuid()
}

fn who(actor: &Actor) -> (String, Option<String>) {
    let name = |actor: &Actor| actor.identity().unwrap_or_else(|| "anonymous".to_owned());
    match actor {
        Actor::System(system) => (system.name.clone(), system.on_behalf_of.as_deref().map(name)),
        actor => (name(actor), None),
    }
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::None => "none".to_owned(),
        Cause::Request { method, .. } => (*method).to_owned(),
        Cause::Event { event, .. } => format!("event {}", event.uuid()),
        Cause::Due { name, .. } => format!("timer {name}"),
        Cause::Step { of, name } => format!("{} · {name}", self::cause(of)),
        Cause::Command { .. } => "command".to_owned(),
    }
}

/// What the first row follows: chains of two services cannot be exchanged.
pub(crate) fn beginning(service: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    feed(&mut hash, b"motcua audit v1");
    feed(&mut hash, service.as_bytes());
    hash.finalize().to_vec()
}

impl AuditEntry {
    /// The row of a write, as its context and what it `noted` say; its outcome is known at the end.
    pub fn draft(ctx: &Ctx, key: &[u8], subject: Uuid, noted: Option<Noted>) -> Self {
        let (actor, on_behalf_of) = who(ctx.actor());
        let write = Self {
            id: id(ctx),
            at: ctx.now(),
            kind: "write".to_owned(),
            actor,
            on_behalf_of,
            cause: cause(ctx.cause()),
            key: key.to_vec(),
            subjects: subject.to_string(),
            purpose: None,
            outcome: "done".to_owned(),
        };
        match noted {
            None => write,
            Some(noted) => Self {
                kind: noted.kind.to_owned(),
                cause: noted.cause,
                subjects: noted.subjects.join(" "),
                purpose: Some(noted.purpose),
                ..write
            },
        }
    }

    /// The hash of this row at `position` behind the row with the hash `previous`:
    /// SHA-256 over every field with its length before it, so that no two rows
    /// look alike.
    pub(crate) fn hash(&self, previous: &[u8], position: i64) -> Vec<u8> {
        let mut hash = Sha256::new();
        feed(&mut hash, previous);
        feed(&mut hash, &position.to_be_bytes());
        feed(&mut hash, self.id.as_bytes());
        feed(&mut hash, &self.at.timestamp_micros().to_be_bytes());
        for text in [&self.kind, &self.actor, &self.cause, &self.subjects, &self.outcome] {
            feed(&mut hash, text.as_bytes());
        }
        feed(&mut hash, &self.key);
        for text in [&self.on_behalf_of, &self.purpose] {
            feed(&mut hash, &[u8::from(text.is_some())]);
            feed(&mut hash, text.as_deref().unwrap_or_default().as_bytes());
        }
        hash.finalize().to_vec()
    }
}

pub(crate) fn feed(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_counts() {
        let row = AuditEntry {
            id: Uuid::from_u128(1),
            at: Timestamp::UNIX_EPOCH,
            kind: "write".into(),
            actor: "accounts/1".into(),
            on_behalf_of: None,
            cause: "/a/B".into(),
            key: vec![1],
            subjects: "2".into(),
            purpose: None,
            outcome: "done".into(),
        };
        let some = || Some(String::new());
        let others = [
            AuditEntry { id: Uuid::from_u128(2), ..row.clone() },
            AuditEntry { at: row.at + chrono::TimeDelta::microseconds(1), ..row.clone() },
            AuditEntry { kind: "read".into(), ..row.clone() },
            AuditEntry { actor: "accounts/2".into(), ..row.clone() },
            AuditEntry { on_behalf_of: some(), ..row.clone() },
            AuditEntry { cause: "/a/C".into(), ..row.clone() },
            AuditEntry { key: vec![2], ..row.clone() },
            AuditEntry { subjects: "3".into(), ..row.clone() },
            AuditEntry { purpose: some(), ..row.clone() },
            AuditEntry { outcome: "done: A".into(), ..row.clone() },
            // A letter that moves over to the next field.
            AuditEntry { actor: "accounts/1/".into(), cause: "a/B".into(), ..row.clone() },
        ];
        let hash = row.hash(b"before", 1);
        assert_eq!(hash, row.clone().hash(b"before", 1));
        assert_ne!(hash, row.hash(b"another", 1));
        assert_ne!(hash, row.hash(b"before", 2));
        for other in others {
            assert_ne!(hash, other.hash(b"before", 1), "{other:?}");
        }
    }
}
