//! `import procedures` and `admin create` on a folder in which nothing is yet.

use std::fs;

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
