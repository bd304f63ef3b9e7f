//! The whole dossier, for whoever has to do with it.

use std::collections::HashMap;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{DossierId, SupplementId, Uuid};

use super::{App, Viewer};
use crate::{
    domain::{Dossier, Paper, Persons, State},
    store::{acts, dossiers, papers, supplements},
};

/// A dossier with all that is personal in it.
pub(crate) struct View {
    pub(crate) dossier: Dossier,
    pub(crate) persons: Persons,
    pub(crate) answers: serde_json::Value,
    pub(crate) papers: Vec<Paper>,
    /// The words of each round.
    pub(crate) reasons: HashMap<SupplementId, String>,
    /// Why it was rejected or stopped.
    pub(crate) end_reason: String,
}

/// Why officers read dossiers.
const PURPOSE: &str = "process_dossier";

impl App {
    /// The dossier as it is now; an officer's reading is recorded.
    pub(crate) async fn get(&self, ctx: &Ctx, id: DossierId, method: &str) -> Result<View, Fault> {
        let loaded = dossiers::find(self.store.reader(), id).await?;
        let viewer = self.viewer(ctx, &loaded.dossier).await?;
        let view = self.open(loaded).await?;
        self.record(ctx, &view.dossier, viewer, method).await?;
        Ok(view)
    }

    /// The answer to a change: the dossier it was made to.
    pub(super) async fn answer(&self, ctx: &Ctx, id: Uuid, method: &str) -> Result<View, Fault> {
        self.get(ctx, id.into(), method).await
    }

    /// Records an officer's reading of what is personal in the dossier, filed with an account or not.
    pub(super) async fn record(
        &self,
        ctx: &Ctx,
        dossier: &Dossier,
        viewer: Viewer,
        method: &str,
    ) -> Result<(), Fault> {
        if viewer == Viewer::Filer {
            return Ok(());
        }
        let subjects: Vec<_> = dossier.filing.account.into_iter().collect();
        self.store.record_reading(ctx, method, &subjects, &[dossier.id], PURPOSE).await
    }

    async fn open(&self, loaded: dossiers::Loaded) -> Result<View, Fault> {
        let db = self.store.reader();
        let keyring = &self.keyring;
        let id = loaded.dossier.id;
        let reasons = if loaded.dossier.rounds.is_empty() {
            HashMap::new()
        } else {
            supplements::reasons(db, keyring, id).await?
        };
        let end_reason = match loaded.dossier.state {
            State::Rejected => acts::last_reason(db, keyring, id, "reject").await?,
            State::Stopped => acts::last_reason(db, keyring, id, "stop").await?,
            _ => String::new(),
        };
        Ok(View {
            persons: loaded.persons(keyring)?,
            answers: loaded.answers(keyring)?,
            papers: papers::of_dossier(db, keyring, id).await?,
            dossier: loaded.dossier,
            reasons,
            end_reason,
        })
    }
}
