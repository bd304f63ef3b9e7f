//! Names, cases and ways: what a reader must find.

use std::collections::BTreeSet;

use super::{Findings, codes};
use crate::domain::{Audience, Content, FrontDoor, ProcedureNumber};

/// Real names run to a page.
const LONGEST_NAME: usize = 4_000;

pub(super) fn check(number: &ProcedureNumber, content: &Content, found: &mut Findings) {
    let length = content.name.chars().count();
    if length == 0 || length > LONGEST_NAME {
        found.problem(
            "display_name",
            "NAME_INVALID",
            format!("Tên thủ tục phải có từ 1 đến {LONGEST_NAME} ký tự."),
        );
    }
    if content.audiences.is_empty() {
        found.problem("audiences", "AUDIENCE_MISSING", "Chưa chọn đối tượng thực hiện.");
    }
    if number.is_internal() && content.audiences != BTreeSet::from([Audience::Official]) {
        found.flag(
            "audiences",
            "INTERNAL_NUMBER",
            "Mã bắt đầu bằng 5 hoặc 6 là thủ tục nội bộ: đối tượng thường chỉ là cán bộ, công chức.",
        );
    }
    if content.front_door == FrontDoor::National && content.publication.url.is_none() {
        found.flag(
            "publication.url",
            "PORTAL_LINK_MISSING",
            "Thủ tục nộp tại Cổng Dịch vụ công quốc gia nhưng chưa có đường dẫn đến trang đó.",
        );
    }
    if content.results.is_empty() {
        found.flag("results", "RESULT_MISSING", "Chưa ghi kết quả giải quyết.");
    }
    if content.legal_bases.is_empty() {
        found.flag("legal_bases", "LEGAL_BASIS_MISSING", "Chưa ghi căn cứ pháp lý.");
    }
    if content.steps.is_empty() {
        found.flag("steps", "STEPS_MISSING", "Chưa ghi trình tự thực hiện.");
    }
    cases(content, found);
}

fn cases(content: &Content, found: &mut Findings) {
    if content.cases.is_empty() {
        found.problem("cases", "CASE_MISSING", "Cần ít nhất một trường hợp.");
    }
    codes("cases", content.cases.iter().map(|c| c.code.as_str()), found);
    for case in &content.cases {
        let path = format!("cases.{}", case.code);
        if case.name.trim().is_empty() {
            found.problem(
                format!("{path}.display_name"),
                "NAME_INVALID",
                "Trường hợp chưa có tên.",
            );
        }
        if case.ways.is_empty() {
            found.problem(
                format!("{path}.ways"),
                "WAY_MISSING",
                "Trường hợp này chưa có cách thức thực hiện nào.",
            );
        }
        let mut seen = BTreeSet::new();
        for way in &case.ways {
            if !seen.insert(way.channel) {
                found.problem(
                    format!("{path}.ways.{}", way.channel),
                    "WAY_TWICE",
                    format!("Cách nộp {} được ghi hai lần.", way.channel.title()),
                );
            }
        }
    }
}
