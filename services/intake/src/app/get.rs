//! The whole dossier, for whoever has to do with it.

use std::collections::HashMap;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{DossierId, SupplementId, Uuid};
use serde_json::Value;

use super::{App, Viewer};
use crate::{
    domain::{Dossier, Paper, Persons, State, answers},
    store::{
        acts, dossiers, papers,
        supplements::{self, Told},
    },
};

/// A dossier with all that is personal in it.
pub(crate) struct View {
    pub(crate) dossier: Dossier,
    pub(crate) persons: Persons,
    pub(crate) answers: Value,
    pub(crate) papers: Vec<Paper>,
    /// What was said and done in each round.
    pub(crate) rounds: HashMap<SupplementId, Round>,
    /// Why it was rejected or stopped.
    pub(crate) end_reason: String,
}

/// What is personal in a round of supplement.
#[derive(Default)]
pub(crate) struct Round {
    /// The words the citizen reads.
    pub(crate) reason: String,
    /// Which answers were changed before it was provided.
    pub(crate) changed: Vec<String>,
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
        let answers = loaded.answers(keyring)?;
        let rounds = if loaded.dossier.rounds.is_empty() {
            HashMap::new()
        } else {
            let told = supplements::told(db, keyring, id).await?;
            rounds(&loaded.dossier, told, &answers)
        };
        let end_reason = match loaded.dossier.state {
            State::Rejected => acts::last_reason(db, keyring, id, "reject").await?,
            State::Stopped => acts::last_reason(db, keyring, id, "stop").await?,
            _ => String::new(),
        };
        Ok(View {
            persons: loaded.persons(keyring)?,
            answers,
            papers: papers::of_dossier(db, keyring, id).await?,
            dossier: loaded.dossier,
            rounds,
            end_reason,
        })
    }
}

/// What became of the answers in a round is seen by what the next one found, and after the last by
/// how they are: between two rounds nobody changes them.
fn rounds(dossier: &Dossier, told: Vec<Told>, now: &Value) -> HashMap<SupplementId, Round> {
    let mut after = now.clone();
    let mut rounds = HashMap::new();
    for Told { id, reason, filed } in told.into_iter().rev() {
        let mut round = Round { reason, changed: Vec::new() };
        if let Some(filed) = filed {
            if dossier.is_provided(id) {
                round.changed = answers::named(answers::changed(&filed, &after));
            }
            after = filed;
        }
        rounds.insert(id, round);
    }
    rounds
}
