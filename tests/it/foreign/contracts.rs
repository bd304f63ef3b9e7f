//! What a release published binds: `scripts/contracts`, run on a copy of the contracts whose last
//! release tag stands before the change.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use super::{interpreter, root};

const EVENTS: &str = "proto/motcua/intake/v1/events.proto";

#[test]
fn what_a_release_published_is_not_taken_back() {
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path();
    for folder in ["proto", "scripts"] {
        well(Command::new("cp").arg("-r").arg(root().join(folder)).arg(copy));
    }
    git(copy, &["init", "--quiet"]);
    assert!(said(&checked(copy), true).contains("no release tag"), "nothing is published yet");
    git(copy, &["add", "."]);
    git(copy, &["commit", "--quiet", "--message", "a release"]);
    git(copy, &["tag", "v0.1.0"]);
    said(&checked(copy), true);

    // More may be said …
    let published = fs::read_to_string(copy.join(EVENTS)).unwrap();
    let more = format!(
        "{published}\n// One more.\nmessage DossierAdmired {{\n  // Which.\n  string dossier = 1;\n}}\n"
    );
    fs::write(copy.join(EVENTS), more).unwrap();
    said(&checked(copy), true);
    // … but nothing renamed, nor taken away.
    let renamed = published.replace("message DossierAccepted {", "message DossierTaken {");
    assert_ne!(renamed, published);
    fs::write(copy.join(EVENTS), renamed).unwrap();
    let refused = said(&checked(copy), false);
    assert!(refused.contains("DossierAccepted"), "{refused}");
}

fn checked(copy: &Path) -> Output {
    let buf = interpreter().parent().map(|tools| tools.join("buf")).unwrap_or_default();
    Command::new(copy.join("scripts/contracts")).env("BUF", buf).output().unwrap()
}

fn said(output: &Output, well: bool) -> String {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(output.status.success(), well, "{said}");
    said
}

fn git(copy: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=test", "-c", "user.email=test@example.vn"];
    well(Command::new("git").args(who).args(arguments).current_dir(copy));
}

fn well(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}
