//! Service and certificate: who has a service's token and not its certificate is
//! nobody, and who has no certificate of the authority does not connect as anybody else.

use std::time::Duration;

use chrono::TimeDelta;
use motcua::authority::{Authority, Life};
use motcua_context::{Clock, SystemClock};
use motcua_keys::ServiceKeys;
use motcua_rpc::Wire;
use motcua_tests::sandbox::{Sandbox, Topology};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tonic::{
    Code, Status,
    transport::{Certificate, ClientTlsConfig, Endpoint, Identity},
};
use tower::{ServiceExt, util::BoxCloneSyncService};

use super::raw::{Answer, call};

/// Services alone may call it.
const OF_SERVICES: &str = "/motcua.identity.v1.AuthService/ListRevocations";
/// Anybody may call it.
const OF_ALL: &str = "/motcua.identity.v1.AuthService/GetJwks";

/// A connection to `identity`, with the certificate `name` of a folder or without one.
#[expect(clippy::disallowed_methods, reason = "a client that is none of ours")]
fn wire(sandbox: &Sandbox, shown: Option<(&std::path::Path, &str)>) -> Wire {
    let trusted = Certificate::from_pem(sandbox.authorities().unwrap());
    let mut tls = ClientTlsConfig::new().ca_certificate(trusted);
    if let Some((folder, name)) = shown {
        let file = |kind| std::fs::read(folder.join(format!("{name}.{kind}"))).unwrap();
        tls = tls.identity(Identity::from_pem(file("crt"), file("key")));
    }
    let endpoint = Endpoint::from_shared(sandbox.address("identity")).unwrap();
    let channel = endpoint.tls_config(tls).unwrap().connect_lazy();
    BoxCloneSyncService::new(channel.map_err(|error| Status::unavailable(error.to_string())))
}

/// What `intake`, by its token, is answered over a connection.
async fn asks(sandbox: &Sandbox, wire: &Wire) -> Answer {
    let intake = ServiceKeys::new(sandbox.dir().join("keys"), false).identity("intake").unwrap();
    let token = intake.token("identity", sandbox.now()).unwrap();
    call(wire, OF_SERVICES, Some(&token), vec![Vec::new().into()]).await
}

/// Makes a folder with a certificate of this life by the sandbox's own authority.
fn issued(sandbox: &Sandbox, service: &str, life: Life) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["ca.crt", "ca.key"] {
        std::fs::copy(sandbox.certificates().join(file), folder.path().join(file)).unwrap();
    }
    let authority = Authority::open(folder.path()).unwrap();
    authority.issue(service, &["127.0.0.1".to_owned()], life).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_services_token_counts_with_its_own_certificate_alone() {
    let sandbox = Sandbox::start(Topology::Processes).await.unwrap();
    let own = sandbox.certificates();
    let with = |name| wire(&sandbox, Some((&own, name)));

    let answer = asks(&sandbox, &with("intake")).await;
    assert_eq!(answer.code, Code::Ok, "{answer:?}");

    for (who, wire) in [("nobody", wire(&sandbox, None)), ("catalog", with("catalog"))] {
        let answer = asks(&sandbox, &wire).await;
        assert_eq!(
            (answer.code, answer.reason.as_str()),
            (Code::Unauthenticated, "SERVICE_UNPROVEN"),
            "{who}: {answer:?}"
        );
        let answer = call(&wire, OF_ALL, None, vec![Vec::new().into()]).await;
        assert_eq!(answer.code, Code::Ok, "{who} is a caller like any other: {answer:?}");
    }

    let now = SystemClock.now();
    let day = TimeDelta::days(1);
    let over = issued(&sandbox, "intake", Life { from: now - day * 9, until: now - day });
    let early = issued(&sandbox, "intake", Life { from: now + day, until: now + day * 9 });
    let other = tempfile::tempdir().unwrap();
    let stranger = Authority::make(other.path(), now).unwrap();
    let life = Life { from: now, until: now + day };
    stranger.issue("intake", &["127.0.0.1".to_owned()], life).unwrap();
    let good = issued(&sandbox, "intake", life);
    let answer = asks(&sandbox, &wire(&sandbox, Some((good.path(), "intake")))).await;
    assert_eq!(answer.code, Code::Ok, "what is made so is good where it is in time: {answer:?}");
    for (what, folder) in
        [("expired", &over), ("not yet good", &early), ("another authority's", &other)]
    {
        let wire = wire(&sandbox, Some((folder.path(), "intake")));
        for answer in
            [asks(&sandbox, &wire).await, call(&wire, OF_ALL, None, vec![Vec::new().into()]).await]
        {
            assert_eq!(answer.code, Code::Unavailable, "{what}: {answer:?}");
        }
    }
    let answer = asks(&sandbox, &with("intake")).await;
    assert_eq!(answer.code, Code::Ok, "it still answers: {answer:?}");
}

/// Without TLS nobody is talked to at all.
#[tokio::test(flavor = "multi_thread")]
async fn plain_octets_are_not_answered() {
    let sandbox = Sandbox::start(Topology::Processes).await.unwrap();
    let plain = sandbox.address("identity").replace("https://", "http://");
    let wire = motcua_rpc::remote(&plain).unwrap();
    let answer = call(&wire, OF_ALL, None, vec![Vec::new().into()]).await;
    assert_eq!(answer.code, Code::Unavailable, "{answer:?}");
}

/// Who begins TLS and does not go on is not waited for, and holds nobody else up.
#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_handshake_ends() {
    let set = ["server.patience_s=2"];
    let sandbox = Sandbox::start_set(Topology::Processes, SystemClock.now(), &set).await.unwrap();
    let address = sandbox.address("identity").replace("https://", "");
    // A record of a handshake, of 512 octets (RFC 8446, 5.1), that do not come.
    let mut begun = Vec::new();
    for octets in [&b""[..], &[22], &[22, 3, 1, 2, 0], &[22, 3, 1, 2, 0, 1]] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(octets).await.unwrap();
        begun.push(stream);
    }
    let wire = wire(&sandbox, None);
    let answer = call(&wire, OF_ALL, None, vec![Vec::new().into()]).await;
    assert_eq!(answer.code, Code::Ok, "{answer:?}");
    for mut stream in begun {
        let ended = tokio::time::timeout(Duration::from_mins(1), stream.read(&mut [0; 64])).await;
        assert!(matches!(ended, Ok(Ok(0) | Err(_))), "{ended:?}");
    }
}
