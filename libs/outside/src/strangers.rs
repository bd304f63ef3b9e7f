use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::anyhow;
use reqwest::{
    Client, RequestBuilder, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
};
use url::{Host, Url};

use crate::{client, public::is_public};

/// What is read of a stranger's answer: nothing in it counts, and a connection can be used again.
const SKIPPED: usize = 8 * 1024;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An address that is not somebody's in the public network, or a way to it in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address is not public, or not https")]
pub struct NotPublic;

/// The way to systems whose addresses others name. It leads to public addresses alone, by TLS: a
/// name is looked at each time after it was resolved, so that one which leads elsewhere later is no
/// way in. Redirects are not followed.
pub struct Strangers {
    client: Client,
    resolver: Checked,
}

impl Strangers {
    /// Waits so long at the most; `ca`: an authority beside the machine's own, PEM; `anywhere`: to
    /// whatever address, in clear too, for trying out alone.
    ///
    /// # Errors
    /// The file cannot be read, or holds no certificate.
    pub fn new(patience: Duration, ca: Option<&Path>, anywhere: bool) -> anyhow::Result<Self> {
        Self::with(Arc::new(System), patience, ca, anywhere)
    }

    fn with(
        names: Arc<dyn Resolve>,
        patience: Duration,
        ca: Option<&Path>,
        anywhere: bool,
    ) -> anyhow::Result<Self> {
        let resolver = Checked { names, anywhere };
        let client = client(patience, ca)?.dns_resolver(resolver.clone()).build()?;
        Ok(Self { client, resolver })
    }

    /// Whether requests may go there now: its name, if it has one, is resolved.
    ///
    /// # Errors
    /// [`NotPublic`]; or the name cannot be resolved.
    pub async fn admit(&self, url: &Url) -> anyhow::Result<()> {
        self.check(url)?;
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        match self.resolver.addresses(name.parse()?).await {
            Ok(_) => Ok(()),
            Err(error) if error.is::<NotPublic>() => Err(NotPublic.into()),
            Err(error) => Err(anyhow!("the name cannot be resolved: {error}")),
        }
    }

    /// A POST to this address.
    ///
    /// # Errors
    /// See [`NotPublic`]; a name is resolved and looked at when it is sent.
    pub fn post(&self, url: &Url) -> Result<RequestBuilder, NotPublic> {
        self.check(url)?;
        Ok(self.client.post(url.clone()))
    }

    /// A GET of this address.
    ///
    /// # Errors
    /// See [`NotPublic`]; a name is resolved and looked at when it is sent.
    pub fn get(&self, url: &Url) -> Result<RequestBuilder, NotPublic> {
        self.check(url)?;
        Ok(self.client.get(url.clone()))
    }

