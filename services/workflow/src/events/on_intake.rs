//! The citizen's side of a dossier, as intake tells it.

use std::sync::Arc;

use motcua_bus::{Subscription, on};
use motcua_fault::Fault;
use motcua_proto::intake::v1 as proto;
use motcua_vn::Terms;
use prost::{Message, Name};

use crate::app::{App, Start, Told};
use crate::domain::{Fact, Filing};
use crate::grpc::fields::Fields;

/// Intake's events, each with what is done upon it.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    let starting = app.clone();
    vec![
        on(move |ctx, event: proto::DossierAccepted| {
            let app = starting.clone();
            async move { app.start(&ctx, start(&event)?).await }
        }),
        fact(app, supplement_requested),
        fact(app, supplement_declined),
        fact(app, supplement_provided),
        fact(app, supplement_expired),
        fact(app, payment_awaited),
        fact(app, payment_made),
        fact(app, withdrawal_requested),
        fact(app, dossier_stopped),
        fact(app, result_returned),
        fact(app, dossier_closed),
    ]
}

type Reading = Result<Option<Told>, Fault>;

fn fact<E>(app: &Arc<App>, read: fn(&E) -> Reading) -> Subscription
where
    E: Message + Name + Default + 'static,
{
    let app = app.clone();
    on(move |ctx, event: E| {
        let app = app.clone();
        async move {
            match read(&event)? {
                Some(told) => app.hear(&ctx, told).await,
                // Before the acceptance there is no process.
                None => Ok(()),
            }
        }
    })
}

fn told(
    mut fields: Fields,
    dossier: &str,
    version: i64,
    at: Option<&prost_types::Timestamp>,
    by: &str,
    fact: Fact,
) -> Reading {
    let dossier = fields.id("dossier", dossier);
    let at = fields.instant("at", at);
    let by = fields.maybe("by", by);
    fields.finish()?;
    Ok(Some(Told { dossier, version, at, by, fact }))
}

fn supplement_requested(e: &proto::SupplementRequested) -> Reading {
    if e.before_acceptance {
        return Ok(None);
    }
    let mut fields = Fields::default();
    let fact = Fact::SupplementRequested { ask: fields.maybe("ask", &e.ask) };
    told(fields, &e.dossier, e.version, e.request_time.as_ref(), &e.requested_by, fact)
}

fn supplement_declined(e: &proto::SupplementDeclined) -> Reading {
    let mut fields = Fields::default();
    let fact = Fact::SupplementDeclined { ask: fields.id("ask", &e.ask) };
    told(fields, &e.dossier, e.version, e.decline_time.as_ref(), &e.declined_by, fact)
}

fn supplement_provided(e: &proto::SupplementProvided) -> Reading {
    if e.before_acceptance {
        return Ok(None);
    }
    let fact = Fact::SupplementProvided;
    told(Fields::default(), &e.dossier, e.version, e.provide_time.as_ref(), "", fact)
}

fn supplement_expired(e: &proto::SupplementExpired) -> Reading {
    if e.before_acceptance {
        return Ok(None);
    }
    let fact = Fact::SupplementExpired;
    told(Fields::default(), &e.dossier, e.version, e.expire_time.as_ref(), "", fact)
}

fn payment_awaited(e: &proto::PaymentAwaited) -> Reading {
    let fact = Fact::PaymentAwaited;
    told(Fields::default(), &e.dossier, e.version, e.await_time.as_ref(), "", fact)
}

fn payment_made(e: &proto::PaymentMade) -> Reading {
    let fact = Fact::PaymentMade;
    told(Fields::default(), &e.dossier, e.version, e.make_time.as_ref(), "", fact)
}

fn withdrawal_requested(e: &proto::WithdrawalRequested) -> Reading {
    let fact = Fact::WithdrawalRequested;
    told(Fields::default(), &e.dossier, e.version, e.request_time.as_ref(), "", fact)
}

fn dossier_stopped(e: &proto::DossierStopped) -> Reading {
    if e.before_acceptance {
        return Ok(None);
    }
    told(Fields::default(), &e.dossier, e.version, e.stop_time.as_ref(), "", Fact::Stopped)
}

fn result_returned(e: &proto::ResultReturned) -> Reading {
    told(
        Fields::default(),
        &e.dossier,
        e.version,
        e.return_time.as_ref(),
        &e.returned_by,
        Fact::Returned,
    )
}

fn dossier_closed(e: &proto::DossierClosed) -> Reading {
    told(Fields::default(), &e.dossier, e.version, e.close_time.as_ref(), "", Fact::Closed)
}

/// The facts of an acceptance; refused with everything that is wrong with them.
fn start(e: &proto::DossierAccepted) -> Result<Start, Fault> {
    let mut fields = Fields::default();
    let online = e.filing_channel() == proto::FilingChannel::Online;
    let filing = Filing {
        dossier: fields.id("dossier", &e.dossier),
        code: e.code.clone(),
        procedure: fields.id("procedure", &e.procedure),
        procedure_version: fields.id("procedure_version", &e.procedure_version),
        case_code: e.case_code.clone(),
        online,
        receiving: fields.path("receiving_path", &e.receiving_path),
        competent: fields.path("competent_path", &e.competent_path),
        applicant: fields.maybe("applicant", &e.applicant),
        accepted_at: fields.instant("accept_time", e.accept_time.as_ref()),
    };
    let terms = e.limit.as_ref().and_then(|limit| {
        Some(Terms {
            limit: fields.known("limit", motcua_clockwire::limit(limit))?,
            limit_source: limit.source.clone(),
            filed_online: online,
            regime: motcua_clockwire::regime(e.supplement_regime()).unwrap_or_default(),
        })
    });
    let accepted_by = fields.maybe("accepted_by", &e.accepted_by);
    let promised = e.promised_due_time.as_ref().and_then(motcua_clockwire::instant);
    fields.finish()?;
    Ok(Start {
        filing,
        version: e.version,
        accepted_by,
        calendar: e.calendar.clone(),
        policy: e.policy.clone(),
        terms,
        promised,
    })
}
