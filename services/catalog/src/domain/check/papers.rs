//! Papers: their counts, conditions and templates.

use super::{Findings, codes};
use crate::domain::{Content, Paper, PaperNeed};

const MOST_COPIES: u32 = 20;

pub(super) fn check(content: &Content, found: &mut Findings) {
    for case in &content.cases {
        let path = format!("cases.{}.papers", case.code);
        codes(&path, case.papers.iter().map(|p| p.code.as_str()), found);
        for paper in &case.papers {
            check_paper(&format!("{path}.{}", paper.code), paper, found);
        }
    }
}

fn check_paper(path: &str, paper: &Paper, found: &mut Findings) {
    if paper.name.trim().is_empty() {
        found.problem(format!("{path}.display_name"), "NAME_INVALID", "Giấy tờ chưa có tên.");
    }
    let count = paper.originals.saturating_add(paper.copies);
    if count == 0 && matches!(paper.need, PaperNeed::Always | PaperNeed::Conditional) {
        found.flag(
            format!("{path}.originals"),
            "COUNT_MISSING",
            "Chưa ghi số bản chính hoặc bản sao phải nộp.",
        );
    }
    if count > MOST_COPIES {
        found.flag(
            format!("{path}.copies"),
            "COUNT_SUSPICIOUS",
            format!("Yêu cầu {count} bản là nhiều bất thường, cần kiểm tra lại."),
        );
    }
    if paper.need == PaperNeed::Conditional && paper.condition.is_none() {
        found.flag(
            format!("{path}.condition"),
            "CONDITION_MISSING",
            "Giấy tờ chỉ nộp trong một số trường hợp nhưng chưa ghi trường hợp nào.",
        );
    }
    if let Some(form) = &paper.form {
        match &form.url {
            None => found.flag(
                format!("{path}.form.url"),
                "TEMPLATE_WITHOUT_ADDRESS",
                "Mẫu đơn, tờ khai chưa có địa chỉ tải về.",
            ),
            Some(url) if !url.starts_with("https://") && !url.starts_with("http://") => found
                .problem(
                    format!("{path}.form.url"),
                    "ADDRESS_INVALID",
                    "Địa chỉ mẫu phải bắt đầu bằng https:// hoặc http://.",
                ),
            Some(_) => {}
        }
    }
}
