//! What the catalog says, remembered: versions for ever, the rest for a minute.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyId, ProcedureId, ProcedureVersionId};
use motcua_vn::local;

use super::{form::Form, remembered::Remembered};
use crate::{
    config::IntakeConfig,
    domain::{Agency, ClockRules, Denial, Procedure},
    grpc::Neighbours,
};

/// A procedure version with its e-form, compiled once.
pub(crate) struct Published {
    /// What intake reads of it.
    pub(crate) procedure: Procedure,
    /// Its e-form.
    pub(crate) form: Option<Form>,
}

/// The catalog, as this service asks it.
pub(crate) struct Catalog {
    neighbours: Arc<Neighbours>,
    versions: Remembered<ProcedureVersionId, Published>,
    current: Remembered<(ProcedureId, NaiveDate), ProcedureVersionId>,
    agencies: Remembered<AgencyId, Agency>,
    coded: Remembered<String, Agency>,
    rules: Remembered<(AgencyId, ProcedureVersionId, NaiveDate), ClockRules>,
}

impl Catalog {
    pub(super) fn new(neighbours: Arc<Neighbours>, config: &IntakeConfig) -> Self {
        let keep = Some(TimeDelta::seconds(config.catalog_seconds.into()));
        Self {
            neighbours,
            versions: Remembered::new(None),
            current: Remembered::new(keep),
            agencies: Remembered::new(keep),
            coded: Remembered::new(keep),
            rules: Remembered::new(keep),
        }
    }

    /// Forgets what may have changed; versions never do.
    pub(super) fn forget(&self) {
        self.current.forget();
        self.agencies.forget();
        self.coded.forget();
        self.rules.forget();
    }

    /// A version, for dossiers that are filed under it.
    pub(crate) async fn version(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
    ) -> Result<Arc<Published>, Fault> {
        self.versions.get(id, ctx.now(), async |id| self.neighbours.version(ctx, *id).await).await
    }

    /// The version in force, for whoever files now.
    pub(crate) async fn current(
        &self,
        ctx: &Ctx,
        procedure: ProcedureId,
    ) -> Result<Arc<Published>, Fault> {
        let id = self
            .current
            .get((procedure, local::day(ctx.now())), ctx.now(), async |(procedure, _)| {
                let published = self.neighbours.current(ctx, *procedure).await;
                let published = published.map_err(not_open)?;
                let id = published.procedure.version;
                self.versions.get(id, ctx.now(), async |_| Ok(published)).await?;
                Ok(id)
            })
            .await?;
        self.version(ctx, *id).await
    }

    /// An agency, with its path.
    pub(crate) async fn agency(&self, ctx: &Ctx, id: AgencyId) -> Result<Arc<Agency>, Fault> {
        self.agencies.get(id, ctx.now(), async |id| self.neighbours.agency(ctx, *id).await).await
    }

    /// The agency with an identifier code.
    pub(crate) async fn agency_by_code(&self, ctx: &Ctx, code: &str) -> Result<Arc<Agency>, Fault> {
        self.coded
            .get(code.to_owned(), ctx.now(), async |code| {
                self.neighbours.agency_by_code(ctx, code).await
            })
            .await
    }

    /// The clock rules that hold for an agency and what is filed under a version, at an instant.
    pub(crate) async fn clock_rules(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        version: ProcedureVersionId,
        at: DateTime<Utc>,
    ) -> Result<Arc<ClockRules>, Fault> {
        let key = (agency, version, local::day(at));
        self.rules
            .get(key, ctx.now(), async |(agency, version, day)| {
                self.neighbours.clock_rules(ctx, *agency, *version, *day).await
            })
            .await
    }
}

/// No version in force: nobody can file.
fn not_open(fault: Fault) -> Fault {
    if fault.kind() == Kind::NotFound { Denial::ProcedureNotOpen.into() } else { fault }
}
