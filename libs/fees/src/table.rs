use serde::{Deserialize, Serialize};

/// How much a fee is, by answers (biểu mức thu): the first row whose condition holds says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The answers that rows speak of.
    pub answers: Vec<Answer>,
    /// At least one.
    pub rows: Vec<Row>,
}

/// An answer of the e-form, under the name that it has in rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `trang`: small letters, digits and `_`.
    pub name: String,
    /// Where it stands in the answers: `ban_sao.so_trang`.
    pub field: String,
    /// As what it is read.
    pub kind: AnswerKind,
}

/// As what an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// A whole number; CEL's `int`.
    Integer,
    /// Any number; CEL's `double`.
    Number,
    /// Words, or one of several choices; CEL's `string`.
    Text,
    /// Yes or no; CEL's `bool`.
    Truth,
    /// How many entries a list has; CEL's `int`.
    Count,
}

/// One row of a table. Programs before refuse one with a field that they do not know: whoever stores
/// what is new of it keeps it beside the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// When it holds, a `bool` of CEL; none: always.
    #[serde(default)]
    pub when: Option<String>,
    /// How much, an `int` of CEL, in đồng.
    pub amount: String,
    /// The text on which this row rests (căn cứ pháp lý): why so little, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
}

/// What of a fee another has than the agency that collects it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Identifier code of an agency; none: the agency that decides.
    #[serde(default)]
    pub agency: Option<String>,
    /// 1 to 100, of what was paid.
    pub percent: u8,
}

impl AnswerKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Integer, Self::Number, Self::Text, Self::Truth, Self::Count];

    /// The type that a form's JSON Schema gives such an answer.
    pub const fn schema_type(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "string",
            Self::Truth => "boolean",
            Self::Count => "array",
        }
    }
}