    /// Sends, and answers the status with what came; none where it is more than so many octets.
    ///
    /// # Errors
    /// Nobody answers in time; or [`NotPublic`], which [`is_not_public`](Self::is_not_public) tells.
    pub async fn body(
        request: RequestBuilder,
        most: usize,
    ) -> anyhow::Result<(StatusCode, Option<Vec<u8>>)> {
        let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
        let (status, mut body) = (response.status(), Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
            if body.len() + chunk.len() > most {
                return Ok((status, None));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((status, Some(body)))
    }

    /// Sends, and answers the status; what else is answered is passed over.
    ///
    /// # Errors
    /// Nobody answers in time; or [`NotPublic`], which [`is_not_public`](Self::is_not_public) tells.
    pub async fn status(request: RequestBuilder) -> anyhow::Result<StatusCode> {
        let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
        let (status, mut left) = (response.status(), SKIPPED);
        while let Ok(Some(chunk)) = response.chunk().await {
            let Some(rest) = left.checked_sub(chunk.len()) else { break };
            left = rest;
        }
        Ok(status)
    }

    /// Whether it was the address that would not do.
    pub fn is_not_public(error: &anyhow::Error) -> bool {
        error.chain().any(<dyn std::error::Error>::is::<NotPublic>)
    }

    /// What can be said before a name is resolved. An address in place of a name is never resolved.
    fn check(&self, url: &Url) -> Result<(), NotPublic> {
        let good = self.resolver.anywhere
            || url.scheme() == "https"
                && match url.host() {
                    Some(Host::Domain(_)) => true,
                    Some(Host::Ipv4(address)) => is_public(address.into()),
                    Some(Host::Ipv6(address)) => is_public(address.into()),
                    None => false,
                };
        good.then_some(()).ok_or(NotPublic)
    }
}

/// Resolves names, and answers public addresses or none: a name that leads to both is not to be
/// trusted with either.
#[derive(Clone)]
struct Checked {
    names: Arc<dyn Resolve>,
    anywhere: bool,
}

impl Checked {
    async fn addresses(&self, name: Name) -> Result<Vec<SocketAddr>, Failure> {
        let found: Vec<_> = self.names.resolve(name).await?.collect();
        if found.is_empty() {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        let good = self.anywhere || found.iter().all(|found| is_public(found.ip()));
        if good { Ok(found) } else { Err(NotPublic.into()) }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let own = self.clone();
        Box::pin(async move {
            let found = own.addresses(name).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// As the machine resolves names.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::net::TcpListener;

    use super::*;

    /// A name that leads elsewhere each time.
    struct Rebound(Mutex<Vec<&'static str>>);

    impl Resolve for Rebound {
        fn resolve(&self, _: Name) -> Resolving {
            let next = self.0.lock().unwrap().remove(0);
            let found: Vec<SocketAddr> = next
                .split(' ')
                .map(|address| SocketAddr::new(address.parse().unwrap(), 0))
                .collect();
            Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
        }
    }

    fn strangers(answers: &[&'static str], anywhere: bool) -> Strangers {
        let names = Arc::new(Rebound(Mutex::new(answers.to_vec())));
        Strangers::with(names, Duration::from_secs(5), None, anywhere).unwrap()
    }

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn an_address_that_is_not_public_is_refused_however_it_is_written() {
        let own = strangers(&[], false);
        for text in [
            "http://example.vn/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://10.0.0.1/",
        ] {
            assert!(Strangers::is_not_public(&own.admit(&url(text)).await.unwrap_err()), "{text}");
            assert_eq!(own.post(&url(text)).err(), Some(NotPublic), "{text}");
            assert_eq!(own.get(&url(text)).err(), Some(NotPublic), "{text}");
        }
        own.admit(&url("https://1.1.1.1/")).await.unwrap();
    }

    #[tokio::test]
    async fn a_name_is_looked_at_again_at_each_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = url(&format!("https://hook.test:{}/", listener.local_addr().unwrap().port()));
        let own =
            strangers(&["1.1.1.1", "127.0.0.1", "1.1.1.1 127.0.0.1", "::ffff:127.0.0.1"], false);
        own.admit(&there).await.unwrap();
        for _ in 0..3 {
            let sent = Strangers::status(own.post(&there).unwrap()).await;
            assert!(Strangers::is_not_public(&sent.unwrap_err()));
        }
        // Nobody came: the next to come is us.
        let anywhere = strangers(&["127.0.0.1"], true);
        let request = anywhere.post(&there).unwrap();
        let (sent, ()) = tokio::join!(Strangers::status(request), async {
            let (stream, _) = listener.accept().await.unwrap();
            drop(stream);
        });
        assert!(!Strangers::is_not_public(&sent.unwrap_err()), "there is nobody of that name");
    }

    #[tokio::test]
    async fn this_machines_own_name_is_refused() {
        let own = Strangers::new(Duration::from_secs(5), None, false).unwrap();
        let error = own.admit(&url("https://localhost/")).await.unwrap_err();
        assert!(Strangers::is_not_public(&error));
    }
}
