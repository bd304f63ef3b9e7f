use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Fee, Limit};

/// A case (trường hợp): papers belong to it, limits and fees to its ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// `default` where there is one case only.
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub papers: Vec<Paper>,
    #[serde(default)]
    pub ways: Vec<Way>,
}

/// A paper to file (thành phần hồ sơ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub code: String,
    pub name: String,
    /// Bản chính.
    pub originals: u32,
    /// Bản sao.
    pub copies: u32,
    pub need: PaperNeed,
    /// When it must be filed, where it is conditional.
    pub condition: Option<String>,
    pub form: Option<FormTemplate>,
    /// The code of a result (`KQ.…`) that can stand for it.
    pub result_code: Option<String>,
}

/// When a paper must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperNeed {
    Always,
    Conditional,
    /// Xuất trình: shown at the desk and handed back.
    Shown,
    /// The e-form replaces it online; a paper elsewhere.
    OnlineForm,
}

/// Mẫu đơn, tờ khai.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormTemplate {
    pub name: String,
    pub url: Option<String>,
}

/// A way to file (cách thức thực hiện) with its own limit and fees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub channel: Channel,
    pub limit: Limit,
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// Whether the fees can be paid online.
    #[serde(default)]
    pub online_payment: bool,
    #[serde(default)]
    pub note: Option<String>,
}

/// How a dossier comes in, as procedures distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Online,
    Desk,
    Post,
}

impl Channel {
    /// As written in paths and in our own files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Desk => "desk",
            Self::Post => "post",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Online => "trực tuyến",
            Self::Desk => "trực tiếp",
            Self::Post => "bưu chính",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
