use motcua_ids::{EventId, Uuid};
use sha2::{Digest, Sha256};

use crate::Actor;

/// What makes a write happen. The same cause never makes it happen twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A read: it may not write.
    None,
    /// A caller's request (AIP-155).
    Request {
        /// The HTTP/2 path of the method.
        method: &'static str,
        /// Chosen by the caller.
        request_id: Uuid,
        /// Hash of the request's bytes: the same id with another payload is refused.
        payload: [u8; 16],
    },
    /// An event that this service consumes.
    Event {
        /// The consuming service.
        consumer: &'static str,
        /// The event.
        event: EventId,
    },
    /// A timer that has come due.
    Due {
        /// The job's name.
        name: &'static str,
        /// The timer's row.
        id: Uuid,
        /// How often the row was armed: a re-armed timer is a new cause.
        generation: i64,
    },
    /// A second write of the same cause, by its name.
    Step {
        /// The first cause.
        of: Box<Cause>,
        /// What this write does.
        name: &'static str,
    },
    /// An operator's command, or the first import: never repeated by itself.
    Command {
        /// One id for each time it is given.
        id: Uuid,
    },
}

/// What is stored of a cause: sixteen bytes of a hash.
pub type Key = [u8; 16];

impl Cause {
    /// The second write of this cause, by its name.
    #[must_use]
    pub fn step(&self, name: &'static str) -> Self {
        Self::Step { of: Box::new(self.clone()), name }
    }

    /// The key that is claimed once; `None` where nothing may be written.
    pub fn key(&self, actor: &Actor) -> Option<Key> {
        let mut hash = Sha256::new();
        self.feed(actor, &mut hash)?;
        Some(first_half(hash))
    }

    /// The hash that a repeated claim must match; zero where the key says it all.
    pub fn payload(&self) -> Key {
        match self {
            Self::Request { payload, .. } => *payload,
            Self::Step { of, .. } => of.payload(),
            _ => [0; 16],
        }
    }

    fn feed(&self, actor: &Actor, hash: &mut Sha256) -> Option<()> {
        match self {
            Self::None => return None,
            Self::Request { method, request_id, payload } => {
                hash.update(b"request\0");
                hash.update(method.as_bytes());
                hash.update(request_id.as_bytes());
                match actor.identity() {
                    Some(identity) => hash.update(identity.as_bytes()),
                    // Whoever has no name must know the whole request to repeat it.
                    None => hash.update(payload),
                }
            }
            Self::Event { consumer, event } => {
                hash.update(b"event\0");
                hash.update(consumer.as_bytes());
                hash.update(event.uuid().as_bytes());
            }
            Self::Due { name, id, generation } => {
                hash.update(b"due\0");
                hash.update(name.as_bytes());
                hash.update(id.as_bytes());
                hash.update(generation.to_be_bytes());
            }
            Self::Step { of, name } => {
                of.feed(actor, hash)?;
                hash.update(b"step\0");
                hash.update(name.as_bytes());
            }
            Self::Command { id } => {
                hash.update(b"command\0");
                hash.update(id.as_bytes());
            }
        }
        Some(())
    }
}

fn first_half(hash: Sha256) -> Key {
    let mut key = [0; 16];
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Person;

    fn request(payload: u8) -> Cause {
        Cause::Request { method: "/a/B", request_id: Uuid::from_u128(1), payload: [payload; 16] }
    }

    #[test]
    fn a_named_caller_repeats_by_id_and_a_nameless_one_by_the_whole_request() {
        let person = Actor::Person(Person::citizen(Uuid::from_u128(9).into()));
        assert_eq!(request(1).key(&person), request(2).key(&person));
        assert_ne!(request(1).key(&Actor::Anonymous), request(2).key(&Actor::Anonymous));
    }

    #[test]
    fn a_rearmed_timer_is_a_new_cause() {
        let due = |generation| Cause::Due { name: "x", id: Uuid::nil(), generation };
        assert_ne!(due(1).key(&Actor::Anonymous), due(2).key(&Actor::Anonymous));
    }

    #[test]
    fn a_read_has_no_key() {
        assert_eq!(Cause::None.key(&Actor::Anonymous), None);
    }
}
