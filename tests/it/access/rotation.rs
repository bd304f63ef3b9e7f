//! Certificates, and at last their authority, are changed under load: no call is
//! lost, and in the end the old ones are nobody's.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use motcua::{
    demo::{
        story::Story,
        teller::Teller,
        world::{World, until},
    },
    roles,
};
use motcua_context::{Actor, Clock, Ctx, SystemClock};
use motcua_keys::ServiceKeys;
use motcua_proto::{
    catalog::v1::{GetAgencyRequest, catalog_service_client::CatalogServiceClient},
    intake::v1::DossierState,
};
use motcua_rpc::{ClientCertificates, OwnFiles, Tls, TlsOptions, Wire, outgoing};
use motcua_tests::sandbox::{Sandbox, Topology};
use tokio_util::task::TaskTracker;

use crate::journey::submitted;

/// Callers at once, as a service calls another.
const CALLERS: usize = 4;

/// The certificates of `intake` as its process uses them.
fn intake(sandbox: &Sandbox) -> Tls {
    let file = |name: &str| sandbox.certificates().join(name);
    let own = OwnFiles {
        service: "intake".to_owned(),
        certificate: file("intake.crt"),
        key: file("intake.key"),
    };
    let options = TlsOptions {
        authorities: file("ca.crt"),
        own: vec![own],
        services: roles::ALL.map(ToOwned::to_owned).to_vec(),
        name: "{service}".to_owned(),
        clients: ClientCertificates::Requested,
    };
    Tls::load(options).unwrap()
}

/// The way from `intake` to `catalog`, made as its process makes it.
fn way(sandbox: &Sandbox, tls: &Tls) -> Wire {
    let keys = ServiceKeys::new(sandbox.dir().join("keys"), false);
    let wire = tls.remote("intake", "catalog", &sandbox.address("catalog")).unwrap();
    outgoing(wire, keys.identity("intake").unwrap(), Arc::new(SystemClock))
}

#[derive(Default)]
struct Load {
    ends: AtomicBool,
    calls: AtomicUsize,
    lost: std::sync::Mutex<Vec<String>>,
}

impl Load {
    async fn call(&self, wire: Wire) {
        let ctx = Ctx::new(Actor::Anonymous, SystemClock.now());
        let mut catalog = CatalogServiceClient::new(wire);
        while !self.ends.load(Ordering::Relaxed) {
            let ask =
                GetAgencyRequest { identifier_code: "H53.41".to_owned(), ..Default::default() };
            if let Err(status) = catalog.get_agency(motcua_rpc::request(&ctx, ask)).await {
                self.lost.lock().unwrap().push(format!("{status:?}"));
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Puts a file into the place of another at once.
fn replace(path: &Path, content: &[u8]) {
    let draft = path.with_extension("new");
    fs::write(&draft, content).unwrap();
    fs::set_permissions(&draft, fs::metadata(path).unwrap().permissions()).unwrap();
    fs::rename(draft, path).unwrap();
}

/// Waits until every process has taken up what is new.
async fn taken_up(sandbox: &Sandbox, times: usize) {
    for name in sandbox.names() {
        until("the certificates are taken up", async || {
            Ok((sandbox.renewals(name)? >= times).then_some(()))
        })
        .await
        .unwrap_or_else(|error| panic!("{name}: {error:#}"));
    }
    // And every connection that was made before has ended.
    tokio::time::sleep(Duration::from_secs(3)).await;
}

/// What the processes say went wrong.
fn complaints(sandbox: &Sandbox) -> String {
    let mut said = Vec::new();
    for name in sandbox.names() {
        let log = fs::read_to_string(sandbox.dir().join(format!("{name}.log"))).unwrap();
        let lines = log
            .lines()
            .filter(|line| ["WARN", "renewed", "neighbour"].iter().any(|w| line.contains(w)));
        said.extend(lines.map(|line| format!("{name}: {line}")));
    }
    said.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_certificates_and_authority_loses_no_call() {
    let set = ["tls.connection_s=2", "telemetry.log=info,motcua_rpc=debug"];
    let sandbox = Sandbox::start_set(Topology::Processes, SystemClock.now(), &set).await.unwrap();
    let (folder, tls, load) = (sandbox.certificates(), intake(&sandbox), Arc::new(Load::default()));
    let tasks = TaskTracker::new();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (load, wire) = (load.clone(), way(&sandbox, &tls));
            tasks.spawn(async move { load.call(wire).await })
        })
        .collect();
    let follows = tls.clone();
    let follower = tasks.spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            // Between two files of a pair there is nothing to take up.
            let _ = follows.reload();
        }
    });

    let old = fs::read(folder.join("ca.crt")).unwrap();
    sandbox.command(&["tls", "renew", &folder.to_string_lossy()], "").await.unwrap();
    taken_up(&sandbox, 1).await;

    // Another authority: trusted beside the old one first, then used, then trusted alone.
    let next = tempfile::tempdir().unwrap();
    let init = next.path().join("tls");
    sandbox.command(&["tls", "init", &init.to_string_lossy()], "").await.unwrap();
    let new = fs::read(init.join("ca.crt")).unwrap();
    replace(&folder.join("ca.crt"), &[old.clone(), new.clone()].concat());
    taken_up(&sandbox, 2).await;
    let both = sandbox.authorities().unwrap();
    let world = World::trusting(|service| sandbox.address(service), &both).unwrap();
    let mut teller = Teller::silent();
    let story = Story::begin(&world, sandbox.administrator(), &mut teller).await;
    let mut story = story.unwrap_or_else(|error| panic!("{error:#}\n{}", complaints(&sandbox)));
    let dossier = submitted(&mut story).await.unwrap();
    for service in roles::ALL {
        for kind in ["key", "crt"] {
            let file = format!("{service}.{kind}");
            replace(&folder.join(&file), &fs::read(init.join(&file)).unwrap());
        }
    }
    taken_up(&sandbox, 3).await;
    replace(&folder.join("ca.crt"), &new);
    taken_up(&sandbox, 4).await;

    // What was begun under the old certificates goes on, through every service.
    let accepted = story.accept(&dossier).await;
    let accepted = accepted.unwrap_or_else(|error| panic!("{error:#}\n{}", complaints(&sandbox)));
    let closed = story.finish(&accepted.name).await.unwrap();
    assert_eq!(closed.state(), DossierState::Closed);

    load.ends.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    follower.abort();
    let (calls, lost) = (load.calls.load(Ordering::Relaxed), load.lost.lock().unwrap().clone());
    println!("{calls} calls while certificates and authority changed, {} lost", lost.len());
    assert!(lost.is_empty() && calls > 500, "{calls} calls, lost: {lost:#?}");

    let outdated = World::trusting(|service| sandbox.address(service), &old).unwrap();
    let asked = GetAgencyRequest { identifier_code: "H53.41".to_owned(), ..Default::default() };
    let refused = outdated.catalog().get_agency(asked).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable, "{refused:?}");
}
