use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::Uuid;

use super::{GIVEN_UP, Talks, is_not_awaited};
use crate::domain::{Outcome, Picture, Reply};

impl Talks {
    /// Tells intake what the sender of pictures said, and the sender what came of it.
    pub(crate) async fn file(&self, ctx: &Ctx, answer: Uuid) -> Result<(), Fault> {
        let pictures = self.pictures.answered(self.store.reader(), answer).await?;
        let Some((first, dossier)) =
            pictures.first().and_then(|first| Some((first, first.stand.dossier()?)))
        else {
            return Ok(());
        };
        let offers: Vec<_> = pictures.iter().filter_map(|picture| picture.stand.offer()).collect();
        let component = first.shot.choices.first().map(|choice| &*choice.code);
        let told = self.intake.answer(ctx, answer, dossier, &offers, component).await;
        let Outcome { bound, provided, lacking } = match told {
            Ok(outcome) => outcome,
            // Intake has let them go by itself, or they answer an earlier question.
            Err(fault) if fault.kind() == Kind::NotFound => {
                return self.close(ctx, answer, &pictures, &Reply::Lapsed).await;
            }
            Err(fault) if is_not_awaited(&fault) => {
                return self.close(ctx, answer, &pictures, &Reply::NothingAwaited).await;
            }
            Err(fault) if fault.is_transient() && !first.is_older_than(GIVEN_UP, ctx.now()) => {
                return Err(fault);
            }
            Err(fault) => {
                tracing::info!(reason = fault.reason(), "intake does not file pictures");
                return self.close(ctx, answer, &pictures, &Reply::Refused(fault.text())).await;
            }
        };
        let code = &*first.shot.code;
        let reply = if component.is_none() {
            Reply::Dropped { code }
        } else {
            Reply::Bound { code, pictures: bound, provided, lacking: &lacking }
        };
        self.close(ctx, answer, &pictures, &reply).await
    }

    async fn close(
        &self,
        ctx: &Ctx,
        answer: Uuid,
        pictures: &[Picture],
        reply: &Reply<'_>,
    ) -> Result<(), Fault> {
        let ids: Vec<_> = pictures.iter().map(|picture| picture.id).collect();
        let Some(first) = pictures.first() else { return Ok(()) };
        let user = &*first.shot.user;
        let closed = self.store.write(ctx, answer, async |tx| {
            let mut mine = self.pictures.lock(tx, user).await?;
            self.pictures.forget(tx, &ids).await?;
            self.reply(tx, ctx.now(), user, reply).await?;
            mine.retain(|known| !ids.contains(&known.id));
            self.ask(tx, ctx.now(), mine).await
        });
        closed.await.map(drop)
    }
}
