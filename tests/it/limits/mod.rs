//! What nobody's client does, done to the running product: each attack is cut off,
//! and everybody else is served meanwhile.

mod connections;
mod frames;
mod messages;
mod streams;

use std::time::Duration;

use motcua_context::{Clock, SystemClock};
use motcua_proto::identity::v1::{GetJwksRequest, auth_service_client::AuthServiceClient};
use motcua_tests::sandbox::{Sandbox, Topology};

/// How long the product under attack waits for who is slow, so that the tests need not
/// wait for long.
const PATIENCE: Duration = Duration::from_secs(2);
/// Far beyond that: a hang, not a slow machine.
const HANG: Duration = Duration::from_mins(1);
/// The way of a call that anybody may make.
const JWKS: &str = "/motcua.identity.v1.AuthService/GetJwks";

/// The product in one process, with these settings besides a short patience.
async fn product(set: &[&str]) -> Sandbox {
    let set: Vec<_> = [&["server.patience_s=2"], set].concat();
    Sandbox::start_set(Topology::OneProcess, SystemClock.now(), &set).await.unwrap()
}

/// Whether somebody else's call succeeds.
async fn serves(sandbox: &Sandbox) -> bool {
    let wire = motcua_rpc::remote(&sandbox.address("motcua")).unwrap();
    let mut identity = AuthServiceClient::new(wire);
    let asked = identity.get_jwks(GetJwksRequest {});
    matches!(tokio::time::timeout(HANG, asked).await, Ok(Ok(_)))
}
