//! The repository's files, as the other rules read them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders that are made by building, running and versioning, not written by us.
const NOT_OURS: [&str; 6] = ["target", ".git", "data", "motcua-data", "__pycache__", ".venv"];

/// The repository's root, where the tests run; it may have moved since they were built.
pub(super) fn root() -> PathBuf {
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let tests = tests.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    tests.parent().unwrap().to_owned()
}

/// One text file; its path is relative to the root.
pub(super) struct Text {
    pub(super) path: String,
    pub(super) text: String,
}

/// All files under `folder` whose names end in one of `endings`, in a stable order.
pub(super) fn texts(folder: &str, endings: &[&str]) -> Vec<Text> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root.join(folder), &root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)))
        .map(|path| Text {
            text: fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}")),
            path: path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(),
        })
        .collect()
}

fn collect(folder: &Path, root: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        // The catalog's own `data` folder is ours; the one at the root is a running system's.
        let ours = !NOT_OURS.contains(&name.as_str()) || (name == "data" && folder != root);
        if path.is_dir() && ours {
            collect(&path, root, paths);
        } else if path.is_file() {
            paths.push(path);
        }
    }
}

/// The names of the folders in `folder`.
pub(super) fn folders(folder: &str) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(root().join(folder))
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The services: every folder of `services/` but the program that hosts them.
pub(super) fn services() -> Vec<String> {
    let mut names = folders("services");
    names.retain(|name| name != "motcua");
    assert!(names.len() >= 5, "too few services found: {names:?}");
    names
}

/// Fails with every broken rule at once.
#[track_caller]
pub(super) fn none(what: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{what}:\n  {}", broken.join("\n  "));
}
