//! What payment tells us. Each event is one fact, taken in once.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{BadName, DossierId};
use motcua_proto::payment::v1 as payment;

use crate::{app::App, domain::PaymentFact};

/// Everything listened to.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    let (requested, settled, lapsed) = (app.clone(), app.clone(), app.clone());
    vec![
        on(move |ctx, event: payment::PaymentRequested| {
            let app = requested.clone();
            async move {
                let due_at = event.due_time.as_ref().and_then(motcua_clockwire::instant);
                let due_at = due_at.ok_or_else(|| bad(&"due_time"))?;
                let (fact, at) = (PaymentFact::Requested { due_at }, at(&ctx, event.request_time));
                let id = dossier(&event.dossier)?;
                app.hear_payment(&ctx, id, event.version, at, fact).await
            }
        }),
        on(move |ctx, event: payment::PaymentSettled| {
            let app = settled.clone();
            async move {
                let (fact, at) = (PaymentFact::Settled, at(&ctx, event.settle_time));
                let id = dossier(&event.dossier)?;
                app.hear_payment(&ctx, id, event.version, at, fact).await
            }
        }),
        on(move |ctx, event: payment::PaymentLapsed| {
            let app = lapsed.clone();
            async move {
                let (fact, at) = (PaymentFact::Lapsed, at(&ctx, event.lapse_time));
                let id = dossier(&event.dossier)?;
                app.hear_payment(&ctx, id, event.version, at, fact).await
            }
        }),
    ]
}

/// When it happened there; this service may hear of it later.
fn at(ctx: &Ctx, said: Option<prost_types::Timestamp>) -> DateTime<Utc> {
    said.as_ref().and_then(motcua_clockwire::instant).map_or(ctx.now(), |at| at.min(ctx.now()))
}

fn dossier(name: &str) -> Result<DossierId, Fault> {
    DossierId::from_name(name).map_err(|name: BadName| bad(&name))
}

fn bad(what: &dyn std::fmt::Display) -> Fault {
    Fault::new(Kind::InvalidArgument, "EVENT_INVALID", what.to_string())
}
