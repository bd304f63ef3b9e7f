//! The national database's reply to LayThuTuc, as its clients describe it.
//! Time and fees lie on (channel × time row), papers on the case.

mod shape;
mod ways;

use serde_json::Value;
use shape::{AgencyPart, PaperPart, PapersPart, Reply, StepsPart};

use super::{
    document::{
        BasisDoc, CaseDoc, ContactDoc, PaperDoc, ProcedureDoc, PublicationDoc, ResultDoc,
        SupplementDoc, TemplateDoc, WayDoc,
    },
    keeping::Says,
    read::{Item, Row, Unreadable, few, not_json},
    slug::{Names, slug},
    wording::say,
};
use crate::domain::{Audience, Finding, FrontDoor, Level, PaperNeed, ServiceLevel};

/// One reply, a list of them, or either below `data` or `result`.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Unreadable> {
    let mut value: Value = serde_json::from_str(text).map_err(|e| Unreadable(not_json(&e)))?;
    refused(&value)?;
    for key in ["data", "result"] {
        if let Some(inner) = value.get_mut(key) {
            value = inner.take();
        }
    }
    let replies = match value {
        Value::Array(replies) => replies,
        reply => vec![reply],
    };
    few(replies.len())?;
    Ok(replies.into_iter().zip(1..).map(|(reply, at)| row(at, reply)).collect())
}

/// A reply that carries an error code carries no procedures.
fn refused(reply: &Value) -> Result<(), Unreadable> {
    let code = scalar(&reply["error_code"]);
    if matches!(code.as_str(), "" | "0" | "00") {
        return Ok(());
    }
    let message = scalar(&reply["message"]);
    Err(Unreadable(format!("Cơ sở dữ liệu quốc gia trả lời lỗi {code}: {message}.")))
}

fn row(position: usize, reply: Value) -> Row {
    let key = reply.get("MATTHC").and_then(Value::as_str).unwrap_or_default().to_owned();
    let reply: Reply = match serde_path_to_error::deserialize(reply) {
        Ok(reply) => reply,
        Err(e) => {
            let why = format!("{}: {}", e.path(), say(&e.inner().to_string()));
            return Row::new(position, key, Err(why));
        }
    };
    let mut flags = Vec::new();
    let item = document(reply, &mut flags);
    let item = item.map(|doc| Item::Procedure(Box::new(doc), Says::National));
    Row { flags, ..Row::new(position, key, item) }
}

