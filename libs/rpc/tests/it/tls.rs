//! Certificates: who proves what to whom, and which files are taken.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use motcua_proto::identity::v1::{GetJwksRequest, auth_service_client::AuthServiceClient};
use motcua_rpc::{
    ClientCertificates, OwnFiles, Proven, Tls, TlsError, TlsOptions, Wire, remote_trusting,
};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// By which a service may be called in its certificate.
const NAMES: [&str; 2] = ["{service}", "spiffe://motcua/{service}"];

/// An authority and the files that it made.
struct Authority {
    dir: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let (dir, key) = (tempfile::tempdir().unwrap(), KeyPair::generate().unwrap());
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        fs::write(dir.path().join("ca.crt"), certificate.pem()).unwrap();
        Self { dir, issuer: Issuer::new(params, key) }
    }

    fn with(services: &[&str]) -> Self {
        let authority = Self::new();
        for service in services {
            authority.issue(service, &KeyPair::generate().unwrap(), |_| {});
        }
        authority
    }

    fn issue(&self, service: &str, key: &KeyPair, change: impl FnOnce(&mut CertificateParams)) {
        let mut params = CertificateParams::default();
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params.subject_alt_names = vec![
            SanType::DnsName(service.try_into().unwrap()),
            SanType::URI(format!("spiffe://motcua/{service}").try_into().unwrap()),
            SanType::IpAddress([127, 0, 0, 1].into()),
        ];
        change(&mut params);
        let certificate = params.signed_by(key, &self.issuer).unwrap();
        write(&self.file(service, "key"), &key.serialize_pem(), 0o600);
        write(&self.file(service, "crt"), &certificate.pem(), 0o644);
    }

    fn file(&self, name: &str, kind: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.{kind}"))
    }

    fn options(&self, service: &str, name: &str) -> TlsOptions {
        TlsOptions {
            authorities: self.file("ca", "crt"),
            own: vec![OwnFiles {
                service: service.to_owned(),
                certificate: self.file(service, "crt"),
                key: self.file(service, "key"),
            }],
            services: ["catalog", "intake", "workflow"].map(ToOwned::to_owned).to_vec(),
            name: name.to_owned(),
            clients: ClientCertificates::Requested,
        }
    }

    fn tls(&self, service: &str, name: &str) -> Tls {
        Tls::load(self.options(service, name)).unwrap()
    }
}

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// What the one who listens learns of the one who calls; `None` if they do not come to terms.
async fn met(listens: &Tls, calls: impl FnOnce(&str) -> Wire) -> Option<Proven> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let mut client = AuthServiceClient::new(calls(&url));
    // Nobody speaks HTTP here: the call never ends well.
    let call = tokio::spawn(async move { client.get_jwks(GetJwksRequest {}).await.map(drop) });
    let (stream, _) = listener.accept().await.unwrap();
    let accepted = listens.accept(stream).await;
    let proven = accepted.ok().map(|(_, proven)| proven);
    drop(listener);
    call.await.unwrap().unwrap_err();
    proven
}

#[tokio::test]
async fn both_ends_prove_themselves() {
    let authority = Authority::with(&["catalog", "intake"]);
    for name in NAMES {
        let (catalog, intake) = (authority.tls("catalog", name), authority.tls("intake", name));
        let proven = met(&catalog, |url| intake.remote("intake", "catalog", url).unwrap()).await;
        assert_eq!(proven, Some(Proven::Services(vec!["intake".to_owned()])), "{name}");
    }
}

#[tokio::test]
async fn whoever_answers_in_anothers_place_is_not_spoken_to() {
    let (authority, others) =
        (Authority::with(&["catalog", "intake"]), Authority::with(&["catalog"]));
    for name in NAMES {
        let intake = authority.tls("intake", name);
        for (listens, peer) in
            [(authority.tls("catalog", name), "workflow"), (others.tls("catalog", name), "catalog")]
        {
            let proven = met(&listens, |url| intake.remote("intake", peer, url).unwrap()).await;
            assert_eq!(proven, None, "{name} {peer}");
        }
    }
}

