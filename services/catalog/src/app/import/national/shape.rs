//! The reply to LayThuTuc, key by key. What may be missing is missing somewhere.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct Reply {
    pub matthc: Option<String>,
    #[serde(default)]
    pub tentthc: Option<String>,
    #[serde(default)]
    pub linhvucthuchien: Vec<FieldPart>,
    #[serde(default)]
    pub trinhtuthuchien: Vec<StepsPart>,
    #[serde(default)]
    pub cachthucthuchien: Vec<WayPart>,
    #[serde(default)]
    pub doituongthuchien: Option<String>,
    #[serde(default)]
    pub yeucau: Option<String>,
    #[serde(default)]
    pub ketquathuchien: Vec<ResultPart>,
    #[serde(default)]
    pub cancuphaply: Vec<BasisPart>,
    #[serde(default)]
    pub coquanthuchien: Vec<AgencyPart>,
    #[serde(default)]
    pub thanhphanhoso: Vec<PapersPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct FieldPart {
    pub malinhvuc: Option<String>,
    pub tenlinhvuc: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct StepsPart {
    #[serde(default)]
    pub truonghop: Option<String>,
    #[serde(default)]
    pub trinhtu: Vec<StepPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct StepPart {
    pub tentrinhtu: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct WayPart {
    pub kenh: Value,
    #[serde(default)]
    pub thoigian: Vec<TimePart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct TimePart {
    #[serde(default)]
    pub thoigiangiaiquyet: Value,
    #[serde(default)]
    pub donvitinh: Option<String>,
    #[serde(default)]
    pub mota: Option<String>,
    #[serde(default)]
    pub philephi: Vec<FeePart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct FeePart {
    #[serde(default)]
    pub maphilephi: Option<String>,
    #[serde(default)]
    pub sotien: Value,
    #[serde(default)]
    pub donvi: Option<String>,
    #[serde(default)]
    pub mota: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct ResultPart {
    pub maketqua: Option<String>,
    pub tenketqua: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct BasisPart {
    pub sovanban: String,
    #[serde(default)]
    pub tenvanban: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct AgencyPart {
    pub tendonvi: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct PapersPart {
    #[serde(default)]
    pub truonghop: Option<String>,
    #[serde(default)]
    pub giayto: Vec<PaperPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct PaperPart {
    #[serde(default)]
    pub magiayto: Option<String>,
    pub tengiayto: String,
    #[serde(default)]
    pub tenmaudon: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
}
