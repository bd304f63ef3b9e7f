//! What a provider says is believed from whom the machine, or the configuration, trusts.

use std::{path::PathBuf, sync::Arc};

use motcua_context::Timestamp;
use motcua_identity::{
    config::{IdentityConfig, OidcProvider},
    probe_providers,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// A provider over TLS with a certificate of its own authority. Answers its issuer and the
/// authority, PEM.
async fn serve() -> (String, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = own.signed_by(&key, &issuer).unwrap().der().clone();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://{}", listener.local_addr().unwrap());
    let named = issuer.clone();
    #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut asked = vec![0; 4096];
            let Ok(read) = stream.read(&mut asked).await else { continue };
            let answer = answer(&named, &String::from_utf8_lossy(&asked[..read]));
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (issuer, pem)
}

fn answer(issuer: &str, asked: &str) -> String {
    if asked.contains("/moved/") {
        return format!("HTTP/1.1 302 Found\r\nlocation: {issuer}/\r\ncontent-length: 0\r\n\r\n");
    }
    let said = if asked.starts_with("GET /keys") {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]})
    } else {
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
        })
    };
    let said = said.to_string();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}", said.len())
}

async fn probed(issuer: String, ca: Option<PathBuf>) -> Result<(), String> {
    let mut config = IdentityConfig::default();
    let provider = OidcProvider { issuer, ca, client_id: "a".into(), ..OidcProvider::default() };
    config.oidc.insert("vneid".into(), provider);
    let mut probed = probe_providers(&config, Timestamp::UNIX_EPOCH).await.unwrap();
    probed.pop().unwrap().1
}

#[tokio::test]
async fn a_provider_is_believed_by_its_certificate_and_followed_nowhere() {
    let (issuer, pem) = serve().await;
    let dir = tempfile::tempdir().unwrap();
    let ca = dir.path().join("ca.crt");
    std::fs::write(&ca, pem).unwrap();
    assert_eq!(probed(issuer.clone(), Some(ca.clone())).await, Ok(()));
    let stranger = probed(issuer.clone(), None).await.unwrap_err();
    assert!(stranger.contains("certificate"), "{stranger}");
    let by_name = issuer.replace("127.0.0.1", "localhost");
    assert!(probed(by_name, Some(ca.clone())).await.is_err(), "its certificate is another's");
    let moved = probed(format!("{issuer}/moved"), Some(ca)).await.unwrap_err();
    assert!(moved.contains("302"), "{moved}");
}
