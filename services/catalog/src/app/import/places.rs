//! Agencies, desks and fields, as written in our own format.

use chrono::NaiveDate;
use serde::Deserialize;

use super::document::{date, text};
use crate::domain::AgencyKind;

/// `agencies.yaml`: a parent stands before its children.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct AgenciesDoc {
    pub agencies: Vec<AgencyDoc>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgencyDoc {
    pub identifier: String,
    pub kind: AgencyKind,
    pub name: String,
    #[serde(default)]
    pub parent: Option<String>,
    #[serde(default, deserialize_with = "date")]
    pub valid_from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "date")]
    pub valid_to: Option<NaiveDate>,
    /// May stand behind it in the file.
    #[serde(default)]
    pub successor: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub telephone: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(default)]
    pub units: Vec<UnitDoc>,
    #[serde(default)]
    pub desks: Vec<DeskDoc>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitDoc {
    pub unit_code: String,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeskDoc {
    pub code: String,
    pub name: String,
    #[serde(default, deserialize_with = "text")]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub telephone: Option<String>,
}

/// `fields.yaml`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct FieldsDoc {
    pub fields: Vec<FieldDoc>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldDoc {
    pub code: String,
    pub name: String,
    #[serde(default, deserialize_with = "text")]
    pub national_code: Option<String>,
}
