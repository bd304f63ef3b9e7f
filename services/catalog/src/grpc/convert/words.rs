//! Enums both ways. An unspecified value is none; where one is needed, that is
//! a violation.

use motcua_fault::Violations;
use motcua_proto::{access::v1 as access, catalog::v1 as proto};

use crate::domain::{
    AgencyKind, Audience, Channel, FeeKind, FrontDoor, Level, PaperNeed, ServiceLevel, StepRole,
};

/// Notes a value that is not one of the enum's.
pub(super) fn need<T>(bad: &mut Violations, field: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        bad.add(field, "VALUE_INVALID", "Chưa chọn giá trị, hoặc giá trị không có trong danh mục.");
    }
    value
}

macro_rules! words {
    ($($read:ident, $write:ident: $domain:ident <=> $proto:ident { $($word:ident),+ })+) => {$(
        pub(in crate::grpc) fn $read(value: i32) -> Option<$domain> {
            match proto::$proto::try_from(value) {
                $(Ok(proto::$proto::$word) => Some($domain::$word),)+
                _ => None,
            }
        }

        pub(super) fn $write(value: $domain) -> i32 {
            match value {
                $($domain::$word => proto::$proto::$word as i32,)+
            }
        }
    )+};
}

words! {
    agency_kind, agency_kind_of: AgencyKind <=> AgencyKind {
        Province, Department, MinistryBranch, District, Commune, Unit
    }
    level, level_of: Level <=> ProcedureLevel { Ministry, Province, District, Commune }
    audience, audience_of: Audience <=> Audience { Citizen, Organisation, Foreigner, Official }
    service_level, service_level_of: ServiceLevel <=> ServiceLevel {
        Unspecified, InformationOnly, PartlyOnline, FullyOnline
    }
    front_door, front_door_of: FrontDoor <=> FrontDoor { National, Local }
    paper_need, paper_need_of: PaperNeed <=> PaperNeed { Always, Conditional, Shown, OnlineForm }
    channel, channel_of: Channel <=> WayChannel { Online, Desk, Post }
    fee_kind, fee_kind_of: FeeKind <=> FeeKind { Charge, Fee }
}

pub(super) fn role(value: i32) -> Option<StepRole> {
    match access::Role::try_from(value) {
        Ok(access::Role::DeskOfficer) => Some(StepRole::DeskOfficer),
        Ok(access::Role::Specialist) => Some(StepRole::Specialist),
        Ok(access::Role::HeadOfUnit) => Some(StepRole::HeadOfUnit),
        Ok(access::Role::Leader) => Some(StepRole::Leader),
        _ => None,
    }
}

pub(super) fn role_of(role: StepRole) -> i32 {
    let role = match role {
        StepRole::DeskOfficer => access::Role::DeskOfficer,
        StepRole::Specialist => access::Role::Specialist,
        StepRole::HeadOfUnit => access::Role::HeadOfUnit,
        StepRole::Leader => access::Role::Leader,
    };
    role as i32
}
