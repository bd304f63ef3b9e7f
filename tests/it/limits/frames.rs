//! HTTP/2 by hand (RFC 9113): frames as no library would send them.

use std::{io, net::SocketAddr};

use motcua_tests::sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::timeout,
};

use super::HANG;

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const CONTINUATION: u8 = 9;

pub(super) const NONE: u8 = 0;
pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Where gRPC is served.
pub(super) fn grpc(sandbox: &Sandbox) -> SocketAddr {
    sandbox.address("motcua").trim_start_matches("http://").parse().unwrap()
}

/// A connection from this machine's address that ends so: 127.0.0.`last`.
pub(super) async fn connect(to: SocketAddr, last: u8) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, last], 0).into())?;
    socket.connect(to).await
}

/// A connection that speaks HTTP/2.
pub(super) struct Spoken {
    reads: OwnedReadHalf,
    writes: OwnedWriteHalf,
}

/// A frame as it came.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) payload: Vec<u8>,
}

impl Frame {
    /// The error code of RST_STREAM.
    pub(super) fn error(&self) -> u32 {
        u32::from_be_bytes(self.payload[..4].try_into().unwrap())
    }
}

impl Spoken {
    /// Begins as every client does, with these settings.
    pub(super) async fn begin(to: SocketAddr, settings: &[(u16, u32)]) -> Self {
        let (reads, writes) = connect(to, 1).await.unwrap().into_split();
        let mut spoken = Self { reads, writes };
        let settings = settings.iter();
        let settings: Vec<u8> = settings
            .flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
            .collect();
        let begin = [PREFACE, &frame(SETTINGS, NONE, 0, &settings)].concat();
        spoken.send(&begin).await.unwrap();
        spoken
    }

    pub(super) async fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        self.writes.write_all(octets).await
    }

    /// The next frame; nothing when the connection has ended.
    pub(super) async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.read(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.read(&mut payload).await?;
        Some(Frame { kind: head[3], flags: head[4], payload })
    }

    async fn read(&mut self, into: &mut [u8]) -> Option<()> {
        let read = timeout(HANG, self.reads.read_exact(into)).await;
        read.expect("neither answered nor closed").ok().map(|_| ())
    }

    /// All frames until the connection ends.
    pub(super) async fn until_the_end(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next().await {
            frames.push(frame);
        }
        frames
    }

    /// Sends the same again and again, and reads nothing, until the other end has had
    /// enough; how many octets it took.
    pub(super) async fn flood(&mut self, octets: &[u8], most: usize) -> usize {
        let mut sent = 0;
        while sent < most {
            let written = timeout(HANG, self.writes.write(octets)).await;
            match written.expect("neither read nor closed") {
                Ok(taken) => sent += taken,
                Err(_) => break,
            }
        }
        sent
    }
}

pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// The headers of a call, each as a literal that is not indexed (RFC 7541, 6.2.2).
pub(super) fn call(path: &str) -> Vec<u8> {
    let headers = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "test"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    headers.iter().flat_map(|(name, value)| header(name, value)).collect()
}

pub(super) fn header(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).unwrap();
    assert!(name.len() < 127 && value.len() < 127, "longer ones are written otherwise");
    [&[0, length(name)], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}
