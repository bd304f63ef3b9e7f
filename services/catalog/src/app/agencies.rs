//! Agencies: asked for, made, changed, ended.

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AgencyId;
use motcua_store::Tx;

use super::{App, access, today};
use crate::{
    domain::{Agency, AgencyFacts, AgencyKind, Refusal, Validity},
    events::publish,
    store::{
        Reads,
        agencies::{self, Wanted},
        mark,
    },
};

/// An agency to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewAgency {
    pub(crate) parent: Option<AgencyId>,
    pub(crate) kind: AgencyKind,
    pub(crate) facts: AgencyFacts,
    pub(crate) unit_code: Option<String>,
    pub(crate) valid: Validity,
}

impl App {
    /// An agency by its id.
    pub(crate) async fn agency(&self, id: AgencyId) -> Result<Agency, Fault> {
        agencies::get(self.store.reader(), id).await
    }

    /// The agency that bears a code today.
    pub(crate) async fn agency_by_code(&self, ctx: &Ctx, code: &str) -> Result<Agency, Fault> {
        let all = agencies::by_identifier(self.store.reader(), code).await?;
        let today = today(ctx);
        all.into_iter().find(|a| a.valid.holds_on(today)).ok_or_else(agencies::not_found)
    }

    /// The units of an agency that exist today.
    pub(crate) async fn units(&self, ctx: &Ctx, agency: AgencyId) -> Result<Vec<Agency>, Fault> {
        let mut units = agencies::units(self.store.reader(), agency).await?;
        units.retain(|unit| unit.valid.holds_on(today(ctx)));
        Ok(units)
    }

    /// A page of agencies.
    pub(crate) async fn list_agencies(
        &self,
        wanted: &Wanted,
        after: Option<AgencyId>,
        size: u64,
    ) -> Result<Vec<Agency>, Fault> {
        agencies::page(self.store.reader(), wanted, after, size).await
    }

    /// Makes an agency.
    pub(crate) async fn create_agency(&self, ctx: &Ctx, new: NewAgency) -> Result<Agency, Fault> {
        let id: AgencyId = ctx.new_id();
        let made = self.store.write(ctx, id.uuid(), async |tx| {
            mark::hold_tree(tx).await?;
            match new.parent {
                Some(parent) => {
                    access::administer(ctx, &agencies::get(tx.db(), parent).await?.path)?;
                }
                None => access::administer_province(ctx, tx.db()).await?,
            }
            found(tx, id, new).await
        });
        made.await?.or_reload(async |id| self.agency(id.into()).await).await
    }

    /// Changes an agency's names, code and contact.
    pub(crate) async fn update_agency(
        &self,
        ctx: &Ctx,
        id: AgencyId,
        etag: &str,
        change: impl FnOnce(AgencyFacts) -> AgencyFacts,
    ) -> Result<Agency, Fault> {
        let changed = self.store.write(ctx, id.uuid(), async |tx| {
            mark::hold_tree(tx).await?;
            let mut agency = agencies::get(tx.db(), id).await?;
            access::administer(ctx, &agency.path)?;
            agency.held_by(etag)?;
            let facts = change(agency.facts.clone());
            if facts.identifier != agency.facts.identifier {
                // Others' processes name it by its code: who bears one gets their work.
                administer_above(ctx, tx, &agency).await?;
            }
            code_is_free(tx.db(), id, facts.identifier.as_deref(), agency.valid).await?;
            let event = agency.change(facts);
            agencies::update(tx, &agency).await?;
            publish(tx, event);
            Ok(agency)
        });
        changed.await?.or_reload(async |id| self.agency(id.into()).await).await
    }

    /// Ends an agency with all below it, and names who takes over.
    pub(crate) async fn end_agency(
        &self,
        ctx: &Ctx,
        id: AgencyId,
        etag: &str,
        last: NaiveDate,
        successor: Option<AgencyId>,
    ) -> Result<Agency, Fault> {
        let ended = self.store.write(ctx, id.uuid(), async |tx| {
            mark::hold_tree(tx).await?;
            let agency = agencies::get(tx.db(), id).await?;
            administer_above(ctx, tx, &agency).await?;
            agency.held_by(etag)?;
            end(tx, agency, last, successor).await
        });
        ended.await?.or_reload(async |id| self.agency(id.into()).await).await
    }
}

/// Administrators of the agency above it; of the province, its own.
async fn administer_above(ctx: &Ctx, tx: &Tx, agency: &Agency) -> Result<(), Fault> {
    match agency.parent() {
        Some(parent) => access::administer(ctx, &agencies::get(tx.db(), parent).await?.path),
        None => access::administer(ctx, &agency.path),
    }
}

/// Makes an agency in an open write.
pub(super) async fn found(tx: &Tx, id: AgencyId, new: NewAgency) -> Result<Agency, Fault> {
    let parent = match new.parent {
        Some(parent) => Some(agencies::get(tx.db(), parent).await?),
        None => None,
    };
    code_is_free(tx.db(), id, new.facts.identifier.as_deref(), new.valid).await?;
    if let (Some(parent), Some(code)) = (&parent, &new.unit_code) {
        let units = agencies::units(tx.db(), parent.id()).await?;
        if units.iter().any(|u| u.unit_code.as_ref() == Some(code) && u.valid.meets(new.valid)) {
            return Err(Refusal::AgencyCodeTaken(code.clone()).into());
        }
    }
    if new.kind == AgencyKind::Province
        && let Some(province) = agencies::province(tx.db()).await?
    {
        return Err(Refusal::AgencyCodeTaken(province.facts.identifier.unwrap_or_default()).into());
    }
    let (agency, event) =
        Agency::found(id, parent.as_ref(), new.kind, new.facts, new.unit_code, new.valid)?;
    agencies::insert(tx, &agency).await?;
    publish(tx, event);
    Ok(agency)
}

/// Ends an agency, and all below it, in an open write.
pub(super) async fn end(
    tx: &Tx,
    mut agency: Agency,
    last: NaiveDate,
    successor: Option<AgencyId>,
) -> Result<Agency, Fault> {
    let successor = match successor {
        Some(successor) => Some(agencies::get(tx.db(), successor).await?),
        None => None,
    };
    let event = agency.end(last, successor.as_ref())?;
    agencies::update(tx, &agency).await?;
    publish(tx, event);
    for mut below in agencies::below(tx.db(), &agency.path).await? {
        if let Some(event) = below.end_with_parent(last) {
            agencies::update(tx, &below).await?;
            publish(tx, event);
        }
    }
    Ok(agency)
}

async fn code_is_free<C: Reads>(
    db: &C,
    id: AgencyId,
    code: Option<&str>,
    valid: Validity,
) -> Result<(), Fault> {
    let Some(code) = code else { return Ok(()) };
    let others = agencies::by_identifier(db, code).await?;
    if others.iter().any(|other| other.id() != id && other.valid.meets(valid)) {
        return Err(Refusal::AgencyCodeTaken(code.to_owned()).into());
    }
    Ok(())
}
