//! Connections that begin and do not go on.

use std::{io, net::SocketAddr};

use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    HANG, PATIENCE,
    frames::{PREFACE, connect, grpc},
    product, serves,
};

const REQUEST: &str = "GET /healthz/live HTTP/1.1\r\nhost: test\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_finish_what_he_begins_is_not_waited_for() {
    let sandbox = product(&[]).await;
    let (grpc, http) = (grpc(&sandbox), sandbox.http("motcua"));
    let begun: [(SocketAddr, &[u8]); 7] = [
        (grpc, b""),
        (grpc, &PREFACE[..1]),
        (grpc, &PREFACE[..PREFACE.len() - 1]),
        (http, b""),
        (http, &REQUEST.as_bytes()[..10]),
        (http, REQUEST.as_bytes()),
        // Headers that are far too long.
        (http, &[REQUEST.as_bytes(), &b"x-more: ".repeat(1024 * 1024)].concat()),
    ];
    let ended = begun.map(|(to, octets)| async move {
        let mut stream = connect(to, 1).await.unwrap();
        let _ = stream.write_all(octets).await;
        ended(&mut stream).await
    });
    for (n, ended) in join_all(ended).await.into_iter().enumerate() {
        assert!(ended, "the {n}th connection is still open");
    }
    assert!(serves(&sandbox).await && sandbox.is_ready("motcua").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_leaves_connections_to_the_others() {
    let set = ["server.connections_per_address=20", "server.patience_s=60"];
    let sandbox = product(&set).await;
    for to in [grpc(&sandbox), sandbox.http("motcua")] {
        let mut streams = Vec::new();
        for _ in 0..60 {
            streams.push(connect(to, 2).await.unwrap());
        }
        let ended = streams.iter_mut().map(|stream| timeout(PATIENCE, stream.read_u8()));
        let ended =
            join_all(ended).await.iter().filter(|ended| matches!(ended, Ok(Err(_)))).count();
        assert_eq!(ended, 40, "{to}: those beyond what one address may have");
    }
    assert!(serves(&sandbox).await && sandbox.is_ready("motcua").await);
}

/// Whether the other end closes the connection.
async fn ended(stream: &mut TcpStream) -> bool {
    let mut said = Vec::new();
    let read: Result<io::Result<usize>, _> = timeout(HANG, stream.read_to_end(&mut said)).await;
    read.is_ok()
}
