//! The examples of `docs/examples`: another provincial system signs in, reads
//! what happened to its agency's dossiers, and looks at them.

use std::path::{Path, PathBuf};

use motcua::demo::{
    story::Story,
    teller::Teller,
    world::{World, refused, request_id},
};
use motcua_proto::{
    catalog::v1::GetAgencyRequest,
    identity::v1::{CreateSystemAccountRequest, System},
    intake::v1::Dossier,
};
use motcua_tests::sandbox::{Sandbox, Topology};
use tokio::process::Command;

use super::{python, root};

const SECRET: &str = "5d0c8f13b7a94e62ad1f6e03c2b94877";

#[tokio::test(flavor = "multi_thread")]
async fn another_system_reads_its_agencys_events_in_python_and_in_rust() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let (world, mut teller) = (sandbox.world().unwrap(), Teller::silent());
    let mut story =
        Box::pin(Story::begin(&world, sandbox.administrator(), &mut teller)).await.unwrap();
    for (id, code) in [("kho-du-lieu", "H53.41"), ("kho-khac", "H53.42")] {
        open_account(&sandbox, &world, id, code).await;
    }
    let filed = story.submitted().await.unwrap();
    let first = story.accept(&filed).await.unwrap();
    let address = sandbox.address("motcua");
    let places = tempfile::tempdir().unwrap();
    let (python_place, rust_place) = (places.path().join("python"), places.path().join("rust"));

    for said in [
        run(in_python(&address, &python_place, "kho-du-lieu")).await,
        run(in_rust(&address, &rust_place, "kho-du-lieu")).await,
    ] {
        told(&said, "DossierSubmitted", &first);
        assert!(told(&said, "DossierAccepted", &first).contains(&first.code), "{said}");
    }
    // Each goes on from its place: what was read is not told again.
    let filed = story.submitted().await.unwrap();
    let second = story.accept(&filed).await.unwrap();
    for said in [
        run(in_python(&address, &python_place, "kho-du-lieu")).await,
        run(in_rust(&address, &rust_place, "kho-du-lieu")).await,
    ] {
        assert!(told(&said, "DossierAccepted", &second).contains(&second.code), "{said}");
        assert!(!said.contains(id(&first)), "{said}");
    }
    // Another agency's system is told nothing of them.
    let elsewhere = places.path().join("elsewhere");
    assert_eq!(run(in_python(&address, &elsewhere, "kho-khac")).await, "");
}

async fn open_account(sandbox: &Sandbox, world: &World, client_id: &str, code: &str) {
    let who = sandbox.administrator();
    let administrator = motcua::demo::cast::sign_in(world, &who.username, &who.password, &who.name);
    let administrator = administrator.await.unwrap();
    let asked = GetAgencyRequest { identifier_code: code.to_owned(), ..Default::default() };
    let agency = world.catalog().get_agency(asked).await.map_err(refused).unwrap().into_inner();
    let request = CreateSystemAccountRequest {
        request_id: request_id(),
        system: Some(System {
            client_id: client_id.to_owned(),
            display_name: "Kho dữ liệu dùng chung".to_owned(),
            scopes: ["dossiers.events", "dossiers.read"].map(ToOwned::to_owned).to_vec(),
            agency: agency.name,
            ..System::default()
        }),
        client_secret: SECRET.to_owned(),
    };
    world.accounts(&administrator).create_system_account(request).await.map_err(refused).unwrap();
}

fn in_python(address: &str, place: &Path, client_id: &str) -> Command {
    let mut command = python("docs/examples/provincial_system.py");
    command
        .args(["--address", address.trim_start_matches("http://")])
        .arg("--proto")
        .arg(root().join("proto"))
        .arg("--place")
        .arg(place)
        .env("MOTCUA_CLIENT_ID", client_id);
    command
}

fn in_rust(address: &str, place: &Path, client_id: &str) -> Command {
    let mut command = Command::new(example());
    command.arg(address).arg(place).env("MOTCUA_CLIENT_ID", client_id);
    command
}

/// Where cargo put the example: beside the folder of this test.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/provincial_system")
}

/// What an example says where it ends well.
async fn run(mut command: Command) -> String {
    let output = command.env("MOTCUA_CLIENT_SECRET", SECRET).output().await.unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {out}\n{err}");
    out.into_owned()
}

/// The line about one event of one dossier.
fn told<'a>(said: &'a str, event: &str, dossier: &Dossier) -> &'a str {
    let begin = format!("motcua.intake.v1.{event} {}", id(dossier));
    let mut lines = said.lines().filter(|line| line.starts_with(&begin));
    let line = lines.next().unwrap_or_else(|| panic!("no {begin} in {said}"));
    assert_eq!(lines.next(), None, "told twice");
    line
}

fn id(dossier: &Dossier) -> &str {
    dossier.name.trim_start_matches("dossiers/")
}
