//! The explanation: what each line says and rests on.

use motcua_vn::{
    Act, Clock, ClockPolicy, ClockRow,
    LimitUnit::{CalendarDays, SameDay, WorkingDays},
    RowKind, Terms,
};

use crate::support::{
    CALENDAR, POLICY, asked, calendar_with, extended, online, restarting, started, supplied, terms,
    text,
};

fn rows(terms: &Terms, acts: &[Act]) -> Vec<ClockRow> {
    Clock::new(&CALENDAR, &POLICY, terms, acts).unwrap().explain().promised
}

fn kinds(rows: &[ClockRow]) -> Vec<RowKind> {
    rows.iter().map(|row| row.kind).collect()
}

#[test]
fn a_limit_over_a_holiday_is_told_line_by_line() {
    let rows = rows(&terms(3, WorkingDays), &[started("2025-08-29 17:30")]);
    let lines: Vec<_> = rows.iter().map(|r| (r.text.as_str(), r.source.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("Thời hạn giải quyết: 03 ngày làm việc.", "căn cứ: limit; căn cứ: working_day"),
            (
                "Tiếp nhận lúc 17:30 ngày 29/08/2025, ngoài giờ làm việc; bắt đầu tính từ 07:00 ngày 03/09/2025.",
                "căn cứ: start"
            ),
            (
                "Tính 3 ngày làm việc, từ 07:00 ngày 03/09/2025 đến 17:00 ngày 05/09/2025.",
                "Giờ làm việc: quyết định của tỉnh"
            ),
        ]
    );
}

#[test]
fn days_off_within_the_count_are_lines_of_their_own() {
    let rows = rows(&terms(2, WorkingDays), &[started("2025-08-29 15:00")]);
    assert_eq!(
        kinds(&rows),
        [
            RowKind::Limit,
            RowKind::Counted,
            RowKind::WeeklyRest,
            RowKind::DayOff,
            RowKind::DayOff,
            RowKind::Counted
        ]
    );
    assert_eq!(rows[2].text, "Nghỉ hằng tuần, từ ngày 30/08/2025 đến ngày 31/08/2025: không tính.");
    assert_eq!(rows[4].text, "Quốc khánh, ngày 02/09/2025: không tính.");
    assert_eq!(rows[4].source, "Bộ luật Lao động 45/2019/QH14, Điều 112");
    assert_eq!(rows[5].counted_minutes + rows[1].counted_minutes, 960);
}

#[test]
fn a_make_up_day_is_told_with_its_source() {
    let rows = rows(&terms(1, WorkingDays), &[started("2025-04-25 15:30")]);
    assert_eq!(kinds(&rows), [RowKind::Limit, RowKind::Counted, RowKind::MakeUp]);
    assert!(rows[2].source.contains("8726/VPCP-KGVX"));
    assert_eq!(rows[2].counted_minutes, 390);
}

#[test]
fn halving_cites_the_province() {
    let explained =
        Clock::new(&CALENDAR, &POLICY, &online(10, WorkingDays), &[started("2025-08-20 09:15")])
            .unwrap()
            .explain();
    assert_eq!(explained.promised[1].kind, RowKind::Halving);
    assert_eq!(
        explained.promised[1].text,
        "Nộp trực tuyến: thời hạn còn 1/2, tức 5 ngày làm việc."
    );
    assert_eq!(explained.promised[1].source, "chính sách của tỉnh");
    assert!(explained.legal.iter().all(|row| row.kind != RowKind::Halving));
}

#[test]
fn the_procedures_own_text_is_cited_for_its_limit() {
    let own =
        Terms { limit_source: "Quyết định 163/QĐ-BTP".into(), ..terms(5, CalendarDays) };
    let rows = rows(&own, &[started("2025-08-20 09:15")]);
    assert_eq!(rows[0].source, "Quyết định 163/QĐ-BTP; căn cứ: calendar_day");
}

#[test]
fn pauses_and_restarts_are_lines() {
    let acts =
        [started("2025-08-20 09:15"), asked("2025-08-21 09:15"), supplied("2025-08-26 14:00")];
    let shifted = rows(&terms(5, WorkingDays), &acts);
    let pause = shifted.iter().find(|row| row.kind == RowKind::Pause).unwrap();
    assert_eq!(
        pause.text,
        "Tạm dừng tính thời hạn, chờ bổ sung hồ sơ: từ 09:15 ngày 21/08/2025 đến 14:00 ngày 26/08/2025."
    );
    assert_eq!(pause.source, "căn cứ: supplement");
    let anew = rows(&restarting(5, WorkingDays), &acts);
    let restart = anew.iter().find(|row| row.kind == RowKind::Restart).unwrap();
    assert_eq!(restart.counted_minutes, -480);
}

#[test]
fn an_open_pause_has_no_end() {
    let acts = [started("2025-08-20 09:15"), asked("2025-08-21 09:15")];
    let rows = rows(&terms(5, WorkingDays), &acts);
    assert_eq!(rows.last().map(|row| (row.kind, row.until)), Some((RowKind::Pause, None)));
}

