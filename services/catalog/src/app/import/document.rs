//! Our own format, as written: references are codes, `unknown` is what no
//! source says. The other formats are read into these documents too.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_fees::{Share, Table};
use motcua_vn::{LimitUnit, SupplementRegime};
use serde::{Deserialize, Deserializer, de};

use super::schema::OrderedSchema;
use crate::domain::{
    Audience, Channel, FeeKind, FrontDoor, Level, PaperNeed, ServiceLevel, StepRole,
};

/// One procedure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcedureDoc {
    pub number: String,
    pub name: String,
    pub field: String,
    /// What the field is called, where a source knows a code that we may not.
    #[serde(skip)]
    pub field_name: Option<String>,
    pub level: Level,
    pub audience: Vec<Audience>,
    #[serde(default)]
    pub publication: PublicationDoc,
    pub service_level: ServiceLevel,
    #[serde(default)]
    pub legacy_level: Option<u8>,
    pub front_door: FrontDoor,
    #[serde(default, deserialize_with = "text")]
    pub summary: Option<String>,
    #[serde(default)]
    pub steps: Vec<String>,
    pub cases: Vec<CaseDoc>,
    #[serde(default)]
    pub results: Vec<ResultDoc>,
    #[serde(default)]
    pub legal_bases: Vec<BasisDoc>,
    #[serde(default, deserialize_with = "text")]
    pub conditions: Option<String>,
    #[serde(default)]
    pub contact: ContactDoc,
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default)]
    pub supplement: SupplementDoc,
    #[serde(default)]
    pub form: Option<OrderedSchema>,
    #[serde(default)]
    pub process: Option<ProcessDoc>,
    #[serde(default)]
    pub agencies: Vec<String>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub unknown: Vec<String>,
    #[serde(default)]
    pub flags: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicationDoc {
    #[serde(default, deserialize_with = "text")]
    pub decision: Option<String>,
    #[serde(default, deserialize_with = "date")]
    pub effective_from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "text")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseDoc {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub papers: Vec<PaperDoc>,
    #[serde(default)]
    pub ways: Vec<WayDoc>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaperDoc {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub originals: u32,
    #[serde(default)]
    pub copies: u32,
    pub required: PaperNeed,
    #[serde(default, deserialize_with = "text")]
    pub condition: Option<String>,
    #[serde(default)]
    pub form: Option<TemplateDoc>,
    #[serde(default, deserialize_with = "text")]
    pub result_code: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateDoc {
    pub name: String,
    #[serde(default, deserialize_with = "text")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WayDoc {
    pub channel: Channel,
    pub limit: LimitDoc,
    #[serde(default)]
    pub fees: Vec<FeeDoc>,
    #[serde(default)]
    pub online_payment: bool,
    #[serde(default, deserialize_with = "text")]
    pub note: Option<String>,
}

/// `unknown`, `none`, or an amount with its unit; a lost unit is no limit.
#[derive(Debug, Clone)]
pub(super) enum LimitDoc {
    Word(LimitWord),
    Amount { amount: u32, unit: Option<LimitUnit>, note: Option<String> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AmountDoc {
    amount: u32,
    #[serde(default)]
    unit: Option<LimitUnit>,
    #[serde(default, deserialize_with = "text")]
    note: Option<String>,
}

/// Read by what stands there, so that a slip is told as what it is.
impl<'de> Deserialize<'de> for LimitDoc {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WordOrAmount)
    }
}

struct WordOrAmount;

impl<'de> de::Visitor<'de> for WordOrAmount {
    type Value = LimitDoc;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown, none hoặc { amount, unit }")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<LimitDoc, E> {
        LimitWord::deserialize(de::value::StrDeserializer::new(word)).map(LimitDoc::Word)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<LimitDoc, A::Error> {
        let AmountDoc { amount, unit, note } =
            AmountDoc::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(LimitDoc::Amount { amount, unit, note })
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LimitWord {
    Unknown,
    None,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeeDoc {
    pub code: String,
    pub name: String,
    pub kind: FeeKind,
    pub rule: FeeWord,
    #[serde(default)]
    pub amount_vnd: Option<i64>,
    #[serde(default)]
    pub table: Option<Table>,
    #[serde(default)]
    pub shares: Vec<Share>,
    #[serde(default, deserialize_with = "text")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FeeWord {
    Fixed,
    Free,
    SetByProvince,
    SeeNote,
    Table,
    Unknown,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultDoc {
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasisDoc {
    pub number: String,
    pub name: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactDoc {
    #[serde(default, deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub telephone: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupplementDoc {
    #[serde(default)]
    pub regime: Option<SupplementRegime>,
    #[serde(default)]
    pub days: Option<u32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcessDoc {
    pub source: String,
    #[serde(default)]
    pub quota_groups: BTreeMap<String, f64>,
    pub steps: Vec<StepDoc>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepDoc {
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
    pub role: StepRole,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub agency: Option<String>,
    #[serde(default)]
    pub quota_hours: Option<f64>,
    #[serde(default)]
    pub quota_group: Option<String>,
    #[serde(default)]
    pub next: Vec<String>,
    #[serde(default)]
    pub consults: Vec<ConsultDoc>,
    #[serde(default)]
    pub drafts_result: bool,
    #[serde(default)]
    pub approves: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsultDoc {
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
    pub agency: String,
    pub role: StepRole,
    #[serde(default)]
    pub unit: Option<String>,
    pub quota_hours: f64,
}

/// What the sources may not say: the word `unknown`, or nothing.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    Ok(text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty() && t != "unknown"))
}

/// A day that may be unknown.
pub(super) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let Some(text) = text(from)? else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| de::Error::custom(format!("«{text}» không phải ngày dạng năm-tháng-ngày")))
}
