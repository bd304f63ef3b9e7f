//! SWIFT's MT940, with the envelope of its blocks or without.
//!
//! Crates for it take SWIFT's character set alone, and Vietnamese banks write other signs too
//! into memos.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use motcua_vn::Vnd;

use super::{BadStatement, Draft, Entry, Form, Statement, Wrong, forms};

const FORM: &str = "MT940";
/// The tags there are; what only looks like one belongs to the memo in which it stands.
const TAGS: [&str; 17] = [
    "13", "13D", "20", "21", "25", "25P", "28", "28C", "34F", "60F", "60M", "61", "62F", "62M",
    "64", "65", "86",
];
/// Who pays and what for, of a memo that is cut into fields; the words for the end, as what
/// is looked for is cut off at the end.
const PARTS: [&[RangeInclusive<u8>]; 2] = [&[32..=33], &[20..=29, 60..=63]];

pub(super) fn read(text: &str) -> Result<Statement, BadStatement> {
    let mut reader = Reader::default();
    let mut field: Option<Field<'_>> = None;
    for (line, text) in (1..).zip(text.split('\n')) {
        let text = text.trim_end_matches('\r');
        let text = match text.split_once("{4:") {
            Some((_, inside)) if reader.stage == Stage::Outside && field.is_none() => inside,
            _ => text,
        };
        let end = text == "-" || text.starts_with("-}");
        if let Some((tag, rest)) = tag(text) {
            reader.take_some(field.take())?;
            field = Some(Field { tag, line, lines: vec![rest] });
        } else if end {
            reader.take_some(field.take())?;
            reader.end(line)?;
        } else if let Some(field) = &mut field {
            field.lines.push(text);
        }
    }
    reader.take_some(field)?;
    reader.end(text.split('\n').count())?;
    if reader.draft.parts == 0 {
        return Err(Wrong::Malformed(FORM).whole());
    }
    reader.draft.finish(Form::Mt940)
}

/// `61` and what follows it, of a line that begins with `:61:`.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    TAGS.contains(&tag).then_some((tag, rest))
}

struct Field<'a> {
    tag: &'a str,
    line: usize,
    lines: Vec<&'a str>,
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    stage: Stage,
}

/// How far a message was read.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Outside,
    /// Before its first balance.
    Begun,
    /// Behind that balance.
    Open,
    /// Behind an entry, to which a memo belongs.
    Booked,
    /// Behind its last balance.
    Closed,
}

impl Reader {
    fn take_some(&mut self, field: Option<Field<'_>>) -> Result<(), BadStatement> {
        let Some(field) = field else { return Ok(()) };
        let (line, item) = (field.line, format!(":{}:", field.tag));
        self.take(&field).map_err(|wrong| wrong.at(line, item))
    }

