//! What HTTP/2 lets a client ask for without end.

use super::{
    JWKS, PATIENCE,
    frames::{
        CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, NONE, PING, RST_STREAM, SETTINGS,
        Spoken, call, frame, grpc, header,
    },
    product, serves,
};

const REFUSED_STREAM: u32 = 7;
const INITIAL_WINDOW_SIZE: u16 = 4;
/// More than any attack needs, in octets.
const ENDLESS: usize = 256 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_frames_end_their_connection_and_nobody_elses() {
    let sandbox = product(&[]).await;
    let to = grpc(&sandbox);

    // One block of headers that never ends.
    let mut flood = Spoken::begin(to, &[]).await;
    flood.send(&frame(HEADERS, END_STREAM, 1, &call(JWKS))).await.unwrap();
    let more = header("x-more", &"m".repeat(120)).repeat(100);
    let taken = flood.flood(&frame(CONTINUATION, NONE, 1, &more), ENDLESS).await;
    assert!(taken < 16 * 1024 * 1024, "{taken} octets of headers were taken");

    // Calls that are taken back at once.
    let mut reset = Spoken::begin(to, &[]).await;
    let calls = (0..10_000_u32).flat_map(|n| {
        let stream = 2 * n + 1;
        let begun = frame(HEADERS, END_STREAM | END_HEADERS, stream, &call(JWKS));
        [begun, frame(RST_STREAM, NONE, stream, &[0, 0, 0, 8])].concat()
    });
    let _ = reset.send(&calls.collect::<Vec<_>>()).await;
    let answered = reset.until_the_end().await.iter().filter(|frame| frame.kind == HEADERS).count();
    assert!(answered < 1_000, "{answered} calls were answered before the connection ended");

    // Questions whose answers nobody reads.
    for asks in [frame(PING, NONE, 0, &[0; 8]), frame(SETTINGS, NONE, 0, &[])] {
        let mut flood = Spoken::begin(to, &[]).await;
        let taken = flood.flood(&asks.repeat(1_000), ENDLESS).await;
        assert!(taken < ENDLESS, "it never had enough");
    }
    assert!(serves(&sandbox).await);
    assert_eq!(sandbox.pids().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_has_so_many_calls_and_none_holds_its_place_for_long() {
    let sandbox = product(&[]).await;
    let to = grpc(&sandbox);

    // Calls whose message never comes.
    let mut open = Spoken::begin(to, &[]).await;
    let calls = (0..200_u32).map(|n| frame(HEADERS, END_HEADERS, 2 * n + 1, &call(JWKS)));
    open.send(&calls.collect::<Vec<_>>().concat()).await.unwrap();
    let (mut refused, mut cut) = (0, 0);
    while refused + cut < 200 {
        let frame = open.next().await.expect("it stays open");
        match frame.kind {
            RST_STREAM if frame.error() == REFUSED_STREAM => refused += 1,
            HEADERS if frame.flags & END_STREAM != 0 => cut += 1,
            _ => {}
        }
    }
    assert_eq!((refused, cut), (72, 128), "calls beyond the limit, calls that were too slow");

    // Answers that nobody reads: all places of this address are held, and come back.
    let mut deaf = Spoken::begin(to, &[(INITIAL_WINDOW_SIZE, 0)]).await;
    let calls = (0..128_u32).map(|n| {
        let stream = 2 * n + 1;
        let begun = frame(HEADERS, END_HEADERS, stream, &call(JWKS));
        [begun, frame(DATA, END_STREAM, stream, &[0; 5])].concat()
    });
    deaf.send(&calls.collect::<Vec<_>>().concat()).await.unwrap();
    let mut answered = 0;
    while answered < 128 {
        answered += usize::from(deaf.next().await.expect("it stays open").kind == HEADERS);
    }
    assert!(!serves(&sandbox).await, "this address has all it may have");
    tokio::time::sleep(2 * PATIENCE).await;
    assert!(serves(&sandbox).await, "their places came back");
}
