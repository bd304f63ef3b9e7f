//! What must hold before a version is published, and what a person should look
//! at. Everything is answered at once, each with its path.

mod fees;
mod graph;
mod levels;
mod money;
mod papers;
mod process;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use motcua_fault::Violations;
use motcua_ids::AgencyId;

use super::{Content, ProcedureNumber};

/// Something wrong, or suspicious, at one place of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `cases.default.ways.online.fees.le-phi.amount_vnd`.
    pub path: String,
    /// Stable: `TEMPLATE_MISSING`.
    pub reason: &'static str,
    /// In Vietnamese, for the editor.
    pub text: String,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Publishing is refused while there is one.
    pub problems: Vec<Finding>,
    /// For a person to look at.
    pub flags: Vec<Finding>,
}

impl Findings {
    /// Notes what stops publishing.
    pub fn problem(
        &mut self,
        path: impl Into<String>,
        reason: &'static str,
        text: impl Into<String>,
    ) {
        self.problems.push(Finding { path: path.into(), reason, text: text.into() });
    }

    /// Notes what a person should look at.
    pub fn flag(&mut self, path: impl Into<String>, reason: &'static str, text: impl Into<String>) {
        self.flags.push(Finding { path: path.into(), reason, text: text.into() });
    }
}

/// The proof that a version was checked and nothing stops publishing it.
#[derive(Debug, Clone, Copy)]
pub struct Complete(());

impl Findings {
    /// Refuses with every problem at once, below `prefix`.
    pub fn complete(&self, prefix: &str) -> Result<Complete, Violations> {
        if self.problems.is_empty() {
            return Ok(Complete(()));
        }
        let mut violations = Violations::default();
        for problem in &self.problems {
            let field = format!("{prefix}{}", problem.path);
            violations.add(field, problem.reason, problem.text.as_str());
        }
        Err(violations)
    }
}

/// What a version names outside itself.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// All agencies that have an identifier code.
    pub identifiers: BTreeMap<String, AgencyId>,
    /// Unit codes, with the agencies that have such a unit.
    pub units: BTreeMap<String, BTreeSet<AgencyId>>,
}

/// Checks the whole of a version. Whether the e-form is a sound JSON Schema is
/// found by whoever compiles it.
pub fn check(number: &ProcedureNumber, content: &Content, around: &Surroundings) -> Findings {
    let mut found = Findings::default();
    words::check(number, content, &mut found);
    papers::check(content, &mut found);
    money::check(content, around, &mut found);
    levels::check(content, &mut found);
    if let Some(process) = &content.process {
        process::check(process, content, around, &mut found);
    }
    found
}

/// Whether `code` can stand in paths and addresses: `to-khai`, `KQ.G15.000031`.
fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 80
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Notes codes that are malformed or said twice in one list.
fn codes<'a>(path: &str, codes: impl Iterator<Item = &'a str>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !is_code(code) {
            found.problem(
                path,
                "CODE_INVALID",
                format!("Mã «{code}» chỉ được gồm chữ không dấu, số, dấu chấm và gạch nối."),
            );
        } else if !seen.insert(code) {
            found.problem(path, "CODE_TWICE", format!("Mã «{code}» xuất hiện hai lần."));
        }
    }
}

#[cfg(test)]
mod tests;
