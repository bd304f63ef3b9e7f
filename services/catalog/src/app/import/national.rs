//! The national database's reply to LayThuTuc, as its clients describe it.
//! Time and fees lie on (channel × time row), papers on the case.

use motcua_vn::LimitUnit;
use serde::Deserialize;
use serde_json::Value;

use super::{
    document::{
        BasisDoc, CaseDoc, FeeDoc, FeeWord, LimitDoc, LimitWord, PaperDoc, ProcedureDoc,
        PublicationDoc, ResultDoc, SupplementDoc, TemplateDoc, WayDoc,
    },
    read::{Item, Row, Unreadable},
    slug::{Names, slug},
};
use crate::domain::{
    Audience, Channel, FeeKind, Finding, FrontDoor, Level, PaperNeed, ServiceLevel,
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Reply {
    matthc: Option<String>,
    tentthc: String,
    #[serde(default)]
    linhvucthuchien: Vec<FieldPart>,
    #[serde(default)]
    trinhtuthuchien: Vec<StepsPart>,
    #[serde(default)]
    cachthucthuchien: Vec<WayPart>,
    #[serde(default)]
    doituongthuchien: Option<String>,
    #[serde(default)]
    yeucau: Option<String>,
    #[serde(default)]
    ketquathuchien: Vec<ResultPart>,
    #[serde(default)]
    cancuphaply: Vec<BasisPart>,
    #[serde(default)]
    coquanthuchien: Vec<AgencyPart>,
    #[serde(default)]
    thanhphanhoso: Vec<PapersPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct FieldPart {
    malinhvuc: Option<String>,
    tenlinhvuc: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct StepsPart {
    #[serde(default)]
    trinhtu: Vec<StepPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct StepPart {
    tentrinhtu: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct WayPart {
    kenh: Value,
    #[serde(default)]
    thoigian: Vec<TimePart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct TimePart {
    #[serde(default)]
    thoigiangiaiquyet: Value,
    #[serde(default)]
    donvitinh: Option<String>,
    #[serde(default)]
    mota: Option<String>,
    #[serde(default)]
    philephi: Vec<FeePart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct FeePart {
    #[serde(default)]
    maphilephi: Option<String>,
    #[serde(default)]
    sotien: Value,
    #[serde(default)]
    mota: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct ResultPart {
    maketqua: Option<String>,
    tenketqua: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct BasisPart {
    sovanban: String,
    #[serde(default)]
    tenvanban: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct AgencyPart {
    tendonvi: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct PapersPart {
    #[serde(default)]
    truonghop: Option<String>,
    #[serde(default)]
    giayto: Vec<PaperPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct PaperPart {
    #[serde(default)]
    magiayto: Option<String>,
    tengiayto: String,
    #[serde(default)]
    tenmaudon: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// One reply, a list of them, or either below `data` or `result`.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Unreadable> {
    let mut value: Value = serde_json::from_str(text)
        .map_err(|e| Unreadable(format!("Tệp không phải JSON đúng: {e}.")))?;
    for key in ["data", "result"] {
        if let Some(inner) = value.get_mut(key) {
            value = inner.take();
        }
    }
    let replies = match value {
        Value::Array(replies) => replies,
        reply => vec![reply],
    };
    Ok(replies.into_iter().zip(1..).map(|(reply, at)| row(at, reply)).collect())
}

fn row(position: usize, reply: Value) -> Row {
    let key = reply.get("MATTHC").and_then(Value::as_str).unwrap_or_default().to_owned();
    let reply: Reply = match serde_json::from_value(reply) {
        Ok(reply) => reply,
        Err(e) => return Row::new(position, key, Err(format!("Không đọc được: {e}."))),
    };
    let mut flags = Vec::new();
    let doc = document(reply, &mut flags);
    let item = doc.map(|doc| Item::Procedure(Box::new(doc)));
    Row { flags, ..Row::new(position, key, item) }
}

fn document(reply: Reply, flags: &mut Vec<Finding>) -> Result<ProcedureDoc, String> {
    let number = reply.matthc.ok_or("Thiếu mã thủ tục (MATTHC).")?;
    let field = reply.linhvucthuchien.into_iter().next().ok_or("Thiếu lĩnh vực.")?;
    let ways = ways(reply.cachthucthuchien, flags)?;
    let level = level(&reply.coquanthuchien, flags);
    Ok(ProcedureDoc {
        number,
        name: reply.tentthc,
        field: field.malinhvuc.filter(|code| !code.is_empty()).unwrap_or(field.tenlinhvuc),
        level,
        audience: audience(reply.doituongthuchien.as_deref().unwrap_or_default(), flags),
        publication: PublicationDoc::default(),
        service_level: ServiceLevel::InformationOnly,
        legacy_level: None,
        front_door: FrontDoor::National,
        summary: None,
        steps: reply
            .trinhtuthuchien
            .into_iter()
            .flat_map(|part| part.trinhtu)
            .map(|step| step.tentrinhtu)
            .collect(),
        cases: cases(reply.thanhphanhoso, &ways),
        results: reply
            .ketquathuchien
            .into_iter()
            .map(|r| ResultDoc { code: r.maketqua.filter(|c| !c.is_empty()), name: r.tenketqua })
            .collect(),
        legal_bases: reply
            .cancuphaply
            .into_iter()
            .map(|b| BasisDoc { name: b.tenvanban.unwrap_or_default(), number: b.sovanban })
            .collect(),
        conditions: reply.yeucau.filter(|text| !text.trim().is_empty()),
        contact: super::document::ContactDoc::default(),
        keywords: Vec::new(),
        supplement: SupplementDoc::default(),
        form: None,
        process: None,
        agencies: Vec::new(),
        sources: vec!["Cơ sở dữ liệu quốc gia về thủ tục hành chính".to_owned()],
        unknown: Vec::new(),
        flags: Vec::new(),
    })
}

fn flag(flags: &mut Vec<Finding>, path: &str, reason: &'static str, text: impl Into<String>) {
    flags.push(Finding { path: path.to_owned(), reason, text: text.into() });
}

fn cases(parts: Vec<PapersPart>, ways: &[WayDoc]) -> Vec<CaseDoc> {
    if parts.is_empty() {
        let name = "Trường hợp chung".to_owned();
        return vec![CaseDoc { code: "default".into(), name, papers: vec![], ways: ways.to_vec() }];
    }
    let single = parts.len() == 1;
    let mut codes = Names::default();
    let case = |part: PapersPart| {
        let name = part.truonghop.filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| "Trường hợp chung".to_owned());
        let code = if single { "default".to_owned() } else { codes.unique(&slug(&name)) };
        let mut papers = Names::default();
        let papers = part.giayto.into_iter().map(|p| paper(p, &mut papers)).collect();
        CaseDoc { code, name, papers, ways: ways.to_vec() }
    };
    parts.into_iter().map(case).collect()
}

/// The reply has no counts; publishing flags that for a person.
fn paper(part: PaperPart, names: &mut Names) -> PaperDoc {
    let wanted =
        part.magiayto.filter(|code| !code.is_empty()).unwrap_or_else(|| slug(&part.tengiayto));
    let url = part.url.filter(|url| url.starts_with("http"));
    let form = part.tenmaudon.filter(|name| !name.trim().is_empty());
    PaperDoc {
        code: names.unique(&wanted),
        name: part.tengiayto,
        originals: 0,
        copies: 0,
        required: PaperNeed::Always,
        condition: None,
        form: form.map(|name| TemplateDoc { name, url }),
        result_code: None,
    }
}

fn ways(parts: Vec<WayPart>, flags: &mut Vec<Finding>) -> Result<Vec<WayDoc>, String> {
    let mut ways = Vec::new();
    for part in parts {
        let channel = match scalar(&part.kenh).as_str() {
            "1" => Channel::Desk,
            "2" => Channel::Online,
            "3" => Channel::Post,
            other => {
                return Err(format!("Kênh thực hiện «{other}» không có trong danh mục 1, 2, 3."));
            }
        };
        if part.thoigian.len() > 1 {
            flag(
                flags,
                &format!("cases.default.ways.{channel}.limit"),
                "SEVERAL_LIMITS",
                "Nguồn ghi nhiều thời hạn cho một kênh; lấy thời hạn đầu, các thời hạn khác ở ghi chú.",
            );
        }
        let mut times = part.thoigian.into_iter();
        let first = times.next();
        let others: Vec<String> = times
            .map(|t| {
                let parts = [
                    scalar(&t.thoigiangiaiquyet),
                    t.donvitinh.unwrap_or_default(),
                    t.mota.unwrap_or_default(),
                ];
                parts.join(" ").trim().to_owned()
            })
            .collect();
        let mut way = way(channel, first);
        if !others.is_empty() {
            way.note = Some(format!("Thời hạn khác: {}.", others.join("; ")));
        }
        ways.push(way);
    }
    Ok(ways)
}

fn way(channel: Channel, time: Option<TimePart>) -> WayDoc {
    let Some(time) = time else {
        let limit = LimitDoc::Word(LimitWord::Unknown);
        return WayDoc { channel, limit, fees: Vec::new(), online_payment: false, note: None };
    };
    let note = time.mota.filter(|text| !text.trim().is_empty());
    let limit = match scalar(&time.thoigiangiaiquyet).parse::<u32>() {
        Ok(amount) => {
            LimitDoc::Amount { amount, unit: time.donvitinh.as_deref().and_then(unit), note }
        }
        Err(_) => LimitDoc::Word(LimitWord::Unknown),
    };
    let mut names = Names::default();
    let fees = time.philephi.into_iter().map(|part| fee(part, &mut names)).collect();
    WayDoc { channel, limit, fees, online_payment: false, note: None }
}

fn fee(part: FeePart, names: &mut Names) -> FeeDoc {
    let note = part.mota.filter(|text| !text.trim().is_empty());
    let name = note.clone().unwrap_or_else(|| "Phí, lệ phí".to_owned());
    let amount: Option<i64> = scalar(&part.sotien).replace(['.', ',', ' '], "").parse().ok();
    let rule = match (amount, &note) {
        (Some(0), _) => FeeWord::Free,
        (Some(_), _) => FeeWord::Fixed,
        (None, Some(_)) => FeeWord::SeeNote,
        (None, None) => FeeWord::Unknown,
    };
    let wanted = part.maphilephi.filter(|code| !code.is_empty()).unwrap_or_else(|| slug(&name));
    let kind = if name.to_lowercase().starts_with("phí") { FeeKind::Charge } else { FeeKind::Fee };
    FeeDoc { code: names.unique(&wanted), name, kind, rule, amount_vnd: amount, note }
}

/// The units as the national database writes them.
pub(super) fn unit(text: &str) -> Option<LimitUnit> {
    match motcua_vn::text::searchable(text).as_str() {
        "ngay lam viec" => Some(LimitUnit::WorkingDays),
        "ngay" => Some(LimitUnit::CalendarDays),
        "gio" | "gio lam viec" => Some(LimitUnit::WorkingHours),
        "thang" => Some(LimitUnit::Months),
        "trong ngay" => Some(LimitUnit::SameDay),
        _ => None,
    }
}

fn audience(text: &str, flags: &mut Vec<Finding>) -> Vec<Audience> {
    let text = motcua_vn::text::searchable(text);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let found: Vec<_> = [
        (Audience::Citizen, has(&["cong dan viet nam", "ca nhan"])),
        (Audience::Organisation, has(&["doanh nghiep", "to chuc", "hop tac xa"])),
        (Audience::Foreigner, has(&["nguoi nuoc ngoai"])),
        (Audience::Official, has(&["can bo", "cong chuc"])),
    ]
    .into_iter()
    .filter_map(|(audience, found)| found.then_some(audience))
    .collect();
    if !found.is_empty() {
        return found;
    }
    flag(flags, "audiences", "AUDIENCE_ASSUMED", "Nguồn không ghi rõ đối tượng; tạm lấy công dân.");
    vec![Audience::Citizen]
}

fn level(agencies: &[AgencyPart], flags: &mut Vec<Finding>) -> Level {
    let names: String =
        agencies.iter().map(|a| motcua_vn::text::searchable(&a.tendonvi) + ". ").collect();
    let has = |words: &[&str]| words.iter().any(|word| names.contains(word));
    if has(&["cap xa", "dan xa", "phuong"]) {
        return Level::Commune;
    }
    if has(&["so ", "cap tinh", "dan tinh"]) {
        return Level::Province;
    }
    if has(&["bo ", "cuc ", "tong cuc"]) {
        return Level::Ministry;
    }
    flag(flags, "level", "LEVEL_ASSUMED", "Nguồn không ghi rõ cấp thực hiện; tạm lấy cấp tỉnh.");
    Level::Province
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
