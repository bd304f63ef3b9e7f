//! Required papers against given ones: all that is missing, at once.

use motcua_fault::Violations;
use motcua_quarantine::Unfit;

use super::{Case, Channel, Need, Paper, Requirement, Supplement, answers};

/// Notes what is missing or unusable among the papers, as `papers.<code>`.
pub fn check(
    case: &Case,
    channel: Channel,
    has_form: bool,
    papers: &[Paper],
    violations: &mut Violations,
) {
    for required in &case.papers {
        let (given, unfit): (Vec<_>, Vec<_>) =
            papers.iter().filter(|paper| paper.code == required.code).partition(|p| p.counts());
        // One that was filed cannot be taken out: a good one beside it is enough.
        if given.is_empty()
            && let Some(unfit) = unfit.iter().find_map(|paper| paper.unfit())
        {
            note_unfit(unfit, &required.code, &required.name, violations);
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

/// Notes of what was filed what no officer can have read: what waits for the scanner, and
/// components of which nothing is fit.
pub fn check_readable(
    case: &Case,
    papers: &[Paper],
    unscanned_too: bool,
    violations: &mut Violations,
) {
    for paper in papers.iter().filter(|paper| paper.content.is_some()) {
        let Some(unfit) = paper.unfit() else {
            let field = format!("papers.{}", paper.code);
            let _ = violations.take(field, paper.servable(unscanned_too));
            continue;
        };
        let mut alike = papers.iter().filter(|other| other.code == paper.code);
        // Beside a good one it does no harm; of several bad ones the first is named.
        if alike.clone().all(|other| !other.counts()) && alike.next() == Some(paper) {
            note_unfit(unfit, &paper.code, case.name_of(&paper.code), violations);
        }
    }
}

/// Notes what a supplement still lacks: every paper it asked for must have come since, and every
/// answer it asked for must be among the changed.
pub fn check_supplement(
    asked: &Supplement,
    case: &Case,
    papers: &[Paper],
    changed: &[String],
    violations: &mut Violations,
) {
    for path in &asked.answers {
        if !changed.iter().any(|changed| answers::touches(path, changed)) {
            let text = "Chưa sửa mục được yêu cầu trong tờ khai.";
            violations.add(path, "SUPPLEMENT_MISSING", text);
        }
    }
    for code in &asked.papers {
        let arrived: Vec<_> = papers
            .iter()
            .filter(|p| p.code == *code && !p.filed && p.created_at >= asked.requested_at)
            .collect();
        if !arrived.iter().any(|paper| paper.counts()) {
            let name = case.name_of(code);
            if let Some(unfit) = arrived.iter().find_map(|paper| paper.unfit()) {
                // Where none of the component counts, `check` says so.
                if papers.iter().any(|p| p.code == *code && p.counts()) {
                    note_unfit(unfit, code, name, violations);
                }
                continue;
            }
            violations.add(
                format!("papers.{code}"),
                "SUPPLEMENT_MISSING",
                format!("Chưa bổ sung giấy tờ được yêu cầu: {name}."),
            );
        }
    }
}

/// It came, and lies in quarantine: what is wrong with it and how to mend it.
fn note_unfit(unfit: Unfit, code: &str, name: &str, violations: &mut Violations) {
    let reason = match unfit {
        Unfit::Infected => "PAPER_INFECTED",
        _ => "PAPER_UNSCANNABLE",
    };
    violations.add(format!("papers.{code}"), reason, format!("«{name}»: {unfit}"));
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
