//! Tables: one line for each procedure, paper, way, fee, result, legal basis or
//! step, told apart by the column `kind`; columns are found by their heading.

use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx};

use super::{
    document::{
        BasisDoc, CaseDoc, FeeDoc, FeeWord, LimitDoc, LimitWord, PaperDoc, ProcedureDoc,
        PublicationDoc, ResultDoc, SupplementDoc, TemplateDoc, WayDoc,
    },
    national::unit,
    read::{Item, Row, Unreadable},
};
use crate::domain::{Channel, FeeKind};

/// The headings a table may have.
const COLUMNS: [&str; 18] = [
    "number",
    "kind",
    "case",
    "channel",
    "code",
    "name",
    "amount",
    "unit",
    "rule",
    "originals",
    "copies",
    "need",
    "note",
    "field",
    "level",
    "audience",
    "service_level",
    "front_door",
];

/// One line: its number in the file, and its cells by heading.
struct Line {
    at: usize,
    cells: BTreeMap<&'static str, String>,
}

/// A bad line, and why.
type Bad = (usize, String);

pub(super) fn csv(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut table = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| Unreadable(format!("Tệp không phải CSV đúng: {e}.")))?;
        let at = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
        table.push((at, record.iter().map(|cell| cell.trim().to_owned()).collect()));
    }
    rows(table)
}

pub(super) fn xlsx(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let unreadable = |e: calamine::XlsxError| Unreadable(format!("Tệp không phải XLSX đúng: {e}."));
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).map_err(unreadable)?;
    let sheet = book
        .worksheet_range_at(0)
        .ok_or_else(|| Unreadable("Tệp không có trang tính nào.".to_owned()))?
        .map_err(unreadable)?;
    let first = sheet.start().map_or(0, |(row, _)| row as usize);
    let cells = |row: &[Data]| row.iter().map(cell).collect();
    rows(sheet.rows().enumerate().map(|(i, row)| (first + i + 1, cells(row))).collect())
}

/// A number in a cell is a float: `1.001193` stays as it is shown, `2` loses its point.
fn cell(data: &Data) -> String {
    data.to_string().trim().to_owned()
}

