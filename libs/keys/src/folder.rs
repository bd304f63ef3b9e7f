use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use motcua_rpc::ServiceIdentity;
use motcua_sealing::{Keyring, require_private};

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The sealing keys, or a private key that others could read.
    #[error(transparent)]
    Keyring(#[from] motcua_sealing::KeyFileError),
    /// A key is missing, and may not be made here.
    #[error("keys.dir: {0} is missing; make the keys once with `motcua keys init`")]
    Missing(PathBuf),
    /// A key file cannot be read or written.
    #[error("keys.dir: {path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not a key.
    #[error("keys.dir: {0} is not a key of 32 bytes in hexadecimal")]
    Malformed(PathBuf),
}

/// The folder of keys: of every service `NAME.keyring` (what seals its data),
/// `NAME.key` (by which it signs) and `NAME.pub` (by which the others know it).
#[derive(Debug, Clone)]
pub struct ServiceKeys {
    dir: PathBuf,
    generate: bool,
}

impl ServiceKeys {
    /// The keys in a folder; missing ones are made if `generate`.
    pub fn new(dir: impl Into<PathBuf>, generate: bool) -> Self {
        Self { dir: dir.into(), generate }
    }

    /// What seals the data of `service`.
    pub fn keyring(&self, service: &str) -> Result<Arc<Keyring>, KeyError> {
        let path = self.path(service, "keyring");
        self.make_dir()?;
        let keyring =
            if self.generate { Keyring::load_or_generate(&path)? } else { Keyring::load(&path)? };
        Ok(Arc::new(keyring))
    }

    /// Where what seals the data of `service` is kept.
    pub fn keyring_path(&self, service: &str) -> PathBuf {
        self.path(service, "keyring")
    }

    /// By what `service` signs.
    pub fn signing(&self, service: &str) -> Result<SigningKey, KeyError> {
        let path = self.path(service, "key");
        // The public key is written last.
        if !path.exists() || !self.path(service, "pub").exists() {
            self.make(service)?;
        }
        Ok(SigningKey::from_bytes(&read_private(&path)?))
    }

    /// By what `service` is known to its neighbours.
    pub fn identity(&self, service: &str) -> Result<ServiceIdentity, KeyError> {
        let path = self.path(service, "key");
        let key = self.signing(service)?;
        let der = key.to_pkcs8_der().map_err(|_| KeyError::Malformed(path))?;
        Ok(ServiceIdentity::new(service, der.as_bytes()))
    }

    /// Refuses to go on where a service would not be known: its calls would all be
    /// refused. Where keys are made here, only the services that run here have one.
    pub fn require_public(&self, services: &[&str]) -> Result<(), KeyError> {
        let missing = |service: &&&str| !self.path(service, "pub").exists();
        match services.iter().find(missing).filter(|_| !self.generate) {
            Some(service) => Err(KeyError::Missing(self.path(service, "pub"))),
            None => Ok(()),
        }
    }

    /// The public keys of these services, as far as they are here.
    pub fn public(&self, services: &[&str]) -> Result<Vec<(String, [u8; 32])>, KeyError> {
        services
            .iter()
            .map(|service| (*service, self.path(service, "pub")))
            .filter(|(_, path)| path.exists())
            .map(|(service, path)| Ok((service.to_owned(), read(&path)?)))
            .collect()
    }

    fn make(&self, service: &str) -> Result<(), KeyError> {
        if !self.generate {
            return Err(KeyError::Missing(self.path(service, "key")));
        }
        self.make_dir()?;
        let key = SigningKey::from_bytes(&rand::random());
        let (private, public) = (self.path(service, "key"), self.path(service, "pub"));
        // Another process may be at it: whose private key is there first, wins.
        let key = if link_private(&private, &hex::encode(key.to_bytes()))? {
            key
        } else {
            SigningKey::from_bytes(&read_private(&private)?)
        };
        write_whole(&public, &hex::encode(key.verifying_key().to_bytes()), 0o644)
    }

