//! How to file: the national database has time rows below a channel, and fees
//! below a time row, where a case has one limit a channel. What does not fit is
//! kept in words, never dropped.

use motcua_vn::{LimitUnit, text::tidy};
use serde_json::Value;

use super::{
    flag, scalar,
    shape::{FeePart, TimePart, WayPart},
};
use crate::{
    app::import::{
        cells::dong,
        document::{FeeDoc, FeeWord, LimitDoc, LimitWord, WayDoc},
        slug::{Names, slug},
    },
    domain::{Channel, FeeKind, Finding},
};

/// The ways of a reply; a channel that is said twice is one with several rows.
pub(super) fn ways(parts: Vec<WayPart>, flags: &mut Vec<Finding>) -> Result<Vec<WayDoc>, String> {
    let mut rows: Vec<(Channel, Vec<TimePart>)> = Vec::new();
    for part in parts {
        let channel = channel(&scalar(&part.kenh))?;
        match rows.iter_mut().find(|(known, _)| *known == channel) {
            Some((_, times)) => times.extend(part.thoigian),
            None => rows.push((channel, part.thoigian)),
        }
    }
    Ok(rows.into_iter().map(|(channel, times)| way(channel, times, flags)).collect())
}

fn channel(code: &str) -> Result<Channel, String> {
    match code {
        "1" => Ok(Channel::Desk),
        "2" => Ok(Channel::Online),
        "3" => Ok(Channel::Post),
        other => Err(format!(
            "KENH «{other}» không có trong danh mục: 1 (trực tiếp), 2 (trực tuyến), 3 (bưu chính)."
        )),
    }
}

fn way(channel: Channel, times: Vec<TimePart>, flags: &mut Vec<Finding>) -> WayDoc {
    let path = format!("ways.{channel}");
    let mut times = times.into_iter();
    let first = times.next();
    let others: Vec<String> = times.map(|time| in_words(&time)).collect();
    if !others.is_empty() {
        let text = "Nguồn ghi nhiều thời hạn cho một kênh; lấy dòng đầu, các dòng khác ở ghi chú.";
        flag(flags, format!("{path}.limit"), "SEVERAL_LIMITS", text);
    }
    let mut notes = Vec::new();
    let (mut limit, mut fees) = (LimitDoc::Word(LimitWord::Unknown), Vec::new());
    if let Some(time) = first {
        let note = said(time.mota);
        match scalar(&time.thoigiangiaiquyet).parse::<u32>() {
            Ok(amount) => {
                let unit = time.donvitinh.as_deref().and_then(unit);
                limit = LimitDoc::Amount { amount, unit, note };
            }
            // A limit in words alone is for a person to read.
            Err(_) => notes.extend(note),
        }
        let mut names = Names::default();
        fees = time.philephi.into_iter().map(|part| fee(part, &path, &mut names, flags)).collect();
    }
    if !others.is_empty() {
        notes.push(format!("Thời hạn khác: {}.", others.join("; ")));
    }
    let note = (!notes.is_empty()).then(|| notes.join(" "));
    WayDoc { channel, limit, fees, online_payment: false, note }
}

/// A time row that found no place, with its fees.
fn in_words(time: &TimePart) -> String {
    let words = |value: &Value, more: [&Option<String>; 2]| {
        let more = more.map(|text| text.as_deref().unwrap_or_default());
        tidy(&format!("{} {}", scalar(value), more.join(" ")))
    };
    let limit = words(&time.thoigiangiaiquyet, [&time.donvitinh, &time.mota]);
    let fees = time.philephi.iter();
    let fees: Vec<_> = fees.map(|fee| words(&fee.sotien, [&fee.donvi, &fee.mota])).collect();
    if fees.is_empty() { limit } else { format!("{limit} (thu {})", fees.join(", ")) }
}

fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn fee(part: FeePart, way: &str, names: &mut Names, flags: &mut Vec<Finding>) -> FeeDoc {
    let (sum, currency) = (scalar(&part.sotien), said(part.donvi).unwrap_or_default());
    let mut note = said(part.mota);
    let name = note.clone().unwrap_or_else(|| "Phí, lệ phí".to_owned());
    let wanted = part.maphilephi.filter(|code| !code.is_empty()).unwrap_or_else(|| slug(&name));
    let code = names.unique(&wanted);
    let amount = dong(&sum).filter(|_| in_dong(&currency));
    let rule = match (amount, &note) {
        (Some(0), _) => FeeWord::Free,
        (Some(_), _) => FeeWord::Fixed,
        (None, None) if sum.is_empty() => FeeWord::Unknown,
        (None, _) => FeeWord::SeeNote,
    };
    if amount.is_none() && !sum.is_empty() {
        let written = format!("{sum} {currency}").trim().to_owned();
        let text = format!("Nguồn ghi «{written}», không phải số đồng: cần người xác định.");
        flag(flags, format!("{way}.fees.{code}.amount_vnd"), "FEE_UNREADABLE", text);
        note = Some(note.map_or_else(|| written.clone(), |note| format!("{note}: {written}")));
    }
    let kind = if name.to_lowercase().starts_with("phí") { FeeKind::Charge } else { FeeKind::Fee };
    FeeDoc { code, name, kind, rule, amount_vnd: amount, table: None, shares: Vec::new(), note }
}

/// Sums abroad are in dollars; nothing written means đồng.
fn in_dong(currency: &str) -> bool {
    matches!(
        motcua_vn::text::searchable(currency).as_str(),
        "" | "d" | "dong" | "vnd" | "viet nam dong" | "dong viet nam"
    )
}

/// The units as the national database writes them.
fn unit(text: &str) -> Option<LimitUnit> {
    match motcua_vn::text::searchable(text).as_str() {
        "ngay lam viec" => Some(LimitUnit::WorkingDays),
        "ngay" => Some(LimitUnit::CalendarDays),
        "gio" | "gio lam viec" => Some(LimitUnit::WorkingHours),
        "thang" => Some(LimitUnit::Months),
        "trong ngay" => Some(LimitUnit::SameDay),
        _ => None,
    }
}
