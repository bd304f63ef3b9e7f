use std::{
    collections::HashSet,
    fmt::Debug,
    io::{self, ErrorKind},
    sync::{Arc, LazyLock},
    time::Duration,
};

use anyhow::Context;
use async_imap::{
    Client, Session,
    error::{Error, Result as Answered},
};
use futures::TryStreamExt;
use motcua_config::Secret;
use motcua_fault::{Fault, Kind};
use motcua_telemetry::{KeyValue, meter, metrics::Counter};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use super::{ReturnAddress, Returned};
use crate::config::{BouncesConfig, ImapTls};

/// So much of a letter is read, in octets: what it says of itself and the report come first.
const READ: &str = "(UID BODY.PEEK[]<0.262144>)";

static LOOKS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("motcua.mailbox.looks")
        .with_unit("{look}")
        .with_description(
            "How often it was looked what letters came back; with error.type, that it could not be.",
        )
        .build()
});

/// Why a mailbox cannot be used: it says no (a wrong password, no such folder, to all that is done with
/// letters), or nothing at all.
const REFUSED: &str = "REFUSED";
const AWAY: &str = "AWAY";

/// Counts looks, which begin at nothing: of a series that begins with its first count, nobody sees
/// that one was added.
fn count(looks: u64, failed: Option<&'static str>) {
    LOOKS.add(looks, failed.map(|why| KeyValue::new("error.type", why)).as_slice());
}

/// A connection, in clear or not.
trait Line: AsyncRead + AsyncWrite + Debug + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Debug + Send + Unpin> Line for T {}

/// The mailbox where letters come back, at a server (IMAP4rev1, RFC 3501).
pub(crate) struct Mailbox {
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
    user: String,
    password: Secret,
    folder: String,
    aside: String,
    patience: Duration,
    returns: ReturnAddress,
}

/// The mailbox with a session at its server.
pub(crate) struct Opened<'a> {
    of: &'a Mailbox,
    session: Session<Box<dyn Line>>,
    /// Whether it moves letters in one step (RFC 6851).
    moves: bool,
    /// Whether the folder for other letters was seen to.
    made: bool,
}

impl Mailbox {
    /// Nobody is spoken to yet. None where none is configured.
    pub(crate) fn new(
        config: &BouncesConfig,
        returns: Option<&ReturnAddress>,
    ) -> anyhow::Result<Option<Self>> {
        for why in [None, Some(REFUSED), Some(AWAY)] {
            count(0, why);
        }
        let Some(returns) = returns else { return Ok(None) };
        let tls = match config.tls {
            ImapTls::Implicit => {
                let trusted = motcua_outside::tls(config.ca.as_deref())?;
                Some(TlsConnector::from(Arc::new(trusted)))
            }
            ImapTls::None => None,
        };
        Ok(Some(Self {
            host: config.host.clone().context("notification.bounces.host is missing")?,
            port: config.port,
            tls,
            user: config.user.clone().context("notification.bounces.user is missing")?,
            password: config
                .password
                .clone()
                .context("notification.bounces.password is missing")?,
            folder: config.folder.clone(),
            aside: config.aside.clone(),
            patience: config.answer(),
            returns: returns.clone(),
        }))
    }

    /// What a letter in it is.
    pub(crate) fn read(&self, letter: &[u8]) -> Returned {
        Returned::read(letter, &self.returns)
    }

    /// Begins a session, and says which letters lie there, the oldest first, by the server's numbers.
    pub(crate) async fn look(&self) -> Result<(Opened<'_>, Vec<u32>), Fault> {
        let mut open = self.open().await?;
        let letters = open.letters().await?;
        Ok((open, letters))
    }

    /// Counts a look by what came of it, to its end: whoever may look and then reads or takes away nothing
    /// has looked in vain.
    pub(crate) fn looked<T>(came: &Result<T, Fault>) {
        let why = came.as_ref().err().map(|fault| match fault.kind() {
            Kind::Internal => REFUSED,
            _ => AWAY,
        });
        count(1, why);
    }

