use std::{io, sync::Arc};

use http::{Uri, uri::Scheme};
use hyper_util::rt::TokioIo;
use motcua_fault::Fault;
use rustls::{ClientConfig, client::Resumption, pki_types::ServerName, sign::SingleCertAndKey};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tower::service_fn;

use super::{Tls, certificate::is_uri, verify::ByName};
use crate::{Wire, wire};

/// A wire on which each new connection is made with what is in force then.
pub(super) fn remote(tls: Tls, service: &str, peer: &str, url: &str) -> Result<Wire, Fault> {
    let url: Uri = url.parse().map_err(Fault::internal)?;
    // The transport would encrypt by itself what is called https.
    let mut parts = url.clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    let (host, port) = (host_of(&url)?, url.port_u16().unwrap_or(443));
    let endpoint = wire::endpoint(Uri::from_parts(parts).map_err(Fault::internal)?).origin(url);
    let way = Arc::new(Way { tls, service: service.to_owned(), peer: peer.to_owned(), host, port });
    let connector = service_fn(move |_: Uri| {
        let way = way.clone();
        async move { Ok::<_, io::Error>(TokioIo::new(way.connect().await?)) }
    });
    Ok(wire::over(endpoint.connect_with_connector_lazy(connector)))
}

fn host_of(url: &Uri) -> Result<String, Fault> {
    let host = url.host().ok_or_else(|| Fault::internal(io::Error::other("a URL without host")))?;
    Ok(host.trim_matches(['[', ']']).to_owned())
}

/// From one service to another.
struct Way {
    tls: Tls,
    service: String,
    peer: String,
    host: String,
    port: u16,
}

impl Way {
    async fn connect(&self) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        let name = self.tls.0.options.name_of(&self.peer);
        let config = self.config(&name).map_err(io::Error::other)?;
        // Whom to ask for, where several services share a process.
        let asked = if is_uri(&name) { self.host.clone() } else { name };
        let asked = ServerName::try_from(asked).map_err(io::Error::other)?;
        let shaken = TlsConnector::from(Arc::new(config)).connect(asked, stream).await;
        shaken.inspect_err(|error| {
            tracing::warn!(%error, service = self.service, peer = self.peer, "no TLS connection");
        })
    }

    fn config(&self, name: &str) -> Result<ClientConfig, rustls::Error> {
        let material = self.tls.material();
        let builder = ClientConfig::builder_with_provider(material.provider.clone())
            .with_protocol_versions(&[&rustls::version::TLS13])?;
        let (roots, provider) = (material.roots.clone(), material.provider.clone());
        let verifier = Arc::new(ByName::new(name.to_owned(), roots, provider)?);
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        let mut config = match material.key_of(&self.service) {
            Some(key) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(key))),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        config.resumption = Resumption::disabled();
        Ok(config)
    }
}
