//! Working calendars and clock policies, as written in our own format.

use chrono::{NaiveDate, Weekday};
use motcua_vn::{
    ClockPolicy, LimitUnit, SupplementRegime,
    calendar::{CalendarData, DayOff, MakeUpDay, OfficeHours, OfficeSpan},
    policy::{Fraction, Halving, RuleSources},
};
use serde::{Deserialize, de::IgnoredAny};

use super::document::{date, text};
use crate::domain::AgencyKind;

/// Stands where no source was read: a person sees that it is missing.
const UNREAD: &str = "Chưa đọc được văn bản gốc";

// Any key but these is a slip: a misspelt `valid_to` must not be passed over.
// Those that begin with `_` are for the readers of the files.

/// `calendars/*.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarDoc {
    pub code: String,
    pub name: String,
    pub valid_from: NaiveDate,
    #[serde(default, deserialize_with = "date")]
    pub valid_to: Option<NaiveDate>,
    /// Identifier codes.
    pub agencies: Vec<String>,
    pub office_hours: HoursDoc,
    #[serde(default)]
    pub weekly_rest: SourceDoc,
    #[serde(default)]
    pub days: Vec<DayDoc>,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "time_zone")]
    _time_zone: IgnoredAny,
    #[serde(default, rename = "unknown")]
    _unknown: IgnoredAny,
    #[serde(default, rename = "flags")]
    _flags: IgnoredAny,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HoursDoc {
    pub weekdays: Vec<Weekday>,
    pub spans: Vec<SpanDoc>,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpanDoc {
    pub from: String,
    pub to: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayDoc {
    pub date: NaiveDate,
    pub kind: DayWord,
    pub title: String,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
    /// Reckoned by law, before the year's official notice.
    #[serde(default)]
    pub provisional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DayWord {
    Off,
    Working,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceDoc {
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
    #[serde(default, rename = "days")]
    _days: IgnoredAny,
}

/// `policies/*.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyDoc {
    pub code: String,
    pub name: String,
    pub valid_from: NaiveDate,
    #[serde(default, deserialize_with = "date")]
    pub valid_to: Option<NaiveDate>,
    pub agencies: Vec<String>,
    #[serde(default)]
    pub procedures: Vec<String>,
    /// Kinds of agencies it binds; none named: any.
    #[serde(default)]
    pub agency_kinds: Vec<AgencyKind>,
    #[serde(default)]
    pub priority: i32,
    pub rules: RulesDoc,
    #[serde(default)]
    pub flags: Vec<String>,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "unknown")]
    _unknown: IgnoredAny,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesDoc {
    pub working_day: WorkingDayDoc,
    #[serde(default)]
    pub start: SourceDoc,
    #[serde(default)]
    pub calendar_days: SourceDoc,
    #[serde(default)]
    pub months: SourceDoc,
    pub same_day: SameDayDoc,
    pub completeness_notice: NoticeDoc,
    pub supplement: SupplementRuleDoc,
    #[serde(default)]
    pub payment: SourceDoc,
    #[serde(default)]
    pub withdrawal: SourceDoc,
    #[serde(default)]
    pub extension: SourceDoc,
    pub online_halving: HalvingDoc,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkingDayDoc {
    pub hours: u16,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SameDayDoc {
    pub cut_off: String,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeDoc {
    pub online_working_hours: u16,
    pub desk_working_hours: u16,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupplementRuleDoc {
    pub regime: SupplementRegime,
    pub days: u16,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HalvingDoc {
    pub enabled: bool,
    #[serde(default)]
    pub service_levels: Vec<u8>,
    #[serde(default)]
    pub factor: Option<Fraction>,
    #[serde(default)]
    pub at_least_working_days: u16,
    #[serde(default)]
    pub units: Vec<LimitUnit>,
    #[serde(default, deserialize_with = "text")]
    pub source: Option<String>,
}

impl CalendarDoc {
    /// The data, without its resource name and version.
    pub(super) fn data(&self) -> Result<CalendarData, String> {
        let spans = self
            .office_hours
            .spans
            .iter()
            .map(|s| format!("{}-{}", s.from, s.to).parse::<OfficeSpan>())
            .collect::<Result<Vec<_>, _>>()?;
        let office_hours = self
            .office_hours
            .weekdays
            .iter()
            .map(|weekday| OfficeHours { weekday: *weekday, spans: spans.clone() })
            .collect();
        let (mut days_off, mut make_up_days) = (Vec::new(), Vec::new());
        for day in &self.days {
            let (date, title) = (day.date, day.title.clone());
            let source = or_unread(day.source.as_ref());
            match day.kind {
                DayWord::Off => {
                    let provisional = day.provisional;
                    days_off.push(DayOff { date, title, source, provisional });
                }
                DayWord::Working if day.provisional => {
                    return Err(format!("Ngày làm bù {date} phải theo thông báo chính thức."));
                }
                DayWord::Working => {
                    make_up_days.push(MakeUpDay { date, title, source, spans: Vec::new() });
                }
            }
        }
        Ok(CalendarData {
            name: String::new(),
            version: String::new(),
            title: self.name.clone(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            office_hours,
            office_hours_source: or_unread(self.office_hours.source.as_ref()),
            weekly_rest_source: or_unread(self.weekly_rest.source.as_ref()),
            days_off,
            make_up_days,
        })
    }
}

impl PolicyDoc {
    /// The data, without its resource name and version.
    pub(super) fn data(&self) -> Result<ClockPolicy, String> {
        let rules = &self.rules;
        Ok(ClockPolicy {
            name: String::new(),
            version: String::new(),
            title: self.name.clone(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            minutes_per_working_day: rules.working_day.hours.saturating_mul(60),
            halving: rules.online_halving.data(),
            unshortened: String::new(),
            supplement_regime: rules.supplement.regime,
            supplement_days: rules.supplement.days,
            same_day_cut_off_minute: minute(&rules.same_day.cut_off)?,
            online_notice_minutes: rules
                .completeness_notice
                .online_working_hours
                .saturating_mul(60),
            other_notice_minutes: rules.completeness_notice.desk_working_hours.saturating_mul(60),
            sources: self.sources(),
        })
    }

    fn sources(&self) -> RuleSources {
        let rules = &self.rules;
        let start = or_unread(rules.start.source.as_ref());
        let days = or_unread(rules.calendar_days.source.as_ref());
        RuleSources {
            limit: start.clone(),
            working_day: or_unread(rules.working_day.source.as_ref()),
            month: rules.months.source.clone().unwrap_or_else(|| days.clone()),
            ends_on_day_off: days.clone(),
            calendar_day: days,
            same_day: or_unread(rules.same_day.source.as_ref()),
            supplement: or_unread(rules.supplement.source.as_ref()),
            payment: or_unread(rules.payment.source.as_ref()),
            withdrawal: or_unread(rules.withdrawal.source.as_ref()),
            extension: or_unread(rules.extension.source.as_ref()),
            notice: or_unread(rules.completeness_notice.source.as_ref()),
            start,
        }
    }
}

impl HalvingDoc {
    fn data(&self) -> Option<Halving> {
        self.enabled.then(|| Halving {
            minimum_working_days: self.at_least_working_days,
            factor: self.factor.unwrap_or(Fraction { numerator: 1, denominator: 2 }),
            units: if self.units.is_empty() {
                vec![LimitUnit::WorkingDays]
            } else {
                self.units.clone()
            },
            source: or_unread(self.source.as_ref()),
        })
    }
}

fn or_unread(source: Option<&String>) -> String {
    source.map_or_else(|| UNREAD.to_owned(), Clone::clone)
}

/// `15:00` in minutes from midnight.
fn minute(text: &str) -> Result<u16, String> {
    let span: OfficeSpan = format!("{text}-24:00").parse()?;
    Ok(span.open)
}
