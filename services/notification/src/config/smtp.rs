use std::path::PathBuf;

use lettre::message::Mailbox;
use motcua_config::Secret;
use serde::{Deserialize, Serialize};
use url::Url;

/// The way to a mail server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpConfig {
    /// Its name; none: e-mail goes to the spool alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// A file with certificates of its authority, PEM, beside those the system trusts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// By whom it knows us; none: it asks for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The user's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Who writes: `Tên <address>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The address by which people reach us (`https://…`), below which they stop letters that need
    /// not be sent; none: letters do not say how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// A private key that signs (DKIM): RSA as PKCS#1 PEM, or Ed25519 as 32 octets in Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dkim_key: Option<PathBuf>,
    /// The name under which its public half stands in the DNS of the writer's domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dkim_selector: Option<String>,
    /// Connections at once that are kept open.
    pub connections: u32,
    /// How long an answer of it is waited for, in seconds.
    pub answer_s: u32,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// It begins in clear and turns to TLS before anything is said; a server that does not
    /// offer that is not spoken to.
    Starttls,
    /// It begins with TLS.
    Implicit,
    /// Everything in clear.
    None,
}

impl Default for SmtpConfig {
    fn default() -> Self {
        Self {
            host: None,
            port: 587,
            tls: SmtpTls::Starttls,
            ca: None,
            user: None,
            password: None,
            from: None,
            unsubscribe: None,
            dkim_key: None,
            dkim_selector: None,
            connections: 4,
            answer_s: 30,
        }
    }
}

impl SmtpConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let rules = [
            (self.port > 0, "smtp.port: must be at least 1"),
            (
                self.host.is_none() || self.from.is_some(),
                "smtp.from: must say who writes where smtp.host is set",
            ),
            (
                self.from.as_deref().is_none_or(|from| from.parse::<Mailbox>().is_ok()),
                "smtp.from: must be an address, or a name and an address in <>",
            ),
            (
                self.user.is_some() == self.password.is_some(),
                "smtp.user: is set together with smtp.password",
            ),
            (
                self.dkim_key.is_some() == self.dkim_selector.is_some(),
                "smtp.dkim_key: is set together with smtp.dkim_selector",
            ),
            (
                self.unsubscribe.as_deref().is_none_or(is_base),
                "smtp.unsubscribe: must be an https address alone; the service puts \
                 /notification/unsubscribe/ and a token behind it",
            ),
            ((1..=100).contains(&self.connections), "smtp.connections: must be 1 to 100"),
            ((1..=100).contains(&self.answer_s), "smtp.answer_s: must be 1 to 100"),
        ];
        rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect()
    }
}

/// Whether something can be put behind an address, and goes there sealed.
fn is_base(address: &str) -> bool {
    let url = Url::parse(address);
    !address.contains(['{', '?', '#']) && url.is_ok_and(|url| url.scheme() == "https")
}