fn document(reply: Reply, flags: &mut Vec<Finding>) -> Result<ProcedureDoc, String> {
    let number = text(reply.matthc).ok_or("Thiếu mã thủ tục (MATTHC).")?;
    let name = text(reply.tentthc).ok_or("Thiếu tên thủ tục (TENTTHC).")?;
    let field = reply.linhvucthuchien.into_iter().next();
    let field = field.ok_or("Thiếu lĩnh vực (LINHVUCTHUCHIEN).")?;
    let level = level(&reply.coquanthuchien, flags);
    let ways = ways::ways(reply.cachthucthuchien, flags)?;
    Ok(ProcedureDoc {
        number,
        name,
        field: text(field.malinhvuc).unwrap_or_else(|| field.tenlinhvuc.clone()),
        field_name: Some(field.tenlinhvuc),
        level,
        audience: audience(reply.doituongthuchien.as_deref().unwrap_or_default(), flags),
        publication: PublicationDoc::default(),
        service_level: ServiceLevel::Unspecified,
        legacy_level: None,
        front_door: FrontDoor::National,
        summary: None,
        steps: steps(reply.trinhtuthuchien),
        cases: cases(reply.thanhphanhoso, &ways),
        results: reply
            .ketquathuchien
            .into_iter()
            .map(|r| ResultDoc { code: text(r.maketqua), name: r.tenketqua })
            .collect(),
        legal_bases: reply
            .cancuphaply
            .into_iter()
            .map(|b| BasisDoc { name: b.tenvanban.unwrap_or_default(), number: b.sovanban })
            .collect(),
        conditions: text(reply.yeucau),
        contact: ContactDoc::default(),
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

fn flag(flags: &mut Vec<Finding>, path: String, reason: &'static str, text: impl Into<String>) {
    flags.push(Finding { path, reason, text: text.into() });
}

/// What is said, if anything is.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Steps of several cases are told apart by the case they are of.
fn steps(parts: Vec<StepsPart>) -> Vec<String> {
    let several = parts.len() > 1;
    let of_case = |part: StepsPart| {
        let case = text(part.truonghop).filter(|_| several);
        part.trinhtu.into_iter().map(move |step| match &case {
            Some(case) => format!("{case}: {}", step.tentrinhtu),
            None => step.tentrinhtu,
        })
    };
    parts.into_iter().flat_map(of_case).collect()
}

fn cases(parts: Vec<PapersPart>, ways: &[WayDoc]) -> Vec<CaseDoc> {
    if parts.is_empty() {
        let name = "Trường hợp chung".to_owned();
        return vec![CaseDoc { code: "default".into(), name, papers: vec![], ways: ways.to_vec() }];
    }
    let single = parts.len() == 1;
    let mut codes = Names::default();
    let case = |part: PapersPart| {
        let name = text(part.truonghop).unwrap_or_else(|| "Trường hợp chung".to_owned());
        let code = if single { "default".to_owned() } else { codes.unique(&slug(&name)) };
        let mut papers = Names::default();
        let papers = part.giayto.into_iter().map(|p| paper(p, &mut papers)).collect();
        CaseDoc { code, name, papers, ways: ways.to_vec() }
    };
    parts.into_iter().map(case).collect()
}

/// The reply has no counts; publishing flags that for a person.
fn paper(part: PaperPart, names: &mut Names) -> PaperDoc {
    let wanted = text(part.magiayto).unwrap_or_else(|| slug(&part.tengiayto));
    let url = part.url.filter(|url| url.starts_with("http"));
    PaperDoc {
        code: names.unique(&wanted),
        name: part.tengiayto,
        originals: 0,
        copies: 0,
        required: PaperNeed::Always,
        condition: None,
        form: text(part.tenmaudon).map(|name| TemplateDoc { name, url }),
        result_code: None,
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
    let why = "Nguồn không ghi rõ đối tượng; tạm lấy công dân.";
    flag(flags, "audiences".to_owned(), "AUDIENCE_ASSUMED", why);
    vec![Audience::Citizen]
}

fn level(agencies: &[AgencyPart], flags: &mut Vec<Finding>) -> Level {
    let names: Vec<_> = agencies.iter().map(|a| motcua_vn::text::searchable(&a.tendonvi)).collect();
    let begins = |words: &[&str]| names.iter().any(|n| words.iter().any(|w| n.starts_with(w)));
    let says = |words: &[&str]| {
        // Whole words: «hồ sơ» is no «sở», «địa phương» is no «phường».
        names.iter().any(|n| words.iter().any(|w| format!(" {n} ").contains(&format!(" {w} "))))
    };
    if says(&["cap xa", "nhan dan xa", "xa phuong", "nhan dan phuong"]) {
        return Level::Commune;
    }
    if begins(&["so "]) || says(&["cap tinh", "nhan dan tinh", "cong an tinh", "mot cua so"]) {
        return Level::Province;
    }
    if begins(&["bo ", "cuc ", "tong cuc "]) || says(&["cap bo"]) {
        return Level::Ministry;
    }
    let why = "Nguồn không ghi rõ cấp thực hiện; tạm lấy cấp tỉnh.";
    flag(flags, "level".to_owned(), "LEVEL_ASSUMED", why);
    Level::Province
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> (Level, usize) {
        let agencies: Vec<_> =
            names.iter().map(|name| AgencyPart { tendonvi: (*name).to_owned() }).collect();
        let mut flags = Vec::new();
        (level(&agencies, &mut flags), flags.len())
    }

    #[test]
    fn the_level_is_read_from_whole_words() {
        for name in ["Ủy ban Nhân dân xã, phường, thị trấn", "Công an cấp Xã", "UBND cấp xã"]
        {
            assert_eq!(of(&[name]), (Level::Commune, 0), "{name}");
        }
        for name in ["Sở Xây dựng", "Công an tỉnh", "Ủy ban nhân dân cấp tỉnh"] {
            assert_eq!(of(&[name]), (Level::Province, 0), "{name}");
        }
        assert_eq!(of(&["Bộ Tư pháp"]), (Level::Ministry, 0));
        for name in ["Cơ quan tiếp nhận hồ sơ", "Cơ quan ở địa phương", ""] {
            assert_eq!(of(&[name]), (Level::Province, 1), "{name} is assumed");
        }
    }
}
