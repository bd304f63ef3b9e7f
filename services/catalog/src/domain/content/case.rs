use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Fee, Limit};

/// A case (trường hợp): papers belong to it, limits and fees to its ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// `default` where there is one case only.
    pub code: String,
    /// When the case is one's own.
    pub name: String,
    /// What to file.
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// How to file; at most one way a channel.
    #[serde(default)]
    pub ways: Vec<Way>,
}

/// A paper to file (thành phần hồ sơ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Unique within its case: `to-khai`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Bản chính.
    pub originals: u32,
    /// Bản sao.
    pub copies: u32,
    /// When it must be there.
    pub need: PaperNeed,
    /// When it must be filed, where it is conditional.
    pub condition: Option<String>,
    /// The template to fill in.
    pub form: Option<FormTemplate>,
    /// The code of a result (`KQ.…`) that can stand for it.
    pub result_code: Option<String>,
}

/// When a paper must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperNeed {
    /// Nobody can do without it.
    Always,
    /// Only where its condition holds.
    Conditional,
    /// Xuất trình: shown at the desk and handed back.
    Shown,
    /// The e-form replaces it online; a paper elsewhere.
    OnlineForm,
}

/// Mẫu đơn, tờ khai.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormTemplate {
    /// What it is called.
    pub name: String,
    /// Where it is; none where the source gives no address.
    pub url: Option<String>,
}

/// A way to file (cách thức thực hiện) with its own limit and fees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// How the dossier comes in.
    pub channel: Channel,
    /// How long processing may take.
    pub limit: Limit,
    /// What there is to pay.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// Whether the fees can be paid online.
    #[serde(default)]
    pub online_payment: bool,
    /// What else there is to know.
    #[serde(default)]
    pub note: Option<String>,
}

/// How a dossier comes in, as procedures distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Trực tuyến.
    Online,
    /// Trực tiếp, at a desk.
    Desk,
    /// Bưu chính công ích.
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
