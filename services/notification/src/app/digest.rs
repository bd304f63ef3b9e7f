use motcua_context::{Cause, Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::{
    App,
    notify::{Reached, Telling},
};
use crate::domain::{Digest, News, Origin, Topic};

/// What awaits an officer, as an event told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The service that said it.
    pub(crate) family: &'static str,
    /// The officer.
    pub(crate) account: AccountId,
    /// Where they work, and the agencies above: telling them is that agency's cost.
    pub(crate) agency_path: String,
    /// What awaits them.
    pub(crate) digest: Digest,
    /// Until when it is news.
    pub(crate) until: Timestamp,
}

impl App {
    /// Tells an officer what awaits them, in the inbox and by the channels they prefer. Whoever
    /// wants no digest is told nothing, and nobody of a morning that is over. How they are reached
    /// is asked only where it is needed.
    pub(crate) async fn tell_officer(&self, ctx: &Ctx, counted: Counted) -> Result<(), Fault> {
        let Cause::Event { event, .. } = *ctx.cause() else {
            return Err(Fault::internal("a digest without an event"));
        };
        let Counted { family, account, agency_path, digest, until } = counted;
        let preferences = self.preferred.get(self.store.reader(), account).await?;
        let reached = if preferences.digest && ctx.now() < until {
            let contact = self.identity.contact(ctx, account).await?;
            contact.map(|contact| Reached::of(contact, Topic::OfficerDigest, &preferences))
        } else {
            None
        };
        let origin = Origin {
            event,
            family,
            fact_version: 0,
            dossier: None,
            code: String::new(),
            account: Some(account),
            agency_path,
        };
        let news = News::OfficerDigest(digest);
        // What is not told is noted all the same: the event was acted upon.
        let told = self.store.write(ctx, account.uuid(), async |tx| {
            let Some(reached) = &reached else { return Ok(()) };
            let (origin, news) = (origin.clone(), &news);
            let telling = Telling { origin, news, reached, until: Some(until) };
            self.tell(tx, ctx, &telling).await
        });
        told.await?;
        Ok(())
    }
}
