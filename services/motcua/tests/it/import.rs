//! `import procedures` and `admin create` on a folder in which nothing is yet.

use std::{
    fs,
    io::{Read, Write},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{motcua, said_to};

#[test]
fn a_new_folder_gets_its_schema_its_catalog_and_its_administrator() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let create = [
        "admin",
        "create",
        "--username",
        "quantri",
        "--name",
        "Nguyễn Văn Quản",
        "--agency",
        "H53",
    ];
    let password = "mật khẩu dài 123\n";
    let early = said_to(data, &create, password);
    assert!(early.refusal().contains("motcua import procedures"), "{}", early.err);

    let imported = motcua(data, &["import", "procedures", "--builtin"]);
    let last = imported.good().lines().last().unwrap();
    assert!(last.contains(" created, 0 updated, 0 unchanged, 0 bad"), "{last}");
    let again = motcua(data, &["import", "procedures", "--builtin"]);
    assert!(again.good().contains("0 created, 0 updated"), "{}", again.out);

    let short = said_to(data, &create, "ngắn\n");
    assert!(short.refusal().contains("PASSWORD_TOO_SHORT"), "{}", short.err);
    assert!(said_to(data, &create, password).good().contains("accounts/"));
    let second = said_to(data, &create, password);
    assert!(second.refusal().contains("ADMINISTRATOR_EXISTS"), "{}", second.err);

    let reset = |username| ["admin", "reset-password", "--username", username];
    let nobody = said_to(data, &reset("quantri.la"), password);
    assert!(nobody.refusal().contains("ACCOUNT_NOT_FOUND"), "{}", nobody.err);
    let other = said_to(data, &reset("quantri"), "mật khẩu dài khác 456\n");
    assert!(other.good().contains("until it is changed"), "{}", other.out);
}

/// On a terminal of its own, as `script` gives one.
#[test]
#[expect(clippy::disallowed_methods, reason = "nothing tells when a terminal is silent")]
fn a_terminal_does_not_show_the_password() {
    let dir = tempfile::tempdir().unwrap();
    // The terminal tells its name first, so that what it shows can be asked of it. What runs in
    // the background of a terminal may not silence it, whichever shell `script` begins.
    let typed = format!(
        "tty; timeout --foreground 60 {} --set server.data={} admin reset-password --username quantri",
        env!("CARGO_BIN_EXE_motcua"),
        dir.path().display(),
    );
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &typed, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = Vec::new();
    for (prompt, password) in [("characters): ", "mat khau mot\n"), ("again: ", "mat khau hai\n")] {
        while !String::from_utf8_lossy(&shown).ends_with(prompt) {
            let mut piece = [0; 256];
            let length = screen.read(&mut piece).unwrap();
            assert!(length > 0, "{}", String::from_utf8_lossy(&shown));
            shown.extend(&piece[..length]);
        }
        // The prompt comes first, and then the terminal is told to be silent.
        let terminal = String::from_utf8_lossy(&shown).lines().next().unwrap().trim().to_owned();
        while !is_silent(&terminal) {
            std::thread::sleep(Duration::from_millis(20));
        }
        keys.write_all(password.as_bytes()).unwrap();
    }
    screen.read_to_end(&mut shown).unwrap();
    assert!(!child.wait().unwrap().success());
    let shown = String::from_utf8(shown).unwrap();
    assert!(!shown.contains("mat khau"), "{shown}");
    assert!(shown.contains("the two passwords differ"), "{shown}");
}

fn is_silent(terminal: &str) -> bool {
    let told = Command::new("stty").args(["-F", terminal, "-a"]).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).unwrap().contains(" -echo ")
}

#[test]
fn a_bad_file_is_told_by_row_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let import = |name: &str, content: &str| {
        let file = dir.path().join(name);
        fs::write(&file, content).unwrap();
        motcua(&data, &["import", "procedures", file.to_str().unwrap()])
    };
    let empty = import("empty.yaml", "");
    assert!(empty.refusal().contains("FILE_UNREADABLE"), "{}", empty.err);
    for (name, content) in [("bad.yaml", "a: ["), ("strange.json", "{\"a\": 1}")] {
        let answer = import(name, content);
        assert!(!answer.well && answer.out.starts_with("BAD   1 "), "{name}: {}", answer.out);
        assert!(answer.out.contains("1 bad: nothing was imported"), "{name}: {}", answer.out);
    }
    let sheet = import("bad.xlsx", "no archive");
    assert!(sheet.refusal().contains("XLSX"), "{}", sheet.err);
    let other = import("words.txt", "");
    assert!(other.refusal().contains(".yaml, .json, .csv or .xlsx"), "{}", other.err);
    let absent = motcua(&data, &["import", "procedures", "/nowhere/file.yaml"]);
    assert!(absent.refusal().contains("/nowhere/file.yaml cannot be read"), "{}", absent.err);
}
