use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

/// The hash of a password or a client secret, in PHC form (`$argon2id$…`); empty where there is none.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    hash: String,
    change_required: bool,
    previous: Option<Previous>,
}

/// A secret that was replaced and is good for a while yet, so that a system can change over.
#[derive(Clone, PartialEq, Eq)]
pub struct Previous {
    /// As of the present one.
    pub hash: String,
    /// From here on it is good for nothing.
    pub until: DateTime<Utc>,
}

impl Credential {
    /// How long a replaced secret may stay good.
    pub const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(7);

    /// Chosen by the holder.
    pub fn own(hash: String) -> Self {
        Self { hash, change_required: false, previous: None }
    }

    /// Chosen by an administrator, who knows it: good for one thing, replacing it.
    pub fn temporary(hash: String) -> Self {
        Self { change_required: true, ..Self::own(hash) }
    }

    /// None: the holder signs in at a provider outside alone.
    pub fn none() -> Self {
        Self::own(String::new())
    }

    /// As stored.
    pub fn stored(hash: String, change_required: bool, previous: Option<Previous>) -> Self {
        Self { hash, change_required, previous }
    }

    /// The next secret of a system; the present one stays good until `until`, if there is one.
    #[must_use]
    pub fn rotated(&self, hash: String, until: Option<DateTime<Utc>>) -> Self {
        let previous = until.map(|until| Previous { hash: self.hash.clone(), until });
        Self { previous, ..Self::own(hash) }
    }

    /// The same secret hashed at another cost.
    #[must_use]
    pub fn rehashed(&self, hash: String) -> Self {
        Self { hash, ..self.clone() }
    }

    /// For keeping.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// For verifying, where there is one.
    pub fn password(&self) -> Option<&str> {
        Some(self.hash.as_str()).filter(|hash| !hash.is_empty())
    }

    /// What was replaced, with its end.
    pub fn previous(&self) -> Option<&Previous> {
        self.previous.as_ref()
    }

    /// The hash of the replaced secret, while that is good.
    pub fn previous_at(&self, now: DateTime<Utc>) -> Option<&str> {
        self.previous.as_ref().filter(|p| now < p.until).map(|p| p.hash.as_str())
    }

    /// Whether the holder must replace it before signing in.
    pub fn change_required(&self) -> bool {
        self.change_required
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("change_required", &self.change_required)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Previous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Previous").field("until", &self.until).finish_non_exhaustive()
    }
}
