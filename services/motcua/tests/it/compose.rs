//! compose.yaml: it holds every service, and the binary knows every command and setting there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use motcua::roles;
use serde::Deserialize;

use crate::{answer, binary};

#[derive(Deserialize)]
struct Compose {
    services: BTreeMap<String, Service>,
}

#[derive(Deserialize)]
struct Service {
    image: String,
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    depends_on: BTreeMap<String, Condition>,
    healthcheck: Option<Healthcheck>,
    #[serde(default)]
    ports: Vec<String>,
}

#[derive(Deserialize)]
struct Condition {
    condition: String,
}

#[derive(Deserialize)]
struct Healthcheck {
    test: Vec<String>,
}

impl Compose {
    fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compose.yaml");
        serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap()
    }

    /// Those of our own image.
    fn ours(&self) -> impl Iterator<Item = (&String, &Service)> {
        self.services.iter().filter(|(_, service)| service.image == "motcua:dev")
    }

    /// Everything that must have happened before a service is started, as it is waited for.
    fn before(&self, name: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (earlier, condition) in &self.services[name].depends_on {
            all.insert(format!("{earlier} {}", condition.condition));
            all.extend(self.before(earlier));
        }
        all
    }
}

/// What stands for `${NAME:-default}` where nobody has set NAME.
fn by_default(value: &str) -> String {
    let Some((before, rest)) = value.split_once("${") else { return value.to_owned() };
    let (variable, after) = rest.split_once('}').unwrap();
    let (_, default) = variable.split_once(":-").unwrap();
    format!("{before}{default}{}", by_default(after))
}

#[test]
fn each_service_accepts_its_settings() {
    let compose = Compose::read();
    for (name, service) in compose.ours() {
        assert_eq!(service.environment["MOTCUA__SERVER__MODE"], "production");
        let given = service.environment.iter().map(|(name, value)| (name, by_default(value)));
        let check: &[&str] = if roles::ALL.contains(&name.as_str()) {
            &["config", "check", "--only", name]
        } else {
            &["config", "check"]
        };
        answer(&binary().args(check).envs(given.clone()).output().unwrap()).good();
        let misspelt = binary().args(check).envs(given).env("MOTCUA__STORE__URI", "x").output();
        assert!(!answer(&misspelt.unwrap()).well, "{name} accepts what is no setting");
    }
}

#[test]
fn the_binary_knows_every_command() {
    let compose = Compose::read();
    for (name, service) in compose.ours() {
        // With what is unknown in front of it, `--help` is refused as well.
        answer(&binary().args(&service.command).arg("--help").output().unwrap()).good();
        let Some(health) = &service.healthcheck else { continue };
        let [how, program, words @ ..] = &health.test[..] else { panic!("{name} is not asked") };
        assert_eq!((how.as_str(), program.as_str()), ("CMD", "/usr/local/bin/motcua"));
        answer(&binary().args(words).arg("--help").output().unwrap()).good();
    }
}

/// Without keys, certificates, schemas and a catalog no service is started.
#[test]
fn each_service_is_there_and_waits_for_what_it_needs() {
    let compose = Compose::read();
    let needed = [
        "keys service_completed_successfully",
        "certificates service_completed_successfully",
        "postgres service_healthy",
        "rabbitmq service_healthy",
        "migrated service_completed_successfully",
        "prepared service_completed_successfully",
    ];
    for role in roles::ALL {
        let service = &compose.services[role];
        assert_eq!(service.command, ["serve", "--only", role]);
        assert!(service.healthcheck.is_some(), "nobody asks how {role} is");
        let peer = &service.environment[&format!("MOTCUA__PEERS__{}", role.to_uppercase())];
        assert_eq!(*peer, format!("https://{role}:50051"));
        let before = compose.before(role);
        assert_eq!(before, needed.map(ToOwned::to_owned).into(), "{role}");
    }
}

#[test]
fn nothing_is_published_to_the_network_and_every_image_has_a_version() {
    for (name, service) in Compose::read().services {
        let open: Vec<_> = service.ports.iter().filter(|p| !p.starts_with("127.0.0.1:")).collect();
        assert!(open.is_empty(), "{name} is published to everybody: {open:?}");
        let version = service.image.rsplit_once(':').map(|(_, version)| version);
        assert!(version.is_some_and(|v| v != "latest"), "{name}: {}", service.image);
    }
}
