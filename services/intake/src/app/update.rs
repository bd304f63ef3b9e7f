//! A draft is changed, or what may be changed while a supplement is awaited.

use std::sync::Arc;

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, DossierId};
use motcua_vn::local;

use super::{App, Published, View, authority, create};
use crate::{
    domain::{
        Agency, By, Delivery, Denial, Dossier, Illegal, Party, Persons, Representative, State, Why,
        table::Command,
    },
    store::dossiers::{self, Changed},
};

/// What to change; `None` stays.
#[derive(Default)]
pub(crate) struct Edit {
    pub(crate) etag: String,
    pub(crate) applicant: Option<Party>,
    pub(crate) represented_by: Representation,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) subject: Option<String>,
    pub(crate) answers: Option<serde_json::Value>,
    pub(crate) case: Option<String>,
    pub(crate) receiving: Option<AgencyId>,
    pub(crate) competent: Option<AgencyId>,
}

/// What becomes of the representative.
#[derive(Default)]
pub(crate) enum Representation {
    /// They stay, or nobody does.
    #[default]
    Stays,
    /// The applicant acts in person.
    Ends,
    /// Somebody else from now on.
    By(Representative),
}

/// What the catalog says of it.
struct Facts {
    published: Arc<Published>,
    receiving: Option<Arc<Agency>>,
    competent: Option<Arc<Agency>>,
    day: NaiveDate,
}

impl App {
    /// Changes what was asked for.
    pub(crate) async fn update(
        &self,
        ctx: &Ctx,
        id: DossierId,
        edit: Edit,
        method: &str,
    ) -> Result<View, Fault> {
        let known = dossiers::find(self.store.reader(), id).await?.dossier;
        authority::filer_or_desk(ctx, &known)?;
        let facts = self.facts(ctx, &known, &edit).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let mut persons = loaded.persons(&self.keyring)?;
                let mut dossier = loaded.dossier;
                let by = authority::filer_or_desk(ctx, &dossier)?;
                dossier.may(Command::Edit)?;
                dossier.matches(&edit.etag)?;
                dossier.edit()?;
                edit.allowed(dossier.state)?;
                if matches!(by, By::Desk(_)) && dossier.filing.is_online() {
                    return Err(Denial::CitizensOwn.into());
                }
                edit.place(ctx, by, &facts, &mut dossier)?;
                edit.name(&mut persons);
                let filer = dossier.filing.account.map_or(by, By::Filer);
                let persons = create::signed(persons, filer);
                let answers = edit.answers.as_ref();
                let changed = Changed { persons: Some(&persons), answers, filed: None };
                self.keep(tx, &mut dossier, changed).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }

    async fn facts(&self, ctx: &Ctx, known: &Dossier, edit: &Edit) -> Result<Facts, Fault> {
        let agency = async |id: Option<AgencyId>| match id {
            Some(id) => self.catalog.agency(ctx, id).await.map(Some),
            None => Ok(None),
        };
        Ok(Facts {
            published: self.catalog.version(ctx, known.filing.version).await?,
            receiving: agency(edit.receiving).await?,
            competent: agency(edit.competent).await?,
            day: local::day(ctx.now()),
        })
    }
}

impl Edit {
    /// Who files, for what, with whom: settled once it was filed.
    fn allowed(&self, state: State) -> Result<(), Illegal> {
        let settled = self.applicant.is_some()
            || !matches!(self.represented_by, Representation::Stays)
            || self.case.is_some()
            || self.receiving.is_some()
            || self.competent.is_some();
        if settled && state != State::Draft {
            return Err(Illegal { why: Why::NotEditable, state, accepted: None });
        }
        Ok(())
    }

    fn place(&self, ctx: &Ctx, by: By, facts: &Facts, dossier: &mut Dossier) -> Result<(), Fault> {
        let procedure = &facts.published.procedure;
        let filing = &mut dossier.filing;
        if let Some(agency) = &facts.competent {
            agency.decides(procedure, facts.day)?;
            filing.competent = agency.path.clone();
        }
        if let Some(agency) = &facts.receiving {
            agency.receives(facts.day)?;
            create::desk_of(ctx, by, agency)?;
            filing.receiving = agency.path.clone();
            filing.receiving_code.clone_from(&agency.code);
        }
        if let Some(case) = &self.case {
            let case = procedure.case(case)?;
            filing.finance = case.way(filing.channel)?.finance();
            filing.case.clone_from(&case.code);
        }
        Ok(())
    }

    fn name(&self, persons: &mut Persons) {
        if let Some(applicant) = &self.applicant {
            persons.applicant.clone_from(applicant);
        }
        match &self.represented_by {
            Representation::Stays => {}
            Representation::Ends => persons.represented_by = None,
            Representation::By(person) => persons.represented_by = Some(person.clone()),
        }
        if let Some(delivery) = &self.delivery {
            persons.delivery.clone_from(delivery);
        }
        if let Some(subject) = &self.subject {
            persons.subject.clone_from(subject);
        }
    }
}