#[tokio::test]
async fn people_connect_without_a_certificate_where_none_is_required() {
    let authority = Authority::with(&["catalog", "intake"]);
    let trusted = fs::read(authority.file("ca", "crt")).unwrap();
    for (clients, expected) in [
        (ClientCertificates::Requested, Some(Proven::Services(Vec::new()))),
        (ClientCertificates::Required, None),
        (ClientCertificates::Off, Some(Proven::NotAsked)),
    ] {
        let options = TlsOptions { clients, ..authority.options("catalog", NAMES[0]) };
        let catalog = Tls::load(options).unwrap();
        let proven = met(&catalog, |url| remote_trusting(url, &trusted).unwrap()).await;
        assert_eq!(proven, expected, "{clients:?}");
    }
}

#[test]
fn files_that_others_would_refuse_are_refused_at_the_start() {
    let authority = Authority::with(&["intake", "catalog"]);
    let options = authority.options("intake", NAMES[0]);
    let load = || Tls::load(options.clone()).err();
    assert!(load().is_none());
    let key = KeyPair::generate().unwrap();

    authority.issue("intake", &key, |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let error = load().unwrap();
    assert!(
        matches!(error, TlsError::Refused { .. }) && error.to_string().contains("expired"),
        "{error}"
    );
    authority.issue("intake", &key, |params| params.extended_key_usages.clear());
    assert!(load().is_none(), "a certificate may be for every use");
    authority.issue("intake", &key, |params| drop(params.extended_key_usages.pop()));
    assert!(matches!(load(), Some(TlsError::Refused { .. })), "for servers alone");
    authority.issue("intake", &key, |params| {
        params.subject_alt_names = vec![SanType::DnsName("*.intake".try_into().unwrap())];
    });
    let error = load().unwrap();
    assert!(error.to_string().ends_with("does not name intake, but *.intake"), "{error}");

    authority.issue("intake", &key, |_| {});
    assert!(load().is_none());
    fs::copy(authority.file("catalog", "key"), authority.file("intake", "key")).unwrap();
    assert!(matches!(load(), Some(TlsError::Key { .. })));
    write(&authority.file("intake", "key"), &key.serialize_pem(), 0o644);
    assert!(load().unwrap().to_string().contains("chmod 600"));
    write(&authority.file("intake", "key"), "no key", 0o600);
    assert!(matches!(load(), Some(TlsError::Malformed { .. })));
    fs::copy(Authority::new().file("ca", "crt"), authority.file("ca", "crt")).unwrap();
    write(&authority.file("intake", "key"), &key.serialize_pem(), 0o600);
    assert!(matches!(load(), Some(TlsError::Refused { .. })), "another authority");
}

#[tokio::test]
async fn what_is_new_counts_for_new_connections_and_what_does_not_fit_for_none() {
    let authority = Authority::with(&["catalog", "intake"]);
    let (catalog, intake) = (authority.tls("catalog", NAMES[0]), authority.tls("intake", NAMES[0]));
    let meet = async || met(&catalog, |url| intake.remote("intake", "catalog", url).unwrap()).await;
    assert!(!catalog.reload().unwrap());
    assert!(meet().await.is_some());

    // The key is there before its certificate.
    let key = KeyPair::generate().unwrap();
    write(&authority.file("catalog", "key"), &key.serialize_pem(), 0o600);
    assert!(matches!(catalog.reload(), Err(TlsError::Key { .. })));
    assert!(meet().await.is_some(), "what was in force stays");
    let before = catalog.ends();
    authority.issue("catalog", &key, |params| params.not_after = rcgen::date_time_ymd(2090, 1, 1));
    assert!(catalog.reload().unwrap());
    assert!(catalog.ends() < before);
    assert!(meet().await.is_some());

    let next = Authority::with(&["catalog"]);
    for (name, kind) in [("ca", "crt"), ("catalog", "key"), ("catalog", "crt")] {
        fs::copy(next.file(name, kind), authority.file(name, kind)).unwrap();
    }
    assert!(catalog.reload().unwrap());
    assert_eq!(meet().await, None, "the authority before is no longer trusted");
}
