use motcua_ids::{AgencyId, CalendarId, PolicyId, ProcedureVersionId};

/// What happened in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    AgencyChanged { agency: AgencyId },
    VersionPublished { version: ProcedureVersionId },
    ProcedureAbolished,
    CalendarPublished { calendar: CalendarId },
    PolicyPublished { policy: PolicyId },
}
