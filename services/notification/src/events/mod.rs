//! What we hear and what we say.

mod on_intake;
mod on_payment;
mod on_workflow;
pub(crate) mod publish;

use chrono::{DateTime, Utc};
use motcua_bus::Subscription;
use motcua_fault::{Fault, Violations};
use motcua_ids::DossierId;

use crate::app::App;

/// Every event a person must hear of.
pub(crate) fn subscriptions(app: &App) -> Vec<Subscription> {
    let mut all = on_intake::subscriptions(app);
    all.extend(on_workflow::subscriptions(app));
    all.extend(on_payment::subscriptions(app));
    all
}

fn dossier(name: &str) -> Result<DossierId, Fault> {
    DossierId::from_name(name).map_err(|error| {
        let mut bad = Violations::default();
        bad.add("dossier", "NAME_INVALID", error.to_string());
        bad.finish().err().unwrap_or_else(|| Fault::internal(error))
    })
}

pub(crate) fn instant(message: Option<&prost_types::Timestamp>) -> Option<DateTime<Utc>> {
    let message = message?;
    DateTime::from_timestamp(message.seconds, u32::try_from(message.nanos).ok()?)
}
