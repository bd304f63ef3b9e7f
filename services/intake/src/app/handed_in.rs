//! What was brought to the desk: sheets as the officer counts them, and what
//! stays of a dossier the desk answers without accepting it.

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::PaperId;
use motcua_store::Tx;

use super::App;
use crate::{
    domain::{Case, Dossier, Paper, Source, State},
    store::{dossiers::Loaded, papers},
};

/// So many sheets of one component.
pub(crate) struct HandedIn {
    pub(crate) code: String,
    pub(crate) originals: u32,
    pub(crate) copies: u32,
}

/// The sheets as papers of the dossier; components the case does not have are
/// noted by their place.
pub(super) fn as_papers(
    ctx: &Ctx,
    dossier: &Dossier,
    case: &Case,
    handed_in: &[HandedIn],
    violations: &mut Violations,
) -> Vec<Paper> {
    let mut papers = Vec::with_capacity(handed_in.len());
    for (i, sheets) in handed_in.iter().enumerate() {
        if violations.take(format!("handed_in.{i}.code"), case.paper(&sheets.code)).is_none() {
            continue;
        }
        papers.push(Paper {
            id: ctx.new_id::<PaperId>(),
            dossier: dossier.id,
            code: sheets.code.clone(),
            source: Source::HandedIn,
            content: None,
            originals: sheets.originals,
            copies: sheets.copies,
            filed: false,
            created_at: ctx.now(),
        });
    }
    papers
}

impl App {
    /// A draft of the desk that is sent back for more, or rejected, is on record
    /// from then on: somebody is named in it, and its papers stay.
    pub(super) fn put_on_record(&self, tx: &Tx, brought: &Loaded) -> Result<(), Fault> {
        if brought.dossier.state != State::Draft {
            return Ok(());
        }
        let mut violations = Violations::default();
        brought.persons(&self.keyring)?.check_named(&mut violations);
        violations.finish()?;
        papers::mark_filed(tx, brought.dossier.id);
        Ok(())
    }
}
