//! Procedures found by words and filters.

use std::sync::Arc;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AgencyId;
use serde::{Deserialize, Serialize};

use super::{App, access, today};
use crate::{
    domain::{AgencyKind, Level, ProcedureNumber, Version, search::Wanted},
    store::{agencies, versions as stored},
};

/// A procedure that was found.
pub(crate) struct Hit {
    pub(crate) version: Arc<Version>,
    pub(crate) score: f32,
}

/// Behind which hit the next page begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct After {
    score: f32,
    number: ProcedureNumber,
}

/// A page of hits, and how many there are in all.
pub(crate) struct Hits {
    pub(crate) page: Vec<Hit>,
    pub(crate) next: Option<After>,
    pub(crate) total: usize,
}

impl App {
    /// Finds procedures in force today.
    pub(crate) async fn search(
        &self,
        ctx: &Ctx,
        mut wanted: Wanted,
        agency: Option<AgencyId>,
        after: Option<After>,
        size: usize,
    ) -> Result<Hits, Fault> {
        wanted.internal = access::sees_internal(ctx);
        if let Some(id) = agency {
            let kind = agencies::get(self.store.reader(), id).await?.kind;
            wanted.agency = Some((id, decides(kind)));
        }
        let index = self.live.index(&self.store, today(ctx)).await?;
        let found = index.find(&wanted);
        let total = found.len();
        let behind = |score: f32, number: &ProcedureNumber| {
            after.as_ref().is_none_or(|after| {
                score.total_cmp(&after.score).reverse().then_with(|| number.cmp(&after.number))
                    == std::cmp::Ordering::Greater
            })
        };
        let mut rest = found.iter().filter(|hit| behind(hit.score, &hit.entry.number));
        let chosen: Vec<_> = rest.by_ref().take(size).collect();
        let next = rest
            .next()
            .and(chosen.last())
            .map(|last| After { score: last.score, number: last.entry.number.clone() });
        let ids: Vec<_> = chosen.iter().map(|hit| hit.entry.version).collect();
        let versions = self.load_all(&ids).await?;
        let mut page = Vec::with_capacity(chosen.len());
        for hit in chosen {
            let version = versions.get(&hit.entry.version).cloned();
            let version = version.filter(|version| access::sees(ctx, version));
            page.push(Hit { version: version.ok_or_else(stored::not_found)?, score: hit.score });
        }
        Ok(Hits { page, next, total })
    }
}

/// The level whose procedures an agency decides, where they name nobody.
fn decides(kind: AgencyKind) -> Option<Level> {
    match kind {
        AgencyKind::Commune => Some(Level::Commune),
        AgencyKind::District => Some(Level::District),
        AgencyKind::Province | AgencyKind::Department => Some(Level::Province),
        AgencyKind::MinistryBranch => Some(Level::Ministry),
        AgencyKind::Unit => None,
    }
}
