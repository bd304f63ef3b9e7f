use std::{io::ErrorKind, net::SocketAddr};

use motcua_spine::Spine;
use tokio::{net::TcpListener, time::timeout};

use super::{Finding, PATIENCE};
use crate::health;

/// Whether the ports are free, or taken by the process that is to have them.
pub(super) async fn examine(spine: &Spine) -> Vec<Finding> {
    let serves = timeout(PATIENCE, is_motcua(spine.server.http)).await.is_ok_and(|lives| lives);
    let mut findings = Vec::new();
    for (key, address) in [("server.grpc", spine.server.grpc), ("server.http", spine.server.http)] {
        findings.push(match TcpListener::bind(address).await {
            Ok(_) => Finding::well(key),
            Err(error) if error.kind() == ErrorKind::AddrInUse && serves => {
                Finding::note(key, format!("motcua serves on {address} already"))
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::wrong(
                key,
                format!(
                    "{address} is taken by another program: stop it, or choose another port with \
                     --set {key}={}:0",
                    address.ip()
                ),
            ),
            Err(error) => Finding::wrong(
                key,
                format!("{address} cannot be listened on ({error}): choose another address"),
            ),
        });
    }
    findings
}

/// Whether what serves HTTP there is one of us.
async fn is_motcua(http: SocketAddr) -> bool {
    health::ask(http, "live").await.is_ok_and(|answer| answer.well && answer.text == "live")
}
