use chrono::NaiveDate;
use motcua_ids::{AgencyId, AgencyPath, CalendarId, PolicyId, ProcedureId, ProcedureVersionId};
use motcua_vn::Timestamp;

use super::ProcedureNumber;

/// What happened in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An agency was made, changed or ended.
    AgencyChanged {
        /// From the root to the agency.
        path: AgencyPath,
        /// Its identifier code; units have none.
        identifier: Option<String>,
        /// Its last day.
        valid_to: Option<NaiveDate>,
        /// Who took over.
        successor: Option<AgencyId>,
        /// The agency's version.
        version: i64,
    },
    /// A draft became a version.
    VersionPublished {
        /// The procedure.
        procedure: ProcedureId,
        /// Its national number.
        number: ProcedureNumber,
        /// The version.
        published: ProcedureVersionId,
        /// Its place in the procedure's history.
        revision: i32,
        /// First day of effect.
        effective_from: NaiveDate,
        /// When it was published.
        at: Timestamp,
        /// The procedure's version.
        version: i64,
    },
    /// A procedure was abolished.
    ProcedureAbolished {
        /// The procedure.
        procedure: ProcedureId,
        /// Its national number.
        number: ProcedureNumber,
        /// The last day on which it can be filed.
        last_day: NaiveDate,
        /// The procedure's version.
        version: i64,
    },
    /// A calendar was published.
    CalendarPublished {
        /// The calendar.
        calendar: CalendarId,
        /// Whose it is.
        agencies: Vec<AgencyId>,
        /// First day of effect.
        from: NaiveDate,
    },
    /// A clock policy was published.
    PolicyPublished {
        /// The policy.
        policy: PolicyId,
        /// Whose it is.
        agencies: Vec<AgencyId>,
        /// First day of effect.
        from: NaiveDate,
    },
}
