//! How much one person can hold in mind.

use std::path::Path;

use super::{
    rooms::is_test,
    rust::code,
    tree::{folders, none, texts},
};

const FILE: usize = 500;
const WIRING: usize = 150;
const SCRIPT: usize = 40;

/// Lines of code that a lib may have, and the one that may have more.
const LIB: usize = 1_500;
const LARGER: [(&str, usize); 3] = [
    // The count of time and the rows that explain it belong side by side.
    ("vn", 2_500),
    // Tokens, certificates and proxies all say who calls, and are believed at one door.
    ("rpc", 2_200),
    // Gateways and statements are many small forms of one thing, and none of them sees another.
    ("paywire", 2_200),
];

#[test]
fn files_are_short() {
    let mut broken = Vec::new();
    for file in texts("", &[".rs", ".proto", ".py", ".tpl"]) {
        // The comments of a contract are its reference, and the reader's whole manual.
        let contract = Path::new(&file.path).extension().is_some_and(|e| e == "proto");
        let lines = if contract { written(&file.text) } else { file.text.lines().count() };
        if lines > FILE {
            broken.push(format!("{} has {lines} lines", file.path));
        }
    }
    none("a file is longer than 500 lines", &broken);
}

#[test]
fn libs_are_small() {
    let mut broken = Vec::new();
    for lib in folders("libs") {
        let files = texts(&format!("libs/{lib}/src"), &[".rs"]);
        let files = files.iter().filter(|file| !is_test(&file.path));
        let lines: usize = files.map(|file| written(&file.text)).sum();
        println!("{lines:>6}  libs/{lib}");
        let budget = LARGER.iter().find(|(name, _)| *name == lib).map_or(LIB, |(_, lines)| *lines);
        if lines > budget {
            broken.push(format!("libs/{lib} has {lines} lines of code, {budget} are its budget"));
        }
    }
    none("a lib has outgrown its budget", &broken);
}

#[test]
fn wiring_is_short_enough_to_read_aloud() {
    let wiring = texts("services", &["/src/lib.rs"]);
    let long = wiring.iter().filter(|file| written(&file.text) > WIRING);
    none("a lib.rs is more than wiring", &long.map(|file| file.path.clone()).collect::<Vec<_>>());
}

#[test]
fn scripts_are_thin() {
    let scripts = texts("scripts", &[""]).into_iter().chain(texts(".ci", &[""]));
    let long = scripts.filter(|file| file.text.lines().count() > SCRIPT);
    none("a script is longer than 40 lines", &long.map(|file| file.path).collect::<Vec<_>>());
}

/// Lines that are neither blank nor comment nor test.
fn written(text: &str) -> usize {
    code(text).lines().filter(|line| !line.trim().is_empty()).count()
}
