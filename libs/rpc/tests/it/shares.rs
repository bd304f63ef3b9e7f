//! One caller's flood is his own trouble.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use motcua_cache::Cache;
use motcua_context::{Actor, Person};
use motcua_ids::Uuid;
use motcua_proto::{
    identity::v1::{GetAccountRequest, account_service_client::AccountServiceClient},
    intake::v1::{DownloadPaperRequest, intake_service_client::IntakeServiceClient},
};
use motcua_rpc::{DoorOptions, Wire, bearer, fault};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{HELD, House, citizen};

const PLACES: usize = 128;
/// Calls of the greedy caller, over so many connections.
const GREEDY: usize = 10_000;
const CONNECTIONS: usize = 50;
/// Modest callers, and the calls each of them makes one after the other.
const MODEST: u128 = 20;
const CALLS: usize = 10;

async fn get(wire: &Wire, name: &str) -> Result<(), Status> {
    let request = GetAccountRequest { name: name.to_owned() };
    AccountServiceClient::new(wire.clone()).get_account(request).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_calls_of_one_caller_leave_the_others_to_their_work() {
    // Nobody is to be late here, however slow the machine.
    let (deadline, longest) = (Duration::from_hours(1), Duration::from_hours(1));
    let options = DoorOptions { concurrency: PLACES, deadline, longest, ..DoorOptions::default() };
    let house = House::build(options, true).await;
    let token = house.token(&citizen());
    let wires = join_all((0..CONNECTIONS).map(|_| house.remote())).await;
    let refused = Arc::new(AtomicUsize::new(0));
    let greedy: Vec<_> = (0..GREEDY)
        .map(|n| {
            let wire = bearer(wires[n % CONNECTIONS].clone(), &token);
            let refused = refused.clone();
            tokio::spawn(async move {
                let answer = get(&wire, HELD).await;
                refused.fetch_add(usize::from(answer.is_err()), Ordering::SeqCst);
                answer
            })
        })
        .collect();

    let others = house.remote().await;
    let modest = (0..MODEST).map(|n| {
        let person = Actor::Person(Person::citizen(Uuid::from_u128(100 + n).into()));
        let wire = bearer(others.clone(), &house.token(&person));
        async move {
            let mut done = 0;
            for _ in 0..CALLS {
                done += usize::from(get(&wire, "").await.is_ok());
            }
            done
        }
    });
    assert_eq!(join_all(modest).await, [CALLS; 20], "every call of every modest caller");

    while house.gate.waiting() + refused.load(Ordering::SeqCst) < GREEDY {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(house.gate.waiting() <= PLACES / 2, "{}", house.gate.waiting());
    house.gate.open();
    let mut served = 0;
    for answer in join_all(greedy).await {
        match answer.unwrap() {
            Ok(()) => served += 1,
            Err(status) => {
                assert_eq!(status.code(), Code::ResourceExhausted);
                assert!(status.get_details_retry_info().is_some(), "when to come again");
                assert_eq!(fault(status).reason(), "OVERLOADED");
            }
        }
    }
    assert_eq!(served, house.gate.waiting(), "whoever was let in was served");
}

#[tokio::test]
async fn a_caller_begins_so_many_transfers_in_a_minute() {
    let counted = Cache::open("memory:", "test").await.unwrap();
    let options = DoorOptions { transfers: Some((counted, 2)), ..DoorOptions::default() };
    let house = House::build(options, true).await;
    let download = async |wire: Wire, actor: &Actor| {
        let wire = bearer(wire, &house.token(actor));
        let asked = DownloadPaperRequest::default();
        match IntakeServiceClient::new(wire).download_paper(asked).await {
            Ok(stream) => stream.into_inner().message().await.unwrap_err(),
            Err(status) => status,
        }
    };
    let remote = house.remote().await;
    // Nothing is behind it here: who gets so far was admitted.
    for _ in 0..2 {
        assert_eq!(download(remote.clone(), &citizen()).await.code(), Code::Unimplemented);
    }
    let status = download(remote.clone(), &citizen()).await;
    assert!(status.get_details_retry_info().is_some());
    assert_eq!(fault(status).reason(), "RATE_LIMITED");
    let other = Actor::Person(Person::citizen(Uuid::from_u128(2).into()));
    assert_eq!(download(remote, &other).await.code(), Code::Unimplemented);
    assert_eq!(download(house.local(), &citizen()).await.code(), Code::Unimplemented);
}
