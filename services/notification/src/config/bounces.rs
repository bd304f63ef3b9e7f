use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;
use motcua_config::Secret;
use serde::{Deserialize, Serialize};

use crate::domain::LetterRule;

/// Signs that stand before the @ of an address at the most (RFC 5321, 4.5.3.1.1), less what makes
/// it each letter's own.
const LOCAL: usize = 64 - 1 - 48;

/// The mailbox into which letters come back that could not be delivered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BouncesConfig {
    /// Its address; none: letters that come back are not heard of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The server where it lies (IMAP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The server's port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: ImapTls,
    /// A file with certificates of its authority, PEM, beside those the system trusts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// Whose mailbox it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The user's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// The folder into which they come.
    pub folder: String,
    /// The folder into which everything else is moved that lies there.
    pub aside: String,
    /// How often it is looked into, in seconds.
    pub poll_s: u32,
    /// How long an answer of the server is waited for, in seconds.
    pub answer_s: u32,
    /// How long after its hand-over a letter that did not come back counts as delivered, in hours.
    pub settled_h: u32,
    /// How long nothing is sent to an address at which there is nobody, in days.
    pub gone_days: u32,
}

/// How a connection to the mailbox is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImapTls {
    /// It begins with TLS.
    Implicit,
    /// Everything in clear.
    None,
}

impl Default for BouncesConfig {
    fn default() -> Self {
        Self {
            address: None,
            host: None,
            port: 993,
            tls: ImapTls::Implicit,
            ca: None,
            user: None,
            password: None,
            folder: "INBOX".to_owned(),
            aside: "motcua-khac".to_owned(),
            poll_s: 60,
            answer_s: 30,
            settled_h: 72,
            gone_days: 90,
        }
    }
}

impl BouncesConfig {
    /// Everything that is wrong, each beginning with its key; `smtp`: whether letters go out.
    pub(super) fn wrong(&self, smtp: bool) -> Vec<String> {
        let plain = |name: &str| {
            let signs = name.chars().all(|sign| sign.is_ascii_graphic() || sign == ' ');
            signs && !name.is_empty() && !name.contains(['"', '\\', '&', '*', '%'])
        };
        let known = self.host.is_some() && self.user.is_some() && self.password.is_some();
        let rules = [
            (
                self.address.as_deref().is_none_or(is_address),
                "bounces.address: must be an address, at most 15 signs before the @ and no + among \
                 them",
            ),
            (self.address.is_none() || smtp, "bounces.address: is set together with smtp.host"),
            (
                self.address.is_none() || known,
                "bounces.host: is set with bounces.user and bounces.password where bounces.address \
                 is",
            ),
            (self.port > 0, "bounces.port: must be at least 1"),
            (plain(&self.folder), "bounces.folder: must be of plain letters, figures and blanks"),
            (
                plain(&self.aside) && self.aside != self.folder,
                "bounces.aside: must be of plain letters, and another folder than bounces.folder",
            ),
            ((1..=3_600).contains(&self.poll_s), "bounces.poll_s: must be 1 to 3600"),
            ((1..=100).contains(&self.answer_s), "bounces.answer_s: must be 1 to 100"),
            ((1..=720).contains(&self.settled_h), "bounces.settled_h: must be 1 to 720"),
            ((1..=3_650).contains(&self.gone_days), "bounces.gone_days: must be 1 to 3650"),
        ];
        rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect()
    }

    /// How often it is looked into.
    pub fn every(&self) -> Duration {
        Duration::from_secs(self.poll_s.into())
    }

    /// How long an answer is waited for.
    pub fn answer(&self) -> Duration {
        Duration::from_secs(self.answer_s.into())
    }

    /// What follows from what comes back; none where that is not heard.
    pub fn rule(&self) -> Option<LetterRule> {
        self.address.as_ref().map(|_| LetterRule {
            settled: TimeDelta::hours(self.settled_h.into()),
            remembered: TimeDelta::days(self.gone_days.into()),
        })
    }
}

fn is_address(text: &str) -> bool {
    let local = text.split_once('@').map_or("", |(local, _)| local);
    local.len() <= LOCAL && !local.contains('+') && text.parse::<lettre::Address>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> BouncesConfig {
        BouncesConfig {
            address: Some("bounces@example.vn".into()),
            host: Some("mail".into()),
            user: Some("bounces".into()),
            password: Some(Secret::new("secret")),
            ..Default::default()
        }
    }

    #[test]
    fn a_mailbox_is_whole_or_told_what_it_lacks() {
        assert_eq!(BouncesConfig::default().wrong(false), [""; 0]);
        assert_eq!(whole().wrong(true), [""; 0]);
        let keys = |config: BouncesConfig, smtp| {
            let wrong = config.wrong(smtp).into_iter();
            wrong.filter_map(|w| w.split(':').next().map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(keys(whole(), false), ["bounces.address"]);
        assert_eq!(keys(BouncesConfig { password: None, ..whole() }, true), ["bounces.host"]);
        for address in ["ai đó", "thu+tra@example.vn", "mot-noi-rat-xa-xoi@example.vn", "@x"] {
            let config = BouncesConfig { address: Some(address.into()), ..whole() };
            assert_eq!(keys(config, true), ["bounces.address"], "{address}");
        }
        let folders = BouncesConfig { aside: "INBOX".into(), folder: "Thư".into(), ..whole() };
        assert_eq!(keys(folders, true), ["bounces.folder"]);
        let same = BouncesConfig { aside: "INBOX".into(), poll_s: 0, settled_h: 721, ..whole() };
        assert_eq!(keys(same, true), ["bounces.aside", "bounces.poll_s", "bounces.settled_h"]);
    }
}
