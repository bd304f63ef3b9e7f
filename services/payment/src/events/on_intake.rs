//! What intake tells of a dossier.

use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{AgencyPath, BadName, DossierId, ProcedureVersionId};
use motcua_proto::intake::v1 as intake;

use crate::app::{Accepted, App, Channel};

/// Everything listened to.
pub(crate) fn subscriptions(app: &App) -> Vec<Subscription> {
    let (opening, ending) = (app.clone(), app.clone());
    vec![
        on(move |ctx: Ctx, event: intake::DossierAccepted| {
            let app = opening.clone();
            async move { app.open_order(&ctx, accepted(&event)?).await }
        }),
        on(move |ctx: Ctx, event: intake::DossierStopped| {
            let app = ending.clone();
            async move { app.end_order(&ctx, dossier(&event.dossier)?).await }
        }),
    ]
}

fn accepted(event: &intake::DossierAccepted) -> Result<Accepted, Fault> {
    let applicant = match event.applicant.as_str() {
        "" => None,
        name => Some(motcua_ids::AccountId::from_name(name).map_err(|name| bad(&name))?),
    };
    let version = &event.procedure_version;
    Ok(Accepted {
        dossier: dossier(&event.dossier)?,
        code: event.code.clone(),
        procedure_version: ProcedureVersionId::from_name(version).map_err(|name| bad(&name))?,
        case: event.case_code.clone(),
        channel: match event.filing_channel() {
            intake::FilingChannel::Online => Channel::Online,
            intake::FilingChannel::Post => Channel::Post,
            // Zalo is a letter to the desk.
            intake::FilingChannel::Desk
            | intake::FilingChannel::Zalo
            | intake::FilingChannel::Unspecified => Channel::Desk,
        },
        receiving: AgencyPath::parse(&event.receiving_path).map_err(|name| bad(&name))?,
        competent: AgencyPath::parse(&event.competent_path).map_err(|name| bad(&name))?,
        applicant,
        at: event.accept_time.as_ref().and_then(motcua_clockwire::instant),
    })
}

fn dossier(name: &str) -> Result<DossierId, Fault> {
    DossierId::from_name(name).map_err(|name| bad(&name))
}

fn bad(name: &BadName) -> Fault {
    Fault::new(Kind::InvalidArgument, "EVENT_INVALID", name.to_string())
}
