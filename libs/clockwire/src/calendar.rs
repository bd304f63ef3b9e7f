use chrono::Weekday;
use motcua_fault::{Fault, Violations};
use motcua_proto::r#type::v1 as proto;
use motcua_vn::{
    WorkingCalendar,
    calendar::{CalendarData, DayOff, MakeUpDay, OfficeHours, OfficeSpan},
};

use crate::{date, open_date, small};

const WEEK: [(Weekday, proto::Weekday); 7] = [
    (Weekday::Mon, proto::Weekday::Monday),
    (Weekday::Tue, proto::Weekday::Tuesday),
    (Weekday::Wed, proto::Weekday::Wednesday),
    (Weekday::Thu, proto::Weekday::Thursday),
    (Weekday::Fri, proto::Weekday::Friday),
    (Weekday::Sat, proto::Weekday::Saturday),
    (Weekday::Sun, proto::Weekday::Sunday),
];

/// A calendar as sent.
pub fn calendar_message(calendar: &WorkingCalendar) -> proto::WorkingCalendar {
    let data = calendar.data();
    proto::WorkingCalendar {
        name: data.name.clone(),
        version: data.version.clone(),
        title: data.title.clone(),
        valid_from: data.valid_from.to_string(),
        valid_to: data.valid_to.map(|d| d.to_string()).unwrap_or_default(),
        office_hours: (data.office_hours.iter())
            .map(|hours| proto::OfficeHours {
                weekday: weekday_message(hours.weekday).into(),
                spans: spans_message(&hours.spans),
            })
            .collect(),
        office_hours_source: data.office_hours_source.clone(),
        weekly_rest_source: data.weekly_rest_source.clone(),
        days_off: (data.days_off.iter())
            .map(|day| proto::DayOff {
                date: day.date.to_string(),
                title: day.title.clone(),
                source: day.source.clone(),
                provisional: day.provisional,
            })
            .collect(),
        make_up_days: (data.make_up_days.iter())
            .map(|day| proto::MakeUpDay {
                date: day.date.to_string(),
                title: day.title.clone(),
                source: day.source.clone(),
                spans: spans_message(&day.spans),
            })
            .collect(),
    }
}

/// A calendar as received; refused with everything that is wrong with it.
pub fn calendar(message: &proto::WorkingCalendar) -> Result<WorkingCalendar, Fault> {
    let mut bad = Violations::default();
    let data = CalendarData {
        name: message.name.clone(),
        version: message.version.clone(),
        title: message.title.clone(),
        valid_from: date(&mut bad, "valid_from", &message.valid_from),
        valid_to: open_date(&mut bad, "valid_to", &message.valid_to),
        office_hours: (message.office_hours.iter())
            .filter_map(|hours| {
                let weekday = weekday(&mut bad, hours.weekday())?;
                Some(OfficeHours { weekday, spans: spans(&mut bad, &hours.spans) })
            })
            .collect(),
        office_hours_source: message.office_hours_source.clone(),
        weekly_rest_source: message.weekly_rest_source.clone(),
        days_off: (message.days_off.iter())
            .map(|day| DayOff {
                date: date(&mut bad, "days_off.date", &day.date),
                title: day.title.clone(),
                source: day.source.clone(),
                provisional: day.provisional,
            })
            .collect(),
        make_up_days: (message.make_up_days.iter())
            .map(|day| MakeUpDay {
                date: date(&mut bad, "make_up_days.date", &day.date),
                title: day.title.clone(),
                source: day.source.clone(),
                spans: spans(&mut bad, &day.spans),
            })
            .collect(),
    };
    bad.finish()?;
    WorkingCalendar::new(data).map_err(|problems| {
        let mut bad = Violations::default();
        for problem in problems {
            bad.add("calendar", "CALENDAR_INVALID", problem.to_string());
        }
        bad.finish().err().unwrap_or_else(|| Fault::internal("calendar refused without a problem"))
    })
}

fn weekday_message(weekday: Weekday) -> proto::Weekday {
    WEEK[weekday.num_days_from_monday() as usize].1
}

fn weekday(bad: &mut Violations, message: proto::Weekday) -> Option<Weekday> {
    let found = WEEK.iter().find(|(_, m)| *m == message).map(|(weekday, _)| *weekday);
    if found.is_none() {
        bad.add("office_hours.weekday", "WEEKDAY_MISSING", "Chưa chọn thứ trong tuần.");
    }
    found
}

fn spans_message(spans: &[OfficeSpan]) -> Vec<proto::OfficeSpan> {
    (spans.iter())
        .map(|span| proto::OfficeSpan {
            open_minute: span.open.into(),
            close_minute: span.close.into(),
        })
        .collect()
}

fn spans(bad: &mut Violations, messages: &[proto::OfficeSpan]) -> Vec<OfficeSpan> {
    (messages.iter())
        .map(|span| OfficeSpan {
            open: small(bad, "spans.open_minute", span.open_minute),
            close: small(bad, "spans.close_minute", span.close_minute),
        })
        .collect()
}
