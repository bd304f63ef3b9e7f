//! Whatever is handed in as a file of procedures: it is read or refused with a
//! sentence, never broken by, and takes no more memory than a file of ours may.

use std::{
    fmt::Write as _,
    io::{Cursor, Write},
};

use proptest::{prelude::*, sample::Index};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    Format,
    read::{Unreadable, read},
};

const YAML: &str = include_str!("../../../data/procedures/2.000424.yaml");
const JSON: &str = r#"[{"number":"1.001193","name":"Đăng ký khai sinh","field":"HT","level":"commune",
    "cases":[{"code":"default","name":"Chung","papers":[],"ways":[]}]},
    {"fields":[{"code":"HT","name":"Hộ tịch"}]}]"#;
const NATIONAL: &str = r#"{"error_code":"0","data":[{"MATTHC":"1.001193","TENTTHC":"Đăng ký khai sinh",
    "LINHVUCTHUCHIEN":[{"MALINHVUC":"HT","TENLINHVUC":"Hộ tịch"}],
    "CACHTHUCTHUCHIEN":[{"KENH":"1","THOIGIAN":[{"THOIGIANGIAIQUYET":"5","DONVITINH":"Ngày làm việc"}]}]}]}"#;
const CSV: &str = "number;kind;name;field;level\n1.001193;procedure;Đăng ký khai sinh;HT;commune\n";
const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <dimension ref="A1:E2"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>
    <c r="B1" t="inlineStr"><is><t>kind</t></is></c></row>
    <row r="2"><c r="A2"><v>1.001193</v></c><c r="B2" t="s"><v>1</v></c></row></sheetData></worksheet>"#;
const STRINGS: &str =
    r#"<sst count="2" uniqueCount="2"><si><t>number</t></si><si><t>procedure</t></si></sst>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
    <sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
    <Relationship Id="rId1" Target="xl/workbook.xml"
    Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"#;
const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"
    Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>"#;

fn workbook(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, part) in [
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ] {
        archive.start_file(name, packed).unwrap();
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Why a workbook is refused; empty if it is not.
fn refused(sheet: &str, strings: &str) -> String {
    let read = read(Format::Xlsx, &workbook(sheet.as_bytes(), strings.as_bytes()));
    read.err().map(|Unreadable(why)| why).unwrap_or_default()
}

/// A text with some octets put otherwise, left out or doubled.
fn mutated(text: &[u8], edits: &[(Index, u8, u8)]) -> Vec<u8> {
    let mut text = text.to_vec();
    for (at, octet, how) in edits {
        let at = at.index(text.len());
        match how % 4 {
            0 => text[at] = *octet,
            1 => text.truncate(at + 1),
            2 => text.insert(at, *octet),
            _ => text.extend_from_within(at..),
        }
    }
    text
}

fn edits() -> impl Strategy<Value = Vec<(Index, u8, u8)>> {
    prop::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 0..6)
}

proptest! {
    #[test]
    fn any_file_is_rows_or_unreadable(noise: Vec<u8>, edits in edits()) {
        let files = [
            (Format::Yaml, mutated(YAML.as_bytes(), &edits)),
            (Format::Json, mutated(JSON.as_bytes(), &edits)),
            (Format::NationalJson, mutated(NATIONAL.as_bytes(), &edits)),
            (Format::Csv, mutated(CSV.as_bytes(), &edits)),
            (Format::Xlsx, workbook(&mutated(SHEET.as_bytes(), &edits), STRINGS.as_bytes())),
            (Format::Xlsx, workbook(SHEET.as_bytes(), &mutated(STRINGS.as_bytes(), &edits))),
            (Format::Xlsx, mutated(&workbook(SHEET.as_bytes(), STRINGS.as_bytes()), &edits)),
        ];
        let noise = files.clone().map(|(format, _)| (format, noise.clone()));
        for (format, file) in files.into_iter().chain(noise) {
            match read(format, &file) {
                Ok(rows) => prop_assert!(!rows.is_empty()),
                Err(Unreadable(why)) => prop_assert!(!why.is_empty()),
            }
        }
    }
}