    async fn open(&self) -> Result<Opened<'_>, Fault> {
        let entered = async {
            let stream = TcpStream::connect((&*self.host, self.port)).await?;
            let line: Box<dyn Line> = match &self.tls {
                Some(tls) => {
                    let name = ServerName::try_from(self.host.clone());
                    let name = name.map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
                    Box::new(tls.connect(name, stream).await?)
                }
                None => Box::new(stream),
            };
            let mut client = Client::new(line);
            client.read_response().await?.ok_or(Error::ConnectionLost)?;
            let session = client.login(&self.user, self.password.expose()).await;
            let mut session = session.map_err(|(error, _)| error)?;
            let moves = session.capabilities().await?.has_str("MOVE");
            session.select(&self.folder).await?;
            Ok((session, moves))
        };
        let (session, moves) = self.within(entered).await?;
        Ok(Opened { of: self, session, moves, made: false })
    }

    /// Waits as long as is allowed. What a server says may quote an address: of that nothing is
    /// told.
    async fn within<T>(&self, asked: impl Future<Output = Answered<T>>) -> Result<T, Fault> {
        let why = match tokio::time::timeout(self.patience, asked).await {
            Ok(Ok(answer)) => return Ok(answer),
            // Of that kind is what could not be read, with all of it.
            Ok(Err(Error::Io(error))) if error.kind() != ErrorKind::Other => error.to_string(),
            // About one letter that need not hold up the others.
            Ok(Err(Error::No(_) | Error::Bad(_))) => {
                tracing::warn!("the server of letters that come back refuses something");
                return Err(Fault::internal("imap refuses"));
            }
            Ok(Err(Error::ConnectionLost)) => "it hangs up".to_owned(),
            Ok(Err(_)) => "what it says cannot be read".to_owned(),
            Err(_) => "it does not answer".to_owned(),
        };
        tracing::warn!(why, "the mailbox of letters that come back cannot be used");
        Err(Fault::unavailable("imap"))
    }
}

impl Opened<'_> {
    async fn letters(&mut self) -> Result<Vec<u32>, Fault> {
        let found = self.of.within(self.session.uid_search("UNDELETED")).await?;
        let mut found: Vec<_> = HashSet::into_iter(found).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The beginning of a letter; none where it was taken away meanwhile.
    pub(crate) async fn letter(&mut self, number: u32) -> Result<Option<Vec<u8>>, Fault> {
        let asked = async {
            let parts = self.session.uid_fetch(number.to_string(), READ).await?;
            let parts: Vec<_> = parts.try_collect().await?;
            let own = parts.iter().find(|part| part.uid == Some(number));
            // One of no octets is a letter too.
            Ok(own.map(|own| own.body().unwrap_or_default().to_vec()))
        };
        self.of.within(asked).await
    }

    /// Takes a letter away that was dealt with.
    pub(crate) async fn discard(&mut self, number: u32) -> Result<(), Fault> {
        self.of.within(deleted(&mut self.session, number)).await
    }

    /// Moves a letter that says nothing to us to where people may read it.
    pub(crate) async fn set_aside(&mut self, number: u32) -> Result<(), Fault> {
        let (folder, set) = (&self.of.aside, number.to_string());
        let session = &mut self.session;
        let (made, moves) = (self.made, self.moves);
        let asked = async {
            if !made && let Err(error) = session.create(folder).await {
                // It is there already.
                matches!(error, Error::No(_)).then_some(()).ok_or(error)?;
            }
            if moves {
                return session.uid_mv(&set, folder).await;
            }
            session.uid_copy(&set, folder).await?;
            deleted(session, number).await
        };
        self.of.within(asked).await?;
        self.made = true;
        Ok(())
    }

    /// Ends the session, and what was taken away is gone for good.
    pub(crate) async fn close(mut self) -> Result<(), Fault> {
        let asked = async {
            self.session.close().await?;
            self.session.logout().await
        };
        self.of.within(asked).await
    }
}

/// As a command whose answer is looked at: where a mailbox may only be read, that has to be told.
async fn deleted(session: &mut Session<Box<dyn Line>>, number: u32) -> Answered<()> {
    let command = format!("UID STORE {number} +FLAGS.SILENT (\\Deleted)");
    session.run_command_and_check_ok(command).await
}
