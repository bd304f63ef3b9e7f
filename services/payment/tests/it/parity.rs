//! Whether the gateway sees what is over as the books do.

use chrono::TimeDelta;
use motcua_context::Actor;
use motcua_proto::{
    intake::v1::DossierStopped,
    payment::v1::{
        AssessFeesRequest, AssessedFee, Discrepancy, DiscrepancyKind, DiscrepancyOutcome,
        FeeOrderState, GetReconciliationRequest, ListDiscrepanciesRequest, LookUpReturnRequest,
        PaymentMethod, PaymentState, ResolveDiscrepancyRequest,
    },
};
use motcua_testkit::Database;
use serde_json::Value;

use crate::support::{
    ALL, Office, accountant, desk, dossier, notice, on_both, open, order_name, said, terminal,
};

on_both! {
    what_the_gateway_confirms_is_confirmed;
    what_it_does_not_have_is_looked_at;
    what_is_paid_of_an_attempt_that_was_ended_here_is_found;
}

/// The gateway has every attempt with this sum and this standing.
fn has(amount: i64, status: &'static str) -> impl Fn(&Value) -> Value + Send + 'static {
    move |body: &Value| {
        let reference = body["vnp_TxnRef"].as_str().unwrap_or_default();
        let mut notice = said(reference, amount, "00");
        notice.status = status.to_owned();
        terminal().answered("r", false, &notice)
    }
}

async fn confirmed(office: &Office) -> (i64, i64, i64) {
    let asked = GetReconciliationRequest { day: "2026-03-02".into() };
    let day = office.client(&accountant()).get_reconciliation(asked).await.unwrap().into_inner();
    (day.gateway_vnd, day.confirmed_vnd, day.difference_vnd)
}

async fn open_ones(office: &Office) -> Vec<Discrepancy> {
    let asked = ListDiscrepanciesRequest { open_only: true, ..Default::default() };
    let page = office.client(&accountant()).list_discrepancies(asked).await.unwrap();
    page.into_inner().discrepancies
}

/// An order that the gateway told was paid.
async fn told(office: &Office, n: u128) {
    office.accepted(n, "fixed").await;
    let payment = office.begin(n, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.notice(&notice(&payment, ALL, "00")).await, "00");
}

async fn what_the_gateway_confirms_is_confirmed(database: Database) {
    let office = open(database).await;
    told(&office, 1).await;
    assert_eq!(confirmed(&office).await, (ALL, 0, ALL));
    // It cannot say yet; asked again, it can.
    office.env.clock.advance(TimeDelta::minutes(15));
    office.env.until(async || (office.api.asked().len() == 1).then_some(())).await;
    office.api.answers(has(ALL, "00"));
    office.env.clock.advance(TimeDelta::minutes(16));
    office.env.until(async || (confirmed(&office).await == (ALL, ALL, 0)).then_some(())).await;
    assert!(open_ones(&office).await.is_empty());
    office.env.stop().await;
}

async fn what_it_does_not_have_is_looked_at(database: Database) {
    let office = open(database).await;
    told(&office, 1).await;
    office.api.answers(has(ALL, "02"));
    office.env.clock.advance(TimeDelta::minutes(15));
    let missing = office.env.until(async || open_ones(&office).await.into_iter().next()).await;
    assert_eq!(missing.kind(), DiscrepancyKind::MissingThere);
    assert_eq!((missing.expected_vnd, missing.actual_vnd), (ALL, 0));
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid, "a person decides");
    assert_eq!(confirmed(&office).await, (ALL, 0, ALL));
    // What is lost is booked as lost; what an officer vouches for is not; either closes the day.
    told(&office, 2).await;
    office.env.clock.advance(TimeDelta::minutes(15));
    office.env.until(async || (open_ones(&office).await.len() == 2).then_some(())).await;
    let second = open_ones(&office).await.into_iter().find(|one| one.name != missing.name).unwrap();
    for (name, outcome) in
        [(&missing.name, DiscrepancyOutcome::WrittenOff), (&second.name, DiscrepancyOutcome::Noted)]
    {
        let asked = ResolveDiscrepancyRequest {
            request_id: office.env.request_id(),
            name: name.clone(),
            outcome: outcome.into(),
            resolution: "Cổng thanh toán đã trả lời bằng văn bản".into(),
            ..Default::default()
        };
        office.client(&accountant()).resolve_discrepancy(asked).await.unwrap();
    }
    assert_eq!(confirmed(&office).await, (2 * ALL, 2 * ALL, 0));
    let books = office.books().await;
    assert_eq!((books["gateway"], books["difference"]), (ALL, ALL));
    office.env.stop().await;
}

