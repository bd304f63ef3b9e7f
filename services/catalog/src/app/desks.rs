//! Desks: asked for, opened, changed.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, DeskId};
use motcua_store::Tx;

use super::{App, access};
use crate::{
    domain::{Desk, Refusal, Validity},
    store::{agencies, desks},
};

/// A desk to be opened.
#[derive(Debug, Clone)]
pub(crate) struct NewDesk {
    pub(crate) code: String,
    pub(crate) agency: AgencyId,
    pub(crate) name: String,
    pub(crate) address: Option<String>,
    pub(crate) telephone: Option<String>,
    pub(crate) valid: Validity,
}

impl App {
    /// A desk by its id.
    pub(crate) async fn desk(&self, id: DeskId) -> Result<Desk, Fault> {
        desks::get(self.store.reader(), id).await
    }

    /// A page of desks.
    pub(crate) async fn list_desks(
        &self,
        agency: Option<AgencyId>,
        after: Option<DeskId>,
        size: u64,
    ) -> Result<Vec<Desk>, Fault> {
        desks::page(self.store.reader(), agency, after, size).await
    }

    /// Opens a desk.
    pub(crate) async fn create_desk(&self, ctx: &Ctx, new: NewDesk) -> Result<Desk, Fault> {
        let id: DeskId = ctx.new_id();
        let opened = self.store.write(ctx, id.uuid(), async |tx| {
            access::administer(ctx, &agencies::get(tx.db(), new.agency).await?.path)?;
            open(tx, id, new).await
        });
        opened.await?.or_reload(async |id| self.desk(id.into()).await).await
    }

    /// Changes or closes a desk.
    pub(crate) async fn update_desk(
        &self,
        ctx: &Ctx,
        id: DeskId,
        etag: &str,
        change: impl FnOnce(Desk) -> Desk,
    ) -> Result<Desk, Fault> {
        let changed = self.store.write(ctx, id.uuid(), async |tx| {
            let desk = desks::get(tx.db(), id).await?;
            access::administer(ctx, &agencies::get(tx.db(), desk.agency).await?.path)?;
            desk.held_by(etag)?;
            let version = desk.version + 1;
            let desk = Desk { version, ..change(desk) };
            desks::update(tx, &desk).await?;
            Ok(desk)
        });
        changed.await?.or_reload(async |id| self.desk(id.into()).await).await
    }
}

/// Opens a desk in an open write.
pub(super) async fn open(tx: &Tx, id: DeskId, new: NewDesk) -> Result<Desk, Fault> {
    let agency = agencies::get(tx.db(), new.agency).await?;
    if let Some(end) = agency.valid.to.filter(|_| !agency.valid.meets(new.valid)) {
        return Err(Refusal::AgencyEnded(end).into());
    }
    if desks::by_code(tx.db(), new.agency, &new.code).await?.is_some() {
        return Err(Refusal::DeskCodeTaken(new.code).into());
    }
    let NewDesk { code, agency, name, address, telephone, valid } = new;
    let desk = Desk { id, code, agency, name, address, telephone, valid, version: 1 };
    desks::insert(tx, &desk).await?;
    Ok(desk)
}
