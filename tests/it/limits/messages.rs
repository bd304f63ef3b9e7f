//! Messages that are not what they seem.

use motcua_proto::identity::v1::{
    GetJwksRequest, RegisterPersonRequest, auth_service_client::AuthServiceClient,
};
use tonic::{Code, Request, codec::CompressionEncoding};

use super::{
    JWKS,
    frames::{DATA, END_HEADERS, END_STREAM, HEADERS, Spoken, call, frame, grpc},
    product, serves,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_it_looks_is_not_unpacked() {
    let sandbox = product(&[]).await;
    let wire = motcua_rpc::remote(&sandbox.address("motcua")).unwrap();

    // Sixty-four MiB that travel as sixty-four KiB.
    let bomb = RegisterPersonRequest { password: "a".repeat(64 << 20), ..Default::default() };
    let mut packed =
        AuthServiceClient::new(wire.clone()).send_compressed(CompressionEncoding::Gzip);
    let refused = packed.register_person(bomb).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unimplemented, "{refused:?}");

    // Headers beyond what a call has.
    let mut headers = Request::new(GetJwksRequest {});
    headers.metadata_mut().insert("x-long", "a".repeat(64 << 10).parse().unwrap());
    AuthServiceClient::new(wire).get_jwks(headers).await.unwrap_err();

    // Messages that are longer or shorter than they say, or packed in an unknown way.
    let mut spoken = Spoken::begin(grpc(&sandbox), &[]).await;
    let framed: [&[u8]; 7] = [
        &[],
        &[0],
        &[0, 0, 0, 0],
        &[0, 255, 255, 255, 255, 1],
        &[0, 0, 0, 0, 0, 7, 7, 7],
        &[1, 0, 0, 0, 3, 31, 139, 8],
        &[9, 0, 0, 0, 0],
    ];
    for (stream, octets) in (1..).step_by(2).zip(framed) {
        let begun = frame(HEADERS, END_HEADERS, stream, &call(JWKS));
        spoken.send(&[begun, frame(DATA, END_STREAM, stream, octets)].concat()).await.unwrap();
        loop {
            let frame = spoken.next().await.expect("it stays open");
            if frame.kind == HEADERS && frame.flags & END_STREAM != 0 {
                break;
            }
        }
    }
    assert!(serves(&sandbox).await);
}