#[tokio::test]
async fn money_it_did_not_tell_of_is_taken_over() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.notice(&notice(&payment, ALL, "24")).await, "00", "declined");
    office.api.answers(has(ALL, "00"));
    office.env.clock.advance(TimeDelta::minutes(15));
    office
        .env
        .until(async || (office.order(1).await.state() == FeeOrderState::Paid).then_some(()))
        .await;
    office.env.until(async || (confirmed(&office).await == (ALL, ALL, 0)).then_some(())).await;
    office.env.stop().await;
}

/// An officer amends what is owed while the payer is on the gateway's page; the payer pays, and the
/// notice is lost.
async fn what_is_paid_of_an_attempt_that_was_ended_here_is_found(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let amend = AssessFeesRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        fees: vec![AssessedFee {
            fee_code: "phi".into(),
            amount_vnd: 30_000,
            ..AssessedFee::default()
        }],
        reason: "Thêm một bản".into(),
        ..AssessFeesRequest::default()
    };
    let amended = office.client(&desk()).assess_fees(amend).await.unwrap().into_inner();
    assert_eq!(amended.payments[0].state(), PaymentState::Expired);
    office.api.answers(has(ALL, "00"));
    // Its own end, then the question of parity behind it.
    office.env.clock.advance(TimeDelta::minutes(15));
    let armed = "SELECT count(*) AS n FROM due WHERE name = 'payment-parity'";
    let store = &office.env.store;
    office.env.until(async || (store.count(armed, []).await.unwrap() == 1).then_some(())).await;
    assert!(office.api.asked().is_empty());
    office.env.clock.advance(TimeDelta::minutes(15));
    let found = office.env.until(async || open_ones(&office).await.into_iter().next()).await;
    assert_eq!(found.kind(), DiscrepancyKind::Amount);
    assert_eq!((found.expected_vnd, found.actual_vnd), (0, ALL));
    let order = office.order(1).await;
    assert_eq!((order.state(), order.surplus_vnd), (FeeOrderState::Due, ALL));
    let books = office.books().await;
    assert_eq!((books["gateway"], books["surplus"]), (ALL, -ALL));
    office.env.stop().await;
}

/// The dossier ended while the payer was on the gateway's page.
#[tokio::test]
async fn a_return_to_an_order_that_ended_is_asked_about() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let stopped = DossierStopped { dossier: dossier(1).name(), ..Default::default() };
    office.env.tell(dossier(1).uuid(), &stopped).await;
    assert_eq!(office.order(1).await.state(), FeeOrderState::Cancelled);
    office.api.answers(has(ALL, "00"));
    let asked = LookUpReturnRequest { query: notice(&payment, ALL, "00") };
    let back = office.client(&Actor::Anonymous).look_up_return(asked).await.unwrap();
    assert_eq!(back.into_inner().state(), PaymentState::Settled);
    assert_eq!(office.books().await["surplus"], -ALL);
    assert_eq!(open_ones(&office).await.len(), 1);
    office.env.stop().await;
}

#[tokio::test]
async fn another_sum_is_looked_at() {
    let office = open(Database::Sqlite).await;
    told(&office, 1).await;
    office.api.answers(has(ALL + 1, "00"));
    office.env.clock.advance(TimeDelta::minutes(15));
    let found = office.env.until(async || open_ones(&office).await.into_iter().next()).await;
    assert_eq!((found.kind(), found.actual_vnd), (DiscrepancyKind::Amount, ALL + 1));
    office.env.stop().await;
}
