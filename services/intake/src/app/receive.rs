//! Tiếp nhận trực tiếp: what came to the desk is filed and accepted at once.

use std::sync::Arc;

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;

use super::{
    App, HandedIn, Published, View, authority,
    handed_in::as_papers,
    submit::{self, Filed, Places},
};
use crate::{
    domain::{Appointment, By, Dossier, Hand, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

impl App {
    /// Files and accepts a draft of the desk.
    pub(crate) async fn receive(
        &self,
        ctx: &Ctx,
        id: DossierId,
        etag: &str,
        handed_in: Vec<HandedIn>,
        method: &str,
    ) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        let officer = authority::desk(ctx, &known)?;
        // What is wrong with them is said inside: a repeated request is answered as the first was.
        let facts = self.receiving_facts(ctx, &known).await;
        let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: String::new() };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let persons = loaded.persons(&self.keyring)?;
                let answers = loaded.answers(&self.keyring)?;
                let mut dossier = loaded.dossier;
                authority::desk(ctx, &dossier)?;
                dossier.may(Command::Receive)?;
                let (published, places, appointment) = facts?;
                dossier.matches(etag)?;
                places.hold(&dossier, &published, ctx)?;
                submit::rebase(&mut dossier, &published)?;
                let case = published.procedure.case(&dossier.filing.case)?;
                let mut violations = Violations::default();
                let sheets = as_papers(ctx, &dossier, case, &handed_in, &mut violations);
                papers::insert(tx, &self.keyring, None, &sheets).await?;
                let given = papers::of_dossier(tx.db(), &self.keyring, id).await?;
                let filed = Filed { persons: &persons, answers: &answers, papers: &given };
                submit::check(&dossier, &published, &filed, &mut violations)?;
                violations.finish()?;
                dossier.receive(officer, &hand, appointment)?;
                papers::mark_filed(tx, id);
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }

    /// The version in force, the agencies, and the appointment by them.
    async fn receiving_facts(
        &self,
        ctx: &Ctx,
        known: &Dossier,
    ) -> Result<(Arc<Published>, Places, Appointment), Fault> {
        let published = self.catalog.current(ctx, known.filing.procedure).await?;
        let places = self.places(ctx, known).await?;
        let appointment = self.appoint(ctx, known, &published).await?;
        Ok((published, places, appointment))
    }
}
