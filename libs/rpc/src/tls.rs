//! TLS between services: who listens and who calls proves itself by a
//! certificate of one authority, and files that change are taken up while calls go on.

mod certificate;
mod connect;
mod material;
mod verify;

use std::{
    io,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use motcua_fault::Fault;
use rustls::pki_types::{CertificateDer, pem};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{Proven, Wire};
use certificate::Certificate;
use material::Material;

/// Whether who connects has to show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientCertificates {
    /// Nobody connects without one, gateways included.
    Required,
    /// People and gateways may connect without one; a service's token counts only with it.
    #[default]
    Requested,
    /// Nobody is asked: a service's token says enough.
    Off,
}

/// Where certificates are and what they have to say.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// Certificates (PEM) of the authorities that are trusted.
    pub authorities: PathBuf,
    /// The services that run here.
    pub own: Vec<OwnFiles>,
    /// All services there are.
    pub services: Vec<String>,
    /// What the certificate of a service is called, `{service}` for its name: a
    /// DNS name, or a URI such as `spiffe://province/{service}`.
    pub name: String,
    /// What is asked of who connects.
    pub clients: ClientCertificates,
}

/// The certificate of one service, and its key.
#[derive(Debug, Clone)]
pub struct OwnFiles {
    /// The service.
    pub service: String,
    /// Its certificate (PEM), followed by those between it and the authority.
    pub certificate: PathBuf,
    /// Its private key (PEM).
    pub key: PathBuf,
}

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A private key that others could read.
    #[error(transparent)]
    Open(#[from] motcua_sealing::KeyFileError),
    /// A file holds no such thing.
    #[error("{path}: holds no {what} in PEM: {source}")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// A certificate, a private key.
        what: &'static str,
        /// Why.
        source: pem::Error,
    },
    /// The authorities cannot be trusted.
    #[error("{path}: no authority can be read in it: {source}")]
    Authorities {
        /// Which.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// The certificate and the key are not of one pair.
    #[error("{path}: the key beside it is another one's: {source}")]
    Key {
        /// The certificate.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// The certificate is called otherwise.
    #[error("{path}: does not name {name}, but {found}")]
    Name {
        /// The certificate.
        path: PathBuf,
        /// What it has to be called.
        name: String,
        /// What it is called.
        found: String,
    },
    /// Others would not trust it: expired, of another authority, for another use.
    #[error("{path}: the others would refuse it: {source}")]
    Refused {
        /// The certificate.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
}

/// What a process proves itself with, and whom it trusts. Cheap to clone; clones
/// share what was read.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    options: TlsOptions,
    in_force: RwLock<Arc<Material>>,
}

impl Tls {
    /// Reads the files and checks all that others would check.
    pub fn load(options: TlsOptions) -> Result<Self, TlsError> {
        let in_force = RwLock::new(Arc::new(Material::read(&options)?));
        Ok(Self(Arc::new(Inner { options, in_force })))
    }

    /// Takes up what has changed in the files, all of it or nothing; answers
    /// whether anything had. Connections that are open go on as they are.
    ///
    /// # Errors
    /// What is there now cannot be used: what was in force stays so.
    pub fn reload(&self) -> Result<bool, TlsError> {
        if !self.material().has_changed(&self.0.options)? {
            return Ok(false);
        }
        let material = Arc::new(Material::read(&self.0.options)?);
        *self.0.in_force.write().unwrap_or_else(PoisonError::into_inner) = material;
        Ok(true)
    }

    /// When the first of the certificates in force ends.
    pub fn ends(&self) -> SystemTime {
        self.material().ends()
    }

    /// The shaking of hands with who connects. Answers for whom he may speak.
    ///
    /// # Errors
    /// He shows a certificate that does not count, or none where one is required.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> io::Result<(TlsStream<S>, Proven)> {
        let acceptor = TlsAcceptor::from(self.material().listens.clone());
        let stream = acceptor.accept(stream).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let proven = self.proven(shown);
        Ok((stream, proven))
    }

    /// The way to the service `peer` at an `https` URL, for `service`. Whoever
    /// answers there must be `peer`, whatever the URL's host is called.
    pub fn remote(&self, service: &str, peer: &str, url: &str) -> Result<Wire, Fault> {
        connect::remote(self.clone(), service, peer, url)
    }

    fn proven(&self, shown: Option<&CertificateDer<'_>>) -> Proven {
        if self.0.options.clients == ClientCertificates::Off {
            return Proven::NotAsked;
        }
        let Some(certificate) = shown.and_then(Certificate::read) else {
            return Proven::Services(Vec::new());
        };
        let named = |service: &&String| certificate.is_called(&self.0.options.name_of(service));
        Proven::Services(self.0.options.services.iter().filter(named).cloned().collect())
    }

    fn material(&self) -> Arc<Material> {
        self.0.in_force.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TlsOptions {
    /// What the certificate of a service is called.
    fn name_of(&self, service: &str) -> String {
        self.name.replace("{service}", service)
    }
}
