//! Every service looks the same from outside: five rooms and a charter.

use super::tree::{none, root, services, texts};

const ROOMS: [&str; 5] = ["domain", "app", "store", "grpc", "events"];
const HEADINGS: [&str; 6] = ["owns", "does not own", "speaks", "says", "listens", "invariants"];

#[test]
fn every_service_has_the_five_rooms() {
    let mut broken = Vec::new();
    for service in services() {
        let source = root().join("services").join(&service).join("src");
        for room in ROOMS {
            let file = source.join(format!("{room}.rs"));
            if !file.is_file() && !source.join(room).join("mod.rs").is_file() {
                broken.push(format!("{service} has no room {room}"));
            }
        }
        for file in ["src/config.rs", "src/lib.rs", "README.md", "tests/it/main.rs"] {
            if !root().join("services").join(&service).join(file).is_file() {
                broken.push(format!("{service} has no {file}"));
            }
        }
    }
    none("a service lacks a part", &broken);
}

#[test]
fn every_charter_has_its_headings() {
    let mut broken = Vec::new();
    for service in services() {
        for charter in texts(&format!("services/{service}"), &["README.md"]) {
            // `## Owns` and `**Owns** dossiers, …` are both good.
            let leads: Vec<_> = charter
                .text
                .lines()
                .filter(|line| line.starts_with(['#', '*', '-']))
                .map(|line| line.trim_start_matches(['#', '*', '-', ' ']).to_lowercase())
                .collect();
            for heading in HEADINGS {
                if !leads.iter().any(|lead| lead.starts_with(heading)) {
                    broken.push(format!("{} does not say «{heading}»", charter.path));
                }
            }
        }
    }
    none("a charter is incomplete", &broken);
}

/// One word is schema, queue, section, role and Helm key at once.
#[test]
fn a_module_is_named_as_its_folder() {
    let mut broken = Vec::new();
    for service in services() {
        let source = texts(&format!("services/{service}/src"), &["lib.rs"]);
        let name = format!("const NAME: &'static str = \"{service}\";");
        if !source.iter().any(|file| file.text.contains(&name)) {
            broken.push(format!("services/{service}/src/lib.rs lacks `{name}`"));
        }
    }
    none("a module has another name than its folder", &broken);
}

#[test]
fn every_lib_says_what_it_is() {
    let libs = texts("libs", &["/src/lib.rs"]);
    let silent = libs.iter().filter(|file| !file.text.starts_with("//! "));
    none("a lib has no charter", &silent.map(|file| file.path.clone()).collect::<Vec<_>>());
}
