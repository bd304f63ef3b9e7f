//! What the callers were answered beside what the stores hold.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use motcua_tests::sandbox::Sandbox;

use super::record::{Record, Told};

/// What disagrees, a line each.
pub(super) struct Compared {
    lost: Vec<String>,
    doubled: Vec<String>,
    unkind: Vec<String>,
}

/// Rows by their names.
type Rows = BTreeMap<String, String>;

/// The stores hold what was answered, each once, and nothing else.
pub(super) async fn compare(record: &Record, sandbox: &Sandbox) -> Result<Compared> {
    let intake = async |sql: &str| sandbox.pairs("intake", sql).await;
    let workflow = async |sql: &str| sandbox.pairs("workflow", sql).await;
    let versions = intake("SELECT 'dossiers/' || id::text, version::text FROM dossiers").await?;
    let codes = intake("SELECT 'dossiers/' || id::text, code FROM dossiers WHERE code IS NOT NULL");
    let codes = codes.await?;
    let papers = intake("SELECT 'papers/' || id::text, '' FROM papers").await?;
    let started = workflow("SELECT 'dossiers/' || id::text, '' FROM process").await?;
    let results = workflow("SELECT 'results/' || id::text, '' FROM result").await?;
    let minted: BTreeSet<_> = codes.iter().map(|(_, code)| code.clone()).collect();
    let again = codes.len() - minted.len();
    let [versions, codes, papers, started, results]: [Rows; 5] =
        [versions, codes, papers, started, results].map(|rows| rows.into_iter().collect());
    let told = record.told();
    let mut compared = Compared {
        lost: lost(&told, &versions, &codes),
        doubled: doubled(&told, &versions, &codes),
        unkind: unkind(&told),
    };
    for (what, told, there) in [
        ("process of", &told.accepted, &started),
        ("paper", &told.papers, &papers),
        ("result", &told.results, &results),
    ] {
        let gone = told.iter().filter(|name| !there.contains_key(*name));
        compared.lost.extend(gone.map(|name| format!("{what} {name}")));
    }
    if again > 0 {
        compared.doubled.push(format!("{again} codes were given out again"));
    }
    Ok(compared)
}

fn lost(told: &Told, versions: &Rows, codes: &Rows) -> Vec<String> {
    let stored = |name: &String| versions.get(name).and_then(|version| version.parse::<i64>().ok());
    let older = told.versions.iter().filter(|(name, answered)| stored(name) < Some(**answered));
    let older = older.map(|(name, answered)| format!("{name} v{answered}: {:?}", stored(name)));
    let other = told.codes.iter().filter(|(name, code)| codes.get(*name) != Some(*code));
    let other = other.map(|(name, code)| format!("{name} {code}: {:?}", codes.get(name)));
    older.chain(other).collect()
}

fn doubled(told: &Told, versions: &Rows, codes: &Rows) -> Vec<String> {
    let stray: Vec<_> =
        versions.keys().filter(|name| !told.versions.contains_key(*name)).cloned().collect();
    let unasked = codes
        .keys()
        .filter(|name| !told.codes.contains_key(*name) && !told.doubtful.contains(*name))
        .map(|name| format!("{name}: a code nobody was answered"));
    // Of so many nobody knows whether they were begun.
    let stray = if stray.len() > told.doubtful_drafts { stray } else { Vec::new() };
    stray.into_iter().map(|name| format!("{name}: begun for nobody")).chain(unasked).collect()
}

/// Answers that do not tell a good client what to do.
fn unkind(told: &Told) -> Vec<String> {
    let hintless = told.without_hint.iter().map(|method| format!("{method}: no retry hint"));
    let bugs = told.refusals.keys().filter(|what| {
        let code = what.rsplit(' ').next();
        matches!(code, Some("Internal" | "Unknown"))
    });
    hintless.chain(bugs.cloned()).collect()
}

impl Compared {
    pub(super) fn lines(&self) -> Vec<String> {
        let (lost, doubled) = (self.lost.len(), self.doubled.len());
        vec![format!("{lost:>10}  lost"), format!("{doubled:>10}  doubled")]
    }

    pub(super) fn agree(&self) -> Result<()> {
        let Self { lost, doubled, unkind } = self;
        ensure!(lost.is_empty(), "what was answered is gone: {lost:#?}");
        ensure!(doubled.is_empty(), "there is what nobody was answered: {doubled:#?}");
        ensure!(unkind.is_empty(), "no answers for a client that comes again: {unkind:#?}");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(&str, &str)]) -> Rows {
        rows.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_older_than_its_answer_or_gone_is_lost() {
        let versions = [("dossiers/a", 3), ("dossiers/b", 3), ("dossiers/c", 1)];
        let told = Told {
            versions: versions.map(|(name, version)| (name.to_owned(), version)).into(),
            codes: rows(&[
                ("dossiers/a", "H53.41-261122-0001"),
                ("dossiers/b", "H53.41-261122-0002"),
            ]),
            ..Told::default()
        };
        let stored = rows(&[("dossiers/a", "4"), ("dossiers/b", "2")]);
        let codes = rows(&[("dossiers/a", "H53.41-261122-0001")]);
        let lost = lost(&told, &stored, &codes);
        assert_eq!(lost.len(), 3, "an older version, a dossier and a code: {lost:?}");
    }

    #[test]
    fn what_nobody_was_answered_is_doubled_unless_it_is_doubtful() {
        let stored = rows(&[("dossiers/a", "1"), ("dossiers/b", "1")]);
        let codes = rows(&[("dossiers/a", "H53.41-261122-0001")]);
        let mut told = Told { versions: [("dossiers/a".to_owned(), 1)].into(), ..Told::default() };
        assert_eq!(doubled(&told, &stored, &codes).len(), 2);
        told.doubtful_drafts = 1;
        told.doubtful.insert("dossiers/a".to_owned());
        assert!(doubled(&told, &stored, &codes).is_empty());
    }
}
