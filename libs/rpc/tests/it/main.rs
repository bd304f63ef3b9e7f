//! What the door promises, in one process and over the network alike.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot begin must fail; its tasks end with it"
)]

mod shares;
mod support;
mod tls;
mod tokens;

use std::time::Duration;

use motcua_context::{Actor, Person, System};
use motcua_ids::Uuid;
use motcua_proto::identity::v1::{
    GetAccountRequest, GetContactRequest, GetJwksRequest, RegisterPersonRequest, SignInRequest,
    account_service_client::AccountServiceClient, auth_service_client::AuthServiceClient,
};
use motcua_rpc::{bearer, fault, patient};
use support::{House, citizen};
use tonic::{Code, Request};

#[tokio::test]
async fn a_deadline_holds_in_process_and_over_the_network_alike() {
    let house = House::open().await;
    for wire in [house.local(), house.remote().await] {
        let mut request = Request::new(GetJwksRequest {});
        request.set_timeout(Duration::from_millis(50));
        let status = AuthServiceClient::new(wire).get_jwks(request).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    }
    // The handler was not cut: what it began it ended.
    tokio::time::sleep(support::SLOW).await;
    assert_eq!(house.finished(), 2);
}

#[tokio::test]
async fn a_panic_ends_one_call_and_tells_nothing() {
    let house = House::open().await;
    for _ in 0..2 {
        let status = AuthServiceClient::new(house.local())
            .sign_in(SignInRequest::default())
            .await
            .unwrap_err();
        assert_eq!(status.code(), Code::Internal);
        assert!(!format!("{status:?}").contains(support::SECRET));
    }
}

#[tokio::test]
async fn more_calls_than_there_are_places_are_refused_at_once() {
    let house = House::with_places(1).await;
    let wire = house.remote().await;
    let get = |wire| async { AuthServiceClient::new(wire).get_jwks(GetJwksRequest {}).await };
    let busy = tokio::spawn(get(wire.clone()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let status = get(wire.clone()).await.unwrap_err();
    assert_eq!(fault(status).reason(), "OVERLOADED");
    // What a call asks of a neighbour in this process needs no place of its own.
    get(house.local()).await.unwrap();
    busy.await.unwrap().unwrap();
    get(wire).await.unwrap();
}

#[tokio::test]
async fn callers_who_have_not_signed_in_leave_half_of_the_places() {
    let house = House::with_places(2).await;
    let wire = house.remote().await;
    let get = |wire| async { AuthServiceClient::new(wire).get_jwks(GetJwksRequest {}).await };
    let busy = tokio::spawn(get(wire.clone()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let status = get(wire.clone()).await.unwrap_err();
    assert_eq!(fault(status).reason(), "OVERLOADED");
    get(bearer(wire, &house.token(&citizen()))).await.unwrap();
    busy.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_that_ends_of_age_loses_no_call_of_the_patient() {
    const LIFE: Duration = Duration::from_millis(50);
    let house = House::open().await;
    let wire = patient(bearer(house.remote_for(LIFE).await, &house.token(&citizen())));
    let get = |wire, name: &str| {
        let request = GetAccountRequest { name: name.to_owned() };
        async { AccountServiceClient::new(wire).get_account(request).await }
    };
    let held = tokio::spawn(get(wire.clone(), support::HELD));
    while house.gate.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(4 * LIFE).await;
    // The old connection is kept by the call under way and takes no other.
    get(wire, "").await.unwrap();
    house.gate.open();
    held.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_caller_who_gives_up_keeps_his_place_until_the_work_ends() {
    let house = House::with_places(1).await;
    let wire = house.remote().await;
    let mut hasty = Request::new(GetJwksRequest {});
    hasty.set_timeout(Duration::from_millis(20));
    AuthServiceClient::new(wire.clone()).get_jwks(hasty).await.unwrap_err();
    let status =
        AuthServiceClient::new(wire.clone()).get_jwks(GetJwksRequest {}).await.unwrap_err();
    assert_eq!(fault(status).reason(), "OVERLOADED");
    tokio::time::sleep(support::SLOW).await;
    AuthServiceClient::new(wire).get_jwks(GetJwksRequest {}).await.unwrap();
}

#[tokio::test]
async fn the_rule_admits_its_own() {
    let house = House::open().await;
    let get = async |wire| {
        AccountServiceClient::new(wire).get_account(GetAccountRequest::default()).await
    };
    let nobody = get(house.local()).await.unwrap_err();
    assert_eq!(fault(nobody).reason(), "SIGN_IN_REQUIRED");
    let seen = get(bearer(house.local(), &house.token(&citizen()))).await.unwrap().into_inner();
    assert_eq!(seen.name, format!("{:?}", citizen()), "the handler sees who calls");

    let contact = async |wire| {
        AccountServiceClient::new(wire).get_contact(GetContactRequest::default()).await
    };
    let citizen = contact(bearer(house.local(), &house.token(&citizen()))).await.unwrap_err();
    assert_eq!(fault(citizen).reason(), "NOT_PERMITTED");
    let outsider = contact(house.service("workflow")).await.unwrap_err();
    assert_eq!(fault(outsider).reason(), "NOT_PERMITTED");
    let told = contact(house.service("intake")).await.unwrap().into_inner();
    assert_eq!(told.display_name, format!("{:?}", Actor::System(System::service("intake"))));
    // A key that nobody knows is nobody's.
    let impostor = contact(house.impostor("intake")).await.unwrap_err();
    assert_eq!(impostor.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_service_continues_a_users_call_in_his_name() {
    let house = House::open().await;
    let person = Actor::Person(Person::citizen(Uuid::from_u128(7).into()));
    let told = house.service_for("intake", &person).await;
    let expected = System { on_behalf_of: Some(Box::new(person)), ..System::service("intake") };
    assert_eq!(told, format!("{:?}", Actor::System(expected)));
}

#[tokio::test]
async fn a_proxy_tells_where_a_call_came_from_if_it_is_trusted() {
    let address = async |wire| {
        let mut request = Request::new(RegisterPersonRequest::default());
        request.metadata_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
        AuthServiceClient::new(wire).register_person(request).await.unwrap().into_inner().etag
    };
    assert_eq!(address(House::open().await.remote().await).await, "127.0.0.1");
    let behind = House::behind_proxies().await;
    assert_eq!(address(behind.remote().await).await, "203.0.113.7");
    assert_eq!(address(behind.local()).await, "", "a neighbour in this process has none");
}

#[tokio::test]
async fn what_anybody_may_send_is_short() {
    let house = House::open().await;
    let long =
        |octets| RegisterPersonRequest { password: "a".repeat(octets), ..Default::default() };
    for wire in [house.local(), house.remote().await] {
        let mut client = AuthServiceClient::new(wire.clone());
        client.register_person(long(60_000)).await.unwrap();
        let status = client.register_person(long(70_000)).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(fault(status).reason(), "MESSAGE_TOO_LARGE");
        // Whoever is known may send more.
        let mut known = AccountServiceClient::new(bearer(wire, &house.token(&citizen())));
        known.get_account(GetAccountRequest { name: "a".repeat(70_000) }).await.unwrap();
    }
}
