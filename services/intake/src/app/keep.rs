//! The one way a changed dossier is stored: acts, rounds, timers, the code
//! last, then what the others are told.

use chrono::TimeDelta;
use motcua_fault::Fault;
use motcua_store::Tx;
use motcua_vn::{AgencyIdentifier, local};

use super::{App, timer};
use crate::{
    domain::{Dossier, Event, Happened, State},
    events::publish,
    store::{
        acts, codes,
        dossiers::{self, Changed},
        supplements::{self, Said},
    },
};

impl App {
    /// Stores what happened to a dossier, and says it.
    pub(super) async fn keep(
        &self,
        tx: &Tx,
        dossier: &mut Dossier,
        changed: Changed<'_>,
    ) -> Result<(), Fault> {
        let happened = dossier.take_happened();
        acts::insert(tx, &self.keyring, dossier.id, &happened);
        for act in &happened {
            self.follow(tx, dossier, act, changed).await?;
        }
        if dossier.needs_code() {
            self.mint(tx, dossier).await?;
        }
        dossiers::save(tx, &self.keyring, dossier, changed)?;
        publish::all(tx, dossier, &happened);
        Ok(())
    }

    /// Rounds and timers that follow from an act.
    async fn follow(
        &self,
        tx: &Tx,
        dossier: &Dossier,
        act: &Happened,
        changed: Changed<'_>,
    ) -> Result<(), Fault> {
        let subject = dossier.id.uuid();
        match &act.event {
            Event::SupplementRequested(round) => {
                let said = Said { reason: &act.hand.why, filed: changed.filed };
                supplements::insert(tx, &self.keyring, dossier.id, round, said).await?;
                tx.schedule(timer::SUPPLEMENT, subject, round.deadline).await?;
            }
            Event::ResultReturned { .. } => {
                let days = TimeDelta::days(self.config.close_after_days.into());
                tx.schedule(timer::CLOSE, subject, act.hand.at + days).await?;
            }
            Event::Closed => tx.unschedule(timer::CLOSE, subject).await?,
            _ if dossier.rounds.is_empty() => {}
            Event::WithdrawalRefused if dossier.state == State::AwaitingSupplement => {
                dossiers::save_rounds(tx, dossier).await?;
                if let Some(round) = dossier.open_round() {
                    tx.schedule(timer::SUPPLEMENT, subject, round.deadline).await?;
                }
            }
            Event::SupplementProvided(_)
            | Event::SupplementExpired(_)
            | Event::Stopped { .. }
            | Event::WithdrawalRequested
            | Event::ProcessStopped
            | Event::ResultReady { .. } => {
                dossiers::save_rounds(tx, dossier).await?;
                tx.unschedule(timer::SUPPLEMENT, subject).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Mints the code for the receiving agency and the day of the act. The
    /// counter's row is held until the commit, so this comes last.
    async fn mint(&self, tx: &Tx, dossier: &mut Dossier) -> Result<(), Fault> {
        let Some(minted_at) = dossier.minted_at() else { return Ok(()) };
        let day = local::day(minted_at);
        let agency = AgencyIdentifier::parse(&dossier.filing.receiving_code)?;
        let n = codes::next(tx, agency.as_str(), day, self.config.code_start).await?;
        dossier.code = Some(self.config.code_pattern.mint(&agency, day, n).to_string());
        Ok(())
    }
}
