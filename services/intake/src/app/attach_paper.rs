//! A paper filed before is used again.

use motcua_context::{Actor, Ctx};
use motcua_fault::Fault;
use motcua_ids::{DossierId, PaperId};
use motcua_store::Once;

use super::{App, authority};
use crate::{
    domain::{Dossier, Paper},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

/// What to attach to what.
pub(crate) struct AttachPaper {
    pub(crate) dossier: DossierId,
    pub(crate) paper: PaperId,
    pub(crate) code: String,
}

impl App {
    /// Takes a paper over into another dossier of the same person.
    pub(crate) async fn attach_paper(
        &self,
        ctx: &Ctx,
        attach: AttachPaper,
    ) -> Result<Paper, Fault> {
        let db = self.store.reader();
        let known = dossiers::find(db, attach.dossier).await?.dossier;
        self.may_add(ctx, &known, &attach.code).await?;
        let filed = papers::find(db, &self.keyring, attach.paper).await?;
        let from = dossiers::find(db, filed.dossier).await?.dossier;
        same_person(ctx, &from, &known)?;
        let id = ctx.new_id::<PaperId>();
        let paper = filed.reuse(id, attach.dossier, attach.code.clone(), ctx.now())?;
        let written = self
            .store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, attach.dossier).await?.dossier;
                authority::filer_or_desk(ctx, &dossier)?;
                dossier.edit()?;
                let given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
                self.has_room(&given, &attach.code)?;
                let account = dossier.filing.account;
                papers::insert(tx, &self.keyring, account, std::slice::from_ref(&paper)).await?;
                self.keep(tx, &mut dossier, Changed::default()).await?;
                Ok(paper)
            })
            .await?;
        match written {
            Once::Done(paper) => Ok(paper),
            Once::Already(first) => papers::find(db, &self.keyring, first.into()).await,
        }
    }
}

/// A citizen reuses what they filed; a desk officer what came through the desk
/// of the same agency, or from the account the new dossier belongs to.
fn same_person(ctx: &Ctx, from: &Dossier, to: &Dossier) -> Result<(), Fault> {
    let same_account = from.filing.account.is_some() && from.filing.account == to.filing.account;
    if same_account {
        return Ok(());
    }
    match ctx.actor().principal() {
        Actor::Officer(_) => authority::desk(ctx, from).map(drop),
        _ => Err(Fault::not_found("paper")),
    }
}
