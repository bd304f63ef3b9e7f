//! Who may see whom, read from `cargo metadata`.

use std::{path::Path, process::Command};

use serde_json::Value;

use super::tree::{none, root, services};

/// The libs in the order of the law: each may see those before it.
const LIBS: [&str; 25] = [
    "proto",
    "ids",
    "fault",
    "vn",
    "fees",
    "clockwire",
    "paywire",
    "pdf",
    "context",
    "telemetry",
    "sealing",
    "config",
    "cache",
    "files",
    "outside",
    "rpc",
    "database",
    "audit",
    "post",
    "store",
    "keys",
    "bus",
    "spine",
    "service",
    "quarantine",
];
const TESTKIT: &str = "testkit";

/// A crate's place: libs by their order, then all services side by side, the
/// program, and the tests of the whole.
fn place(name: &str) -> Option<usize> {
    let after = LIBS.len();
    match name {
        TESTKIT => Some(after),
        "program" => Some(after + 2),
        "tests" => Some(after + 3),
        _ if services().iter().any(|service| service == name) => Some(after + 1),
        _ => LIBS.iter().position(|lib| *lib == name),
    }
}

#[test]
fn left_never_sees_right() {
    let mut broken = Vec::new();
    for package in packages() {
        let name = short(&package["name"]);
        let Some(own) = place(&name) else {
            broken.push(format!("{name} has no place in the dependency law"));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            if dependency["path"].is_null() {
                continue;
            }
            let other = short(&dependency["name"]);
            let for_tests = dependency["kind"] == "dev";
            if other == TESTKIT && (for_tests || name == "tests") {
                continue;
            }
            let seen = place(&other);
            if other == TESTKIT || seen.is_none_or(|seen| seen >= own) {
                broken.push(format!("{name} may not depend on {other}"));
            }
        }
    }
    none("the dependency law is broken", &broken);
}

/// What stands below the store could be written to beside its door.
#[test]
fn services_have_their_database_through_the_store() {
    let mut broken = Vec::new();
    for package in packages() {
        let name = short(&package["name"]);
        let of = |d: &Value| short(&d["name"]) == "database";
        let is_lib = LIBS.contains(&&*name);
        if !is_lib && package["dependencies"].as_array().unwrap().iter().any(of) {
            broken.push(name);
        }
    }
    none("only libs stand on libs/database", &broken);
}

#[test]
fn names_follow_folders() {
    let mut broken = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let folder = manifest.parent().unwrap().file_name().unwrap().to_string_lossy();
        if name != folder && name != format!("motcua-{folder}") {
            broken.push(format!("{name} lies in {folder}"));
        }
        if ["common", "core", "util", "utils", "types", "helpers", "shared"].contains(&&*folder) {
            broken.push(format!("{folder} is a name for anything"));
        }
    }
    none("a crate's name is motcua-<folder>", &broken);
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn short(name: &Value) -> String {
    let name = name.as_str().unwrap();
    name.strip_prefix("motcua-").unwrap_or("program").to_owned()
}
