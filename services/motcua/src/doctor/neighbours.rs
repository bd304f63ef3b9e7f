use futures::future::join_all;
use motcua_spine::Spine;
use url::Url;

use super::{Finding, takes_connections};
use crate::roles;

/// The services that run elsewhere.
pub(super) async fn examine(spine: &Spine, chosen: &[&str]) -> Vec<Finding> {
    let elsewhere = spine.peers.0.iter().filter(|(name, _)| !chosen.contains(&name.as_str()));
    join_all(elsewhere.map(|(name, url)| one(name, url))).await
}

async fn one(name: &str, url: &str) -> Finding {
    let what = format!("peers.{name}");
    if !roles::ALL.contains(&name) {
        let wrong = format!("there is no such service; known are {}", roles::ALL.join(", "));
        return Finding::wrong(what, wrong);
    }
    let place = Url::parse(url).ok();
    let place =
        place.as_ref().and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    match place {
        Some((host, port)) if takes_connections(host, port).await => Finding::well(what),
        _ => Finding::wrong(
            what,
            format!("nobody answers at {url}: is it running, is the address right?"),
        ),
    }
}
