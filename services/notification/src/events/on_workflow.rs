use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_proto::workflow::v1 as workflow;

use super::{dossier, instant};
use crate::{
    app::{App, Heard, Place},
    domain::News,
};

const FAMILY: &str = "workflow";

pub(super) fn subscriptions(app: &App) -> Vec<Subscription> {
    let (moved, refused) = (app.clone(), app.clone());
    vec![
        on(move |ctx: Ctx, event: workflow::DueDateChanged| {
            let app = moved.clone();
            async move {
                let news = News::DueDateChanged {
                    due: instant(event.promised_due_time.as_ref()),
                    apology: event.change() == workflow::DueDateChange::Extension,
                };
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                let place = Place::Untold;
                app.notify(&ctx, Heard { family: FAMILY, version, dossier, code, place, news })
                    .await
            }
        }),
        on(move |ctx: Ctx, event: workflow::StopRefused| {
            let app = refused.clone();
            async move {
                let news = News::WithdrawalRefused;
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                let place = Place::Untold;
                app.notify(&ctx, Heard { family: FAMILY, version, dossier, code, place, news })
                    .await
            }
        }),
    ]
}
