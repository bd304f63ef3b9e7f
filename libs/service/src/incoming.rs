//! Connections from the network: so many at once, and none that says nothing.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures::{Stream, StreamExt, future, stream};
use motcua_rpc::{Origin, Proven, Proxies, Tls};
use motcua_spine::ServerSettings;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Sleep,
};
use tonic::transport::server::Connected;

/// While no file can be opened, accepting again at once would only burn time.
const BREATH: Duration = Duration::from_millis(100);

/// How long a new connection may take to begin.
const BEGINNING: Duration = Duration::from_secs(10);

/// What HTTP/2 begins with (RFC 9113, 3.4): once it is there, pings notice who has gone.
const PREFACE: usize = 24;

/// What a listener bears.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Connections at once; the next waits until one has ended.
    pub(crate) most: usize,
    /// Connections from one address at once; one more is closed at once.
    pub(crate) most_per_address: usize,
    /// Through whom many callers come: theirs are not counted by address.
    pub(crate) proxies: Proxies,
    /// How long a new connection may take to begin.
    pub(crate) silence: Duration,
    /// How long one may take nothing of what is sent to it.
    pub(crate) patience: Duration,
}

impl Limits {
    pub(crate) fn of(server: &ServerSettings) -> Self {
        Self {
            most: server.connections,
            most_per_address: server.connections_per_address,
            proxies: server.proxies(),
            silence: BEGINNING.min(server.patience()),
            patience: server.patience(),
        }
    }
}

/// The connections of a listener, in the order in which they can be spoken over.
pub(crate) fn incoming(
    listener: TcpListener,
    tls: Option<Tls>,
    limits: Limits,
) -> impl Stream<Item = io::Result<Connection>> + Send {
    let Limits { most, silence, patience, .. } = limits;
    let places = Arc::new(Semaphore::new(most));
    let counted = Arc::new(Counted { limits, open: Mutex::default() });
    let accepted = stream::unfold((listener, places), move |(listener, places)| {
        let counted = counted.clone();
        async move {
            let place = places.clone().acquire_owned().await.ok()?;
            let (stream, from) = loop {
                let (stream, address) = accept(&listener).await;
                if let Some(from) = counted.admit(address.ip()) {
                    break (stream, from);
                }
            };
            Some(((stream, (place, from)), (listener, places)))
        }
    });
    accepted
        .map(move |(stream, place)| {
            let tls = tls.clone();
            async move {
                // Whoever is slow to prove himself holds up nobody but himself.
                let (stream, origin) =
                    tokio::time::timeout(silence, greet(stream, tls)).await.ok()??;
                Some(Ok(Connection {
                    stream,
                    origin,
                    begins: Some((PREFACE, Box::pin(tokio::time::sleep(silence)))),
                    patience,
                    stuck: None,
                    _place: place,
                }))
            }
        })
        .buffer_unordered(most)
        .filter_map(future::ready)
}

/// How many connections are open from where.
struct Counted {
    limits: Limits,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection of an address, until this is dropped.
struct Opened {
    counted: Arc<Counted>,
    address: Option<IpAddr>,
}

impl Counted {
    fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Opened> {
        let address = self.limits.proxies.network(address);
        if let Some(address) = address {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let own = open.entry(address).or_default();
            if *own >= self.limits.most_per_address {
                return None;
            }
            *own += 1;
        }
        Some(Opened { counted: self.clone(), address })
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut open = self.counted.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&address) {
            *own -= 1;
            if *own == 0 {
                open.remove(&address);
            }
        }
    }
}

/// What is said before HTTP/2: nothing, or TLS.
async fn greet(stream: TcpStream, tls: Option<Tls>) -> Option<(Pin<Box<dyn Transport>>, Origin)> {
    let address = stream.peer_addr().ok();
    let Some(tls) = tls else {
        return Some((Box::pin(stream), Origin { address, proven: Proven::NotAsked }));
    };
    match tls.accept(stream).await {
        Ok((stream, proven)) => Some((Box::pin(stream), Origin { address, proven })),
        Err(error) => {
            tracing::debug!(%error, "a connection did not prove itself");
            None
        }
    }
}

