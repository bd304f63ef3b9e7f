use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use motcua_rpc::ServiceIdentity;
use motcua_sealing::Keyring;

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The sealing keys.
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

    /// By what `service` is known to its neighbours.
    pub fn identity(&self, service: &str) -> Result<ServiceIdentity, KeyError> {
        let path = self.path(service, "key");
        if !path.exists() {
            self.make(service)?;
        }
        let key = SigningKey::from_bytes(&read(&path)?);
        let der = key.to_pkcs8_der().map_err(|_| KeyError::Malformed(path))?;
        Ok(ServiceIdentity::new(service, der.as_bytes()))
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
        write_private(&self.path(service, "key"), &hex::encode(key.to_bytes()))?;
        let public = self.path(service, "pub");
        fs::write(&public, hex::encode(key.verifying_key().to_bytes()))
            .map_err(|source| KeyError::Io { path: public, source })
    }

    fn make_dir(&self) -> Result<(), KeyError> {
        fs::create_dir_all(&self.dir)
            .map_err(|source| KeyError::Io { path: self.dir.clone(), source })
    }

    fn path(&self, service: &str, kind: &str) -> PathBuf {
        self.dir.join(format!("{service}.{kind}"))
    }
}

fn read(path: &Path) -> Result<[u8; 32], KeyError> {
    let text = fs::read_to_string(path)
        .map_err(|source| KeyError::Io { path: path.to_owned(), source })?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key)
        .map_err(|_| KeyError::Malformed(path.to_owned()))?;
    Ok(key)
}

/// Readable by its owner alone from its first byte on.
fn write_private(path: &Path, text: &str) -> Result<(), KeyError> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| KeyError::Io { path: path.to_owned(), source })
}
