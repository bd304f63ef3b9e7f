use std::{fs, path::Path, sync::Arc, time::SystemTime};

use motcua_sealing::require_private;
use rustls::{
    RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::{
        ClientHello, NoServerSessionStorage, ParsedCertificate, ResolvesServerCert,
        WebPkiClientVerifier, danger::ClientCertVerifier,
    },
    sign::CertifiedKey,
};

use super::{
    Certificate, ClientCertificates, OwnFiles, TlsError, TlsOptions, verify::is_signed_by,
};

/// What was read from the files at one time, and fits together.
pub(super) struct Material {
    /// The files as they were.
    read: Vec<Vec<u8>>,
    pub(super) provider: Arc<CryptoProvider>,
    pub(super) roots: Arc<RootCertStore>,
    /// What the listener works with.
    pub(super) listens: Arc<ServerConfig>,
    own: Arc<Vec<Own>>,
}

/// The certificate of a service that runs here.
#[derive(Debug)]
struct Own {
    service: String,
    key: Arc<CertifiedKey>,
    certificate: Certificate,
}

impl Material {
    pub(super) fn read(options: &TlsOptions) -> Result<Self, TlsError> {
        let read = contents(options)?;
        // A file may be replaced while others are read: everything is made of these octets.
        let (trusted, pairs) = read.split_first().map_or((&[][..], &[][..]), |(a, b)| (a, b));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = Arc::new(roots(&options.authorities, trusted)?);
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone());
        let verifier = match options.clients {
            ClientCertificates::Required | ClientCertificates::Off => verifier.build(),
            ClientCertificates::Requested => verifier.allow_unauthenticated().build(),
        };
        let verifier = verifier.map_err(|error| TlsError::Authorities {
            path: options.authorities.clone(),
            source: rustls::Error::General(error.to_string()),
        })?;
        let own = options
            .own
            .iter()
            .zip(pairs.as_chunks().0)
            .map(|(files, pair)| own(files, pair, options, &provider, &roots, verifier.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        let own = Arc::new(own);
        let asked = (options.clients != ClientCertificates::Off).then_some(verifier);
        let listens = listens(provider.clone(), asked, own.clone());
        let listens = listens.map_err(|source| TlsError::Authorities {
            path: options.authorities.clone(),
            source,
        })?;
        Ok(Self { read, provider, roots, listens: Arc::new(listens), own })
    }

    pub(super) fn has_changed(&self, options: &TlsOptions) -> Result<bool, TlsError> {
        Ok(contents(options)? != self.read)
    }

    pub(super) fn key_of(&self, service: &str) -> Option<Arc<CertifiedKey>> {
        self.own.iter().find(|own| own.service == service).map(|own| own.key.clone())
    }

    pub(super) fn ends(&self) -> SystemTime {
        let all = self.own.iter().map(|own| own.certificate.ends());
        all.min().unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

fn contents(options: &TlsOptions) -> Result<Vec<Vec<u8>>, TlsError> {
    let own = options.own.iter().flat_map(|own| [&own.certificate, &own.key]);
    std::iter::once(&options.authorities).chain(own).map(|path| content(path)).collect()
}

fn content(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::Io { path: path.to_owned(), source })
}

fn certificates(path: &Path, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let malformed =
        |source| TlsError::Malformed { path: path.to_owned(), what: "certificate", source };
    let all: Vec<_> =
        CertificateDer::pem_slice_iter(text).collect::<Result<_, _>>().map_err(malformed)?;
    if all.is_empty() {
        return Err(malformed(rustls::pki_types::pem::Error::NoItemsFound));
    }
    Ok(all)
}

fn roots(path: &Path, text: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path, text)? {
        roots
            .add(certificate)
            .map_err(|source| TlsError::Authorities { path: path.to_owned(), source })?;
    }
    Ok(roots)
}

/// Reads a certificate with its key, and asks of it all that others will ask.
fn own(
    files: &OwnFiles,
    [chain, key]: &[Vec<u8>; 2],
    options: &TlsOptions,
    provider: &CryptoProvider,
    roots: &RootCertStore,
    verifier: &dyn ClientCertVerifier,
) -> Result<Own, TlsError> {
    let path = || files.certificate.clone();
    require_private(&files.key)?;
    let chain = certificates(&files.certificate, chain)?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|source| TlsError::Malformed {
        path: files.key.clone(),
        what: "private key",
        source,
    })?;
    let key = CertifiedKey::from_der(chain.clone(), key, provider)
        .map_err(|source| TlsError::Key { path: path(), source })?;

    let refused = |source| TlsError::Refused { path: path(), source };
    let (end, between) = chain.split_first().map_or((&key.cert[0], &[][..]), |(a, b)| (a, b));
    let now = UnixTime::now();
    verifier.verify_client_cert(end, between, now).map_err(refused)?;
    let parsed = ParsedCertificate::try_from(end).map_err(refused)?;
    is_signed_by(&parsed, between, roots, now, provider).map_err(refused)?;

    let name = options.name_of(&files.service);
    let certificate = Certificate::read(end).ok_or_else(|| {
        refused(rustls::Error::InvalidCertificate(rustls::CertificateError::BadEncoding))
    })?;
    if !certificate.is_called(&name) {
        return Err(TlsError::Name { path: path(), name, found: certificate.names() });
    }
    Ok(Own { service: files.service.clone(), key: Arc::new(key), certificate })
}

fn listens(
    provider: Arc<CryptoProvider>,
    asked: Option<Arc<dyn ClientCertVerifier>>,
    own: Arc<Vec<Own>>,
) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?;
    let builder = match asked {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_cert_resolver(Arc::new(ByName(own)));
    config.alpn_protocols = vec![b"h2".to_vec()];
    // Every connection proves itself anew: a resumed one would go on with a certificate
    // that no longer counts.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// Of several services in one process the one that is asked for.
#[derive(Debug)]
struct ByName(Arc<Vec<Own>>);

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = hello.server_name();
        let named = |own: &&Own| asked.is_some_and(|name| own.certificate.is_called(name));
        self.0.iter().find(named).or(self.0.first()).map(|own| own.key.clone())
    }
}