    fn make_dir(&self) -> Result<(), KeyError> {
        fs::create_dir_all(&self.dir)
            .map_err(|source| KeyError::Io { path: self.dir.clone(), source })
    }

    fn path(&self, service: &str, kind: &str) -> PathBuf {
        self.dir.join(format!("{service}.{kind}"))
    }
}

fn read_private(path: &Path) -> Result<[u8; 32], KeyError> {
    require_private(path)?;
    read(path)
}

fn read(path: &Path) -> Result<[u8; 32], KeyError> {
    let text = fs::read_to_string(path)
        .map_err(|source| KeyError::Io { path: path.to_owned(), source })?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key)
        .map_err(|_| KeyError::Malformed(path.to_owned()))?;
    Ok(key)
}

/// Puts a private key to its place unless there is one; answers whether it did.
/// It is never there in part, and never readable by others.
fn link_private(path: &Path, text: &str) -> Result<bool, KeyError> {
    let failed = |source| KeyError::Io { path: path.to_owned(), source };
    let draft = draft(path);
    write(&draft, text, 0o600).map_err(failed)?;
    let linked = match fs::hard_link(&draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error)),
    };
    fs::remove_file(&draft).map_err(failed)?;
    linked
}

fn write_whole(path: &Path, text: &str, mode: u32) -> Result<(), KeyError> {
    let draft = draft(path);
    write(&draft, text, mode)
        .and_then(|()| fs::rename(&draft, path))
        .map_err(|source| KeyError::Io { path: path.to_owned(), source })
}

fn draft(path: &Path) -> PathBuf {
    path.with_extension(format!("draft-{:016x}", rand::random::<u64>()))
}

fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn keys_are_made_once_and_private_ones_are_the_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let keys = ServiceKeys::new(dir.path(), true);
        keys.identity("intake").unwrap();
        let first = keys.public(&["intake", "nobody"]).unwrap();
        keys.identity("intake").unwrap();
        assert_eq!(keys.public(&["intake", "nobody"]).unwrap(), first);
        assert_eq!(first.len(), 1);
        let mode = fs::metadata(dir.path().join("intake.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_private_key_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let keys = ServiceKeys::new(dir.path(), true);
        keys.identity("intake").unwrap();
        let path = dir.path().join("intake.key");
        for mode in [0o644, 0o604, 0o640] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = keys.identity("intake").unwrap_err().to_string();
            assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        keys.identity("intake").unwrap();
    }

    #[test]
    fn nothing_is_made_where_it_may_not_be() {
        let dir = tempfile::tempdir().unwrap();
        let keys = ServiceKeys::new(dir.path(), false);
        let error = keys.identity("intake").unwrap_err().to_string();
        assert!(error.contains("motcua keys init"), "{error}");
        assert!(keys.keyring("intake").is_err());
    }

    #[test]
    fn two_processes_that_begin_at_once_agree() {
        let dir = tempfile::tempdir().unwrap();
        let made: Vec<_> = std::thread::scope(|scope| {
            let begin = || {
                let keys = ServiceKeys::new(dir.path(), true);
                keys.identity("intake").map(|_| keys.public(&["intake"]))
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(begin)).collect();
            threads.into_iter().map(|t| t.join().unwrap().unwrap().unwrap()).collect()
        });
        assert!(made.windows(2).all(|pair| pair[0] == pair[1]));
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_a_key_or_an_error(text in proptest::prop_oneof![
            proptest::prelude::any::<String>(), "[0-9a-fA-F]{60,66}\n?",
        ]) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("intake.pub");
            std::fs::write(&path, &text).unwrap();
            let is_key = text.trim().len() == 64 && text.trim().bytes().all(|b| b.is_ascii_hexdigit());
            proptest::prop_assert_eq!(read(&path).is_ok(), is_key);
        }
    }
}