    fn take(&mut self, field: &Field<'_>) -> Result<(), Wrong> {
        let first = field.lines.first().copied().unwrap_or_default();
        match (field.tag, self.stage) {
            // Where no `-` ends the message before.
            ("20", _) => {
                self.whole()?;
                self.stage = Stage::Begun;
            }
            (_, Stage::Outside) => return Err(Wrong::Malformed(FORM)),
            ("25" | "25P", _) => self.draft.account(account(first))?,
            ("60F" | "60M", Stage::Begun) => {
                self.draft.open(Some(balance(first)?.1))?;
                self.stage = Stage::Open;
            }
            ("61", Stage::Open | Stage::Booked) => {
                self.draft.push(entry(field)?)?;
                self.stage = Stage::Booked;
            }
            ("86", Stage::Booked) => self.draft.more(&memo(&field.lines)),
            ("62F" | "62M", Stage::Open | Stage::Booked) => {
                let (day, amount) = balance(first)?;
                self.draft.close(Some(amount), Some(day));
                self.stage = Stage::Closed;
            }
            ("60F" | "60M" | "61" | "62F" | "62M", _) => return Err(Wrong::Malformed(FORM)),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, line: usize) -> Result<(), BadStatement> {
        self.whole().map_err(|wrong| wrong.at(line, ""))?;
        self.stage = Stage::Outside;
        Ok(())
    }

    fn whole(&self) -> Result<(), Wrong> {
        match self.stage {
            Stage::Outside | Stage::Closed => Ok(()),
            _ => Err(Wrong::Missing("số dư cuối (:62F:)")),
        }
    }
}

/// The number alone, of what may have the bank before it and the currency behind it.
fn account(text: &str) -> &str {
    let number = text.rsplit('/').next().unwrap_or(text).trim();
    number.strip_suffix("VND").filter(|rest| !rest.is_empty()).unwrap_or(number).trim()
}

/// `C261121VND1250000,`: what was there, and since when.
fn balance(text: &str) -> Result<(NaiveDate, Vnd), Wrong> {
    let (credited, rest) = match text.split_at_checked(1) {
        Some(("C", rest)) => (true, rest),
        Some(("D", rest)) => (false, rest),
        _ => return Err(Wrong::Mark),
    };
    let (day, rest) = day(rest).ok_or(Wrong::Date)?;
    let (currency, amount) = rest.split_at_checked(3).ok_or(Wrong::Currency)?;
    if currency != "VND" {
        return Err(Wrong::Currency);
    }
    let amount = forms::plain_dong(amount.trim_end(), ',').ok_or(Wrong::Amount)?;
    Ok((day, forms::signed(amount, credited)))
}

/// `2611211121CD50000,NTRFNONREF//FT2632501`: the day of its worth and of its booking, the
/// mark, the amount, the kind, the payer's reference and the bank's.
fn entry(field: &Field<'_>) -> Result<Entry, Wrong> {
    let (first, more) = field.lines.split_first().ok_or(Wrong::Malformed(FORM))?;
    let (worth, rest) = day(first).ok_or(Wrong::Date)?;
    let (booked, rest) = match rest.split_at_checked(4) {
        Some((digits, rest)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            (beside(worth, digits).ok_or(Wrong::Date)?, rest)
        }
        _ => (worth, rest),
    };
    let (reversal, rest) = rest.strip_prefix('R').map_or((false, rest), |rest| (true, rest));
    let credited = match rest.split_at_checked(1) {
        // What takes back a debit credits.
        Some(("C", _)) => !reversal,
        Some(("D", _)) => reversal,
        _ => return Err(Wrong::Mark),
    };
    // Behind the mark there may be a letter of the currency.
    let rest = &rest[1..];
    let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (amount, rest) = rest.split_at(end);
    let amount = forms::plain_dong(amount, ',').ok_or(Wrong::Amount)?;
    let references = rest.get(4..).ok_or(Wrong::Malformed(FORM))?;
    let (customers, banks) = references.split_once("//").unwrap_or((references, ""));
    let customers = if customers.trim() == "NONREF" { "" } else { customers };
    Ok(Entry {
        booked,
        at: None,
        amount: forms::signed(amount, credited),
        reversal,
        memo: format!("{customers} {}", more.join(" ")),
        bank_reference: banks.to_owned(),
        line: field.line,
    })
}

/// `261121`, and what follows it.
fn day(text: &str) -> Option<(NaiveDate, &str)> {
    let (digits, rest) = text.split_at_checked(6)?;
    Some((ymd(2000 + number(digits, 0)?, digits.get(2..)?)?, rest))
}

/// `1121` in the year in which it is nearest to the other day.
fn beside(day: NaiveDate, digits: &str) -> Option<NaiveDate> {
    let years = [day.year(), day.year() - 1, day.year() + 1];
    let days = years.into_iter().filter_map(|year| ymd(year, digits));
    days.min_by_key(|other| (*other - day).num_days().abs())
}

fn ymd(year: i32, month_and_day: &str) -> Option<NaiveDate> {
    let part = |at| number(month_and_day, at)?.try_into().ok();
    NaiveDate::from_ymd_opt(year, part(0)?, part(2)?).filter(forms::is_sound)
}

/// Two digits.
fn number(text: &str, at: usize) -> Option<i32> {
    text.get(at..at + 2).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

/// The words of a memo, whether it is cut into fields (`166?00GUTSCHRIFT?20Le phi?32AN`).
fn memo(lines: &[&str]) -> String {
    let whole = lines.concat();
    let fields: Vec<(u8, &str)> = whole.split('?').skip(1).filter_map(subfield).collect();
    let code = whole.split('?').next().unwrap_or_default();
    if fields.is_empty() || code.len() > 3 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return lines.join(" ");
    }
    let of = |ranges: &&[RangeInclusive<u8>]| {
        let is = |(number, text): &(u8, &'_ str)| {
            ranges.iter().any(|range| range.contains(number)).then(|| (*text).to_owned())
        };
        fields.iter().filter_map(is).collect::<Vec<_>>()
    };
    let words: Vec<String> = PARTS.iter().flat_map(of).collect();
    if words.is_empty() { lines.join(" ") } else { words.join(" ") }
}

fn subfield(text: &str) -> Option<(u8, &str)> {
    let (number, text) = text.split_at_checked(2)?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some((number.parse().ok()?, text))
}
