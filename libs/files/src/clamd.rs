use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use clamav_client::tokio::{Socket, Tcp, ping, scan_stream};
use futures::{Stream, StreamExt, future::Either};
use motcua_fault::{Fault, Kind};
use serde::{Deserialize, Serialize};

/// The longest a scan may take.
const SCAN: Duration = Duration::from_mins(2);
/// The longest an answer to "are you there" may take.
const PING: Duration = Duration::from_secs(2);

/// Whether files must be examined before they are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanPolicy {
    /// Nothing is served that a scanner has not found clean.
    #[default]
    Required,
    /// The embedded demonstration alone: everything is shown as not examined.
    Off,
}

/// What a scanner says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// This was found: the signature's name.
    Infected(String),
    /// There is no scanner, by configuration.
    Unscanned,
}

impl Verdict {
    /// Whether the file may be served at all; one that is unscanned must be shown as such.
    pub fn may_be_served(&self) -> bool {
        !matches!(self, Self::Infected(_))
    }
}

/// What examines files.
#[derive(Debug, Clone)]
pub enum Scanner {
    /// Nothing does: [`ScanPolicy::Off`].
    Off,
    /// ClamAV's daemon.
    Clamd(Clamd),
}

/// ClamAV's daemon, by its address.
#[derive(Debug, Clone)]
pub struct Clamd(Address);

#[derive(Debug, Clone)]
enum Address {
    Tcp(Arc<str>),
    Unix(Arc<std::path::Path>),
}

/// An address that is none of clamd's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is no address of clamd: write tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl")]
pub struct BadAddress(String);

impl Scanner {
    /// No scanner: every verdict is [`Verdict::Unscanned`].
    pub fn off() -> Self {
        Self::Off
    }

    /// ClamAV's daemon at `tcp://host:port` or `unix:/path`. Its `StreamMaxLength`
    /// must not be below the longest file taken.
    pub fn clamd(address: &str) -> Result<Self, BadAddress> {
        let tcp = address.strip_prefix("tcp://").map(|a| a.trim_end_matches('/'));
        let unix = address.strip_prefix("unix:").map(|path| path.trim_start_matches("//"));
        match (tcp, unix) {
            (Some(host), _) if host.contains(':') => Ok(Address::Tcp(host.into())),
            (_, Some(path)) if !path.is_empty() => {
                Ok(Address::Unix(std::path::Path::new(path).into()))
            }
            _ => Err(BadAddress(address.to_owned())),
        }
        .map(|address| Self::Clamd(Clamd(address)))
    }

    /// Whether the scanner answers; always, where there is none.
    pub async fn is_answering(&self) -> bool {
        let Self::Clamd(clamd) = self else { return true };
        let asked = match &clamd.0 {
            Address::Tcp(host) => Either::Left(ping(Tcp { host_address: &**host })),
            Address::Unix(path) => Either::Right(ping(Socket { socket_path: &**path })),
        };
        let answer = tokio::time::timeout(PING, asked).await;
        matches!(answer, Ok(Ok(pong)) if pong == clamav_client::PONG)
    }
}

impl Clamd {
    /// Streams the plain bytes past the scanner; they are kept nowhere.
    pub(crate) async fn scan(
        &self,
        plain: impl Stream<Item = Result<Bytes, Fault>> + Send,
    ) -> Result<Verdict, Fault> {
        // The client knows io errors alone: our own fault waits here.
        let ours = Mutex::new(None);
        let pieces = plain.map(|piece| {
            piece.map_err(|fault| {
                *ours.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
                io::Error::other("the file cannot be read")
            })
        });
        let chunk = Some(64 * 1024);
        let asked = match &self.0 {
            Address::Tcp(host) => {
                Either::Left(scan_stream(pieces, Tcp { host_address: &**host }, chunk))
            }
            Address::Unix(path) => {
                Either::Right(scan_stream(pieces, Socket { socket_path: &**path }, chunk))
            }
        };
        let answer = tokio::time::timeout(SCAN, asked).await;
        if let Some(fault) = ours.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(fault);
        }
        match answer {
            Ok(Ok(answer)) => verdict(&answer),
            Ok(Err(error)) => Err(unavailable(error)),
            Err(elapsed) => Err(unavailable(elapsed)),
        }
    }
}

/// Reads `stream: OK`, `stream: NAME FOUND`, or trouble; in doubt, the file is not clean.
fn verdict(answer: &[u8]) -> Result<Verdict, Fault> {
    let text = String::from_utf8_lossy(answer);
    let said = text.trim_matches(['\0', '\n', ' ']);
    let said = said.strip_prefix("stream: ").unwrap_or(said);
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.to_owned())),
        None if said == "OK" => Ok(Verdict::Clean),
        None => Err(unavailable(format!("clamd said «{said}»"))),
    }
}

fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    let text = "Tệp đang chờ kiểm tra an toàn, vui lòng thử lại sau ít phút.";
    Fault::new(Kind::Unavailable, "SCANNER_UNAVAILABLE", text).because(cause)
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean => f.write_str("clean"),
            Self::Infected(name) => write!(f, "infected: {name}"),
            Self::Unscanned => f.write_str("unscanned"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_ok_is_clean() {
        assert_eq!(verdict(b"stream: OK\0").unwrap(), Verdict::Clean);
        assert_eq!(
            verdict(b"stream: Win.Test.EICAR_HDB-1 FOUND\0").unwrap(),
            Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned())
        );
        for doubtful in [&b"INSTREAM size limit exceeded. ERROR\0"[..], b"", b"stream: OKAY"] {
            let fault = verdict(doubtful).unwrap_err();
            assert_eq!((fault.reason(), fault.kind()), ("SCANNER_UNAVAILABLE", Kind::Unavailable));
        }
    }

    #[test]
    fn addresses_are_checked_at_start() {
        assert!(Scanner::clamd("tcp://127.0.0.1:3310").is_ok());
        assert!(Scanner::clamd("unix:/run/clamav/clamd.ctl").is_ok());
        assert!(Scanner::clamd("unix:///run/clamav/clamd.ctl").is_ok());
        for bad in ["", "127.0.0.1:3310", "tcp://host", "unix:"] {
            assert!(Scanner::clamd(bad).is_err(), "{bad}");
        }
    }
}
