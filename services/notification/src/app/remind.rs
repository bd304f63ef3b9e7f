use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{DossierId, EventId, Uuid};
use motcua_store::Tx;
use motcua_vn::Vnd;

use super::{App, REMINDER, notify::Telling};
use crate::{
    app::Heard,
    domain::{Awaited, Channel, Message, News, Reminder},
};

impl App {
    /// Sets or takes away reminders as some news demand.
    pub(super) async fn remember(&self, tx: &Tx, ctx: &Ctx, heard: &Heard) -> Result<(), Fault> {
        if let Some((awaited, due)) = heard.news.asks_for() {
            self.await_it(tx, ctx, heard, awaited, due).await?;
        }
        for awaited in heard.news.settles() {
            if heard.news.ends() {
                // What comes after the end was asked for before it.
                self.forget_for_ever(tx, ctx, heard, *awaited).await?;
            } else {
                let own = awaited.family() == heard.family;
                let version = own.then_some(heard.version);
                self.forget(tx, heard.dossier, *awaited, version).await?;
            }
        }
        Ok(())
    }

    /// Notes that something is no longer awaited, of which the person is told nothing.
    pub(crate) async fn settle(
        &self,
        ctx: &Ctx,
        dossier: DossierId,
        awaited: Awaited,
        version: i64,
    ) -> Result<(), Fault> {
        let settled = self.store.write(ctx, dossier.uuid(), async |tx| {
            self.forget(tx, dossier, awaited, Some(version)).await
        });
        settled.await?;
        Ok(())
    }

    /// Reminds somebody of what is awaited still. What was settled meanwhile, or is too late, is
    /// left alone; at night the telephone would ring, so that everything is asked again in the
    /// morning.
    pub(crate) async fn remind(&self, ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
        let now = ctx.now();
        let known = self.reminders.get(self.store.reader(), id).await?;
        let Some(reminder) = known.filter(|reminder| reminder.is_wanted(now)) else {
            return Ok(());
        };
        let at = self.turns.earliest(Channel::Sms, reminder.news().topic(), now);
        if at > now {
            let later = self.store.write(ctx, id, async |tx| tx.schedule(REMINDER, id, at).await);
            later.await?;
            return Ok(());
        }
        let heard = Heard {
            family: reminder.awaited.family(),
            version: reminder.version,
            dossier: reminder.dossier,
            code: reminder.code.clone(),
            agency_path: None,
            news: reminder.news(),
        };
        let reached = self.reached(ctx, &heard).await?;
        let told = self.store.write(ctx, id, async |tx| {
            let still = self.reminders.lock(tx, heard.dossier, reminder.awaited).await?;
            if !still.is_some_and(|still| still.id == id && still.is_wanted(now)) {
                return Ok(());
            }
            let known = self.messages.known(tx.db(), heard.dossier, heard.family).await?;
            let path = known.agency_path.unwrap_or_default();
            let (event, until) = (EventId::new(id), Some(reminder.due));
            let (origin, news) = (heard.origin(event, path, &reached), &heard.news);
            let telling = Telling { origin, news, reached: &reached, until };
            self.tell(tx, ctx, &telling).await
        });
        told.await?;
        Ok(())
    }

    /// Whether a message need not go any more: it reminds of what is no longer awaited, or asks for
    /// what was done meanwhile, or is asked for in other words. Systems hear what was, all the same.
    pub(super) async fn is_needless(&self, ctx: &Ctx, message: &Message) -> Result<bool, Fault> {
        let Message { topic, origin, .. } = message;
        if message.written.address.channel() == Channel::Webhook {
            return Ok(false);
        }
        if let Some((awaited, dossier)) = Awaited::asked_by(*topic).zip(origin.dossier) {
            let db = self.store.reader();
            let known = self.reminders.of(db, dossier, awaited).await?;
            return Ok(known.is_some_and(|known| known.is_done(origin.fact_version))
                || self.messages.is_followed(db, message).await?);
        }
        if !topic.reminds() {
            return Ok(false);
        }
        let reminder = self.reminders.get(self.store.reader(), message.origin.event.uuid()).await?;
        Ok(!reminder.is_some_and(|reminder| reminder.is_wanted(ctx.now())))
    }

    async fn await_it(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        heard: &Heard,
        awaited: Awaited,
        due: Timestamp,
    ) -> Result<(), Fault> {
        let former = self.reminders.lock(tx, heard.dossier, awaited).await?;
        if former.as_ref().is_some_and(|former| former.version >= heard.version) {
            return Ok(());
        }
        if let Some(former) = &former {
            tx.unschedule(REMINDER, former.id).await?;
        }
        let early = News::SupplementRequested { deadline: Some(due), before_acceptance: true };
        let reminder = Reminder {
            code: heard.code.clone(),
            version: heard.version,
            amount: heard.news.amount().unwrap_or(Vnd::ZERO),
            before_acceptance: heard.news == early,
            ..Reminder::of(ctx.new_id::<EventId>().uuid(), awaited, heard.dossier, due)
        };
        self.reminders.put(tx, former.as_ref(), &reminder).await?;
        match self.leads.remind_at(awaited, ctx.now(), due) {
            Some(at) => tx.schedule(REMINDER, reminder.id, at).await,
            None => Ok(()),
        }
    }

    async fn forget(
        &self,
        tx: &Tx,
        dossier: DossierId,
        awaited: Awaited,
        version: Option<i64>,
    ) -> Result<(), Fault> {
        let Some(former) = self.reminders.lock(tx, dossier, awaited).await? else {
            return Ok(());
        };
        let version = version.unwrap_or(former.version);
        if former.version > version {
            return Ok(());
        }
        tx.unschedule(REMINDER, former.id).await?;
        let settled = Reminder { open: false, version, ..former.clone() };
        self.reminders.put(tx, Some(&former), &settled).await
    }

    async fn forget_for_ever(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        heard: &Heard,
        awaited: Awaited,
    ) -> Result<(), Fault> {
        let former = self.reminders.lock(tx, heard.dossier, awaited).await?;
        if let Some(former) = &former {
            tx.unschedule(REMINDER, former.id).await?;
        }
        let ended = Reminder {
            open: false,
            version: i64::MAX,
            ..Reminder::of(ctx.new_id::<EventId>().uuid(), awaited, heard.dossier, ctx.now())
        };
        self.reminders.put(tx, former.as_ref(), &ended).await
    }
}
