//! From the bytes of a file to its items, each readable or not by itself.

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::value::RawValue;
use unicode_normalization::UnicodeNormalization;

use super::{
    Format,
    document::ProcedureDoc,
    keeping::Says,
    national,
    places::{AgenciesDoc, AgencyDoc, FieldDoc, FieldsDoc},
    sheet,
    times::{CalendarDoc, PolicyDoc},
    wording::say,
};
use crate::domain::Finding;

/// One thing a file asks for.
#[derive(Debug)]
pub(super) enum Item {
    Agency(AgencyDoc),
    Field(FieldDoc),
    Calendar(CalendarDoc),
    Policy(Box<PolicyDoc>),
    Procedure(Box<ProcedureDoc>, Says),
}

/// An item, or why there is none, with where it stands in the file.
#[derive(Debug)]
pub(super) struct Row {
    /// 1-based: the document, or the line of the sheet.
    pub position: usize,
    pub key: String,
    pub item: Result<Item, String>,
    /// What was suspicious in how it was written.
    pub flags: Vec<Finding>,
}

impl Row {
    pub(super) fn new(position: usize, key: impl Into<String>, item: Result<Item, String>) -> Self {
        Self { position, key: key.into(), item, flags: Vec::new() }
    }
}

/// The file cannot be read at all.
#[derive(Debug)]
pub(super) struct Unreadable(pub(super) String);

/// Procedures, agencies, fields… of one file. A province has some four thousand.
const MOST_DOCUMENTS: usize = 20_000;

/// Reads a file.
pub(super) fn read(format: Format, bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let rows = match format {
        Format::Yaml => yaml(&text(bytes)?)?,
        Format::Json => json(&text(bytes)?)?,
        Format::NationalJson => national::read(&text(bytes)?)?,
        Format::Csv => sheet::csv(bytes)?,
        Format::Xlsx => sheet::xlsx(bytes)?,
    };
    if rows.is_empty() {
        return Err(Unreadable("Tệp không có nội dung nào để nhập.".to_owned()));
    }
    few(rows.len())?;
    Ok(rows)
}

/// Documents are told one by one what became of them.
pub(super) fn few(documents: usize) -> Result<(), Unreadable> {
    if documents <= MOST_DOCUMENTS {
        return Ok(());
    }
    Err(Unreadable(format!("Tệp có quá {MOST_DOCUMENTS} mục, vui lòng chia ra.")))
}

/// The text of a file, composed: some systems write a letter and its marks apart.
fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Unreadable("Tệp không phải văn bản UTF-8.".to_owned()))?;
    Ok(text.trim_start_matches('\u{feff}').nfc().collect())
}

/// Documents stand between lines of `---`; one that cannot be read does not
/// spoil the others.
fn yaml(text: &str) -> Result<Vec<Row>, Unreadable> {
    let documents = documents(text);
    few(documents.len())?;
    let written = documents.iter().zip(1..);
    Ok(written.flat_map(|(text, at)| document(at, &Written::Yaml(text))).collect())
}

fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.lines() {
        if line.trim_end() == "---" {
            documents.push(String::new());
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line);
            document.push('\n');
        }
    }
    let said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    documents.retain(|document| document.lines().any(said));
    documents
}

fn json(text: &str) -> Result<Vec<Row>, Unreadable> {
    let unreadable = |e: serde_json::Error| Unreadable(not_json(&e));
    let documents: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(unreadable)?
    } else {
        vec![serde_json::from_str(text).map_err(unreadable)?]
    };
    few(documents.len())?;
    let written = documents.iter().zip(1..);
    Ok(written.flat_map(|(text, at)| document(at, &Written::Json(text.get()))).collect())
}

/// Why a text is no JSON at all.
pub(super) fn not_json(error: &serde_json::Error) -> String {
    format!("Tệp không phải JSON đúng. {}", say(&error.to_string()))
}

/// One document, as text: it is read once to see what it is, once as that.
enum Written<'a> {
    Yaml(&'a str),
    Json(&'a str),
}

impl Written<'_> {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, String> {
        match self {
            Self::Yaml(text) => serde_saphyr::from_str(text).map_err(|e| say(&e.to_string())),
            Self::Json(text) => serde_json::from_str(text).map_err(|e| say(&e.to_string())),
        }
    }
}

/// What tells one kind of document from another.
#[derive(Deserialize)]
struct Look {
    number: Option<IgnoredAny>,
    agencies: Option<IgnoredAny>,
    fields: Option<IgnoredAny>,
    office_hours: Option<IgnoredAny>,
    rules: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Key {
    #[serde(alias = "code")]
    number: String,
}

fn document(position: usize, written: &Written<'_>) -> Vec<Row> {
    let look: Look = match written.parse() {
        Ok(look) => look,
        Err(why) => return vec![Row::new(position, "", Err(why))],
    };
    let key = || written.parse::<Key>().map(|key| key.number).unwrap_or_default();
    if look.number.is_some() {
        let item = written.parse().map(|doc| Item::Procedure(Box::new(doc), Says::Everything));
        return vec![Row::new(position, key(), item)];
    }
    if look.rules.is_some() {
        return vec![Row::new(
            position,
            key(),
            written.parse().map(|doc| Item::Policy(Box::new(doc))),
        )];
    }
    if look.office_hours.is_some() {
        return vec![Row::new(position, key(), written.parse().map(Item::Calendar))];
    }
    if look.fields.is_some() {
        return each(position, written.parse(), |doc: FieldsDoc| {
            doc.fields.into_iter().map(|f| (f.code.clone(), Item::Field(f))).collect()
        });
    }
    if look.agencies.is_some() {
        return each(position, written.parse(), |doc: AgenciesDoc| {
            doc.agencies.into_iter().map(|a| (a.identifier.clone(), Item::Agency(a))).collect()
        });
    }
    let why = "Không nhận ra nội dung: cần có number (thủ tục), agencies, fields, office_hours (lịch) hoặc rules (chính sách).";
    vec![Row::new(position, "", Err(why.to_owned()))]
}

fn each<T>(
    position: usize,
    parsed: Result<T, String>,
    items: impl FnOnce(T) -> Vec<(String, Item)>,
) -> Vec<Row> {
    match parsed {
        Ok(doc) => {
            items(doc).into_iter().map(|(key, item)| Row::new(position, key, Ok(item))).collect()
        }
        Err(why) => vec![Row::new(position, "", Err(why))],
    }
}
