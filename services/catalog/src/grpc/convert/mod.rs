//! Contract and domain, both ways. Everything wrong with a request is noted,
//! each with its path, and answered at once.

mod case;
mod clock;
mod content;
mod find;
mod import;
mod mask;
mod place;
mod procedure;
mod process;
mod words;

use chrono::NaiveDate;
use motcua_fault::{Fault, Violations};
use motcua_ids::BadName;

pub(super) use clock::{calendar, calendar_draft, policy, policy_draft, rules};
pub(super) use content::content as read_content;
pub(super) use find::{wanted, wanted_agencies};
pub(super) use import::{instructions, report};
pub(super) use mask::{merge_agency, merge_content, merge_desk, merge_field};
pub(super) use place::{agency, desk, field, new_agency, new_desk, new_field};
pub(super) use procedure::{findings, hit, number, procedure, version, version_without_content};

/// An id by its resource name.
pub(super) fn id<T>(
    field: &str,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, BadName>,
) -> Result<T, Fault> {
    let mut bad = Violations::default();
    let id = need_id(&mut bad, field, name, read);
    bad.finish()?;
    id.ok_or_else(|| Fault::not_found(field))
}

/// An id that may be left out.
pub(super) fn maybe_id<T>(
    field: &str,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, BadName>,
) -> Result<Option<T>, Fault> {
    if name.is_empty() { Ok(None) } else { id(field, name, read).map(Some) }
}

/// A day that may be left out.
pub(super) fn maybe_day(field: &str, text: &str) -> Result<Option<NaiveDate>, Fault> {
    let mut bad = Violations::default();
    let day = open_day(&mut bad, field, text);
    bad.finish().map(|()| day)
}

fn need_id<T>(
    bad: &mut Violations,
    field: &str,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, BadName>,
) -> Option<T> {
    read(name).map_err(|e| bad.add(field, "NAME_INVALID", e.to_string())).ok()
}

fn open_day(bad: &mut Violations, field: &str, text: &str) -> Option<NaiveDate> {
    if text.is_empty() {
        return None;
    }
    let wrong =
        |_| bad.add(field, "DATE_INVALID", "Ngày phải có dạng NNNN-TT-nn, ví dụ 2026-11-24.");
    text.parse().map_err(wrong).ok()
}

/// A text that must be there, tidied and no longer than so many letters.
fn need_text(bad: &mut Violations, field: &str, text: &str, longest: usize) -> String {
    let text = motcua_vn::text::tidy(text);
    if text.is_empty() {
        bad.add(field, "MISSING", "Không được để trống.");
    } else if text.chars().count() > longest {
        bad.add(field, "TOO_LONG", format!("Không quá {longest} ký tự."));
    }
    text
}

/// A text that may be left out.
fn maybe_text(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn or_empty(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn day_text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
