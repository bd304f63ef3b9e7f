//! A draft is changed, or what may be changed while a supplement is awaited.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AgencyId, DossierId};
use motcua_vn::local;

use super::{App, View, authority, create};
use crate::{
    domain::{Delivery, Illegal, Party, Representative, State, Why},
    store::dossiers::{self, Changed},
};

/// What to change; `None` stays.
#[derive(Default)]
pub(crate) struct Edit {
    pub(crate) etag: String,
    pub(crate) applicant: Option<Party>,
    pub(crate) represented_by: Option<Option<Representative>>,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) subject: Option<String>,
    pub(crate) answers: Option<serde_json::Value>,
    pub(crate) case: Option<String>,
    pub(crate) receiving: Option<AgencyId>,
    pub(crate) competent: Option<AgencyId>,
}

impl Edit {
    /// Who files, for what, with whom: settled once it was filed.
    fn only_in_drafts(&self) -> bool {
        self.applicant.is_some()
            || self.represented_by.is_some()
            || self.case.is_some()
            || self.receiving.is_some()
            || self.competent.is_some()
    }
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
        let day = local::day(ctx.now());
        let published = self.catalog.version(ctx, known.filing.version).await?;
        let receiving = match edit.receiving {
            Some(agency) => Some(self.catalog.agency(ctx, agency).await?),
            None => None,
        };
        let competent = match edit.competent {
            Some(agency) => Some(self.catalog.agency(ctx, agency).await?),
            None => None,
        };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let mut persons = loaded.persons(&self.keyring)?;
                let mut dossier = loaded.dossier;
                let by = authority::filer_or_desk(ctx, &dossier)?;
                dossier.edit()?;
                if dossier.state != State::Draft && edit.only_in_drafts() {
                    return Err(Illegal {
                        why: Why::NotEditable,
                        state: dossier.state,
                        accepted: None,
                    }
                    .into());
                }
                let before = dossier.stored_version();
                if !edit.etag.is_empty() && edit.etag != format!("v{before}") {
                    return Err(crate::domain::Denial::EtagMismatch.into());
                }
                if let Some(agency) = &competent {
                    agency.decides(&published.procedure, day)?;
                    dossier.filing.competent = agency.path.clone();
                }
                if let Some(agency) = &receiving {
                    agency.receives(day)?;
                    create::desk_of(ctx, by, agency)?;
                    dossier.filing.receiving = agency.path.clone();
                    dossier.filing.receiving_code.clone_from(&agency.code);
                }
                if let Some(case) = &edit.case {
                    let case = published.procedure.case(case)?;
                    dossier.filing.finance = case.way(dossier.filing.channel)?.finance();
                    dossier.filing.case.clone_from(&case.code);
                }
                if let Some(applicant) = &edit.applicant {
                    persons.applicant.clone_from(applicant);
                }
                if let Some(representative) = &edit.represented_by {
                    persons.represented_by.clone_from(representative);
                }
                if let Some(delivery) = &edit.delivery {
                    persons.delivery.clone_from(delivery);
                }
                if let Some(subject) = &edit.subject {
                    persons.subject.clone_from(subject);
                }
                let persons = match dossier.filing.account {
                    Some(account) => create::signed(persons, crate::domain::By::Filer(account)),
                    None => create::signed(persons, by),
                };
                let changed = Changed { persons: Some(&persons), answers: edit.answers.as_ref() };
                self.keep(tx, &mut dossier, changed).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
