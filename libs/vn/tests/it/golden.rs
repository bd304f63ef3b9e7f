//! Receptions and appointments worked out by hand.

use motcua_vn::LimitUnit::{CalendarDays, Months, SameDay, WorkingDays, WorkingHours};

use crate::support::{online, promised, started, terms};

#[test]
fn working_days_are_counted_in_office_minutes() {
    for (received, days, due) in [
        ("2025-08-20 09:15", 3, "2025-08-25 09:15"),
        // After closing on Friday, and on Saturday: from Monday morning.
        ("2025-08-22 17:30", 1, "2025-08-25 17:00"),
        ("2025-08-23 10:00", 1, "2025-08-25 17:00"),
        // Saturday 26/4/2025 is a make-up day.
        ("2025-04-25 15:30", 1, "2025-04-26 15:30"),
        ("2025-08-20 06:10", 1, "2025-08-20 17:00"),
        // At noon and at closing the office is closed already.
        ("2025-08-20 11:30", 1, "2025-08-21 11:30"),
        ("2025-08-20 17:00", 1, "2025-08-21 17:00"),
        // Over the National Day, 1 and 2 September 2025.
        ("2025-08-29 14:00", 1, "2025-09-03 14:00"),
        // Eve of Tết 2026: Friday 13/2 to Monday 23/2.
        ("2026-02-13 16:00", 2, "2026-02-24 16:00"),
        // 24/11/2026 is a public holiday.
        ("2026-11-23 10:00", 1, "2026-11-25 10:00"),
        // Over the make-up morning of three hours.
        ("2027-03-05 17:30", 1, "2027-03-08 14:00"),
    ] {
        assert_eq!(promised(&terms(days, WorkingDays), &[started(received)]), due, "{received}");
    }
}

#[test]
fn a_sum_that_lands_on_a_closing_stays_there() {
    for (received, hours, due) in [
        ("2025-08-20 09:30", 2, "2025-08-20 11:30"),
        ("2025-08-20 15:00", 2, "2025-08-20 17:00"),
        ("2025-08-20 10:00", 2, "2025-08-20 14:00"),
        ("2025-08-20 12:15", 1, "2025-08-20 14:30"),
    ] {
        assert_eq!(promised(&terms(hours, WorkingHours), &[started(received)]), due, "{received}");
    }
}

#[test]
fn calendar_days_leave_out_the_day_of_receipt_and_end_on_a_working_day() {
    for (received, days, due) in [
        ("2025-08-20 09:15", 5, "2025-08-25 17:00"),
        // Ends on Saturday 23/8: on Monday.
        ("2025-08-20 09:15", 3, "2025-08-25 17:00"),
        // Ends on the National Day: on the day after it.
        ("2025-08-20 09:15", 12, "2025-09-03 17:00"),
        // Received after closing: the next morning is the receipt.
        ("2025-08-20 17:05", 5, "2025-08-26 17:00"),
        // Ends on the make-up Saturday itself.
        ("2025-04-21 08:00", 5, "2025-04-26 17:00"),
        // Ends within Tết.
        ("2026-02-10 08:00", 8, "2026-02-23 17:00"),
        // Ends on the make-up morning, which closes at 11:00.
        ("2027-03-01 08:00", 5, "2027-03-06 11:00"),
    ] {
        assert_eq!(promised(&terms(days, CalendarDays), &[started(received)]), due, "{received}");
    }
}

#[test]
fn months_end_on_the_same_day_number_or_the_last_of_the_month() {
    for (received, months, due) in [
        // 31/1/2026 is a Saturday: the receipt is Monday 2/2.
        ("2025-08-20 09:15", 1, "2025-09-22 17:00"),
        ("2025-01-23 09:15", 1, "2025-02-24 17:00"),
        ("2026-01-31 09:15", 1, "2026-03-02 17:00"),
        ("2026-03-31 09:15", 1, "2026-05-04 17:00"),
        ("2025-11-28 09:15", 3, "2026-03-02 17:00"),
    ] {
        assert_eq!(promised(&terms(months, Months), &[started(received)]), due, "{received}");
    }
}

#[test]
fn same_day_means_by_the_close_of_a_day_with_the_cut_off_at_three() {
    for (received, due) in [
        ("2025-08-20 06:00", "2025-08-20 17:00"),
        ("2025-08-20 14:59", "2025-08-20 17:00"),
        ("2025-08-20 15:00", "2025-08-20 17:00"),
        ("2025-08-20 15:01", "2025-08-21 17:00"),
        ("2025-08-20 18:00", "2025-08-21 17:00"),
        ("2025-08-22 15:30", "2025-08-25 17:00"),
        ("2025-08-23 08:00", "2025-08-25 17:00"),
        ("2025-08-29 16:00", "2025-09-03 17:00"),
        ("2027-03-06 09:00", "2027-03-06 11:00"),
    ] {
        assert_eq!(promised(&terms(1, SameDay), &[started(received)]), due, "{received}");
    }
}

#[test]
fn online_filing_halves_limits_of_two_days_and_more() {
    for (received, limit, due) in [
        // One working day is left alone.
        ("2025-08-20 09:15", online(1, WorkingDays), "2025-08-21 09:15"),
        ("2025-08-20 09:15", online(2, WorkingDays), "2025-08-21 09:15"),
        ("2025-08-20 09:15", online(3, WorkingDays), "2025-08-21 15:15"),
        ("2025-08-20 09:15", online(10, WorkingDays), "2025-08-27 09:15"),
        ("2025-08-20 09:15", online(15, WorkingHours), "2025-08-22 08:15"),
        ("2025-08-20 09:15", online(17, WorkingHours), "2025-08-21 09:45"),
        // Whole days, rounded up.
        ("2025-08-20 09:15", online(15, CalendarDays), "2025-08-28 17:00"),
        ("2025-08-20 09:15", online(1, CalendarDays), "2025-08-21 17:00"),
        // 20/8 to 20/9 is 31 days: 16 of them.
        ("2025-08-20 09:15", online(1, Months), "2025-09-05 17:00"),
        ("2025-08-20 09:15", online(1, SameDay), "2025-08-20 17:00"),
    ] {
        assert_eq!(promised(&limit, &[started(received)]), due, "{:?}", limit.limit);
    }
}
