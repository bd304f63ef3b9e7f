//! Tables: from the bytes of a CSV file or a workbook to lines of cells.

use std::collections::BTreeMap;

use calamine::Data;
use motcua_vn::text::tidy;

use super::{
    cells::{Line, column, columns},
    read::{Row, Unreadable},
    table, workbook,
};

/// What stands between cells; spreadsheet programs set to Vietnamese write `;`.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The national catalog has some hundred thousand.
const MOST_LINES: usize = 200_000;
/// Cells of one line that are looked at: more than there are columns.
const MOST_CELLS: usize = 256;

pub(super) fn csv(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Unreadable("Tệp không phải văn bản UTF-8: hãy lưu lại theo kiểu «CSV UTF-8».".to_owned())
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable("Tệp không phải CSV đúng.".to_owned()))?;
        let at = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
        if table.len() > MOST_LINES {
            return Err(too_long());
        }
        table.push((at, record.iter().take(MOST_CELLS).map(tidy).collect()));
    }
    lines(table).map(table::procedures)
}

fn too_long() -> Unreadable {
    Unreadable(format!("Bảng có quá {MOST_LINES} dòng, vui lòng chia ra."))
}

/// The one that cuts the headings into the most cells.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let cuts = |delimiter: &u8| head.bytes().filter(|b| b == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(cuts).unwrap_or(b',')
}

pub(super) fn xlsx(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let sheet = workbook::first_sheet(bytes)?;
    let head = sheet.values().next();
    let is_number = |(_, head): &(&u32, &Data)| column(&head.to_string()) == Some("number");
    let number = head.and_then(|head| head.iter().find(is_number)).map(|(at, _)| *at);
    let width = head.and_then(|head| head.keys().next_back()).map_or(0, |last| last + 1);
    let text = |row: &BTreeMap<u32, Data>, at| {
        row.get(&at).map(|data| cell(data, number == Some(at))).unwrap_or_default()
    };
    let cells = |row: &BTreeMap<u32, Data>| (0..width).map(|at| text(row, at)).collect();
    lines(sheet.iter().map(|(at, row)| (*at as usize + 1, cells(row))).collect())
        .map(table::procedures)
}

/// A workbook takes `1.013230` for a number and keeps 1.01323: six digits of
/// order are given back to it. Any other number stays as it is shown.
fn cell(data: &Data, procedure: bool) -> String {
    match data {
        Data::Float(number) if procedure => format!("{number:.6}"),
        data => tidy(&data.to_string()),
    }
}

/// The lines below the headings; empty ones are passed over.
fn lines(table: Vec<(usize, Vec<String>)>) -> Result<Vec<Line>, Unreadable> {
    let mut rows = table.into_iter();
    let (_, head) = rows.next().ok_or_else(|| Unreadable("Bảng trống.".to_owned()))?;
    let known: Vec<Option<&'static str>> = head.iter().map(|heading| column(heading)).collect();
    for (heading, column) in head.iter().zip(&known) {
        if column.is_none() && !heading.is_empty() {
            let columns = columns();
            return Err(Unreadable(format!("Cột «{heading}» không có trong: {columns}.")));
        }
    }
    for needed in ["number", "kind"] {
        if !known.contains(&Some(needed)) {
            return Err(Unreadable(format!("Bảng thiếu cột {needed}.")));
        }
    }
    let line = |(at, values): (usize, Vec<String>)| {
        let cells = known.iter().zip(values);
        let cells: BTreeMap<_, _> = cells
            .filter_map(|(column, value)| Some(((*column)?, value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        (!cells.is_empty()).then_some(Line { at, cells })
    };
    let lines: Vec<_> = rows.filter_map(line).collect();
    if lines.len() > MOST_LINES {
        return Err(too_long());
    }
    if lines.is_empty() {
        return Err(Unreadable("Bảng chỉ có dòng tiêu đề.".to_owned()));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_of_the_headings() {
        assert_eq!(delimiter("number,kind;name"), b',');
        assert_eq!(delimiter("number;kind;name"), b';');
        assert_eq!(delimiter("number\tkind"), b'\t');
    }

    #[test]
    fn a_procedures_number_survives_a_spreadsheet() {
        assert_eq!(cell(&Data::Float(1.01323), true), "1.013230");
        assert_eq!(cell(&Data::Float(50_000.0), false), "50000");
        assert_eq!(cell(&Data::String(" 1.013230 ".into()), true), "1.013230");
    }
}
