use std::{io, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use motcua_fault::Fault;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use crate::{Verdict, Waiting};

/// The longest until a connection stands, and until a ping is answered.
const PING: Duration = Duration::from_secs(2);
/// The longest answer that is read, in bytes.
const ANSWER: u64 = 4 * 1024;
/// What is sent at once, in bytes.
const CHUNK: usize = 64 * 1024;

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
    Unix(Arc<Path>),
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

    /// ClamAV's daemon at `tcp://host:port` or `unix:/path`. What it must be set to is
    /// in `docs/scanning.md`.
    pub fn clamd(address: &str) -> Result<Self, BadAddress> {
        let tcp = address.strip_prefix("tcp://").map(|a| a.trim_end_matches('/'));
        let unix = address.strip_prefix("unix:").map(|path| path.trim_start_matches("//"));
        match (tcp, unix) {
            (Some(host), _) if host.contains(':') => Ok(Address::Tcp(host.into())),
            (_, Some(path)) if !path.is_empty() => Ok(Address::Unix(Path::new(path).into())),
            _ => Err(BadAddress(address.to_owned())),
        }
        .map(|address| Self::Clamd(Clamd(address)))
    }

    /// Whether the scanner answers; always, where there is none.
    pub async fn is_answering(&self) -> bool {
        let Self::Clamd(clamd) = self else { return true };
        let asked = async {
            let mut clamd = clamd.connect().await?;
            clamd.write_all(b"zPING\0").await?;
            answer(&mut clamd).await
        };
        matches!(timeout(PING, asked).await, Ok(Ok(pong)) if pong == b"PONG\0")
    }
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

impl Clamd {
    /// Streams the plain bytes past the scanner, for `patience` at the most; they are
    /// kept nowhere.
    ///
    /// # Errors
    /// The bytes themselves cannot be had; never anything about the scanner.
    pub(crate) async fn scan(
        &self,
        plain: impl Stream<Item = Result<Bytes, Fault>> + Send + Unpin,
        patience: Duration,
    ) -> Result<Verdict, Fault> {
        let Ok(Ok(clamd)) = timeout(PING, self.connect()).await else {
            return Ok(Verdict::Waiting(Waiting::Away));
        };
        let said = timeout(patience, converse(clamd, plain)).await;
        Ok(Verdict::read(&said.unwrap_or_else(|_| Ok(Vec::new()))?))
    }

    async fn connect(&self) -> io::Result<Box<dyn Duplex>> {
        Ok(match &self.0 {
            Address::Tcp(host) => Box::new(TcpStream::connect(&**host).await?),
            Address::Unix(path) => Box::new(UnixStream::connect(path).await?),
        })
    }
}

/// `zINSTREAM`, then chunks with their length ahead, ended by an empty one. Of a
/// file that is too long clamd says so and hangs up while it is still being sent:
/// so the answer is listened for all the while, and that sending fails says nothing.
async fn converse(
    clamd: Box<dyn Duplex>,
    mut plain: impl Stream<Item = Result<Bytes, Fault>> + Send + Unpin,
) -> Result<Vec<u8>, Fault> {
    let (mut hear, mut say) = split(clamd);
    let speaking = async {
        let mut open = say.write_all(b"zINSTREAM\0").await.is_ok();
        while let Some(piece) = plain.next().await {
            for chunk in piece?.chunks(CHUNK) {
                open = open && send_chunk(&mut say, chunk).await.is_ok();
            }
            if !open {
                return Ok(());
            }
        }
        let _ = say.write_all(&[0; 4]).await;
        Ok::<_, Fault>(())
    };
    let answer = async { answer(&mut hear).await.unwrap_or_default() };
    tokio::pin!(answer);
    tokio::select! {
        said = &mut answer => Ok(said),
        spoken = speaking => {
            spoken?;
            Ok(answer.await)
        }
    }
}

async fn send_chunk(say: &mut (impl AsyncWrite + Unpin), chunk: &[u8]) -> io::Result<()> {
    let length = u32::try_from(chunk.len()).map_err(io::Error::other)?;
    say.write_all(&length.to_be_bytes()).await?;
    say.write_all(chunk).await
}

/// What is said until its end, or until clamd hangs up.
async fn answer(hear: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut said = Vec::new();
    let mut hear = hear.take(ANSWER);
    while !said.ends_with(b"\0") {
        match hear.read_buf(&mut said).await {
            Ok(0) => break,
            Ok(_) => {}
            // What was said before it counts.
            Err(_) if !said.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;

    #[test]
    fn addresses_are_checked_at_start() {
        assert!(Scanner::clamd("tcp://127.0.0.1:3310").is_ok());
        assert!(Scanner::clamd("unix:/run/clamav/clamd.ctl").is_ok());
        assert!(Scanner::clamd("unix:///run/clamav/clamd.ctl").is_ok());
        for bad in ["", "127.0.0.1:3310", "tcp://host", "unix:"] {
            assert!(Scanner::clamd(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_a_plain_ok_lets_a_file_through(
            said in proptest::prop_oneof![
                proptest::prelude::any::<Vec<u8>>(),
                "(stream: )?[A-Za-z. ]{0,30}(OK|FOUND|ERROR)?\0?".prop_map(String::into_bytes),
            ],
        ) {
            let clean = Verdict::read(&said) == Verdict::Clean;
            let text = String::from_utf8_lossy(&said);
            let text = text.trim_matches(['\0', '\n', ' ']);
            proptest::prop_assert_eq!(clean, text == "OK" || text == "stream: OK");
        }
    }
}
