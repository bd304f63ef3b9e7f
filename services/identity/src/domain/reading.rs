use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, EventId};

/// One reading of somebody's personal data (lượt xem dữ liệu cá nhân).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The event that told of it; one event may concern several persons.
    pub event: EventId,
    /// Whose data.
    pub subject: AccountId,
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
