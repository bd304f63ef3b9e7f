use std::fmt;

/// The hash of a password or a client secret, in PHC form (`$argon2id$…`).
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    hash: String,
    change_required: bool,
}

impl Credential {
    /// Chosen by the holder.
    pub fn own(hash: String) -> Self {
        Self { hash, change_required: false }
    }

    /// Chosen by an administrator, who knows it: good for one thing, replacing it.
    pub fn temporary(hash: String) -> Self {
        Self { hash, change_required: true }
    }

    /// As stored.
    pub fn stored(hash: String, change_required: bool) -> Self {
        Self { hash, change_required }
    }

    /// For verifying.
    pub fn hash(&self) -> &str {
        &self.hash
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
