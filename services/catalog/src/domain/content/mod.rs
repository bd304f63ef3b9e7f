//! What a version of a procedure says: everything a citizen reads, what the
//! portal renders, and what the officers' side runs on. Stored as one JSON.

mod case;
mod fee;
mod limit;
mod process;

use std::collections::BTreeSet;

use motcua_ids::{AgencyId, FieldId};
use motcua_vn::SupplementRegime;
use serde::{Deserialize, Serialize};

pub use case::{Case, Channel, FormTemplate, Paper, PaperNeed, Way};
pub use fee::{Fee, FeeKind, FeeRule};
pub use limit::{Limit, LimitRule, MINUTES_PER_DAY};
pub use process::{Consultation, Process, QuotaGroup, Step, StepRole};

/// The text of one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// Tên thủ tục.
    pub name: String,
    /// Lĩnh vực.
    pub field: FieldId,
    /// Cấp thực hiện.
    pub level: Level,
    /// Who may file.
    pub audiences: BTreeSet<Audience>,
    /// The decision that published it.
    #[serde(default)]
    pub publication: Publication,
    /// How far it can be done online.
    pub service_level: ServiceLevel,
    /// 1 to 4, the older scale; none where it was never rated, or no source says.
    pub legacy_level: Option<u8>,
    /// Where citizens file online.
    pub front_door: FrontDoor,
    /// What it is for, in a few sentences.
    #[serde(default)]
    pub summary: String,
    /// What happens, in order, in plain words.
    #[serde(default)]
    pub steps: Vec<String>,
    /// At least one.
    pub cases: Vec<Case>,
    /// What is handed over in the end.
    #[serde(default)]
    pub results: Vec<Outcome>,
    /// What it rests on.
    #[serde(default)]
    pub legal_bases: Vec<LegalBasis>,
    /// Yêu cầu, điều kiện.
    pub conditions: Option<String>,
    /// Whom to ask.
    #[serde(default)]
    pub contact: Contact,
    /// Other words people look for it by.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// What a supplement does to the clock.
    #[serde(default)]
    pub supplement: Supplement,
    /// The e-form: a JSON Schema, draft 2020-12.
    pub form: Option<serde_json::Value>,
    /// The officers' process, where there is an electronic one.
    pub process: Option<Process>,
    /// Where this was read.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Paths no source answers.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// Who decides; empty: every agency of the level.
    #[serde(default)]
    pub agencies: Vec<AgencyId>,
    /// What whoever wrote the data wants a person to look at.
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Content {
    /// Whether only officials may use it, so that the public never sees it.
    pub fn is_internal(&self) -> bool {
        !self.audiences.is_empty() && self.audiences.iter().all(|a| *a == Audience::Official)
    }

    /// Every way of every case, with its path.
    pub fn ways(&self) -> impl Iterator<Item = (String, &Way)> {
        self.cases.iter().flat_map(|case| {
            case.ways
                .iter()
                .map(move |way| (format!("cases.{}.ways.{}", case.code, way.channel.as_str()), way))
        })
    }

    /// Whether a way's limit is counted in a unit that no source gives.
    pub fn assumes_unit(&self, way: &str) -> bool {
        let rest = |path: &String| path.strip_prefix(way) == Some(".limit.unit");
        self.unknown.iter().any(rest)
    }

    /// The longest counted limit, in working minutes: what the process's quotas
    /// are measured against. None where no way has a counted limit.
    pub fn base_minutes(&self) -> Option<i64> {
        self.ways().filter_map(|(_, way)| way.limit.working_minutes()).max()
    }
}

/// Cấp thực hiện.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Bộ, ngành.
    Ministry,
    /// Tỉnh.
    Province,
    /// Huyện: in versions before 2025-07-01 only.
    District,
    /// Xã, phường, đặc khu.
    Commune,
}

/// Đối tượng thực hiện.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Công dân.
    Citizen,
    /// Doanh nghiệp, tổ chức, hợp tác xã.
    Organisation,
    /// Người nước ngoài.
    Foreigner,
    /// Cán bộ, công chức, viên chức: an internal procedure.
    Official,
}

/// Mức độ cung cấp dịch vụ công trực tuyến.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevel {
    /// No source says; the path stands in [`Content::unknown`].
    #[serde(rename = "unknown")]
    Unspecified,
    /// Cung cấp thông tin.
    InformationOnly,
    /// Một phần.
    PartlyOnline,
    /// Toàn trình.
    FullyOnline,
}

/// Where citizens file online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrontDoor {
    /// Cổng Dịch vụ công quốc gia.
    National,
    /// The province's own portal.
    Local,
}

/// Quyết định công bố.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Số quyết định.
    pub decision: Option<String>,
    /// First day of effect, as the decision says.
    pub effective_from: Option<chrono::NaiveDate>,
    /// Where the national portal shows it.
    pub url: Option<String>,
}

/// Kết quả giải quyết.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// `KQ.G15.000031`.
    pub code: Option<String>,
    /// What it is called.
    pub name: String,
}

/// Căn cứ pháp lý.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalBasis {
    /// `60/2014/QH13`.
    pub number: String,
    /// What it is called.
    pub name: String,
}

/// Whom to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Thư điện tử.
    pub email: Option<String>,
    /// Điện thoại.
    pub telephone: Option<String>,
}

/// What a supplement does to the clock; none: as the policy says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// Shift or restart; none: as the policy says.
    pub regime: Option<SupplementRegime>,
    /// Calendar days the person has.
    pub days: Option<u32>,
}
