use chrono::{DateTime, Utc};
use motcua_ids::AccountId;

use super::{Granted, Kind};

/// What happened to an account; each has a public twin in the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Opened.
    Registered {
        /// Which.
        account: AccountId,
        /// Its version after the fact.
        version: i64,
        /// What holds it.
        kind: Kind,
        /// When.
        at: DateTime<Utc>,
    },
    /// Barred.
    Disabled {
        /// Which.
        account: AccountId,
        /// Its version after the fact.
        version: i64,
        /// When.
        at: DateTime<Utc>,
    },
    /// Let in again.
    Enabled {
        /// Which.
        account: AccountId,
        /// Its version after the fact.
        version: i64,
        /// When.
        at: DateTime<Utc>,
    },
    /// The officer's roles are now these.
    RolesChanged {
        /// Which.
        account: AccountId,
        /// Its version after the fact.
        version: i64,
        /// All of them.
        grants: Vec<Granted>,
        /// When.
        at: DateTime<Utc>,
    },
}
