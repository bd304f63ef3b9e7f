//! E-mail by a mail server (RFC 5321).

mod letter;
mod unsubscribe;

use std::{error::Error as _, time::Duration};

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        Error, PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use motcua_context::Timestamp;

use self::letter::Writer;
pub(crate) use self::unsubscribe::{Stopper, Unsubscribing};
use super::{Provider, ReturnAddress};
use crate::{
    config::{SmtpConfig, SmtpTls},
    domain::{Address, Answer, MAILBOX, MailStatus, Message, Taken},
};

/// Codes by which a server says that it does not know us, or takes no mail: nothing is wrong
/// with the message.
const OURS: [&str; 5] = ["521", "530", "534", "535", "538"];

/// A mail server and the letters for it.
pub(super) struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    writer: Writer,
    /// Whether it is heard which letters come back.
    returns: bool,
}

impl Smtp {
    pub(super) fn new(
        host: &str,
        config: &SmtpConfig,
        returns: Option<ReturnAddress>,
        unsubscribing: Unsubscribing,
    ) -> anyhow::Result<Self> {
        let returned = returns.is_some();
        let writer = Writer::new(config, returns, unsubscribing)?;
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(config.port)
            .tls(tls(host, config)?)
            .timeout(Some(Duration::from_secs(config.answer_s.into())))
            .hello_name(ClientId::Domain(writer.domain().to_owned()))
            .pool_config(PoolConfig::new().max_size(config.connections));
        if let (Some(user), Some(password)) = (&config.user, &config.password) {
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            server = server.credentials(credentials);
        }
        Ok(Self { server: server.build(), writer, returns: returned })
    }
}

#[async_trait::async_trait]
impl Provider for Smtp {
    async fn send(&self, now: Timestamp, message: &Message) -> Answer {
        let Address::Email(to) = &message.written.address else {
            return Answer::refused("NO_MAILBOX");
        };
        let Ok(letter) = self.writer.write(now, to, message) else {
            return Answer::refused("ADDRESS_REFUSED");
        };
        match self.server.send(letter).await {
            Ok(_) => {
                let id = Some(self.writer.id(message));
                Answer::Taken(Taken { id, segments: 1, receipt: self.returns })
            }
            Err(error) => refused(&error),
        }
    }
}

/// What a server says may quote the address: of that the codes alone are read.
fn refused(error: &Error) -> Answer {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    let mailbox = MailStatus::parse(&said).is_some_and(MailStatus::is_about_mailbox);
    let about = if mailbox { MAILBOX } else { "SMTP_" };
    match error.status().map(|code| code.to_string()) {
        Some(code) if error.is_permanent() && !OURS.contains(&code.as_str()) => {
            Answer::refused(format!("{about}{code}"))
        }
        Some(code) => Answer::later(format!("{about}{code}")),
        None if error.is_timeout() => Answer::later("TIMEOUT"),
        None => {
            if !error.is_response() {
                // It never came to saying anything: a name, a connection, a certificate.
                tracing::warn!(%error, "the mail server cannot be spoken to");
            }
            Answer::later("AWAY")
        }
    }
}

fn tls(host: &str, config: &SmtpConfig) -> anyhow::Result<Tls> {
    if config.tls == SmtpTls::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(file) = &config.ca {
        let pem = std::fs::read(file).with_context(|| file.display().to_string())?;
        let authority = Certificate::from_pem(&pem).with_context(|| file.display().to_string())?;
        parameters = parameters.add_root_certificate(authority);
    }
    let parameters = parameters.build_rustls()?;
    Ok(match config.tls {
        SmtpTls::Implicit => Tls::Wrapper(parameters),
        SmtpTls::Starttls | SmtpTls::None => Tls::Required(parameters),
    })
}
