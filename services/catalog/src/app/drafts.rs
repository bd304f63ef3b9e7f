//! Drafts: a procedure begun, a draft made, edited, checked, thrown away.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{ProcedureId, ProcedureVersionId};

use super::{App, access};
use crate::{
    domain::{
        Content, Findings, FrontDoor, Procedure, ProcedureNumber, Refusal, Surroundings, Version,
        VersionState, check,
    },
    store::{Reads, agencies, fields, procedures, versions},
};

impl App {
    /// Makes a procedure with its first draft.
    pub(crate) async fn create_procedure(
        &self,
        ctx: &Ctx,
        number: ProcedureNumber,
        content: Content,
    ) -> Result<Version, Fault> {
        let (id, draft): (ProcedureId, ProcedureVersionId) = (ctx.new_id(), ctx.new_id());
        let made = self.store.write(ctx, draft.uuid(), async |tx| {
            access::edit_procedure(ctx, tx.db(), &content).await?;
            access::front_door(ctx, tx.db(), FrontDoor::National, content.front_door).await?;
            names_exist(tx.db(), &content).await?;
            if procedures::by_number(tx.db(), &number).await?.is_some() {
                return Err(Refusal::NumberTaken(number.to_string()).into());
            }
            let (procedure, version) = Procedure::create(id, number, draft, content);
            procedures::insert(tx, &procedure).await?;
            versions::insert(tx, &version).await?;
            Ok(version)
        });
        made.await?.or_reload(async |id| versions::get(self.store.reader(), id.into()).await).await
    }

    /// Starts a draft with the text of the newest version.
    pub(crate) async fn create_draft(&self, ctx: &Ctx, id: ProcedureId) -> Result<Version, Fault> {
        let draft: ProcedureVersionId = ctx.new_id();
        let begun = self.store.write(ctx, draft.uuid(), async |tx| {
            let mut procedure = procedures::get(tx.db(), id).await?;
            let before = procedure.version;
            let newest = versions::newest(tx.db(), id).await?;
            let content = newest.ok_or(Refusal::NeverPublished)?.content;
            access::edit_procedure(ctx, tx.db(), &content).await?;
            let version = procedure.start_draft(draft, content)?;
            procedures::update(tx, &procedure, before).await?;
            versions::insert(tx, &version).await?;
            Ok(version)
        });
        begun.await?.or_reload(async |id| versions::get(self.store.reader(), id.into()).await).await
    }

    /// Changes a draft's text.
    pub(crate) async fn update_draft(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
        etag: &str,
        change: impl FnOnce(Content) -> Content,
    ) -> Result<Version, Fault> {
        let edited = self.store.write(ctx, id.uuid(), async |tx| {
            let mut draft = versions::get(tx.db(), id).await?;
            access::edit_procedure(ctx, tx.db(), &draft.content).await?;
            let before = edits(&draft);
            let content = change(draft.content.clone());
            access::edit_procedure(ctx, tx.db(), &content).await?;
            let before_door = draft.content.front_door;
            access::front_door(ctx, tx.db(), before_door, content.front_door).await?;
            names_exist(tx.db(), &content).await?;
            draft.edit(etag, content)?;
            versions::update(tx, &draft, before).await?;
            Ok(draft)
        });
        edited
            .await?
            .or_reload(async |id| versions::get(self.store.reader(), id.into()).await)
            .await
    }

    /// Throws a draft away.
    pub(crate) async fn discard_draft(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
        etag: &str,
    ) -> Result<(), Fault> {
        let discarded = self.store.write(ctx, id.uuid(), async |tx| {
            let draft = versions::get(tx.db(), id).await?;
            access::edit_procedure(ctx, tx.db(), &draft.content).await?;
            let mut procedure = procedures::get(tx.db(), draft.procedure).await?;
            let before = procedure.version;
            procedure.discard(&draft, etag)?;
            procedures::update(tx, &procedure, before).await?;
            versions::remove_draft(tx, id).await
        });
        discarded.await?.or_reload(async |_| Ok(())).await
    }

    /// What publishing would refuse, and what it would flag.
    pub(crate) async fn check_draft(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
    ) -> Result<Findings, Fault> {
        let db = self.store.reader();
        let version = versions::get(db, id).await?;
        access::edit_procedure(ctx, db, &version.content).await?;
        let around = surroundings(db).await?;
        Ok(self.check(&version.number, &version.content, &around))
    }

    /// Everything that is wrong or suspicious in a text.
    pub(super) fn check(
        &self,
        number: &ProcedureNumber,
        content: &Content,
        around: &Surroundings,
    ) -> Findings {
        let mut found = check(number, content, around);
        self.forms.check(content, &mut found);
        found
    }
}

/// How often a draft was edited; what is published is not.
pub(super) fn edits(version: &Version) -> i64 {
    match version.state {
        VersionState::Draft { edits } => edits,
        VersionState::Published { .. } => 0,
    }
}

/// What versions may name: the codes of all agencies and units.
pub(super) async fn surroundings<C: Reads>(db: &C) -> Result<Surroundings, Fault> {
    let mut around = Surroundings::default();
    for agency in agencies::everything(db).await? {
        let (id, parent) = (agency.id(), agency.parent());
        around.identifiers.extend(agency.facts.identifier.map(|code| (code, id)));
        if let (Some(code), Some(parent)) = (agency.unit_code, parent) {
            around.units.entry(code).or_default().insert(parent);
        }
    }
    Ok(around)
}

async fn names_exist<C: Reads>(db: &C, content: &Content) -> Result<(), Fault> {
    fields::get(db, content.field).await?;
    for agency in &content.agencies {
        agencies::get(db, *agency).await?;
    }
    Ok(())
}
