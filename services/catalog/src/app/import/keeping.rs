//! A format that cannot say something does not take it away: what the province
//! decided stays when the national database or a table is read again.

use super::build::{SERVICE_LEVEL, list};
use crate::domain::{Content, FeeRule, Finding, Paper, ServiceLevel};

/// How much of a procedure a format can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Our own format: what is not written is not there.
    Everything,
    /// A table: no e-form, no process, nothing to explain.
    Table,
    /// The national database: nothing of what is a province's to decide.
    National,
}

impl Says {
    /// Leaves what the format cannot say as the catalog has it. Tells so, for
    /// whoever imports, where that differs from what the format assumed.
    pub(super) fn keep(self, new: &mut Content, old: &Content) -> Option<Finding> {
        if self == Self::Everything {
            return None;
        }
        let assumed = new.clone();
        new.legacy_level = old.legacy_level;
        new.summary.clone_from(&old.summary);
        new.contact = old.contact.clone();
        new.keywords.clone_from(&old.keywords);
        new.supplement = old.supplement;
        new.form.clone_from(&old.form);
        new.process.clone_from(&old.process);
        new.agencies.clone_from(&old.agencies);
        new.unknown.clone_from(&old.unknown);
        new.publication.url.clone_from(&old.publication.url);
        new.publication.effective_from = old.publication.effective_from;
        if new.publication.decision.is_none() {
            new.publication.decision.clone_from(&old.publication.decision);
        }
        if new.service_level == ServiceLevel::Unspecified {
            new.service_level = old.service_level;
        }
        if new.service_level == ServiceLevel::Unspecified {
            list(&mut new.unknown, SERVICE_LEVEL);
        } else {
            new.unknown.retain(|path| path != SERVICE_LEVEL);
        }
        match self {
            Self::National => national(new, old),
            Self::Table | Self::Everything => new.conditions.clone_from(&old.conditions),
        }
        paying(new, old);
        add(&mut new.notes, &old.notes);
        add(&mut new.sources, &old.sources);
        (assumed != *new).then(|| Finding {
            path: String::new(),
            reason: "KEPT",
            text: "Những mục mà kiểu tệp này không ghi được giữ nguyên như đang có.".to_owned(),
        })
    }
}

/// The national database knows no front doors, and of a paper
/// neither counts nor when it is needed.
fn national(new: &mut Content, old: &Content) {
    new.front_door = old.front_door;
    for case in &mut new.cases {
        let Some(before) = old.cases.iter().find(|c| c.code == case.code) else { continue };
        for paper in &mut case.papers {
            if let Some(before) = before.papers.iter().find(|p| p.code == paper.code) {
                *paper = Paper {
                    code: paper.code.clone(),
                    name: paper.name.clone(),
                    form: paper.form.clone().or_else(|| before.form.clone()),
                    ..before.clone()
                };
            }
        }
    }
}

/// Of fees no such format knows more than sums and words: tables and shares stay, unless it says a
/// sum where a table did.
fn paying(new: &mut Content, old: &Content) {
    for case in &mut new.cases {
        let Some(before) = old.cases.iter().find(|c| c.code == case.code) else { continue };
        for way in &mut case.ways {
            let before = before.ways.iter().find(|w| w.channel == way.channel);
            let Some(before) = before else { continue };
            way.online_payment |= before.online_payment;
            for fee in &mut way.fees {
                let Some(before) = before.fees.iter().find(|f| f.code == fee.code) else {
                    continue;
                };
                fee.shares.clone_from(&before.shares);
                let open = matches!(
                    fee.rule,
                    FeeRule::SetByProvince | FeeRule::SeeNote | FeeRule::Unknown
                );
                if open && matches!(before.rule, FeeRule::Table { .. }) {
                    fee.rule.clone_from(&before.rule);
                    fee.note = fee.note.take().or_else(|| before.note.clone());
                }
            }
        }
    }
}

fn add(new: &mut Vec<String>, old: &[String]) {
    let mut all = old.to_vec();
    all.extend(new.drain(..).filter(|line| !old.contains(line)));
    *new = all;
}
