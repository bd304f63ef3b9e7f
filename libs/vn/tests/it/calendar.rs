//! What a calendar's data may be, and its office time.

use motcua_vn::{
    WorkingCalendar,
    calendar::{CalendarProblem, DayKind, DayOff, MakeUpDay, OfficeHours, OfficeSpan},
};

use crate::support::{CALENDAR, at, text};

fn span(open: u16, close: u16) -> OfficeSpan {
    OfficeSpan { open, close }
}

#[test]
fn a_day_is_one_of_four() {
    let kind = |day: &str| CALENDAR.kind(day.parse().unwrap());
    assert_eq!(kind("2025-08-20"), DayKind::Working);
    assert_eq!(kind("2025-08-23"), DayKind::WeeklyRest);
    assert!(matches!(kind("2025-09-02"), DayKind::Off(day) if day.title == "Quốc khánh"));
    assert!(matches!(kind("2025-04-26"), DayKind::MakeUp(_)));
}

#[test]
fn office_hours_are_half_open() {
    for (minute, open) in [
        ("2025-08-20 06:59", false),
        ("2025-08-20 07:00", true),
        ("2025-08-20 11:29", true),
        ("2025-08-20 11:30", false),
        ("2025-08-20 13:29", false),
        ("2025-08-20 13:30", true),
        ("2025-08-20 16:59", true),
        ("2025-08-20 17:00", false),
        ("2025-08-23 10:00", false),
        ("2025-04-26 10:00", true),
    ] {
        assert_eq!(CALENDAR.is_open(at(minute)), open, "{minute}");
    }
}

#[test]
fn an_act_counts_from_the_next_office_minute() {
    for (given, effective) in [
        ("2025-08-20 09:15", "2025-08-20 09:15"),
        ("2025-08-20 11:30", "2025-08-20 13:30"),
        ("2025-08-22 17:30", "2025-08-25 07:00"),
        ("2025-08-29 17:00", "2025-09-03 07:00"),
        ("2027-03-05 20:00", "2027-03-06 08:00"),
        ("2027-03-06 11:00", "2027-03-08 07:00"),
    ] {
        assert_eq!(text(CALENDAR.effective(at(given))), effective, "{given}");
    }
}

#[test]
fn minutes_are_counted_between_two_instants() {
    let between = |a, b| CALENDAR.minutes_between(at(a), at(b));
    assert_eq!(between("2025-08-20 00:00", "2025-08-21 00:00"), 480);
    assert_eq!(between("2025-08-20 11:00", "2025-08-20 14:00"), 60);
    assert_eq!(between("2025-08-29 16:00", "2025-09-03 08:00"), 120);
    assert_eq!(between("2025-08-21 00:00", "2025-08-20 00:00"), 0);
    assert_eq!(between("2025-08-20 09:00", "2025-08-20 09:00"), 0);
}

#[test]
fn the_data_is_read_and_written_alike() {
    let json = serde_json::to_string(&*CALENDAR).unwrap();
    assert!(json.contains("\"07:00-11:30\""));
    assert_eq!(serde_json::from_str::<WorkingCalendar>(&json).unwrap(), *CALENDAR);
    for bad in ["7h-11h", "07:00", "07:00-25:00", "07:60-11:30", "11:30-07:00-08:00"] {
        assert!(bad.parse::<OfficeSpan>().is_err(), "{bad}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut data = CALENDAR.data().clone();
    let day = |text: &str| text.parse().unwrap();
    data.office_hours_source.clear();
    data.valid_to = Some(day("2027-12-30"));
    data.office_hours[0].spans = vec![span(420, 690), span(600, 1020)];
    data.office_hours[1].spans = vec![span(690, 420)];
    data.office_hours[2].spans = vec![span(420, 1441)];
    data.office_hours.push(OfficeHours { weekday: chrono::Weekday::Fri, spans: vec![] });
    let off = |date: &str, title: &str| DayOff {
        date: day(date),
        title: title.into(),
        source: "x".into(),
        provisional: false,
    };
    data.days_off = vec![off("2025-09-02", "A"), off("2025-09-02", "B"), off("2027-12-31", "")];
    data.make_up_days = vec![MakeUpDay {
        date: day("2025-08-20"),
        title: "C".into(),
        source: "x".into(),
        spans: vec![],
    }];
    let problems = WorkingCalendar::new(data).unwrap_err();
    for expected in [
        CalendarProblem::WeekdayTwice(chrono::Weekday::Fri),
        CalendarProblem::BadSpan(span(600, 1020)),
        CalendarProblem::BadSpan(span(690, 420)),
        CalendarProblem::BadSpan(span(420, 1441)),
        CalendarProblem::DayTwice(day("2025-09-02")),
        CalendarProblem::DayOutside(day("2027-12-31")),
        CalendarProblem::MakeUpOnWorkingDay(day("2025-08-20")),
        CalendarProblem::SourceMissing("2027-12-31".into()),
        CalendarProblem::SourceMissing("office_hours_source".into()),
    ] {
        assert!(problems.contains(&expected), "{expected:?} in {problems:?}");
    }
    assert_eq!(problems.len(), 9);
}

#[test]
fn a_calendar_without_office_time_is_none() {
    let mut data = CALENDAR.data().clone();
    data.office_hours.clear();
    data.make_up_days.clear();
    data.valid_from = "2028-01-01".parse().unwrap();
    data.days_off.clear();
    let problems = WorkingCalendar::new(data).unwrap_err();
    assert_eq!(problems, [CalendarProblem::NoOfficeTime, CalendarProblem::RangeBackwards]);
}
