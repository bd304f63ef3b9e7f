//! What workflow tells us. Each event is one fact, taken in once.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{BadName, DossierId, ResultId, SupplementId};
use motcua_proto::workflow::v1 as workflow;

use crate::{
    app::App,
    domain::{Fact, StopCause},
};

/// Everything listened to.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    vec![
        process_started(app.clone()),
        supplement_needed(app.clone()),
        due_date_changed(app.clone()),
        result_approved(app.clone()),
        process_stopped(app.clone()),
        stop_refused(app.clone()),
    ]
}

fn process_started(app: Arc<App>) -> Subscription {
    on(move |ctx, event: workflow::ProcessStarted| {
        let app = app.clone();
        async move {
            let id = dossier(&event.dossier)?;
            app.hear(&ctx, id, event.version, at(&ctx, event.start_time), |_| Fact::ProcessStarted)
                .await
        }
    })
}

fn supplement_needed(app: Arc<App>) -> Subscription {
    on(move |ctx, event: workflow::SupplementNeeded| {
        let app = app.clone();
        async move {
            let id = dossier(&event.dossier)?;
            let ask = SupplementId::from_name(&event.ask).map_err(|name| bad(&name))?;
            app.hear(&ctx, id, event.version, at(&ctx, event.ask_time), |_| {
                Fact::SupplementNeeded { ask }
            })
            .await
        }
    })
}

fn due_date_changed(app: Arc<App>) -> Subscription {
    on(move |ctx, event: workflow::DueDateChanged| {
        let app = app.clone();
        async move {
            let id = dossier(&event.dossier)?;
            let instant = |at: &Option<prost_types::Timestamp>| {
                at.as_ref().and_then(motcua_clockwire::instant)
            };
            let fact = Fact::DueDateChanged {
                legal_due_at: instant(&event.legal_due_time),
                promised_due_at: instant(&event.promised_due_time),
            };
            app.hear(&ctx, id, event.version, at(&ctx, event.change_time), |_| fact).await
        }
    })
}

fn result_approved(app: Arc<App>) -> Subscription {
    on(move |ctx, event: workflow::ResultApproved| {
        let app = app.clone();
        async move {
            let id = dossier(&event.dossier)?;
            let result = ResultId::from_name(&event.result).map_err(|name| bad(&name))?;
            let fact = |way| Fact::ResultApproved { result, way };
            app.hear(&ctx, id, event.version, at(&ctx, event.finish_time), fact).await
        }
    })
}

fn process_stopped(app: Arc<App>) -> Subscription {
    on(move |ctx, event: workflow::ProcessStopped| {
        let app = app.clone();
        async move {
            let id = dossier(&event.dossier)?;
            let cause = match workflow::StopCause::try_from(event.cause) {
                Ok(workflow::StopCause::Withdrawn) => StopCause::Withdrawn,
                Ok(workflow::StopCause::SupplementExpired) => StopCause::SupplementExpired,
                _ => StopCause::Process,
            };
            app.hear(&ctx, id, event.version, at(&ctx, event.stop_time), |_| Fact::ProcessStopped {
                cause,
            })
            .await
        }
    })
}

fn stop_refused(app: Arc<App>) -> Subscription {
    on(move |ctx, event: workflow::StopRefused| {
        let app = app.clone();
        async move {
            let id = dossier(&event.dossier)?;
            // Until now the citizen could not act: the wait given back ends here.
            app.hear(&ctx, id, event.version, ctx.now(), |_| Fact::StopRefused).await
        }
    })
}

/// When it happened there; this service may hear of it later.
fn at(ctx: &Ctx, said: Option<prost_types::Timestamp>) -> DateTime<Utc> {
    said.as_ref().and_then(motcua_clockwire::instant).map_or(ctx.now(), |at| at.min(ctx.now()))
}

fn dossier(name: &str) -> Result<DossierId, Fault> {
    DossierId::from_name(name).map_err(|name| bad(&name))
}

fn bad(name: &BadName) -> Fault {
    Fault::new(Kind::InvalidArgument, "EVENT_INVALID", name.to_string())
}
