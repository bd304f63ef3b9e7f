//! Messages that no client of ours sends: empty, malformed, far too long, and
//! nonsense in good form. Each is answered with a clear refusal, and the process goes on.

use motcua_proto::Method;
use motcua_tests::sandbox::{Sandbox, Topology};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tonic::Code;

use super::{
    callers::{Caller, Kind, everybody},
    doors,
    forge::Forge,
    none,
    raw::{Answer, call},
};

/// Random messages for each method; the seed is fixed, so that a failure comes again.
const RANDOM: usize = 8;
/// Forged messages for each method.
const FORGED: usize = 24;
/// More than a message may hold.
const HUGE: usize = 5 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn no_message_makes_a_method_fail() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let callers = everybody(&sandbox, &sandbox.world().unwrap()).await;
    let wire = doors(&sandbox);
    let (mut rng, forge) = (StdRng::seed_from_u64(53), Forge::new());
    let (mut broken, mut sent) = (Vec::new(), 0);
    for method in motcua_proto::methods() {
        let caller = somebody_admitted(method, &callers);
        let mut messages = hostile(&mut rng);
        messages.extend((0..FORGED).map(|_| ("forged", forge.message(method.input, &mut rng))));
        for (what, message) in messages {
            let answer =
                call(&wire, method.path, caller.token(method).as_deref(), vec![message.into()])
                    .await;
            sent += 1;
            if !is_clear(what, &answer) {
                broken.push(format!(
                    "{} by {}, {what}: {:?} {} {}",
                    method.path, caller.label, answer.code, answer.reason, answer.text
                ));
            }
        }
    }
    println!("{sent} hostile messages to {} methods", motcua_proto::methods().len());
    none("a message is not answered with a clear refusal", &broken);
    assert_eq!(sandbox.pids().len(), 1);
    let path = "/motcua.identity.v1.AuthService/GetJwks";
    let jwks = call(&wire, path, None, vec![Vec::new().into()]).await;
    assert_eq!(jwks.code, Code::Ok, "it still answers");
    assert!(sandbox.is_ready("motcua").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_request_is_told_all_that_it_lacks() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let callers = everybody(&sandbox, &sandbox.world().unwrap()).await;
    let (wire, forge) = (doors(&sandbox), Forge::new());
    let (mut broken, mut asked) = (Vec::new(), 0);
    for method in motcua_proto::methods() {
        let has = |field| forge.has(method.input, field);
        if !has("request_id") || !has("name") {
            continue;
        }
        let token = somebody_admitted(method, &callers).token(method);
        let Answer { code, text, .. } =
            call(&wire, method.path, token.as_deref(), vec![Vec::new().into()]).await;
        asked += 1;
        let all = ["; request_id REQUEST_ID_INVALID", "; name "].iter().all(|w| text.contains(w));
        if code != Code::InvalidArgument || !all {
            broken.push(format!("{}: {code:?} {text}", method.path));
        }
    }
    none("an empty request is not told all that it lacks", &broken);
    assert!(asked > 20, "{asked} methods");
}

/// The method's own kind of caller, so that the handler is reached.
pub(super) fn somebody_admitted<'a>(method: &Method, callers: &'a [Caller]) -> &'a Caller {
    let rule = method.rule.as_ref().unwrap();
    callers
        .iter()
        .filter(|caller| caller.is_admitted(rule))
        .max_by_key(|caller| !matches!(caller.kind, Kind::Nobody))
        .unwrap_or_else(|| panic!("{} admits nobody", method.path))
}

fn hostile(rng: &mut StdRng) -> Vec<(&'static str, Vec<u8>)> {
    let mut messages = vec![
        ("empty", Vec::new()),
        // Field 1, said to hold more than there is.
        ("cut short", vec![0x0a, 0xff, 0x01, b'x']),
        // Field 1, text that is not UTF-8.
        ("not UTF-8", vec![0x0a, 0x02, 0xc3, 0x28]),
        // Field 1 as a name with a zero in it.
        ("a zero", b"\x0a\x0bdossiers/\0x".to_vec()),
        ("too long", vec![0x0a; HUGE]),
    ];
    for _ in 0..RANDOM {
        let length = rng.random_range(1..200);
        messages.push(("random", (0..length).map(|_| rng.random()).collect()));
    }
    messages
}

/// An empty message can be a whole one: a first page asks for nothing. Noise can
/// by chance be a message too, of unknown fields; what cannot be read at all never succeeds.
fn is_clear(what: &str, answer: &Answer) -> bool {
    match answer.code {
        Code::Ok => !matches!(what, "cut short" | "too long"),
        Code::InvalidArgument
        | Code::NotFound
        | Code::PermissionDenied
        | Code::AlreadyExists
        | Code::Aborted
        | Code::Unauthenticated
        | Code::FailedPrecondition
        | Code::ResourceExhausted => !answer.reason.is_empty() && !answer.text.is_empty(),
        _ => false,
    }
}
