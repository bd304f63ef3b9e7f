use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_proto::{intake::v1 as intake, r#type::v1::FileProblem};

use super::{dossier, instant};
use crate::{
    app::{App, Heard},
    domain::{Awaited, News, Problem, StopCause, Way},
};

const FAMILY: &str = "intake";

pub(super) fn subscriptions(app: &App) -> Vec<Subscription> {
    vec![
        listen(app, |event: intake::DossierSubmitted| {
            let news = News::Submitted { reply_due: instant(event.reply_due_time.as_ref()) };
            heard(&event.dossier, event.code, event.version, at(event.receiving_path), news)
        }),
        listen(app, |event: intake::DossierAccepted| {
            let news = News::Accepted { due: instant(event.promised_due_time.as_ref()) };
            heard(&event.dossier, event.code, event.version, at(event.receiving_path), news)
        }),
        listen(app, |event: intake::SupplementRequested| {
            let deadline = instant(event.deadline.as_ref());
            let before_acceptance = event.before_acceptance;
            let news = News::SupplementRequested { deadline, before_acceptance };
            heard(&event.dossier, event.code, event.version, None, news)
        }),
        provided(app),
        listen(app, |event: intake::DossierRejected| {
            let news = News::Rejected { expired: event.rejected_by.is_empty() };
            heard(&event.dossier, event.code, event.version, at(event.receiving_path), news)
        }),
        listen(app, |event: intake::WithdrawalRequested| {
            let news = News::WithdrawalRequested;
            heard(&event.dossier, event.code, event.version, None, news)
        }),
        listen(app, |event: intake::DossierStopped| {
            let cause = match (event.cause(), event.before_acceptance) {
                (intake::StopCause::Withdrawn, true) => StopCause::WithdrawnEarly,
                (intake::StopCause::Withdrawn, false) => StopCause::Withdrawn,
                (intake::StopCause::SupplementExpired, _) => StopCause::SupplementExpired,
                (
                    intake::StopCause::Process
                    | intake::StopCause::PaymentLapsed
                    | intake::StopCause::Unspecified,
                    _,
                ) => StopCause::Other,
            };
            let news = News::Stopped { cause };
            heard(&event.dossier, event.code, event.version, None, news)
        }),
        listen(app, |event: intake::PaperQuarantined| {
            let problem = problem(event.problem());
            let news = News::PaperQuarantined { paper: event.paper_title, problem };
            heard(&event.dossier, event.code, event.version, None, news)
        }),
        listen(app, |event: intake::ResultReady| {
            let news = News::ResultReady { way: way(event.way()) };
            heard(&event.dossier, event.code, event.version, None, news)
        }),
        listen(app, |event: intake::ResultReturned| {
            let news = News::ResultReturned { way: way(event.way()) };
            heard(&event.dossier, event.code, event.version, None, news)
        }),
    ]
}

fn listen<E>(
    app: &App,
    read: impl Fn(E) -> Result<Heard, Fault> + Send + Sync + 'static,
) -> Subscription
where
    E: prost::Message + prost::Name + Default,
{
    let app = app.clone();
    on(move |ctx: Ctx, event: E| {
        let (app, heard) = (app.clone(), read(event));
        async move { app.notify(&ctx, heard?).await }
    })
}

/// During processing DueDateChanged tells more.
fn provided(app: &App) -> Subscription {
    let app = app.clone();
    on(move |ctx: Ctx, event: intake::SupplementProvided| {
        let app = app.clone();
        async move {
            if event.before_acceptance {
                let news = News::SupplementReceived;
                let heard = heard(&event.dossier, event.code, event.version, None, news)?;
                return app.notify(&ctx, heard).await;
            }
            app.settle(&ctx, dossier(&event.dossier)?, Awaited::Supplement, event.version).await
        }
    })
}

fn heard(
    name: &str,
    code: String,
    version: i64,
    agency_path: Option<String>,
    news: News,
) -> Result<Heard, Fault> {
    Ok(Heard { family: FAMILY, version, dossier: dossier(name)?, code, agency_path, news })
}

/// The receiving agency with its ancestors, as far as it is told.
fn at(path: String) -> Option<String> {
    (!path.is_empty()).then_some(path)
}

const fn problem(problem: FileProblem) -> Problem {
    match problem {
        FileProblem::Infected => Problem::Infected,
        FileProblem::TooLarge => Problem::TooLarge,
        FileProblem::Encrypted => Problem::Encrypted,
        FileProblem::TooComplex | FileProblem::ScannerFailed | FileProblem::Unspecified => {
            Problem::Unreadable
        }
    }
}

const fn way(way: intake::ReturnWay) -> Way {
    match way {
        intake::ReturnWay::Online => Way::Online,
        intake::ReturnWay::Post => Way::Post,
        intake::ReturnWay::Desk | intake::ReturnWay::Unspecified => Way::Desk,
    }
}
