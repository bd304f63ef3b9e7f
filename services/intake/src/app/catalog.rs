//! What the catalog says, remembered: versions for ever, the rest for a minute.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyId, AgencyPath, ProcedureId, ProcedureVersionId};
use motcua_vn::local;

use super::{form::Form, remembered::Remembered};
use crate::{
    config::IntakeConfig,
    domain::{ClockRules, Deciders, Denial, Level, Procedure},
    grpc::Neighbours,
};

/// A procedure version with its e-form, compiled once.
pub(crate) struct Published {
    /// What intake reads of it.
    pub(crate) procedure: Procedure,
    /// Its e-form.
    pub(crate) form: Option<Form>,
}

/// An agency as intake reads it.
#[derive(Debug, Clone)]
pub(crate) struct Agency {
    pub(crate) path: AgencyPath,
    /// Empty for a unit.
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: AgencyKind,
    pub(crate) valid_from: Option<NaiveDate>,
    pub(crate) valid_to: Option<NaiveDate>,
}

/// What an agency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgencyKind {
    Province,
    Department,
    MinistryBranch,
    District,
    Commune,
    Unit,
}

impl Agency {
    fn stands_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether it decides this procedure on a day.
    pub(crate) fn decides(&self, procedure: &Procedure, day: NaiveDate) -> Result<(), Denial> {
        use AgencyKind as K;
        let competent = match &procedure.deciders {
            Deciders::Agencies(agencies) => agencies.contains(&self.path.agency()),
            Deciders::Level(level) => match level {
                Level::Commune => self.kind == K::Commune,
                Level::District => self.kind == K::District,
                Level::Province => matches!(self.kind, K::Province | K::Department),
                Level::Ministry => {
                    matches!(self.kind, K::MinistryBranch | K::Province | K::Department)
                }
            },
        };
        if competent && self.stands_on(day) { Ok(()) } else { Err(Denial::AgencyNotCompetent) }
    }

    /// Whether it can receive on a day: codes are minted for its identifier.
    pub(crate) fn receives(&self, day: NaiveDate) -> Result<(), Denial> {
        let coded = motcua_vn::AgencyIdentifier::parse(&self.code).is_ok();
        if coded && self.stands_on(day) { Ok(()) } else { Err(Denial::AgencyCannotReceive) }
    }
}

/// The catalog, as this service asks it.
pub(crate) struct Catalog {
    neighbours: Arc<Neighbours>,
    versions: Remembered<ProcedureVersionId, Published>,
    current: Remembered<ProcedureId, ProcedureVersionId>,
    agencies: Remembered<AgencyId, Agency>,
    rules: Remembered<(AgencyId, ProcedureId, NaiveDate), ClockRules>,
}

impl Catalog {
    pub(super) fn new(neighbours: Arc<Neighbours>, config: &IntakeConfig) -> Self {
        let keep = Some(TimeDelta::seconds(config.catalog_seconds.into()));
        Self {
            neighbours,
            versions: Remembered::new(None),
            current: Remembered::new(keep),
            agencies: Remembered::new(keep),
            rules: Remembered::new(keep),
        }
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
            .get(procedure, ctx.now(), async |procedure| {
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

    /// The clock rules that hold for an agency and a procedure at an instant.
    pub(crate) async fn clock_rules(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        procedure: ProcedureId,
        at: DateTime<Utc>,
    ) -> Result<Arc<ClockRules>, Fault> {
        let key = (agency, procedure, local::day(at));
        self.rules
            .get(key, ctx.now(), async |(agency, procedure, day)| {
                self.neighbours.clock_rules(ctx, *agency, *procedure, *day).await
            })
            .await
    }
}

/// No version in force: nobody can file.
fn not_open(fault: Fault) -> Fault {
    if fault.kind() == Kind::NotFound { Denial::ProcedureNotOpen.into() } else { fault }
}
