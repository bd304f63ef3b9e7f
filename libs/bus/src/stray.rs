use motcua_context::Timestamp;
use motcua_ids::Uuid;

/// Where the broker keeps what could not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pile {
    /// What a listener could not read as an event.
    Dead,
    /// What no queue was bound for.
    Unrouted,
}

impl Pile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Dead, Self::Unrouted];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Unrouted => "unrouted",
        }
    }
}

/// A message that the broker keeps aside. Who sent it is not known for sure:
/// nothing here is more than a claim, and its body is shown to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Where it lies.
    pub pile: Pile,
    /// What it is called: its event's id, or where it has none, `x` and a hash of its body.
    pub id: String,
    /// Its event's type; empty if it is not said as ours say it.
    pub event_type: String,
    /// The service that said it; empty if it is not said.
    pub source: String,
    /// What it is about.
    pub key: Option<Uuid>,
    /// The routing key it came with, or the queue that it was rejected from.
    pub place: String,
    /// When the event happened.
    pub occurred_at: Option<Timestamp>,
    /// Octets of its body.
    pub size: usize,
}

/// Which of them; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct SoughtStray {
    /// Called so.
    pub id: Option<String>,
    /// Said by this service.
    pub source: Option<String>,
    /// Of this type, by its full name.
    pub event_type: Option<String>,
    /// About this.
    pub key: Option<Uuid>,
}

impl SoughtStray {
    /// Whether it is one of them.
    pub fn admits(&self, stray: &Stray) -> bool {
        self.id.as_ref().is_none_or(|id| *id == stray.id)
            && self.source.as_ref().is_none_or(|source| *source == stray.source)
            && self.event_type.as_ref().is_none_or(|name| *name == stray.event_type)
            && self.key.is_none_or(|key| stray.key == Some(key))
    }
}
