use motcua_config::Settings;
use motcua_context::Timestamp;
use motcua_identity::{Identity, config::IdentityConfig, probe_providers};
use motcua_service::Module;

use super::Finding;

/// The OpenID Connect providers at which people sign in, if identity runs here.
pub(super) async fn examine(settings: &Settings, chosen: &[&str], now: Timestamp) -> Vec<Finding> {
    if !chosen.contains(&Identity::NAME) {
        return Vec::new();
    }
    let Ok(config) = settings.section::<IdentityConfig>(Identity::NAME) else { return Vec::new() };
    match probe_providers(&config, now).await {
        Ok(probed) => probed.into_iter().map(one).collect(),
        Err(fault) => vec![Finding::wrong("identity.oidc", super::cause(&fault))],
    }
}

fn one((name, answered): (String, Result<(), String>)) -> Finding {
    let what = format!("identity.oidc.{name}");
    match answered {
        Ok(()) => Finding::well(what),
        Err(wrong) => Finding::wrong(
            what,
            format!(
                "{wrong}: is the issuer right, may this machine reach it, is its certificate trusted (ca)? Passwords go on without it"
            ),
        ),
    }
}
