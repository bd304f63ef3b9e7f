use motcua_ids::{AgencyId, Uuid};
use motcua_proto::catalog::v1 as proto;
use motcua_store::Tx;
use motcua_vn::Timestamp;

use crate::domain::Event;

/// Says what happened, if and only if this write commits. No wildcard arm: a new
/// event has to be said, or explicitly not.
pub(crate) fn publish(tx: &Tx, event: Event) {
    match event {
        Event::AgencyChanged { path, identifier, valid_to, successor, version } => tx.publish(
            path.agency().uuid(),
            &proto::AgencyChanged {
                agency: path.agency().name(),
                identifier_code: identifier.unwrap_or_default(),
                path: names(path.agencies()),
                valid_to: valid_to.map(|day| day.to_string()).unwrap_or_default(),
                successor: successor.map(AgencyId::name).unwrap_or_default(),
                version,
            },
        ),
        Event::VersionPublished {
            procedure,
            number,
            published,
            revision,
            effective_from,
            at,
            version,
        } => tx.publish(
            procedure.uuid(),
            &proto::ProcedureVersionPublished {
                procedure: procedure.name(),
                number: number.to_string(),
                procedure_version: published.name(),
                revision,
                effective_from: effective_from.to_string(),
                publish_time: Some(timestamp(at)),
                version,
            },
        ),
        Event::ProcedureAbolished { procedure, number, last_day, version } => tx.publish(
            procedure.uuid(),
            &proto::ProcedureAbolished {
                procedure: procedure.name(),
                number: number.to_string(),
                abolished_on: last_day.to_string(),
                version,
            },
        ),
        Event::CalendarPublished { calendar, agencies, from } => tx.publish(
            key(&agencies, calendar.uuid()),
            &proto::CalendarChanged {
                agencies: names(&agencies),
                calendar: calendar.name(),
                policy: String::new(),
                effective_from: from.to_string(),
            },
        ),
        Event::PolicyPublished { policy, agencies, from } => tx.publish(
            key(&agencies, policy.uuid()),
            &proto::CalendarChanged {
                agencies: names(&agencies),
                calendar: String::new(),
                policy: policy.name(),
                effective_from: from.to_string(),
            },
        ),
    }
}

/// Changes of one agency's rules stay in order.
fn key(agencies: &[AgencyId], otherwise: Uuid) -> Uuid {
    agencies.first().map_or(otherwise, |agency| agency.uuid())
}

fn names(agencies: &[AgencyId]) -> Vec<String> {
    agencies.iter().map(|agency| agency.name()).collect()
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}
