use chrono::TimeDelta;
use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{EventId, MessageId, Uuid};
use motcua_vn::local;

use super::{App, Arrivals, INQUIRY, delivery};
use crate::{
    domain::{
        Address, Channel, Finding, Inquiry, Message, News, Origin, Question, Refusal, Said,
        Variant, Written, current,
    },
    store::{self, Inquiries},
};

/// Questions that are forgotten at once.
const BATCH: u64 = 200;
/// Longer than a question is worth answering.
const UNANSWERED: TimeDelta = TimeDelta::hours(2);
/// What nobody understands is answered so often in a day: machines write too, and each answer could
/// be answered.
const USAGES_A_DAY: u64 = 1;

/// Takes in what people send us by short message.
#[derive(Clone)]
pub(crate) struct Ear {
    pub(crate) arrivals: Arrivals,
    pub(crate) inquiries: Inquiries,
    /// Questions of one telephone that are answered in a day.
    pub(crate) a_day: u64,
}

impl Ear {
    /// Keeps a question, to be answered at once; what is beyond the telephone's limit is dropped,
    /// and so are the same words of the same telephone just after.
    pub(crate) async fn hear(&self, said: &Said) -> Result<(), Fault> {
        let ctx = self.arrivals.ctx("inquiry-heard");
        let id = Uuid::from_bytes(ctx.random());
        let inquiry = Inquiry { id, said: said.clone(), heard_at: ctx.now() };
        let unclear = said.question().code.is_none();
        let since = local::bounds(local::day(ctx.now())).0;
        let store = &self.arrivals.store;
        let asked = self.inquiries.asked(store.reader(), said, since).await?;
        if asked.all >= self.a_day || (unclear && asked.unclear >= USAGES_A_DAY) {
            return Ok(());
        }
        let kept = store.write(&ctx, id, async |tx| {
            if self.inquiries.keep(tx, &inquiry).await? {
                tx.schedule(INQUIRY, id, ctx.now()).await?;
            }
            Ok(())
        });
        kept.await?;
        Ok(())
    }

    /// Forgets questions of days that do not count any more. Whether there may be more.
    pub(crate) async fn tidy(&self, now: Timestamp) -> Result<bool, Fault> {
        let store = &self.arrivals.store;
        let since = local::bounds(local::day(now)).0 - UNANSWERED;
        let old = self.inquiries.before(store.reader(), since, BATCH).await?;
        let Some(first) = old.first() else { return Ok(false) };
        let ctx = self.arrivals.ctx("inquiries-forgotten");
        store.write(&ctx, *first, async |tx| self.inquiries.forget(tx, &old).await).await?;
        Ok(u64::try_from(old.len()).is_ok_and(|found| found == BATCH))
    }
}

impl App {
    /// Writes the answer to a question.
    pub(crate) async fn answer(&self, ctx: &Ctx, inquiry: Uuid) -> Result<(), Fault> {
        let db = self.store.reader();
        let Some(inquiry) = self.inquiries.get(db, inquiry).await? else { return Ok(()) };
        // Intake may have been away for long.
        if inquiry.worth_until() <= ctx.now() {
            return Ok(());
        }
        let Question { code, language } = inquiry.said.question();
        let (dossier, reply) = match &code {
            None => (None, Finding::Usage),
            Some(code) => match self.intake.look_up(ctx, code, &inquiry.said.phone).await? {
                Some((dossier, reply)) => (Some(dossier), reply),
                None => (None, Finding::Unknown),
            },
        };
        let code = code.unwrap_or_default();
        let news = News::InquiryAnswered(reply);
        let template =
            current(news.topic(), Variant::Sms, language).ok_or(Refusal::TemplateUnknown)?;
        let rendered = self.renderer.render(template, &news, &code, "")?;
        let answered = self.store.write(ctx, inquiry.id, async |tx| {
            let known = match dossier {
                Some(dossier) => self.messages.known(tx.db(), dossier, store::INQUIRY).await?,
                None => store::Known::default(),
            };
            let origin = Origin {
                event: EventId::new(inquiry.id),
                family: store::INQUIRY,
                fact_version: 0,
                dossier,
                code: code.clone(),
                account: None,
                agency_path: known.agency_path.unwrap_or_default(),
            };
            let address = Address::Sms(inquiry.said.phone.clone());
            let written = Written { address, title: String::new(), text: rendered.text.clone() };
            let (id, name) = (ctx.new_id::<MessageId>(), template.name());
            let mut message = Message::write(id, origin, news.topic(), name, written, ctx.now());
            message.terms.expires_at = Some(inquiry.worth_until());
            tx.schedule_at_last(delivery(Channel::Sms), id.uuid(), ctx.now());
            self.messages.insert(tx, &[message])
        });
        answered.await?;
        Ok(())
    }
}
