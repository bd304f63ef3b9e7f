use std::{path::PathBuf, time::Duration};

use motcua_config::Section;
use motcua_rpc::{ClientCertificates, OwnFiles, Tls, TlsError, TlsOptions};
use serde::{Deserialize, Serialize};

use crate::{Mode, Spine};

/// `[tls]`: by what services prove themselves to each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsSettings {
    /// The folder with the certificates. Absent: gRPC is served without TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dir: Option<PathBuf>,
    /// A service's certificate, a file in that folder.
    pub cert: String,
    /// Its private key.
    pub key: String,
    /// Certificates of the authorities that are trusted.
    pub ca: String,
    /// What the certificate of a service is called: a DNS name or a URI.
    pub name: String,
    /// Whether who connects to gRPC has to show a certificate.
    pub clients: ClientCertificates,
    /// How long a connection lives, in seconds.
    pub connection_s: u64,
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self {
            dir: None,
            cert: "{service}.crt".to_owned(),
            key: "{service}.key".to_owned(),
            ca: "ca.crt".to_owned(),
            name: "{service}".to_owned(),
            clients: ClientCertificates::Requested,
            connection_s: 600,
        }
    }
}

impl Section for TlsSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if !self.name.contains("{service}") {
            let what = "name: must hold {service}: one name for all would let each speak for all";
            wrong.push(what.to_owned());
        }
        if self.connection_s == 0 {
            wrong.push("connection_s: must be at least 1".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl TlsSettings {
    /// How long a connection lives.
    pub fn connection_life(&self) -> Duration {
        Duration::from_secs(self.connection_s)
    }
}

impl Spine {
    /// Where the certificates of these services are; `None` without TLS.
    pub fn tls_options(&self, roles: &[&str], all: &[&str]) -> Option<TlsOptions> {
        let dir: PathBuf = self.fill(&self.tls.dir.as_ref()?.to_string_lossy(), "").into();
        let file = |name: &str, service: &str| dir.join(self.fill(name, service));
        let own = |service: &&str| OwnFiles {
            service: (*service).to_owned(),
            certificate: file(&self.tls.cert, service),
            key: file(&self.tls.key, service),
        };
        Some(TlsOptions {
            authorities: file(&self.tls.ca, ""),
            own: roles.iter().map(own).collect(),
            services: all.iter().map(|&service| service.to_owned()).collect(),
            name: self.tls.name.clone(),
            clients: self.tls.clients,
        })
    }

    /// The certificates of these services, read and checked; `None` without TLS.
    pub fn tls(&self, roles: &[&str], all: &[&str]) -> Result<Option<Tls>, TlsError> {
        self.tls_options(roles, all).map(Tls::load).transpose()
    }

    /// What of the ways to neighbours cannot be, or not in production.
    pub(crate) fn refuse_plain(&self, roles: &[&str], all: &[&str]) -> Vec<String> {
        let mut wrong = Vec::new();
        let production = self.server.mode == Mode::Production;
        let mut elsewhere = all.iter().filter(|name| !roles.contains(name));
        let ways = elsewhere.clone().filter_map(|name| Some((name, self.peers.0.get(*name)?)));
        for (name, url) in ways {
            if url.starts_with("https://") && self.tls.dir.is_none() {
                wrong.push(format!("peers.{name}: https:// needs certificates: write tls.dir"));
            }
            if url.starts_with("http://") && production {
                wrong.push(format!(
                    "peers.{name}: http:// is refused in production; write https:// and tls.dir"
                ));
            }
        }
        let alone = elsewhere.next().is_some();
        if production && alone && self.tls.clients == ClientCertificates::Off {
            wrong.push("tls.clients: off is refused in production; write requested".to_owned());
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spine::tests::spine;

    #[test]
    fn neighbours_are_reached_by_tls_and_in_production_by_nothing_else() {
        let ways = |mode, url: &str, change: fn(&mut TlsSettings)| {
            let spine = spine(|s| {
                s.server.mode = mode;
                s.peers.0.insert("identity".into(), url.into());
                change(&mut s.tls);
            });
            let keys = spine.refuse_plain(&["intake"], &["identity", "intake"]).into_iter();
            keys.filter_map(|w| Some(w.split_once(": ")?.0.to_owned())).collect::<Vec<_>>()
        };
        let (plain, https) = ("http://identity:50051", "https://identity:50051");
        let with: fn(&mut TlsSettings) = |tls| tls.dir = Some("tls".into());
        assert_eq!(ways(Mode::Test, plain, |_| {}), [""; 0]);
        assert_eq!(ways(Mode::Test, https, |_| {}), ["peers.identity"]);
        assert_eq!(ways(Mode::Production, plain, with), ["peers.identity"]);
        assert_eq!(ways(Mode::Production, https, with), [""; 0]);
        let unasked: fn(&mut TlsSettings) = |tls| {
            tls.dir = Some("tls".into());
            tls.clients = ClientCertificates::Off;
        };
        assert_eq!(ways(Mode::Production, https, unasked), ["tls.clients"]);
    }
}
