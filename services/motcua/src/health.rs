//! As much HTTP as it takes to ask a process how it is.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The longest answer that is read.
const LONGEST: u64 = 4096;

/// What a process said.
pub(crate) struct Answer {
    /// Whether it is as was asked for.
    pub(crate) well: bool,
    pub(crate) text: String,
}

/// Asks the process whose `server.http` is this: `live`, `startup` or `ready`.
pub(crate) async fn ask(http: SocketAddr, what: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(reached(http)).await?;
    let request =
        format!("GET /healthz/{what} HTTP/1.1\r\nhost: {http}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, text) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok(Answer { well: head.starts_with("HTTP/1.1 200"), text: text.to_owned() })
}

/// Where this machine reaches who listens there: on all addresses means on its own as well.
fn reached(mut http: SocketAddr) -> SocketAddr {
    if http.ip().is_unspecified() {
        http.set_ip(match http.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    http
}
