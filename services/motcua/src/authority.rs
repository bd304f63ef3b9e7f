//! An authority of one's own for the services' certificates: for development,
//! tests, and a province without another.

use std::{
    fs, io,
    net::IpAddr,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail, ensure};
use chrono::{TimeDelta, Utc};
use motcua_context::Timestamp;
use motcua_sealing::require_private;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use x509_parser::{
    extensions::GeneralName,
    pem::Pem,
    prelude::{FromDer, X509Certificate},
};

/// How long an authority lives.
const AUTHORITY_LIFE: TimeDelta = TimeDelta::days(3650);
/// Other machines' clocks may be late by so much.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);
/// The authority's files; a service's are `NAME.crt` and `NAME.key`.
const AUTHORITY: &str = "ca";

/// From when until when a certificate counts.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    /// Not before.
    pub from: Timestamp,
    /// Not after.
    pub until: Timestamp,
}

/// An authority in a folder: `ca.crt`, and `ca.key` that makes certificates.
pub struct Authority {
    dir: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    ends: Timestamp,
}

impl Authority {
    /// Makes one, where none is.
    ///
    /// # Errors
    /// There is one.
    pub fn make(dir: &Path, now: Timestamp) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name = named("motcua authority");
        let life = Life { from: now, until: now + AUTHORITY_LIFE };
        live(&mut params, life);
        let certificate = params.self_signed(&key)?;
        write_new(&file(dir, AUTHORITY, "key"), &key.serialize_pem(), 0o600)?;
        write_new(&file(dir, AUTHORITY, "crt"), &certificate.pem(), 0o644)?;
        Ok(Self { dir: dir.to_owned(), issuer: Issuer::new(params, key), ends: life.until })
    }

    /// The one in this folder.
    ///
    /// # Errors
    /// There is none, or it is not whole.
    pub fn open(dir: &Path) -> Result<Self> {
        let (certificate, key) = (file(dir, AUTHORITY, "crt"), file(dir, AUTHORITY, "key"));
        let key = read_key(&key)?;
        let text = read(&certificate)?;
        let ends = with_certificate(&text, |x509| Ok(x509.validity().not_after.timestamp()))
            .with_context(|| certificate.display().to_string())?;
        let ends = chrono::DateTime::from_timestamp(ends, 0).context("when the authority ends")?;
        let issuer = Issuer::from_ca_cert_pem(&text, key)?;
        Ok(Self { dir: dir.to_owned(), issuer, ends })
    }

    /// The services that have a certificate here.
    pub fn services(&self) -> Result<Vec<String>> {
        let mut services = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|e| e == "crt") && stem != AUTHORITY {
                services.push(stem.to_owned());
            }
        }
        services.sort();
        Ok(services)
    }

    /// Makes a service's key and certificate. It is called by the service's name
    /// and reached at `hosts`: DNS names and addresses.
    ///
    /// # Errors
    /// It has one already.
    pub fn issue(&self, service: &str, hosts: &[String], life: Life) -> Result<()> {
        let key = KeyPair::generate()?;
        let mut names = vec![
            SanType::DnsName(service.try_into()?),
            SanType::URI(format!("spiffe://motcua/{service}").try_into()?),
        ];
        for host in hosts {
            names.push(match host.parse::<IpAddr>() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(host.as_str().try_into()?),
            });
        }
        let certificate = self.sign(service, names, life, &key)?;
        write_new(&file(&self.dir, service, "key"), &key.serialize_pem(), 0o600)?;
        write_new(&file(&self.dir, service, "crt"), &certificate, 0o644)
    }

    /// Makes a service's certificate anew, with its names and its key. One file
    /// is replaced whole, so that nobody reads halves of two pairs.
    pub fn renew(&self, service: &str, life: Life) -> Result<()> {
        let path = file(&self.dir, service, "crt");
        let key = read_key(&file(&self.dir, service, "key"))?;
        let names = with_certificate(&read(&path)?, names_of)
            .with_context(|| path.display().to_string())?;
        let certificate = self.sign(service, names, life, &key)?;
        let draft = file(&self.dir, service, &format!("draft-{:016x}", rand::random::<u64>()));
        write_new(&draft, &certificate, 0o644)?;
        fs::rename(&draft, &path).with_context(|| path.display().to_string())
    }

    fn sign(
        &self,
        service: &str,
        names: Vec<SanType>,
        life: Life,
        key: &KeyPair,
    ) -> Result<String> {
        ensure!(
            life.until <= self.ends,
            "the authority itself ends on {}: write fewer --days, or make another authority",
            self.ends.format("%Y-%m-%d")
        );
        let mut params = CertificateParams::default();
        params.subject_alt_names = names;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // A service listens and calls.
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        params.distinguished_name = named(service);
        live(&mut params, life);
        Ok(params.signed_by(key, &self.issuer)?.pem())
    }
}

fn named(name: &str) -> rcgen::DistinguishedName {
    let mut named = rcgen::DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

fn live(params: &mut CertificateParams, life: Life) {
    let instant = |at: chrono::DateTime<Utc>| SystemTime::from(at).into();
    params.not_before = instant(life.from - CLOCKS_DIFFER);
    params.not_after = instant(life.until);
}

fn names_of(x509: &X509Certificate<'_>) -> Result<Vec<SanType>> {
    let alternatives = x509.subject_alternative_name()?.context("it names nobody")?;
    let name = |general: &GeneralName<'_>| {
        Ok(match general {
            GeneralName::DNSName(name) => SanType::DnsName((*name).try_into()?),
            GeneralName::URI(uri) => SanType::URI((*uri).try_into()?),
            GeneralName::IPAddress(octets) => SanType::IpAddress(address(octets)?),
            other => bail!("{other} is no name of a service"),
        })
    };
    alternatives.value.general_names.iter().map(name).collect()
}

fn address(octets: &[u8]) -> Result<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(octets) {
        return Ok(v4.into());
    }
    Ok(<[u8; 16]>::try_from(octets).context("an address has 4 or 16 octets")?.into())
}

fn with_certificate<T>(
    text: &str,
    ask: impl FnOnce(&X509Certificate<'_>) -> Result<T>,
) -> Result<T> {
    let pem = Pem::iter_from_buffer(text.as_bytes()).next().context("holds no certificate")??;
    let (_, x509) = X509Certificate::from_der(&pem.contents)?;
    ask(&x509)
}

fn file(dir: &Path, name: &str, kind: &str) -> PathBuf {
    dir.join(format!("{name}.{kind}"))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn read_key(path: &Path) -> Result<KeyPair> {
    require_private(path)?;
    KeyPair::from_pem(&read(path)?).with_context(|| path.display().to_string())
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str, mode: u32) -> Result<()> {
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| path.display().to_string())
}
