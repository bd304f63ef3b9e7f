//! As much HTTP as a probe needs.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn get(address: SocketAddr, path: &str) -> Result<String> {
    ask(address, &format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")).await
}

pub(super) async fn put(address: SocketAddr, path: &str, body: &str) -> Result<String> {
    let length = body.len();
    ask(
        address,
        &format!(
            "PUT {path} HTTP/1.1\r\nhost: test\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        ),
    )
    .await
}

/// The answer, if it is a good one.
async fn ask(address: SocketAddr, request: &str) -> Result<String> {
    let mut stream = timeout(PATIENCE, TcpStream::connect(address)).await??;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await??;
    if answer.starts_with("HTTP/1.1 2") {
        return Ok(answer);
    }
    bail!("{answer}")
}
