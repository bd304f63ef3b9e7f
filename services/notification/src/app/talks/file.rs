use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;

use super::{Talks, is_not_awaited};
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
            Err(fault) if is_not_awaited(&fault) => {
                return self.close(ctx, answer, &pictures, &Reply::NothingAwaited).await;
            }
            Err(fault) if fault.is_transient() => return Err(fault),
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
        let closed = self.store.write(ctx, answer, async |tx| {
            self.pictures.forget(tx, &ids).await?;
            self.reply(tx, ctx.now(), &first.shot.user, reply).await
        });
        closed.await.map(drop)
    }
}