#[test]
fn a_day_that_was_moved_says_from_where() {
    let rows = rows(&terms(12, CalendarDays), &[started("2025-08-20 09:15")]);
    assert_eq!(
        kinds(&rows),
        [RowKind::Limit, RowKind::Counted, RowKind::DayOff, RowKind::DayOff, RowKind::Moved]
    );
    assert_eq!(
        rows[4].text,
        "Ngày cuối rơi vào ngày nghỉ (Thứ Hai 01/09/2025): thời hạn kết thúc lúc 17:00 ngày 03/09/2025."
    );
    assert_eq!(rows[4].source, "căn cứ: ends_on_day_off");
    assert_eq!(rows[1].counted_days, 12);
}

#[test]
fn the_cut_off_is_told() {
    let rows = rows(&terms(1, SameDay), &[started("2025-08-20 15:30")]);
    assert_eq!(kinds(&rows), [RowKind::Limit, RowKind::Start, RowKind::Counted]);
    assert_eq!(rows[1].text, "Nhận sau 15:00 nên tính vào ngày làm việc tiếp theo, 21/08/2025.");
}

#[test]
fn a_late_apology_shows_the_delay_that_counts_for_nothing() {
    let acts = [started("2025-08-20 09:15"), extended("2025-08-26 09:15", "2025-08-28 09:15")];
    let rows = rows(&terms(3, WorkingDays), &acts);
    let late = rows.iter().find(|row| row.kind == RowKind::Overdue).unwrap();
    assert_eq!(late.text, "Đã quá hạn 1 ngày làm việc; không tính.");
    assert_eq!(text(rows.last().unwrap().until.unwrap()), "2025-08-28 09:15");
}

#[test]
fn a_due_time_past_the_data_says_so() {
    let rows = rows(&terms(5, WorkingDays), &[started("2027-12-29 08:00")]);
    assert_eq!(rows.last().unwrap().kind, RowKind::Provisional);
}

#[test]
fn a_provisional_day_off_is_told_and_so_is_the_due_time() {
    let calendar = calendar_with(|data| {
        for day in &mut data.days_off {
            day.provisional = day.date == "2027-02-04".parse().unwrap();
        }
    });
    let terms = terms(2, WorkingDays);
    let acts = [started("2027-02-03 08:00")];
    let rows = Clock::new(&calendar, &POLICY, &terms, &acts).unwrap().explain().promised;
    let off: Vec<_> = rows.iter().filter(|row| row.kind == RowKind::DayOff).collect();
    assert!(off[0].text.ends_with("ngày 04/02/2027: không tính (chờ thông báo chính thức)."));
    assert!(off[1..].iter().all(|row| row.text.ends_with(": không tính.")));
    let last = rows.last().unwrap();
    assert_eq!(last.kind, RowKind::Provisional);
    assert_eq!(
        last.text,
        "Có ngày nghỉ đang chờ thông báo chính thức; thời điểm hẹn còn tạm tính."
    );
}

#[test]
fn why_online_filing_is_not_shortened_is_told() {
    let why = "Chưa rõ mức độ dịch vụ.";
    let policy = ClockPolicy { halving: None, unshortened: why.into(), ..POLICY.clone() };
    let acts = [started("2025-08-20 09:15")];
    let told = |terms: &Terms| {
        let explained = Clock::new(&CALENDAR, &policy, terms, &acts).unwrap().explain();
        explained.promised.iter().any(|row| {
            row.text == "Nộp trực tuyến: thời hạn không rút ngắn. Chưa rõ mức độ dịch vụ."
        })
    };
    assert!(told(&online(10, WorkingDays)));
    assert!(!told(&terms(10, WorkingDays)), "filed at a desk");
}

#[test]
fn removing_a_holiday_changes_the_result_and_the_lines() {
    let without = calendar_with(|data| data.days_off.retain(|d| d.title != "Quốc khánh"));
    let terms = terms(2, WorkingDays);
    let acts = [started("2025-08-29 15:00")];
    let before = Clock::new(&CALENDAR, &POLICY, &terms, &acts).unwrap();
    let after = Clock::new(&without, &POLICY, &terms, &acts).unwrap();
    assert_eq!(text(before.due().promised), "2025-09-04 15:00");
    assert_eq!(text(after.due().promised), "2025-09-03 15:00");
    assert!(after.explain().promised.iter().all(|row| !row.text.starts_with("Quốc khánh,")));
}

#[test]
fn a_pause_on_the_day_it_was_moved_to_leaves_no_gap() {
    // The tenth day is Saturday 30/8/2025; after the holidays comes Wednesday 3/9.
    let acts =
        [started("2025-08-20 09:15"), asked("2025-09-03 08:00"), supplied("2025-09-04 08:00")];
    let rows = rows(&terms(10, CalendarDays), &acts);
    assert_eq!(kinds(&rows), [RowKind::Limit, RowKind::Counted, RowKind::Pause, RowKind::Counted]);
    assert_eq!(rows[1].until, Some(rows[2].from));
    assert_eq!(text(rows[3].until.unwrap()), "2025-09-04 17:00");
}
