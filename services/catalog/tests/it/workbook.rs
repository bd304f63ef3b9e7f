//! A workbook as spreadsheet programs write it, small enough to be made by hand:
//! an archive of stored parts with one sheet of inline texts and numbers.

use std::fmt::Write;

/// An XLSX file with these rows in its first sheet.
pub(crate) fn workbook(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (i, row) in rows.iter().enumerate() {
        write!(sheet, r#"<row r="{}">"#, i + 1).unwrap();
        for (column, cell) in ('A'..='Z').zip(row).filter(|(_, cell)| !cell.is_empty()) {
            let place = format!("{column}{}", i + 1);
            if cell.parse::<u32>().is_ok() {
                write!(sheet, r#"<c r="{place}"><v>{cell}</v></c>"#).unwrap();
            } else {
                write!(sheet, r#"<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>"#)
                    .unwrap();
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    archive(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", PARTS),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Bảng" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let offset = four(file.len());
        let size = four(text.len());
        let head: Vec<u8> = [
            &[20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0][..],
            &crc(text.as_bytes()).to_le_bytes(),
            &size,
            &size,
            &four(name.len())[..2],
            &[0, 0],
        ]
        .concat();
        file.extend([b"PK\x03\x04", &head[..], name.as_bytes(), text.as_bytes()].concat());
        let zeros = [0; 10];
        directory.extend(
            [b"PK\x01\x02\x14\x00", &head[..], &zeros[..], &offset, name.as_bytes()].concat(),
        );
    }
    let count = &four(parts.len())[..2];
    let (size, start) = (four(directory.len()), four(file.len()));
    file.extend(directory);
    file.extend([b"PK\x05\x06\0\0\0\0", count, count, &size, &start, &[0, 0]].concat());
    file
}

fn four(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
