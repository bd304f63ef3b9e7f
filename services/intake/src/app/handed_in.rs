//! Papers on paper, as the desk officer counts them.

use motcua_context::Ctx;
use motcua_ids::PaperId;

use crate::domain::{Case, Denial, Dossier, Paper, Source};

/// So many sheets of one component.
pub(crate) struct HandedIn {
    pub(crate) code: String,
    pub(crate) originals: u32,
    pub(crate) copies: u32,
}

/// The sheets as papers of the dossier.
pub(super) fn as_papers(
    ctx: &Ctx,
    dossier: &Dossier,
    case: &Case,
    handed_in: &[HandedIn],
) -> Result<Vec<Paper>, Denial> {
    handed_in
        .iter()
        .map(|sheets| {
            case.paper(&sheets.code)?;
            Ok(Paper {
                id: ctx.new_id::<PaperId>(),
                dossier: dossier.id,
                code: sheets.code.clone(),
                source: Source::HandedIn,
                content: None,
                originals: sheets.originals,
                copies: sheets.copies,
                filed: false,
                created_at: ctx.now(),
            })
        })
        .collect()
}