#[test]
fn a_sound_workbook_is_read() {
    assert_eq!(refused(SHEET, STRINGS), "");
}

#[test]
fn a_workbook_that_unpacks_without_end_is_refused() {
    let zeros = " ".repeat(65 * 1024 * 1024);
    let file = workbook(zeros.as_bytes(), STRINGS.as_bytes());
    assert!(file.len() < 1024 * 1024, "{}", file.len());
    let Err(Unreadable(why)) = read(Format::Xlsx, &file) else { panic!("it was read") };
    assert!(why.contains("quá nhiều dữ liệu"), "{why}");
}

#[test]
fn a_workbook_that_says_it_is_larger_than_memory_is_refused() {
    let texts = STRINGS.replace(r#"uniqueCount="2""#, r#"uniqueCount="100000000000""#);
    assert!(refused(SHEET, &texts).contains("không phải bảng tính"));
    // Two cells at the ends of the largest sheet there is.
    let wide = SHEET.replace("B2", "XFD1048576");
    assert!(refused(&wide, STRINGS).contains("quá nhiều cột"));
    let high = SHEET.replace("B2", "B1048576");
    assert_eq!(refused(&high, STRINGS), "", "few cells, however far apart");
}

#[test]
fn one_text_in_every_cell_is_counted_in_each() {
    let texts = STRINGS.replace("procedure", &"a".repeat(1024 * 1024));
    let mut cells = String::new();
    for row in 2..200 {
        let _ = write!(cells, r#"<row r="{row}"><c r="B{row}" t="s"><v>1</v></c></row>"#);
    }
    let sheet = SHEET.replace("</sheetData>", &format!("{cells}</sheetData>"));
    assert!(refused(&sheet, &texts).contains("quá nhiều dữ liệu"));
}

#[test]
fn entities_that_stand_for_more_are_not_followed() {
    let laughs = r#"<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;
    let sheet = format!("{laughs}{}", SHEET.replace("kind", "&b;"));
    assert_ne!(refused(&sheet, STRINGS), "");
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = format!("*a{}", n - 1);
        let list = vec![before; 10].join(", ");
        let _ = writeln!(yaml, "a{n}: &a{n} [{list}]");
    }
    yaml.push_str("number: *a11\n");
    let rows = read(Format::Yaml, yaml.as_bytes()).unwrap();
    assert!(rows.iter().all(|row| row.item.is_err()));
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for (format, open) in [(Format::Json, "["), (Format::NationalJson, "["), (Format::Yaml, "[")] {
        let deep = format!("{{\"number\": {}", open.repeat(100_000));
        match read(format, deep.as_bytes()) {
            Ok(rows) => assert!(rows.iter().all(|row| row.item.is_err())),
            Err(Unreadable(why)) => assert!(!why.is_empty()),
        }
    }
}

#[test]
fn a_file_of_millions_of_little_things_is_refused() {
    let lines = format!("number,kind\n{}", "1,procedure\n".repeat(300_000));
    let documents = format!("[{}1]", "1,".repeat(30_000));
    let yaml = "number: x\n---\n".repeat(30_000);
    for (format, file) in [
        (Format::Csv, &lines),
        (Format::Json, &documents),
        (Format::NationalJson, &documents),
        (Format::Yaml, &yaml),
    ] {
        let Err(Unreadable(why)) = read(format, file.as_bytes()) else { panic!("{format:?}") };
        assert!(why.contains("chia ra"), "{format:?}: {why}");
    }
    let one = format!("number,kind\n1.001193,procedure\n{}", "1.001193,paper\n".repeat(100_000));
    let rows = read(Format::Csv, one.as_bytes()).unwrap();
    assert!(rows.len() == 1 && rows[0].item.is_err());
}