/// The next connection. That one could not be had is no reason to stop listening.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Without it an answer may wait for more to send with it.
                let _ = stream.set_nodelay(true);
                return (stream, address);
            }
            Err(error) if is_the_callers(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn is_the_callers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

/// A connection with its place among those that are open.
pub(crate) struct Connection {
    stream: Pin<Box<dyn Transport>>,
    origin: Origin,
    /// How many octets are to come before this is over; later silence is for the
    /// protocol to notice.
    begins: Option<(usize, Pin<Box<Sleep>>)>,
    patience: Duration,
    /// Until when the other end may go on taking nothing, where it does.
    stuck: Option<Pin<Box<Sleep>>>,
    _place: (OwnedSemaphorePermit, Opened),
}

impl Connection {
    /// What came of sending: an error, when it was in vain for too long.
    fn sent<T>(&mut self, cx: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.stuck = None;
            return sent;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        stuck.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// TCP as it is, or TLS over it.
trait Transport: AsyncRead + AsyncWrite + Send {}

impl<S: AsyncRead + AsyncWrite + Send> Transport for S {}

impl Connected for Connection {
    type ConnectInfo = Origin;

    fn connect_info(&self) -> Origin {
        self.origin.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = self.stream.as_mut().poll_read(cx, buffer);
        if let Some((left, wait)) = &mut self.begins {
            *left = left.saturating_sub(buffer.filled().len() - before);
            if *left == 0 {
                self.begins = None;
            } else if read.is_pending() && wait.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = self.stream.as_mut().poll_write(cx, octets);
        self.sent(cx, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = self.stream.as_mut().poll_write_vectored(cx, slices);
        self.sent(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let sent = self.stream.as_mut().poll_flush(cx);
        self.sent(cx, sent)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::timeout,
    };

    use super::*;

    const SOON: Duration = Duration::from_millis(100);

    fn limits(most: usize, silence: Duration) -> Limits {
        let proxies = Proxies::default();
        Limits { most, most_per_address: 100, proxies, silence, patience: SOON }
    }

    async fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn a_connection_that_does_not_begin_ends_and_one_that_did_stays() {
        let (listener, address) = listener().await;
        let mut incoming = pin!(incoming(listener, None, limits(3, SOON)));
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut begins = TcpStream::connect(address).await.unwrap();
        let mut speaks = TcpStream::connect(address).await.unwrap();
        let mut silent = incoming.next().await.unwrap().unwrap();
        let mut begun = incoming.next().await.unwrap().unwrap();
        let mut spoken = incoming.next().await.unwrap().unwrap();
        begins.write_all(&[b'x'; PREFACE - 1]).await.unwrap();
        begun.read_exact(&mut [0; PREFACE - 1]).await.unwrap();
        speaks.write_all(&[b'x'; PREFACE]).await.unwrap();
        spoken.read_exact(&mut [0; PREFACE]).await.unwrap();
        for slow in [&mut silent, &mut begun] {
            let ended = timeout(10 * SOON, slow.read_u8()).await.unwrap();
            assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
        }
        assert!(timeout(3 * SOON, spoken.read_u8()).await.is_err(), "it is waited for");
    }

    #[tokio::test]
    async fn a_connection_that_takes_nothing_ends() {
        let (listener, address) = listener().await;
        let mut incoming = pin!(incoming(listener, None, limits(1, SOON)));
        let _deaf = TcpStream::connect(address).await.unwrap();
        let mut connection = incoming.next().await.unwrap().unwrap();
        let much = vec![0; 64 * 1024 * 1024];
        let ended = timeout(100 * SOON, connection.write_all(&much)).await.unwrap();
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn one_connection_too_many_waits_for_a_place() {
        let (listener, address) = listener().await;
        let mut incoming = pin!(incoming(listener, None, limits(1, 100 * SOON)));
        let _callers = [
            TcpStream::connect(address).await.unwrap(),
            TcpStream::connect(address).await.unwrap(),
        ];
        let first = incoming.next().await.unwrap().unwrap();
        assert!(timeout(SOON, incoming.next()).await.is_err());
        drop(first);
        timeout(10 * SOON, incoming.next()).await.unwrap().unwrap().unwrap();
    }

    #[tokio::test]
    async fn one_address_leaves_room_for_others_and_a_proxy_is_none() {
        let (one, other) = ([203, 0, 113, 7].into(), [203, 0, 113, 8].into());
        let proxies = Proxies::parse(&["10.0.0.0/8".to_owned()]).unwrap();
        let limits = Limits { most_per_address: 2, proxies, ..limits(100, SOON) };
        let counted = Arc::new(Counted { limits, open: Mutex::default() });
        let first = counted.admit(one).unwrap();
        let _second = counted.admit(one).unwrap();
        assert!(counted.admit(one).is_none());
        assert!(counted.admit(other).is_some());
        drop(first);
        assert!(counted.admit(one).is_some());
        let through: Vec<_> = (0..10).map(|_| counted.admit([10, 0, 0, 1].into())).collect();
        assert!(through.iter().all(Option::is_some));
    }
}
