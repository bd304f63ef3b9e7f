//! compose.yaml: it holds every service, and each accepts the settings it is given there.

use std::{collections::BTreeMap, fs, path::Path};

use motcua::roles;
use serde::Deserialize;

use crate::{answer, binary};

#[derive(Deserialize)]
struct Compose {
    services: BTreeMap<String, Service>,
}

#[derive(Deserialize)]
struct Service {
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
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
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compose.yaml");
    let compose: Compose = serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    for role in roles::ALL {
        let service = &compose.services[role];
        assert_eq!(service.command, ["serve", "--only", role]);
        assert_eq!(service.environment["MOTCUA__SERVER__MODE"], "production");
        let given = service.environment.iter().map(|(name, value)| (name, by_default(value)));
        let checked = binary().args(["config", "check", "--only", role]).envs(given).output();
        answer(&checked.unwrap()).good();
    }
}
