use std::time::SystemTime;

use chrono::{DateTime, Utc};
use motcua_rpc::Tls;
use motcua_service::RENEW_BEFORE;
use motcua_spine::Spine;

use super::Finding;
use crate::roles;

/// The certificates of the services that run here, one by one.
pub(super) fn examine(spine: &Spine, chosen: &[&str]) -> Vec<Finding> {
    chosen.iter().filter_map(|service| of(spine, service)).collect()
}

fn of(spine: &Spine, service: &str) -> Option<Finding> {
    let options = spine.tls_options(&[service], &roles::ALL)?;
    let what = format!("tls.{service}");
    let path = options.own.first().map(|own| own.certificate.display().to_string());
    let tls = match Tls::load(options) {
        Ok(tls) => tls,
        Err(error) => return Some(Finding::wrong(what, error.to_string())),
    };
    let ends = DateTime::<Utc>::from(tls.ends()).format("%Y-%m-%d");
    Some(if tls.ends() < now() + RENEW_BEFORE {
        let path = path.unwrap_or_default();
        Finding::wrong(what, format!("{path} ends soon, on {ends}: renew it"))
    } else {
        Finding::note(what, format!("good until {ends}"))
    })
}

#[expect(clippy::disallowed_methods, reason = "certificates count by the machine's clock")]
fn now() -> SystemTime {
    SystemTime::now()
}
