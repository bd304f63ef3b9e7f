//! What each service level promises must be there: templates at level 2, the
//! e-form at 3, online payment at 4. Where the front door is national, the
//! e-form and the payment are the national portal's.

use super::Findings;
use crate::domain::{Channel, Content, FeeRule, FrontDoor, Paper, PaperNeed, ServiceLevel};

pub(super) fn check(content: &Content, found: &mut Findings) {
    let level = content.legacy_level.unwrap_or(0);
    if content.legacy_level.is_some_and(|level| !(1..=4).contains(&level)) {
        found.problem("legacy_level", "LEVEL_INVALID", "Mức độ phải từ 1 đến 4.");
    }
    let rated =
        matches!(content.service_level, ServiceLevel::PartlyOnline | ServiceLevel::FullyOnline);
    let online = level >= 3 || rated;
    let local = content.front_door == FrontDoor::Local;
    let online_way = content.ways().any(|(_, way)| way.channel == Channel::Online);
    agree(content, level, found);
    if online_way {
        beside_an_online_way(content, level, found);
    }
    if level >= 2 {
        templates(content, found);
    }
    if online && !online_way {
        found.problem(
            "cases",
            "ONLINE_WAY_MISSING",
            "Dịch vụ công trực tuyến phải có cách nộp trực tuyến.",
        );
    }
    if online && local && content.form.is_none() {
        found.problem(
            "form",
            "FORM_MISSING",
            "Nộp trực tuyến tại cổng của tỉnh thì phải có biểu mẫu điện tử.",
        );
    }
    if local && (level == 4 || content.service_level == ServiceLevel::FullyOnline) {
        payment(content, found);
    }
}

/// Two scales rate the same service; where they disagree, one of them is stale.
fn agree(content: &Content, level: u8, found: &mut Findings) {
    let agreed = match content.service_level {
        ServiceLevel::Unspecified => true,
        ServiceLevel::InformationOnly => level <= 2,
        ServiceLevel::PartlyOnline => matches!(level, 0 | 2 | 3),
        ServiceLevel::FullyOnline => matches!(level, 0 | 3 | 4),
    };
    if !agreed {
        found.flag(
            "legacy_level",
            "LEVELS_DISAGREE",
            "Mức độ 1-4 không khớp với mức độ cung cấp dịch vụ hiện nay.",
        );
    }
}

/// Who can file online has more than information and templates.
fn beside_an_online_way(content: &Content, level: u8, found: &mut Findings) {
    match content.service_level {
        ServiceLevel::InformationOnly => found.flag(
            "service_level",
            "ONLINE_BESIDE_INFORMATION",
            "Ghi là chỉ cung cấp thông tin nhưng lại có cách nộp trực tuyến.",
        ),
        ServiceLevel::Unspecified => found.flag(
            "service_level",
            "SERVICE_LEVEL_UNKNOWN",
            "Có cách nộp trực tuyến nhưng chưa rõ là một phần hay toàn trình.",
        ),
        ServiceLevel::PartlyOnline | ServiceLevel::FullyOnline => {}
    }
    if matches!(level, 1 | 2) {
        found.flag(
            "legacy_level",
            "ONLINE_BESIDE_LOW_LEVEL",
            "Mức độ 1, 2 không có nộp trực tuyến nhưng lại có cách nộp trực tuyến.",
        );
    }
}

/// An e-form stands for a template only where nobody has a paper to write: all
/// that is asked for is shown, or asked of some.
fn templates(content: &Content, found: &mut Findings) {
    let written = |paper: &Paper| matches!(paper.need, PaperNeed::Always | PaperNeed::OnlineForm);
    for case in &content.cases {
        let owed = match content.form {
            Some(_) => case.papers.iter().any(written),
            None => !case.papers.is_empty(),
        };
        if owed && case.papers.iter().all(|paper| paper.form.is_none()) {
            found.problem(
                format!("cases.{}.papers", case.code),
                "TEMPLATE_MISSING",
                "Từ mức độ 2 phải có mẫu đơn, tờ khai để tải về.",
            );
        }
    }
}

fn payment(content: &Content, found: &mut Findings) {
    for (path, way) in content.ways() {
        if way.channel != Channel::Online {
            continue;
        }
        for fee in way.fees.iter().filter(|fee| fee.rule == FeeRule::Unknown) {
            found.problem(
                format!("{path}.fees.{}", fee.code),
                "FEE_UNKNOWN",
                "Dịch vụ toàn trình thì phải biết có thu phí, lệ phí hay không.",
            );
        }
        let costs = way.fees.iter().any(crate::domain::Fee::may_cost);
        if costs && !way.online_payment {
            found.problem(
                format!("{path}.online_payment"),
                "ONLINE_PAYMENT_MISSING",
                "Dịch vụ toàn trình có thu phí, lệ phí thì phải thanh toán trực tuyến được.",
            );
        }
    }
}
