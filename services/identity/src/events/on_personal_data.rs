use motcua_bus::{Subscription, on};
use motcua_context::{Cause, Ctx};
use motcua_fault::{Fault, Kind};
use motcua_ids::{AccountId, DossierId};
use motcua_proto::access::v1::PersonalDataRead;

use crate::{
    app::App,
    domain::{Reading, Subject},
    grpc::convert::time_from_proto,
};

/// Whoever reads personal data says so; here it is kept for the person concerned.
pub(super) fn subscription(app: App) -> Subscription {
    on::<PersonalDataRead, _, _>(move |ctx: Ctx, said| {
        let app = app.clone();
        async move { app.record_readings(&ctx, readings(&ctx, &said)?).await }
    })
}

/// One reading for each person and each dossier concerned.
fn readings(ctx: &Ctx, said: &PersonalDataRead) -> Result<Vec<Reading>, Fault> {
    let Cause::Event { event, .. } = ctx.cause() else {
        return Err(Fault::internal("a reading was told by something that is no event"));
    };
    let reader = match said.reader.as_str() {
        "" => None,
        name => Some(account(name)?),
    };
    let at = said.read_time.and_then(time_from_proto).unwrap_or(ctx.now());
    let accounts = said.subjects.iter().map(|name| account(name).map(Subject::Account));
    let dossiers = said.dossiers.iter().map(|name| dossier(name).map(Subject::Dossier));
    let mut subjects = accounts.chain(dossiers).collect::<Result<Vec<_>, _>>()?;
    subjects.sort();
    subjects.dedup();
    Ok(subjects
        .into_iter()
        .map(|subject| Reading {
            event: *event,
            subject,
            reader,
            system: Some(said.system.clone()).filter(|name| !name.is_empty()),
            method: said.method.clone(),
            purpose: said.purpose.clone(),
            at,
        })
        .collect())
}

fn account(name: &str) -> Result<AccountId, Fault> {
    AccountId::from_name(name).map_err(|bad| unreadable("ACCOUNT_INVALID", bad.to_string()))
}

fn dossier(name: &str) -> Result<DossierId, Fault> {
    DossierId::from_name(name).map_err(|bad| unreadable("DOSSIER_INVALID", bad.to_string()))
}

fn unreadable(reason: &'static str, why: String) -> Fault {
    Fault::new(Kind::InvalidArgument, reason, why).with("event", "PersonalDataRead")
}
