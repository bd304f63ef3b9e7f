//! A calendar of several years, a policy with every rule, and short ways to write time.

use std::sync::LazyLock;

use chrono::NaiveDateTime;
use motcua_vn::{
    Act, Clock, ClockPolicy, DueTimes, LimitUnit, Pause, SupplementRegime, Terms, TimeLimit,
    Timestamp, WorkingCalendar, calendar::CalendarData, local,
};

pub(crate) static CALENDAR: LazyLock<WorkingCalendar> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/calendar.json")).unwrap());

pub(crate) static POLICY: LazyLock<ClockPolicy> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/policy.json")).unwrap());

/// The calendar after a change of its data.
pub(crate) fn calendar_with(change: impl FnOnce(&mut CalendarData)) -> WorkingCalendar {
    let mut data = CALENDAR.data().clone();
    change(&mut data);
    WorkingCalendar::new(data).unwrap()
}

/// The instant of a local `YYYY-MM-DD HH:MM`.
pub(crate) fn at(text: &str) -> Timestamp {
    local::instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

/// An instant as local `YYYY-MM-DD HH:MM`.
pub(crate) fn text(at: Timestamp) -> String {
    local::local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// A limit filed at the desk, counted on after a supplement.
pub(crate) fn terms(amount: u32, unit: LimitUnit) -> Terms {
    Terms {
        limit: TimeLimit::new(amount, unit),
        limit_source: String::new(),
        filed_online: false,
        regime: SupplementRegime::Shift,
    }
}

pub(crate) fn online(amount: u32, unit: LimitUnit) -> Terms {
    Terms { filed_online: true, ..terms(amount, unit) }
}

pub(crate) fn restarting(amount: u32, unit: LimitUnit) -> Terms {
    Terms { regime: SupplementRegime::Restart, ..terms(amount, unit) }
}

pub(crate) fn started(on: &str) -> Act {
    Act::Started { at: at(on) }
}

pub(crate) fn asked(on: &str) -> Act {
    Act::Paused { at: at(on), why: Pause::Supplement }
}

pub(crate) fn supplied(on: &str) -> Act {
    Act::Resumed { at: at(on), why: Pause::Supplement }
}

pub(crate) fn extended(on: &str, until: &str) -> Act {
    Act::Extended { at: at(on), until: at(until) }
}

pub(crate) fn due(terms: &Terms, acts: &[Act]) -> DueTimes {
    Clock::new(&CALENDAR, &POLICY, terms, acts).unwrap().due()
}

/// The promised time as text.
pub(crate) fn promised(terms: &Terms, acts: &[Act]) -> String {
    text(due(terms, acts).promised)
}
