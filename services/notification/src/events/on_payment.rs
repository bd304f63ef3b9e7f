use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_proto::payment::v1 as payment;
use motcua_vn::Vnd;

use super::{dossier, instant};
use crate::{
    app::{App, Heard},
    domain::{Awaited, News},
};

const FAMILY: &str = "payment";

pub(super) fn subscriptions(app: &App) -> Vec<Subscription> {
    let (asked, paid, back, lapsed) = (app.clone(), app.clone(), app.clone(), app.clone());
    vec![
        on(move |ctx: Ctx, event: payment::PaymentRequested| {
            let app = asked.clone();
            async move {
                let (amount, due) = (Vnd::new(event.amount_vnd), instant(event.due_time.as_ref()));
                let news = News::PaymentRequested { amount, due };
                app.notify(&ctx, heard(&event.dossier, event.code, event.version, news)?).await
            }
        }),
        on(move |ctx: Ctx, event: payment::PaymentSettled| {
            let app = paid.clone();
            async move {
                // What is not owed after all is no receipt.
                if event.amount_vnd == 0 {
                    let dossier = dossier(&event.dossier)?;
                    return app.settle(&ctx, dossier, Awaited::Payment, event.version).await;
                }
                let news = News::PaymentReceived { amount: Vnd::new(event.amount_vnd) };
                app.notify(&ctx, heard(&event.dossier, event.code, event.version, news)?).await
            }
        }),
        // The dossier stops, which is told.
        on(move |ctx: Ctx, event: payment::PaymentLapsed| {
            let app = lapsed.clone();
            async move {
                let dossier = dossier(&event.dossier)?;
                app.settle(&ctx, dossier, Awaited::Payment, event.version).await
            }
        }),
        on(move |ctx: Ctx, event: payment::PaymentRefunded| {
            let app = back.clone();
            async move {
                let news = News::PaymentRefunded { amount: Vnd::new(event.amount_vnd) };
                app.notify(&ctx, heard(&event.dossier, event.code, event.version, news)?).await
            }
        }),
    ]
}

fn heard(name: &str, code: String, version: i64, news: News) -> Result<Heard, Fault> {
    let dossier = dossier(name)?;
    Ok(Heard { family: FAMILY, version, dossier, code, agency_path: None, news })
}
