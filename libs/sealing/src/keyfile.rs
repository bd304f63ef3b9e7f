//! The key file: TOML, readable by its owner alone, never half written.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Key, KeyId, KeySet, KeySetError, Keyring, private::require_private};

const HEADING: &str = "\
# Keys of motcua. Without this file no sealed personal data can be read again:
# keep a copy offline, readable by nobody but its keeper. Each key is 32 random
# bytes in base64. They are exchanged by `motcua keys rotate`, and the old ones
# taken away by `motcua keys retire` when everything is sealed anew.

";

/// Why a key file could not be used. No message holds key material.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file system refused.
    #[error("key file {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the file system said.
        source: io::Error,
    },
    /// Other users of the machine could read the keys, or put others in their place.
    #[error("key file {path} is open to others (mode {mode:o}): run chmod 600 {path}")]
    Open {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// The text is not a key file.
    #[error("key file {path}, line {line}: not what a key file holds (see its heading)")]
    Text {
        /// The file.
        path: String,
        /// Where the trouble is, from 1.
        line: usize,
    },
    /// One key is not 32 bytes of base64.
    #[error("key file {path}: key {set}.{id} is not 32 bytes in base64")]
    Key {
        /// The file.
        path: String,
        /// `data` or `index`.
        set: &'static str,
        /// The key's number, as written.
        id: String,
    },
    /// The keys of one set do not fit together.
    #[error("key file {path}, set {set}: {source}")]
    Set {
        /// The file.
        path: String,
        /// `data` or `index`.
        set: &'static str,
        /// What does not fit.
        source: KeySetError,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    data: SetText,
    index: SetText,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetText {
    current: KeyId,
    keys: BTreeMap<String, Zeroizing<String>>,
}

impl Keyring {
    /// Reads a key file, which only its owner may be able to read.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        require_private(path)?;
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|e| io_error(path, e))?);
        let parsed: Text = toml::from_str(&text).map_err(|e: toml::de::Error| {
            // The parser quotes the line, and with it the key: only its number is told.
            let at = e.span().map_or(0, |span| span.start).min(text.len());
            let line = text.get(..at).map_or(1, |before| before.split('\n').count());
            KeyFileError::Text { path: shown(path), line }
        })?;
        Ok(Self::new(set(path, "data", &parsed.data)?, set(path, "index", &parsed.index)?))
    }

    /// Writes the ring to `path` so that it is there whole or not at all, with mode 0600.
    pub fn save(&self, path: &Path) -> Result<(), KeyFileError> {
        self.written(path, |new| fs::rename(new, path))
    }

    /// Reads the key file, or makes one with fresh keys where there is none.
    ///
    /// Of several processes that find none at once, one makes it and all read the same.
    pub fn load_or_generate(path: &Path) -> Result<Self, KeyFileError> {
        if !path.try_exists().map_err(|e| io_error(path, e))? {
            Self::generate().written(path, |new| {
                let linked = match fs::hard_link(new, path) {
                    Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                    linked => linked,
                };
                linked.and(fs::remove_file(new))
            })?;
        }
        Self::load(path)
    }

    /// Writes the ring beside `path`, lets `publish` put it there, and syncs the folder.
    fn written(
        &self,
        path: &Path,
        publish: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), KeyFileError> {
        let parsed = Text { data: text_of(&self.data()), index: text_of(&self.index()) };
        let body = Zeroizing::new(
            toml::to_string(&parsed).map_err(|e| io_error(path, io::Error::other(e)))?,
        );
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| write_beside(path, folder, &[HEADING.as_bytes(), body.as_bytes()]))
            .and_then(|new| publish(&new))
            .and_then(|()| fs::File::open(folder)?.sync_all())
            .map_err(|e| io_error(path, e))
    }
}

fn set(path: &Path, set: &'static str, text: &SetText) -> Result<KeySet, KeyFileError> {
    let mut keys = Vec::new();
    for (id, secret) in &text.keys {
        let bad = || KeyFileError::Key { path: shown(path), set, id: id.clone() };
        let number = id.parse().map_err(|_| bad())?;
        let bytes = Zeroizing::new(STANDARD.decode(secret.trim()).map_err(|_| bad())?);
        keys.push(Key::new(number, bytes.as_slice().try_into().map_err(|_| bad())?));
    }
    KeySet::new(text.current, keys).map_err(|source| KeyFileError::Set {
        path: shown(path),
        set,
        source,
    })
}

fn text_of(set: &KeySet) -> SetText {
    let keys = set.all().map(|k| (k.id().to_string(), Zeroizing::new(STANDARD.encode(k.secret()))));
    SetText { current: set.current().id(), keys: keys.collect() }
}

fn write_beside(path: &Path, folder: &Path, parts: &[&[u8]]) -> io::Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    let mut own = [0; 8];
    rand::fill(&mut own);
    name.push(format!(".{}.new", hex::encode(own)));
    let new = folder.join(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    Ok(new)
}

pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub(crate) fn io_error(path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io { path: shown(path), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn a_ring_is_saved_and_loaded_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/keys.toml");
        let ring = Keyring::load_or_generate(&path).unwrap();
        assert_eq!(ring.name(), Keyring::load_or_generate(&path).unwrap().name());
        let rotated = ring.with_new_data_key().with_new_index_key();
        rotated.save(&path).unwrap();
        let loaded = Keyring::load(&path).unwrap();
        assert_eq!(loaded.name(), rotated.name());
        assert_ne!(loaded.name(), ring.name());
        assert_eq!(loaded.data().current().id(), 2);
        assert_eq!(loaded.open("a", &ring.seal("a", b"b")).unwrap(), b"b");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no remains");
        require_private(&path).unwrap();
    }

    #[test]
    fn processes_that_start_at_once_get_one_ring() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.toml");
        let names: Vec<_> = std::thread::scope(|scope| {
            let start = || Keyring::load_or_generate(&path).unwrap().name();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no remains");
    }

    #[test]
    fn a_file_others_can_read_is_refused() {
        let open = file("", 0o640);
        let error = Keyring::load(open.path()).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn errors_name_the_place_and_never_the_key() {
        let key = STANDARD.encode([7; 32]);
        let good = format!("current = 1\nkeys = {{ 1 = \"{key}\" }}\n");
        for (text, expected) in [
            (format!("[data]\n{good}[index]\ncurrent = 1\nkeys = {{ 1 = \"{key} }}\n"), "line 6"),
            (
                format!("[data]\n{good}[index]\ncurrent = 1\nkeys = {{ 1 = \"c2hvcnQ=\" }}\n"),
                "index.1",
            ),
            (
                format!("[data]\n{good}[index]\ncurrent = 2\nkeys = {{ 1 = \"{key}\" }}\n"),
                "set index",
            ),
            (format!("[data]\n{good}"), "not what a key file holds"),
        ] {
            let error = Keyring::load(file(&text, 0o600).path()).unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains(&key[..8]) && !told.contains("c2hv"), "{told}");
        }
        assert!(matches!(Keyring::load(Path::new("/nowhere")), Err(KeyFileError::Io { .. })));
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_a_ring_or_an_error_that_names_it(
            text in proptest::prop_oneof![
                proptest::prelude::any::<String>(),
                "(\\[?(data|index)(.keys)?\\]?\n?([a-z0-9]{0,8} ?= ?[\"0-9A-Za-z+/=]{0,50}\n?){0,3}){0,3}",
            ],
        ) {
            let file = file(&text, 0o600);
            if let Err(error) = Keyring::load(file.path()) {
                proptest::prop_assert!(error.to_string().contains("key file"));
            }
        }
    }
}
