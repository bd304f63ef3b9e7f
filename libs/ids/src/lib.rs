//! The registry of typed ids. Append only: an id that was given out keeps its meaning.
//!
//! Every id is a UUID (version 7 where we make it), and is written outside as a
//! resource name, `dossiers/018f…`. Nothing but ids may enter this crate.

mod agency_path;

use std::{fmt, str::FromStr};

pub use agency_path::AgencyPath;
use serde::{Deserialize, Serialize};
pub use uuid::Uuid;

/// A text that is not the resource name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Tên tài nguyên phải có dạng «{collection}/<mã UUID>».")]
pub struct BadName {
    /// The collection that was expected: `dossiers`.
    pub collection: &'static str,
}

/// What all typed ids share, so that a context can make any of them.
pub trait TypedId: Copy + From<Uuid> + Into<Uuid> {
    /// The collection in resource names: `dossiers`.
    const COLLECTION: &'static str;
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $collection:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID, as stored.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The resource name, as sent.
            pub fn name(self) -> String {
                self.to_string()
            }

            /// Reads a resource name.
            pub fn from_name(name: &str) -> Result<Self, BadName> {
                name.strip_prefix(concat!($collection, "/"))
                    .and_then(|id| Uuid::try_parse(id).ok())
                    .map(Self)
                    .ok_or(BadName { collection: $collection })
            }
        }

        impl TypedId for $name {
            const COLLECTION: &'static str = $collection;
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($collection, "/{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = BadName;

            fn from_str(name: &str) -> Result<Self, BadName> {
                Self::from_name(name)
            }
        }
    )+};
}

typed_ids! {
    /// Someone who signs in: citizen, organisation, officer or system (tài khoản).
    AccountId = "accounts";
    /// One signed-in device of an account (phiên đăng nhập).
    SessionId = "sessions";
    /// An authority or a unit of one (cơ quan, đơn vị).
    AgencyId = "agencies";
    /// A counter where dossiers are received (quầy, điểm tiếp nhận).
    DeskId = "desks";
    /// A field of administration (lĩnh vực).
    FieldId = "fields";
    /// An administrative procedure (thủ tục hành chính).
    ProcedureId = "procedures";
    /// One immutable published text of a procedure.
    ProcedureVersionId = "procedureVersions";
    /// A working calendar (lịch làm việc).
    CalendarId = "calendars";
    /// A dated rule on how time is counted.
    PolicyId = "clockPolicies";
    /// A dossier (hồ sơ).
    DossierId = "dossiers";
    /// One paper of a dossier (giấy tờ).
    PaperId = "papers";
    /// Stored bytes.
    FileId = "files";
    /// One request for a supplement (yêu cầu bổ sung).
    SupplementId = "supplements";
    /// An entry of a dossier's timeline.
    TimelineEntryId = "timelineEntries";
    /// A dossier's processing by officers (quá trình giải quyết).
    ProcessId = "processes";
    /// One officer's piece of a process (nhiệm vụ).
    TaskId = "tasks";
    /// One act in a process, as the control slip shows it.
    ActId = "acts";
    /// A drafted or approved result (kết quả).
    ResultId = "results";
    /// One message to one person on one channel.
    MessageId = "messages";
    /// Where an organisation's own system is told of its dossiers.
    WebhookId = "webhooks";
    /// A message template.
    TemplateId = "templates";
    /// What is owed for a dossier (yêu cầu nộp phí, lệ phí).
    FeeOrderId = "feeOrders";
    /// One attempt to pay.
    PaymentId = "payments";
    /// Money given back (hoàn phí).
    RefundId = "refunds";
    /// A receipt (biên lai).
    ReceiptId = "receipts";
    /// A movement of the books.
    EntryId = "ledgerEntries";
    /// A rule by which people pay less.
    FeePolicyId = "feePolicies";
    /// A bank's statement (sao kê).
    StatementId = "statements";
    /// Money that came or went by a bank's statement.
    StatementEntryId = "statementEntries";
    /// Something between the books and a bank's statement that does not fit.
    DiscrepancyId = "discrepancies";
    /// An event on the bus.
    EventId = "events";
    /// One record of somebody reading personal data.
    ReadingId = "personalDataReadings";
    /// A picture that somebody sent for a dossier, and has not confirmed yet.
    PaperOfferId = "paperOffers";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_another_collection_is_refused() {
        let id = DossierId::new(Uuid::from_u128(7));
        assert_eq!(DossierId::from_name(&id.name()), Ok(id));
        assert_eq!(TaskId::from_name(&id.name()), Err(BadName { collection: "tasks" }));
        assert!(DossierId::from_name("dossiers/không-phải").is_err());
    }
}
