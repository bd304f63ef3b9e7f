//! Where programs of others lie that tests ask or play against.

use std::path::{Path, PathBuf};

/// The interpreter with the packages of `tests/requirements.txt`.
pub(crate) fn python() -> PathBuf {
    let python = std::env::var_os("MOTCUA_TEST_PYTHON").map(PathBuf::from);
    python.unwrap_or_else(|| root().join("target/python/bin/python"))
}

/// A script of `tests/<language>`.
pub(crate) fn script_of(language: &str, script: impl AsRef<Path>) -> PathBuf {
    root().join("tests").join(language).join(script)
}

/// The repository: the nearest folder above the test's own package that has a lock file.
pub(crate) fn root() -> PathBuf {
    // The repository may have moved since the test was built.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let own = own.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = own.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(&own).to_owned()
}
