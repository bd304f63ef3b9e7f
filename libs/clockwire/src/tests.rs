use motcua_proto::r#type::v1 as proto;
use motcua_vn::{
    Act, Clock, ClockPolicy, LimitUnit, Pause, SupplementRegime, Terms, TimeLimit, WorkingCalendar,
    calendar::{CalendarData, DayOff, MakeUpDay, OfficeHours, OfficeSpan},
    policy::{Fraction, Halving, RuleSources},
};

use super::*;

fn at(text: &str) -> Timestamp {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn sample_calendar() -> WorkingCalendar {
    let spans = vec![OfficeSpan { open: 420, close: 690 }, OfficeSpan { open: 810, close: 1020 }];
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    WorkingCalendar::new(CalendarData {
        name: "calendars/a".into(),
        version: "1".into(),
        title: "Lịch 2026".into(),
        valid_from: "2026-01-01".parse().unwrap(),
        valid_to: Some("2026-12-31".parse().unwrap()),
        office_hours: weekdays.map(|weekday| OfficeHours { weekday, spans: spans.clone() }).into(),
        office_hours_source: "giờ".into(),
        weekly_rest_source: "nghỉ".into(),
        days_off: vec![DayOff {
            date: "2026-11-24".parse().unwrap(),
            title: "Ngày Văn hóa".into(),
            source: "80-NQ/TW".into(),
            provisional: true,
        }],
        make_up_days: vec![MakeUpDay {
            date: "2026-08-22".parse().unwrap(),
            title: "Làm bù".into(),
            source: "thông báo".into(),
            spans: vec![],
        }],
    })
    .unwrap()
}

fn sample_policy() -> ClockPolicy {
    ClockPolicy {
        name: "policies/a".into(),
        version: "1".into(),
        title: "Chính sách".into(),
        valid_from: "2026-01-01".parse().unwrap(),
        valid_to: None,
        minutes_per_working_day: 480,
        halving: Some(Halving {
            minimum_working_days: 2,
            factor: Fraction { numerator: 1, denominator: 2 },
            units: vec![LimitUnit::WorkingDays, LimitUnit::CalendarDays],
            source: "tỉnh".into(),
        }),
        unshortened: "chưa rõ mức độ".into(),
        supplement_regime: SupplementRegime::Restart,
        supplement_days: 30,
        same_day_cut_off_minute: 900,
        online_notice_minutes: 480,
        other_notice_minutes: 480,
        sources: RuleSources {
            limit: "a".into(),
            start: "b".into(),
            working_day: "c".into(),
            calendar_day: "d".into(),
            month: "e".into(),
            ends_on_day_off: "f".into(),
            same_day: "g".into(),
            supplement: "h".into(),
            payment: "i".into(),
            withdrawal: "k".into(),
            extension: "l".into(),
            notice: "m".into(),
        },
    }
}

use chrono::Weekday;

#[test]
fn data_comes_back_as_it_went() {
    let (cal, pol) = (sample_calendar(), sample_policy());
    assert_eq!(calendar(&calendar_message(&cal)).unwrap(), cal);
    assert_eq!(policy(&policy_message(&pol)).unwrap(), pol);
    for unit in [
        LimitUnit::WorkingDays,
        LimitUnit::CalendarDays,
        LimitUnit::WorkingHours,
        LimitUnit::Months,
        LimitUnit::SameDay,
    ] {
        let given = TimeLimit::new(3, unit);
        assert_eq!(limit(&limit_message(given, "x")), Some(given));
    }
    assert_eq!(limit(&proto::TimeLimit::default()), None);
}

#[test]
fn the_record_and_its_rows_come_back_as_they_went() {
    let (cal, pol) = (sample_calendar(), sample_policy());
    let terms = Terms {
        limit: TimeLimit::new(5, LimitUnit::WorkingDays),
        limit_source: String::new(),
        filed_online: true,
        regime: SupplementRegime::Shift,
    };
    let acts = [
        Act::Started { at: at("2026-11-20T03:00:00Z") },
        Act::Paused { at: at("2026-11-20T08:00:00Z"), why: Pause::Supplement },
        Act::Resumed { at: at("2026-11-23T08:00:00Z"), why: Pause::Supplement },
        Act::Extended { at: at("2026-11-25T01:00:00Z"), until: at("2026-12-01T10:00:00Z") },
        Act::Ended { at: at("2026-11-27T01:00:00Z") },
    ];
    for given in &acts {
        assert_eq!(act(&act_message(given)), Some(*given));
    }
    let explained = Clock::new(&cal, &pol, &terms, &acts).unwrap().explain();
    let sent = due_message(&explained);
    assert_eq!(rows(&sent.rows), explained.promised);
    assert_eq!(rows(&sent.legal_rows), explained.legal);
    assert_eq!(sent.promised_due_time.as_ref().and_then(instant), Some(explained.due.promised));
}

#[test]
fn what_is_wrong_is_said_at_once() {
    let mut message = calendar_message(&sample_calendar());
    message.valid_from = "hôm nay".into();
    message.office_hours[0].weekday = 0;
    message.days_off[0].date = "2026-13-01".into();
    let fault = calendar(&message).unwrap_err();
    assert_eq!(fault.violations().len(), 3);

    let mut message = policy_message(&sample_policy());
    message.minutes_per_working_day = -1;
    message.sources = None;
    assert!(policy(&message).unwrap_err().violations().len() > 12);
}
