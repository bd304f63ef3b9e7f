//! Amounts, days and words as banks write them.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use motcua_vn::{
    Vnd,
    text::{plain_ascii, tidy},
};

/// Days as tables write them.
const DAYS: [&str; 3] = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"];
const TIMES: [&str; 3] = ["%H:%M:%S", "%H:%M:%S%.f", "%H:%M"];
/// A day outside is a day that was read wrongly.
const YEARS: std::ops::Range<i32> = 2000..2100;

/// Whole đồng, with a sign, with `.` or `,` between thousands, with `,00` or `.00` at the
/// end: `1.250.000`, `-1,250,000.00`, `50000 VND`.
pub(super) fn dong(text: &str) -> Option<Vnd> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (negative, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let units = ["VND", "VNĐ", "vnd", "đ", "₫"];
    let text = units.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
    let whole = match text.len().checked_sub(3).and_then(|at| text.split_at_checked(at)) {
        Some((whole, ",00")) if !whole.contains(',') => whole,
        Some((whole, ".00")) if !whole.contains('.') => whole,
        _ => text,
    };
    if whole.contains(',') && whole.contains('.') {
        return None;
    }
    let mut groups = whole.split([',', '.']);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        // `0.500` and `1250.000` are no thousands.
        if group.len() != 3 || first.len() > 3 || first.starts_with('0') {
            return None;
        }
        digits += group;
    }
    number(&digits, negative)
}

/// Whole đồng after a decimal comma or point, without marks between thousands: `50000,`,
/// `50000,00`, `50000.0`.
pub(super) fn plain_dong(text: &str, point: char) -> Option<Vnd> {
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    fraction.bytes().all(|b| b == b'0').then(|| number(whole, false)).flatten()
}

fn number(digits: &str, negative: bool) -> Option<Vnd> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let dong: i64 = digits.parse().ok()?;
    Some(Vnd::new(if negative { -dong } else { dong }))
}

/// The amount as it changes the account.
pub(super) fn signed(amount: Vnd, credited: bool) -> Vnd {
    if credited { amount } else { Vnd::new(-amount.dong()) }
}

pub(super) fn is_dong(currency: &str) -> bool {
    ["VND", "704", "DONG"].contains(&plain_ascii(currency.trim()).to_ascii_uppercase().as_str())
}

/// A day and perhaps a time of it: `21/11/2026 08:31:55`.
pub(super) fn moment(text: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let text = text.trim();
    let (day, rest) = text.split_once([' ', 'T', '\n']).unwrap_or((text, ""));
    let in_form = |form: &&str| NaiveDate::parse_from_str(day, form).ok().filter(is_sound);
    let day = DAYS.iter().find_map(in_form)?;
    if rest.trim().is_empty() {
        return Some((day, None));
    }
    Some((day, Some(time(rest)?)))
}

/// A time of a day, to the second.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let in_form = |form: &&str| NaiveTime::parse_from_str(text.trim(), form).ok();
    TIMES.iter().find_map(in_form)?.with_nanosecond(0)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as filters ask")]
pub(super) fn is_sound(day: &NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

/// Counts the lines of a text that is read from its beginning.
pub(super) struct Lines<'a> {
    text: &'a str,
    octets: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, octets: 0, line: 1 }
    }

    /// The line, from 1, of an octet that does not stand before the one asked for last.
    pub(super) fn at(&mut self, octets: u64) -> usize {
        let octets = usize::try_from(octets).unwrap_or(usize::MAX);
        let passed = self.text.get(self.octets..octets).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.octets = self.octets.max(octets);
        self.line
    }
}

/// Words on one line, at most so many characters of them.
pub(super) fn words(text: &str, most: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    tidy(&text).chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_thousands_and_no_fractions() {
        for (text, dong) in [
            ("50000", 50_000),
            ("50.000", 50_000),
            ("50,000", 50_000),
            ("1.250.000,00", 1_250_000),
            ("1,250,000.00", 1_250_000),
            ("-1,250,000.00", -1_250_000),
            ("+ 1 250 000", 1_250_000),
            ("500,00", 500),
            ("500.00", 500),
            ("50.000 VND", 50_000),
            ("50.000đ", 50_000),
            ("0", 0),
            ("0,00", 0),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(super::dong(text), Some(Vnd::new(dong)), "{text}");
        }
        for text in [
            "",
            "-",
            "abc",
            "1.5",
            "0.500",
            "1,000.5",
            "1,000.50",
            "1.000.00",
            "1,000,00",
            ".00",
            "1250.000",
            "1.00.000",
            "1.000,000",
            "1..000",
            "12.34.567",
            "1e5",
            "--5",
            "٥٠",
            "9223372036854775808",
        ] {
            assert_eq!(super::dong(text), None, "{text}");
        }
        assert_eq!(plain_dong("50000,", ','), Some(Vnd::new(50_000)));
        assert_eq!(plain_dong("50000,00", ','), Some(Vnd::new(50_000)));
        for text in ["", ",", "50000,5", "50.000,", "5,00,0", "-5,"] {
            assert_eq!(plain_dong(text, ','), None, "{text}");
        }
    }

    #[test]
    fn days_are_those_of_viet_nam() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let at = NaiveTime::from_hms_opt(8, 31, 5).unwrap();
        for (text, read) in [
            ("02/11/2026", (day, None)),
            ("2/11/2026", (day, None)),
            ("2026-11-02", (day, None)),
            ("02-11-2026", (day, None)),
            ("02/11/2026 08:31:05", (day, Some(at))),
            ("2026-11-02T08:31:05.999", (day, Some(at))),
            ("02-11-2026\n08:31", (day, NaiveTime::from_hms_opt(8, 31, 0))),
        ] {
            assert_eq!(moment(text), Some(read), "{text}");
        }
        for text in ["", "31/02/2026", "11/21/2026", "02/11/26", "02.11.2026", "02/11/2026 25:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
