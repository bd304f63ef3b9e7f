//! Connections from the network: so many at once, and none that says nothing.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures::{Stream, StreamExt, future, stream};
use motcua_rpc::{Origin, Proven, Tls};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Sleep,
};
use tonic::transport::server::Connected;

/// While no file can be opened, accepting again at once would only burn time.
const BREATH: Duration = Duration::from_millis(100);

/// What a listener bears.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Connections at once; the next waits until one has ended.
    pub(crate) most: usize,
    /// How long a new connection may say nothing.
    pub(crate) silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { most: 4096, silence: Duration::from_secs(10) }
    }
}

/// The connections of a listener, in the order in which they can be spoken over.
pub(crate) fn incoming(
    listener: TcpListener,
    tls: Option<Tls>,
    limits: Limits,
) -> impl Stream<Item = io::Result<Connection>> + Send {
    let places = Arc::new(Semaphore::new(limits.most));
    let accepted = stream::unfold((listener, places), |(listener, places)| async move {
        let place = places.clone().acquire_owned().await.ok()?;
        let stream = accept(&listener).await;
        Some(((stream, place), (listener, places)))
    });
    accepted
        .map(move |(stream, place)| {
            let tls = tls.clone();
            async move {
                // Whoever is slow to prove himself holds up nobody but himself.
                let greeted = tokio::time::timeout(limits.silence, greet(stream, tls));
                let (stream, origin) = greeted.await.ok()??;
                let silence = Some(Box::pin(tokio::time::sleep(limits.silence)));
                Some(Ok(Connection { stream, origin, silence, _place: place }))
            }
        })
        .buffer_unordered(limits.most)
        .filter_map(future::ready)
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
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Without it an answer may wait for more to send with it.
                let _ = stream.set_nodelay(true);
                return stream;
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
    /// Until the first octet comes. Later silence is for HTTP/2's pings to notice.
    silence: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
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
        let read = self.stream.as_mut().poll_read(cx, buffer);
        if read.is_ready() {
            self.silence = None;
        } else if let Some(silence) = &mut self.silence
            && silence.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
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
        self.stream.as_mut().poll_write(cx, octets)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(cx)
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

    #[tokio::test]
    async fn a_connection_that_says_nothing_ends_and_one_that_spoke_stays() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut incoming = pin!(incoming(listener, None, Limits { most: 2, silence: SOON }));
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut speaks = TcpStream::connect(address).await.unwrap();
        let mut silent = incoming.next().await.unwrap().unwrap();
        let mut spoken = incoming.next().await.unwrap().unwrap();
        speaks.write_all(b"x").await.unwrap();
        assert_eq!(spoken.read_u8().await.unwrap(), b'x');
        let ended = timeout(10 * SOON, silent.read_u8()).await.unwrap();
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(timeout(3 * SOON, spoken.read_u8()).await.is_err(), "it is waited for");
    }

    #[tokio::test]
    async fn one_connection_too_many_waits_for_a_place() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut incoming = pin!(incoming(listener, None, Limits { most: 1, ..Limits::default() }));
        let _callers = [
            TcpStream::connect(address).await.unwrap(),
            TcpStream::connect(address).await.unwrap(),
        ];
        let first = incoming.next().await.unwrap().unwrap();
        assert!(timeout(SOON, incoming.next()).await.is_err());
        drop(first);
        timeout(10 * SOON, incoming.next()).await.unwrap().unwrap().unwrap();
    }
}
