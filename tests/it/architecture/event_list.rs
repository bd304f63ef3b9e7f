//! What the services say, as a page for people, kept true by a test. After a change of an event,
//! `MOTCUA_WRITE_DOCS=1` writes it anew.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use super::{
    descriptors::{comment, files},
    events,
    rust::{code, has_word},
    tree::{root, services, texts},
};

const HEAD: &str = "# What the services say

Written by the test `architecture::event_list` from `proto/` and the services' code; do not edit it by
hand: `MOTCUA_WRITE_DOCS=1 cargo test -p motcua-tests architecture::event_list` writes it anew.

Each event is a message of the contracts, on the exchange `motcua.events` with its full name as the
routing key. `heard by` are the services that act upon it; whoever runs the broker may bind more
([other-systems.md](other-systems.md)). The events of `motcua.intake.v1` are what another system reads
of its agency's dossiers by `ListDossierEvents`.
";
/// The field number in descriptor.proto: a file's messages.
const MESSAGE: i32 = 4;

#[test]
fn the_page_says_what_is_said() {
    let path = root().join("docs/event-list.md");
    let expected = page();
    if std::env::var_os("MOTCUA_WRITE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == expected,
        "docs/event-list.md is not what the contracts and the services say; \
         MOTCUA_WRITE_DOCS=1 cargo test -p motcua-tests architecture::event_list writes it anew"
    );
}

fn page() -> String {
    let (said, listeners) = (events::names(), listeners());
    let mut page = HEAD.to_owned();
    for file in files() {
        let mut begun = false;
        for (at, message) in (0..).zip(&file.message_type) {
            let full = format!("{}.{}", file.package(), message.name());
            if !said.contains(&full) {
                continue;
            }
            if !std::mem::replace(&mut begun, true) {
                write!(
                    page,
                    "\n## {}\n\n| event | what it says | heard by |\n|---|---|---|\n",
                    file.package()
                )
                .unwrap();
            }
            let says = comment(&file, &[MESSAGE, at]);
            let says: Vec<_> = says.lines().map(str::trim).collect();
            let hears = |code: &&String| has_word(code, message.name());
            let those = listeners.iter().filter(|(_, code)| hears(code));
            let those: Vec<_> = those.map(|(service, _)| service.as_str()).collect();
            writeln!(page, "| {} | {} | {} |", message.name(), says.join(" "), those.join(", "))
                .unwrap();
        }
    }
    page
}

/// What each service does about what it hears.
fn listeners() -> BTreeMap<String, String> {
    let rooms = services().into_iter().map(|service| {
        let files = texts(&format!("services/{service}/src/events"), &[".rs"]);
        // What a service says is not what it hears.
        let heard = files.iter().filter(|file| !file.path.ends_with("/publish.rs"));
        (service, heard.map(|file| code(&file.text)).collect())
    });
    rooms.collect()
}
