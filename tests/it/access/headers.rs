//! Headers that no client of ours sends, with a proxy believed that hands them on.

use http::{HeaderName, HeaderValue};
use motcua_context::{Clock, SystemClock};
use motcua_rpc::Wire;
use motcua_tests::sandbox::{Sandbox, Topology};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tonic::Code;
use tower::{ServiceExt, util::BoxCloneSyncService};

use super::{doors, none, raw::call};

const NAMES: [&str; 9] = [
    "authorization",
    "grpc-timeout",
    "traceparent",
    "tracestate",
    "baggage",
    "forwarded",
    "x-forwarded-for",
    "x-motcua-on-behalf-of",
    "grpc-encoding",
];

/// Pieces of what these headers hold.
const PIECES: [&str; 24] = [
    "Bearer ",
    "bearer",
    " ",
    "eyJhbGciOiJub25lIn0",
    ".",
    "e30",
    "..",
    "00-",
    "-01",
    "ffffffffffffffff",
    "00000000000000000000000000000000",
    "for=",
    "\"[",
    "]\"",
    ":",
    "127.0.0.1",
    "2001:db8::1",
    ",",
    ";",
    "\\\"",
    "99999999",
    "H",
    "=",
    "\u{e9}",
];

/// A public method and one that is for the signed in.
const METHODS: [&str; 2] =
    ["/motcua.identity.v1.AuthService/GetJwks", "/motcua.identity.v1.AccountService/GetAccount"];

const CALLS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn any_headers_are_read_or_refused() {
    let set = ["server.trusted_proxies=[\"127.0.0.0/8\"]"];
    let sandbox = Sandbox::start_set(Topology::OneProcess, SystemClock.now(), &set).await.unwrap();
    let wire = doors(&sandbox);
    let (mut rng, mut broken) = (StdRng::seed_from_u64(54), Vec::new());
    for n in 0..CALLS {
        let headers: Vec<_> = (0..rng.random_range(1..6)).map(|_| header(&mut rng)).collect();
        let answer =
            call(&with(&wire, headers.clone()), METHODS[n % 2], None, vec![vec![].into()]).await;
        let is_clear = match answer.code {
            Code::Ok => n % 2 == 0,
            Code::Unauthenticated | Code::InvalidArgument | Code::DeadlineExceeded => {
                !answer.reason.is_empty()
            }
            // gRPC's own answer to a compression that nobody offered; no contract of ours is reached.
            Code::Unimplemented => headers.iter().any(|(name, _)| name == "grpc-encoding"),
            _ => false,
        };
        if !is_clear {
            broken.push(format!("{headers:?}: {:?} {}", answer.code, answer.text));
        }
    }
    none("headers are not answered with a clear refusal", &broken);
    assert_eq!(call(&wire, METHODS[0], None, vec![vec![].into()]).await.code, Code::Ok);
}

fn header(rng: &mut StdRng) -> (HeaderName, HeaderValue) {
    let name = HeaderName::from_static(NAMES[rng.random_range(0..NAMES.len())]);
    loop {
        let octets: Vec<u8> = if rng.random_bool(0.2) {
            (0..rng.random_range(0..60)).map(|_| rng.random()).collect()
        } else {
            let pieces =
                (0..rng.random_range(0..8)).map(|_| PIECES[rng.random_range(0..PIECES.len())]);
            pieces.collect::<String>().into_bytes()
        };
        if let Ok(value) = HeaderValue::from_bytes(&octets) {
            return (name, value);
        }
    }
}

/// The way in with these headers on every call.
fn with(wire: &Wire, headers: Vec<(HeaderName, HeaderValue)>) -> Wire {
    BoxCloneSyncService::new(wire.clone().map_request(move |mut request: http::Request<_>| {
        for (name, value) in headers.clone() {
            request.headers_mut().append(name, value);
        }
        request
    }))
}
