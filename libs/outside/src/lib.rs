//! HTTP to a system outside: bounded in time and size, without redirects and proxies, over TLS that
//! trusts what the machine trusts and one authority beside it. What is said there stays with its speaker.
//! Other protocols have that trust from here ([`tls`]), and nothing more.

mod public;
mod strangers;

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use reqwest::{Client, ClientBuilder, redirect::Policy};
pub use reqwest::{RequestBuilder, StatusCode};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use self::{
    public::is_public,
    strangers::{NotPublic, Strangers},
};

/// The largest answer that is read: keys, claims and standings are some kilobytes.
const LARGEST: usize = 256 * 1024;

/// The way to one system outside.
pub struct Http(Client);

/// What was answered.
pub struct Answer {
    /// Its HTTP status.
    pub status: StatusCode,
    body: Vec<u8>,
}

impl Http {
    /// Waits so long at the most; `ca`: an authority beside the machine's own, PEM.
    ///
    /// # Errors
    /// The file cannot be read, or holds no certificate.
    pub fn new(patience: Duration, ca: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self(client(patience, ca)?.build()?))
    }

    /// A GET of this address.
    pub fn get(&self, address: &str) -> RequestBuilder {
        self.0.get(address).header("accept", "application/json")
    }

    /// A POST to this address.
    pub fn post(&self, address: &str) -> RequestBuilder {
        self.0.post(address).header("accept", "application/json")
    }
}

impl Answer {
    /// Sends, and reads what comes as far as it is not too much.
    ///
    /// # Errors
    /// Nobody answers in time, or too much comes.
    pub async fn to(request: RequestBuilder) -> anyhow::Result<Self> {
        // The address says which system and which of its doors; a query may hold a secret.
        let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
            ensure!(
                body.len() + chunk.len() <= LARGEST,
                "the answer is larger than {LARGEST} bytes"
            );
            body.extend_from_slice(&chunk);
        }
        Ok(Self { status, body })
    }

    /// The answer to a question that has one.
    ///
    /// # Errors
    /// It is another status than 200, or no JSON of that shape.
    pub fn good<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        ensure!(self.status == StatusCode::OK, "the answer is {}", self.status);
        // The parser's message may quote what it read.
        serde_json::from_slice(&self.body).ok().context("the answer is no JSON of that shape")
    }

    /// The whole answer to a question that has one, of whatever kind.
    ///
    /// # Errors
    /// It is another status than 200.
    pub fn whole(self) -> anyhow::Result<Vec<u8>> {
        ensure!(self.status == StatusCode::OK, "the answer is {}", self.status);
        Ok(self.body)
    }

    /// Whatever text was answered.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }

    /// Whatever JSON was answered.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Whether nobody answered in time; the question may have been heard.
pub fn is_timeout(error: &anyhow::Error) -> bool {
    error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout)
}

fn client(patience: Duration, ca: Option<&Path>) -> anyhow::Result<ClientBuilder> {
    let client = Client::builder()
        .tls_backend_preconfigured(tls(ca)?)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(patience)
        .timeout(patience)
        .user_agent("motcua");
    Ok(client)
}

/// TLS as everything here speaks it; `ca`: an authority beside the machine's own, PEM.
///
/// # Errors
/// The file cannot be read, or holds no certificate.
pub fn tls(ca: Option<&Path>) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca {
        let pem = std::fs::read(file).with_context(|| file.display().to_string())?;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.with_context(|| file.display().to_string())?;
            roots.add(certificate).with_context(|| file.display().to_string())?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
