use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AgencyId;
use motcua_proto::intake::v1 as intake;

use super::{dossier, instant};
use crate::{
    app::{App, Heard, Place},
    domain::{News, StopCause, Way},
};

const FAMILY: &str = "intake";

pub(super) fn subscriptions(app: &App) -> Vec<Subscription> {
    vec![
        listen(app, |event: intake::DossierSubmitted| {
            let news = News::Submitted { reply_due: instant(event.reply_due_time.as_ref()) };
            let place = agency(&event.receiving_agency);
            heard(&event.dossier, event.code, event.version, place, news)
        }),
        listen(app, |event: intake::DossierAccepted| {
            let news = News::Accepted { due: instant(event.promised_due_time.as_ref()) };
            let place = Place::Path(event.receiving_path);
            heard(&event.dossier, event.code, event.version, place, news)
        }),
        listen(app, |event: intake::SupplementRequested| {
            let news = News::SupplementRequested { deadline: instant(event.deadline.as_ref()) };
            heard(&event.dossier, event.code, event.version, Place::Untold, news)
        }),
        listen(app, |event: intake::DossierRejected| {
            let place = agency(&event.receiving_agency);
            heard(&event.dossier, event.code, event.version, place, News::Rejected)
        }),
        listen(app, |event: intake::DossierStopped| {
            let cause = match event.cause() {
                intake::StopCause::Withdrawn => StopCause::Withdrawn,
                intake::StopCause::SupplementExpired => StopCause::SupplementExpired,
                intake::StopCause::Process | intake::StopCause::Unspecified => StopCause::Other,
            };
            let news = News::Stopped { cause };
            heard(&event.dossier, event.code, event.version, Place::Untold, news)
        }),
        listen(app, |event: intake::ResultReady| {
            let news = News::ResultReady { way: way(event.way()) };
            heard(&event.dossier, event.code, event.version, Place::Untold, news)
        }),
        listen(app, |event: intake::ResultReturned| {
            let news = News::ResultReturned { way: way(event.way()) };
            heard(&event.dossier, event.code, event.version, Place::Untold, news)
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

fn heard(name: &str, code: String, version: i64, place: Place, news: News) -> Result<Heard, Fault> {
    Ok(Heard { family: FAMILY, version, dossier: dossier(name)?, code, place, news })
}

fn agency(name: &str) -> Place {
    match AgencyId::from_name(name) {
        Ok(id) => Place::Agency(format!("/{}/", id.uuid())),
        Err(_) => Place::Untold,
    }
}

const fn way(way: intake::ReturnWay) -> Way {
    match way {
        intake::ReturnWay::Online => Way::Online,
        intake::ReturnWay::Post => Way::Post,
        intake::ReturnWay::Desk | intake::ReturnWay::Unspecified => Way::Desk,
    }
}
