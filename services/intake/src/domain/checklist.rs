//! Required papers against given ones: all that is missing, at once.

use motcua_fault::Violations;

use super::{Case, Channel, Need, Paper, Requirement, Supplement};

/// Notes what is missing or unusable among the papers, as `papers.<code>`.
pub fn check(
    case: &Case,
    channel: Channel,
    has_form: bool,
    papers: &[Paper],
    violations: &mut Violations,
) {
    for required in &case.papers {
        let (given, infected): (Vec<_>, Vec<_>) =
            papers.iter().filter(|paper| paper.code == required.code).partition(|p| p.counts());
        // One that was filed cannot be taken out: a good one beside it is enough.
        if given.is_empty() && !infected.is_empty() {
            violations.add(
                format!("papers.{}", required.code),
                "PAPER_INFECTED",
                format!("«{}»: tệp có mã độc, vui lòng gửi tệp khác.", required.name),
            );
            continue;
        }
        if must_be_there(required, channel, has_form) && given.is_empty() {
            violations.add(
                format!("papers.{}", required.code),
                "PAPER_MISSING",
                format!("Thiếu giấy tờ: {}.", required.name),
            );
            continue;
        }
        check_counts(required, &given, violations);
    }
}

/// Notes what a supplement still lacks: every paper it asked for must have come since.
pub fn check_supplement(
    asked: &Supplement,
    case: &Case,
    papers: &[Paper],
    violations: &mut Violations,
) {
    for code in &asked.papers {
        let arrived = papers.iter().any(|p| {
            p.code == *code && !p.filed && p.counts() && p.created_at >= asked.requested_at
        });
        if !arrived {
            let name = case.paper(code).map_or(code.as_str(), |paper| paper.name.as_str());
            violations.add(
                format!("papers.{code}"),
                "SUPPLEMENT_MISSING",
                format!("Chưa bổ sung giấy tờ được yêu cầu: {name}."),
            );
        }
    }
}

fn must_be_there(required: &Requirement, channel: Channel, has_form: bool) -> bool {
    match required.need {
        Need::Always => true,
        // Shown papers are looked at and handed back: nothing of them is kept.
        Need::Conditional | Need::Shown => false,
        Need::OnlineForm => !(channel == Channel::Online && has_form),
    }
}

/// A file stands for any number of paper sheets; sheets alone are counted.
fn check_counts(required: &Requirement, given: &[&Paper], violations: &mut Violations) {
    if given.is_empty() || given.iter().any(|paper| paper.content.is_some()) {
        return;
    }
    let originals: u32 = given.iter().map(|paper| paper.originals).sum();
    let copies: u32 = given.iter().map(|paper| paper.copies).sum();
    // More originals than asked for make up for copies.
    let spare = originals.saturating_sub(required.originals);
    if originals < required.originals || copies + spare < required.copies {
        violations.add(
            format!("papers.{}", required.code),
            "PAPER_TOO_FEW",
            format!(
                "«{}»: cần {} bản chính và {} bản sao.",
                required.name, required.originals, required.copies
            ),
        );
    }
}

#[cfg(test)]
#[path = "checklist_tests.rs"]
mod tests;
