use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_ids::DossierId;
use motcua_proto::workflow::v1 as workflow;

use super::{dossier, instant};
use crate::{
    app::{App, Heard},
    domain::{Moved, News},
};

const FAMILY: &str = "workflow";

pub(super) fn subscriptions(app: &App) -> Vec<Subscription> {
    let (moved, refused, late) = (app.clone(), app.clone(), app.clone());
    vec![
        on(move |ctx: Ctx, event: workflow::DueDateChanged| {
            let app = moved.clone();
            async move {
                let news = News::DueDateChanged {
                    due: instant(event.promised_due_time.as_ref()),
                    why: match event.change() {
                        workflow::DueDateChange::Extension => Moved::Apology,
                        workflow::DueDateChange::Payment => Moved::Payment,
                        workflow::DueDateChange::Supplement
                        | workflow::DueDateChange::Unspecified => Moved::Supplement,
                    },
                };
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                app.notify(&ctx, heard(dossier, version, code, news)).await
            }
        }),
        on(move |ctx: Ctx, event: workflow::StopRefused| {
            let app = refused.clone();
            async move {
                let news = News::WithdrawalRefused;
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                app.notify(&ctx, heard(dossier, version, code, news)).await
            }
        }),
        on(move |ctx: Ctx, event: workflow::DossierOverdue| {
            let app = late.clone();
            async move {
                let news = News::Overdue { due: instant(event.due_time.as_ref()) };
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                app.notify(&ctx, heard(dossier, version, code, news)).await
            }
        }),
    ]
}

fn heard(dossier: DossierId, version: i64, code: String, news: News) -> Heard {
    Heard { family: FAMILY, version, dossier, code, agency_path: None, news }
}
