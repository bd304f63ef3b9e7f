use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, DossierId, EventId, Uuid};

/// What was read of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The holder of an account.
    Account(AccountId),
    /// A dossier: one filed at the desk may belong to no account.
    Dossier(DossierId),
}

impl Subject {
    /// The id alone: the two never have the same.
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Account(account) => account.uuid(),
            Self::Dossier(dossier) => dossier.uuid(),
        }
    }
}

/// One reading of somebody's personal data (lượt xem dữ liệu cá nhân).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The event that told of it; one event may concern several persons.
    pub event: EventId,
    /// Whose data, or in which dossier.
    pub subject: Subject,
    /// Who read; nobody, where a system read for itself.
    pub reader: Option<AccountId>,
    /// The system through which it was read: a service's name, or an account's.
    pub system: Option<String>,
    /// The RPC that showed the data.
    pub method: String,
    /// Why.
    pub purpose: String,
    /// When.
    pub at: DateTime<Utc>,
}