fn rows(table: Vec<(usize, Vec<String>)>) -> Result<Vec<Row>, Unreadable> {
    let mut lines = table.into_iter();
    let (_, head) = lines.next().ok_or_else(|| Unreadable("Bảng trống.".to_owned()))?;
    let columns: Vec<Option<&'static str>> =
        head.iter().map(|h| COLUMNS.into_iter().find(|c| h.eq_ignore_ascii_case(c))).collect();
    for (heading, column) in head.iter().zip(&columns) {
        if column.is_none() && !heading.is_empty() {
            let known = COLUMNS.join(", ");
            return Err(Unreadable(format!("Cột «{heading}» không có trong: {known}.")));
        }
    }
    let mut procedures: Vec<(String, Vec<Line>)> = Vec::new();
    for (at, values) in lines {
        let cells: BTreeMap<_, _> = columns
            .iter()
            .zip(values)
            .filter_map(|(column, value)| Some(((*column)?, value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if cells.is_empty() {
            continue;
        }
        let number = cells.get("number").cloned().unwrap_or_default();
        let line = Line { at, cells };
        match procedures.iter_mut().find(|(n, _)| *n == number) {
            Some((_, lines)) => lines.push(line),
            None => procedures.push((number, vec![line])),
        }
    }
    Ok(procedures.into_iter().flat_map(|(number, lines)| procedure(number, &lines)).collect())
}

/// The procedure of these lines; or each bad line.
fn procedure(number: String, lines: &[Line]) -> Vec<Row> {
    let Some(head) = lines.iter().find(|line| line.get("kind") == Some("procedure")) else {
        let at = lines.first().map_or(0, |line| line.at);
        let why = "Thủ tục này không có dòng kind = procedure.".to_owned();
        return vec![Row::new(at, number, Err(why))];
    };
    let mut bad: Vec<Bad> = Vec::new();
    let mut doc = match head_of(number.clone(), head) {
        Ok(doc) => doc,
        Err(why) => return vec![Row::new(head.at, number, Err(why))],
    };
    for line in lines.iter().filter(|line| line.at != head.at) {
        if let Err(why) = add(&mut doc, line) {
            bad.push((line.at, why));
        }
    }
    if bad.is_empty() {
        return vec![Row::new(head.at, number, Ok(Item::Procedure(Box::new(doc))))];
    }
    bad.into_iter().map(|(at, why)| Row::new(at, number.clone(), Err(why))).collect()
}

fn head_of(number: String, line: &Line) -> Result<ProcedureDoc, String> {
    Ok(ProcedureDoc {
        number,
        name: line.need("name")?.to_owned(),
        field: line.need("field")?.to_owned(),
        level: line.word("level")?,
        audience: line
            .need("audience")?
            .split(';')
            .map(|word| parse("audience", word.trim()))
            .collect::<Result<_, _>>()?,
        publication: PublicationDoc {
            decision: line.get("note").map(ToOwned::to_owned),
            ..PublicationDoc::default()
        },
        service_level: line.word("service_level")?,
        legacy_level: None,
        front_door: line.word("front_door")?,
        summary: None,
        steps: Vec::new(),
        cases: Vec::new(),
        results: Vec::new(),
        legal_bases: Vec::new(),
        conditions: None,
        contact: super::document::ContactDoc::default(),
        keywords: Vec::new(),
        supplement: SupplementDoc::default(),
        form: None,
        process: None,
        agencies: Vec::new(),
        sources: Vec::new(),
        unknown: Vec::new(),
        flags: Vec::new(),
    })
}

fn add(doc: &mut ProcedureDoc, line: &Line) -> Result<(), String> {
    match line.need("kind")? {
        "procedure" => Err("Thủ tục có hai dòng kind = procedure.".to_owned()),
        "step" => {
            doc.steps.push(line.need("name")?.to_owned());
            Ok(())
        }
        "result" => {
            let code = line.get("code").map(ToOwned::to_owned);
            doc.results.push(ResultDoc { code, name: line.need("name")?.to_owned() });
            Ok(())
        }
        "legal_basis" => {
            let (number, name) = (line.need("code")?.to_owned(), line.need("name")?.to_owned());
            doc.legal_bases.push(BasisDoc { number, name });
            Ok(())
        }
        "paper" => {
            let paper = paper(line)?;
            case(doc, line).papers.push(paper);
            Ok(())
        }
        "way" => {
            let way = way(line)?;
            case(doc, line).ways.push(way);
            Ok(())
        }
        "fee" => {
            let (fee, channel) = (fee(line)?, line.word::<Channel>("channel")?);
            let way = case(doc, line).ways.iter_mut().find(|way| way.channel == channel);
            let why = format!("Khoản thu của kênh {channel} phải đứng sau dòng way của kênh đó.");
            way.ok_or(why)?.fees.push(fee);
            Ok(())
        }
        other => Err(format!(
            "kind «{other}» không có trong: procedure, step, paper, way, fee, result, legal_basis."
        )),
    }
}

fn case<'a>(doc: &'a mut ProcedureDoc, line: &Line) -> &'a mut CaseDoc {
    let code = line.get("case").unwrap_or("default");
    let at = doc.cases.iter().position(|case| case.code == code).unwrap_or_else(|| {
        let name = if code == "default" { "Trường hợp chung" } else { code };
        let (papers, ways) = (Vec::new(), Vec::new());
        doc.cases.push(CaseDoc { code: code.to_owned(), name: name.to_owned(), papers, ways });
        doc.cases.len() - 1
    });
    &mut doc.cases[at]
}

fn paper(line: &Line) -> Result<PaperDoc, String> {
    let form =
        line.get("note").filter(|note| note.starts_with("http")).map(|url| TemplateDoc {
            name: "Mẫu đơn, tờ khai".to_owned(),
            url: Some(url.to_owned()),
        });
    Ok(PaperDoc {
        code: line.need("code")?.to_owned(),
        name: line.need("name")?.to_owned(),
        originals: line.count("originals")?,
        copies: line.count("copies")?,
        required: line.word("need")?,
        condition: line.get("note").filter(|_| form.is_none()).map(ToOwned::to_owned),
        form,
        result_code: None,
    })
}

fn way(line: &Line) -> Result<WayDoc, String> {
    let limit = match line.get("amount") {
        None | Some("unknown") => LimitDoc::Word(LimitWord::Unknown),
        Some("none") => LimitDoc::Word(LimitWord::None),
        Some(_) => LimitDoc::Amount {
            amount: line.count("amount")?,
            unit: line.get("unit").map(limit_unit).transpose()?,
            note: None,
        },
    };
    let note = line.get("note").map(ToOwned::to_owned);
    let channel = line.word("channel")?;
    Ok(WayDoc { channel, limit, fees: Vec::new(), online_payment: false, note })
}

fn limit_unit(text: &str) -> Result<motcua_vn::LimitUnit, String> {
    unit(text).map_or_else(|| parse("unit", text), Ok)
}

fn fee(line: &Line) -> Result<FeeDoc, String> {
    let rule = line.word::<FeeWord>("rule")?;
    let amount_vnd = line.get("amount").map(money).transpose()?;
    let name = line.need("name")?.to_owned();
    let kind = if name.to_lowercase().starts_with("phí") { FeeKind::Charge } else { FeeKind::Fee };
    let note = line.get("note").map(ToOwned::to_owned);
    Ok(FeeDoc { code: line.need("code")?.to_owned(), name, kind, rule, amount_vnd, note })
}

/// `50.000`, `50,000` and `50000` are the same sum.
fn money(text: &str) -> Result<i64, String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ',' | ' ')).collect();
    digits.parse().map_err(|_| format!("Số tiền «{text}» không phải số nguyên đồng."))
}

fn parse<T: serde::de::DeserializeOwned>(column: &str, word: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::from(word))
        .map_err(|e| format!("Cột {column}: «{word}» không hợp lệ ({e})."))
}

impl Line {
    fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    fn need(&self, column: &str) -> Result<&str, String> {
        self.get(column).ok_or_else(|| format!("Thiếu giá trị ở cột {column}."))
    }

    fn word<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, String> {
        parse(column, self.need(column)?)
    }

    fn count(&self, column: &str) -> Result<u32, String> {
        let Some(text) = self.get(column) else { return Ok(0) };
        text.parse().map_err(|_| format!("Cột {column}: «{text}» không phải số nguyên không âm."))
    }
}
