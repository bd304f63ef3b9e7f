//! A workbook is an archive, which can hold a thousand times what it weighs: it
//! is unpacked once to see that it does not, before anybody believes what it
//! says of itself.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    panic::catch_unwind,
};

use calamine::{Data, Reader, Xlsx};
use zip::ZipArchive;

use super::read::Unreadable;

/// Octets of all parts together. The whole national catalog is a tenth of it.
const UNPACKED: u64 = 64 * 1024 * 1024;
/// Parts: sheets, styles, pictures.
const PARTS: usize = 1_000;
/// Octets of all cells together: one text can stand in many of them.
const TEXTS: usize = 64 * 1024 * 1024;
/// A table of ours has some thirty columns.
const COLUMNS: u32 = 256;

/// What a sheet holds, by row and column from 0.
type Cells = BTreeMap<u32, BTreeMap<u32, Data>>;

/// The cells of the first sheet that hold anything.
pub(super) fn first_sheet(bytes: &[u8]) -> Result<Cells, Unreadable> {
    examine(bytes)?;
    // The library counts without looking: a place beyond all places ends its work.
    catch_unwind(|| cells(bytes)).unwrap_or_else(|_| Err(unreadable()))
}

fn cells(bytes: &[u8]) -> Result<Cells, Unreadable> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let names = book.sheet_names();
    let first = names.first().ok_or_else(|| Unreadable("Tệp không có trang tính nào.".into()))?;
    // Cell by cell: a sheet of two cells can be said to be as large as all memory.
    let mut reader = book.worksheet_cells_reader(first).map_err(|_| unreadable())?;
    let (mut rows, mut left) = (Cells::new(), TEXTS);
    while let Some(cell) = reader.next_cell().map_err(|_| unreadable())? {
        let (row, column) = cell.get_position();
        let data = Data::from(cell.get_value().clone());
        if data == Data::Empty {
            continue;
        }
        let octets = size_of::<Data>() + data.to_string().len();
        left = left.checked_sub(octets).ok_or_else(too_large)?;
        if column >= COLUMNS {
            return Err(Unreadable("Trang tính có quá nhiều cột.".to_owned()));
        }
        rows.entry(row).or_default().insert(column, data);
    }
    Ok(rows)
}

fn examine(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > PARTS {
        return Err(too_large());
    }
    let mut left = UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| unreadable())?;
        let name = part.name().map_err(|_| unreadable())?.to_lowercase();
        let counts = name.ends_with("sharedstrings.xml");
        let mut text = Vec::new();
        let mut part = part.take(left + 1);
        let octets = if counts {
            part.read_to_end(&mut text).map(|octets| octets as u64)
        } else {
            std::io::copy(&mut part, &mut std::io::sink())
        };
        left = left.checked_sub(octets.map_err(|_| unreadable())?).ok_or_else(too_large)?;
        if counts && !counts_true(&text) {
            return Err(unreadable());
        }
    }
    Ok(())
}

/// Whether no more texts are announced than there can be: memory is set aside for as many.
fn counts_true(part: &[u8]) -> bool {
    const COUNT: &str = "uniqueCount";
    let Ok(text) = std::str::from_utf8(part) else { return false };
    let announced = |(at, _): (usize, &str)| {
        let value = text[at + COUNT.len()..].trim_start().strip_prefix('=')?.trim_start();
        let value = value.strip_prefix(['"', '\''])?;
        Some(&value[..value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len())])
    };
    let fits =
        |digits: &str| digits.is_empty() || digits.parse().is_ok_and(|n: usize| n <= part.len());
    !part.contains(&0) && text.match_indices(COUNT).filter_map(announced).all(fits)
}

fn unreadable() -> Unreadable {
    Unreadable("Tệp không phải bảng tính XLSX đúng.".to_owned())
}

fn too_large() -> Unreadable {
    Unreadable("Bảng tính chứa quá nhiều dữ liệu, vui lòng chia thành nhiều tệp.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_announced_must_be_able_to_be_there() {
        for (part, is_true) in [
            (r#"<sst count="9" uniqueCount="2"><si><t>a</t></si><si><t>b</t></si></sst>"#, true),
            (r#"<sst uniqueCount="100000000000"/>"#, false),
            (r"<sst uniqueCount = '99999999999999999999999'/>", false),
            ("<sst/>", true),
            ("<\0s\0s\0t\0", false),
        ] {
            assert_eq!(counts_true(part.as_bytes()), is_true, "{part}");
        }
    }
}
