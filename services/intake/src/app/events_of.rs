//! What happened to an agency's dossiers, for another system: the outbox read as
//! a log, of which each reader keeps its own place.

use motcua_context::{Actor, Ctx};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, DossierId};
use motcua_post::{Envelope, LogPlace};

use super::App;
use crate::store::lists;

/// Looked through for one page at the most: a reader with few dossiers goes
/// through the province's events in several calls.
const LOOKED_THROUGH: u64 = 2_000;
/// Looked up at once.
const BATCH: u64 = 200;
/// What is said of dossiers; readings are said too, and are nobody else's.
const OF_DOSSIERS: &str = "motcua.intake.v1.";

/// Some events, and where to go on.
pub(crate) struct EventPage {
    pub(crate) events: Vec<Envelope>,
    pub(crate) place: LogPlace,
    /// There was nothing more.
    pub(crate) up_to_date: bool,
}

impl App {
    /// The next events of the caller's agency, `size` at the most.
    pub(crate) async fn events_of(
        &self,
        ctx: &Ctx,
        dossier: Option<DossierId>,
        after: Option<LogPlace>,
        size: u64,
    ) -> Result<EventPage, Fault> {
        let agency = agency(ctx)?;
        let outbox = self.store.outbox();
        let mut place = after.unwrap_or_default();
        let mut events: Vec<Envelope> = Vec::new();
        let mut looked_through = 0;
        loop {
            let left = size - events.len() as u64;
            let mut log = outbox.log(self.store.service(), place.clone());
            // A full batch of this agency's own fills the page exactly.
            let batch = BATCH.min(left);
            let read = log.next(batch, ctx.now()).await?;
            place = log.place().clone();
            let up_to_date = (read.len() as u64) < batch;
            looked_through += read.len() as u64;
            events.extend(self.its_own(agency, dossier, read).await?);
            if up_to_date || events.len() as u64 == size || looked_through >= LOOKED_THROUGH {
                return Ok(EventPage { events, place, up_to_date });
            }
        }
    }

    async fn its_own(
        &self,
        agency: AgencyId,
        dossier: Option<DossierId>,
        read: Vec<Envelope>,
    ) -> Result<Vec<Envelope>, Fault> {
        let of_dossiers = |event: &Envelope| {
            event.event_type.starts_with(OF_DOSSIERS)
                && dossier.is_none_or(|dossier| dossier.uuid() == event.key)
        };
        let said: Vec<_> = read.into_iter().filter(of_dossiers).collect();
        let own = lists::within(self.store.reader(), agency, said.iter().map(|e| e.key)).await?;
        Ok(said.into_iter().filter(|event| own.contains(&event.key)).collect())
    }
}

fn agency(ctx: &Ctx) -> Result<AgencyId, Fault> {
    match ctx.actor().principal() {
        Actor::System(system) if !system.service => system.agency.ok_or_else(no_agency),
        _ => Err(no_agency()),
    }
}

fn no_agency() -> Fault {
    Fault::denied("NO_AGENCY", "Tài khoản hệ thống này chưa được gắn với cơ quan nào.")
}
