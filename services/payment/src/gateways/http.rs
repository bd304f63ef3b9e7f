use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use motcua_fault::Fault;
use reqwest::{Client, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;

/// The largest answer that is read: some hundred octets.
const LARGEST: usize = 64 * 1024;

/// HTTP to one gateway: bounded in time and size, without redirects and proxies.
pub(super) struct Http(Client);

impl Http {
    pub(super) fn new(patience: Duration, ca: Option<&Path>) -> anyhow::Result<Self> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls(ca)?)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(patience)
            .timeout(patience)
            .user_agent("motcua");
        Ok(Self(client.build()?))
    }

    /// Posts JSON, and reads JSON. Whatever goes wrong, the gateway is away.
    pub(super) async fn post(&self, address: &str, body: &Value) -> Result<Value, Fault> {
        self.exchange(address, body).await.map_err(|error| {
            tracing::warn!(%error, "the payment gateway does not answer");
            Fault::unavailable("payment gateway")
        })
    }

    async fn exchange(&self, address: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self
            .0
            .post(address)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(body.to_string());
        let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
        anyhow::ensure!(response.status().is_success(), "it answers {}", response.status());
        let mut read = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
            anyhow::ensure!(read.len() + chunk.len() <= LARGEST, "the answer is too large");
            read.extend_from_slice(&chunk);
        }
        // The parser's message may quote what it read.
        serde_json::from_slice(&read).ok().context("the answer is no JSON")
    }
}

fn tls(ca: Option<&Path>) -> anyhow::Result<ClientConfig> {
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
