//! Money that a gateway is to give back: what it says of it, and what becomes of what it does not.

use chrono::TimeDelta;
use motcua_proto::payment::v1::{
    Discrepancy, DiscrepancyKind, DiscrepancyOutcome, ListDiscrepanciesRequest, PaymentMethod,
    RefundState,
};
use motcua_testkit::Database;
use serde_json::Value;

use crate::{
    refunds::{ask, complete, decide},
    support::{ALL, Office, accountant, leader, notice, on_both, open, reason, said, terminal},
};

on_both! {
    a_wish_that_is_called_repeated_is_no_refund;
    what_is_refused_later_a_person_gives_back;
}

/// What the gateway has to tell of a payment: of what kind, over how much, and where that stands.
type Told = (&'static str, i64, &'static str);

/// A gateway that answers wishes with `code`, and questions with what it has to tell.
fn says(code: &'static str, told: Told) -> impl Fn(&Value) -> Value + Send + 'static {
    move |body: &Value| {
        let refund = body["vnp_Command"] == "refund";
        let (kind, amount, status) = told;
        let reference = body["vnp_TxnRef"].as_str().unwrap_or_default();
        let mut notice = said(reference, amount, if refund { code } else { "00" });
        (notice.kind, notice.status) = (kind.to_owned(), status.to_owned());
        terminal().answered("r", refund, &notice)
    }
}

/// An order that was paid at the gateway; answers the payment's name.
async fn paid(office: &Office) -> String {
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.notice(&notice(&payment, ALL, "00")).await, "00");
    payment.name
}

async fn approved(office: &Office, payment: &str, amount: i64) -> String {
    let asked = ask(office, payment, amount).await.unwrap();
    let refund = asked.refunds.last().unwrap().name.clone();
    decide(office, &leader(), &refund, true).await.unwrap();
    refund
}

/// How often the gateway was sent a wish.
fn wishes(office: &Office) -> usize {
    office.api.asked().iter().filter(|body| body["vnp_Command"] == "refund").count()
}

async fn until_state(office: &Office, n: usize, state: RefundState) {
    office
        .env
        .until(async || (office.order(1).await.refunds[n].state() == state).then_some(()))
        .await;
}

async fn found(office: &Office) -> Vec<Discrepancy> {
    let asked = ListDiscrepanciesRequest::default();
    let page = office.client(&accountant()).list_discrepancies(asked).await.unwrap();
    page.into_inner().discrepancies
}

/// Two refunds of one sum: what the gateway tells of the first is no word of the second.
async fn a_wish_that_is_called_repeated_is_no_refund(database: Database) {
    let office = open(database).await;
    office.api.answers(says("00", ("03", 7_000, "00")));
    let payment = paid(&office).await;
    approved(&office, &payment, 7_000).await;
    until_state(&office, 0, RefundState::Refunded).await;
    office.api.answers(says("94", ("03", 7_000, "00")));
    office.env.clock.advance(TimeDelta::minutes(1));
    approved(&office, &payment, 7_000).await;
    office.env.until(async || (wishes(&office) == 2).then_some(())).await;
    // It is left alone for half an hour, and sent once more; then it is asked what came of it.
    office.env.clock.advance(TimeDelta::minutes(29));
    office.env.until(async || (office.api.asked().len() > 2).then_some(())).await;
    assert_eq!(office.order(1).await.refunds[1].state(), RefundState::Approved);
    office.api.answers(says("00", ("03", 7_000, "05")));
    office.env.clock.advance(TimeDelta::minutes(2));
    office.env.until(async || (wishes(&office) == 3).then_some(())).await;
    assert_eq!(office.order(1).await.refunds[1].state(), RefundState::Approved, "it is at it");
    office.api.answers(says("94", ("03", 7_000, "00")));
    let gone = async || {
        office.env.clock.advance(TimeDelta::minutes(1));
        let state = office.order(1).await.refunds[1].state();
        (state == RefundState::Refunded).then_some(())
    };
    office.env.until(gone).await;
    assert_eq!(wishes(&office), 3, "what was taken is asked about, and not sent again");
    assert_eq!(office.books().await["gateway"], ALL - 14_000);
    assert!(found(&office).await.is_empty());
    office.env.stop().await;
}

async fn what_is_refused_later_a_person_gives_back(database: Database) {
    let office = open(database).await;
    office.api.answers(says("00", ("02", ALL, "05")));
    let payment = paid(&office).await;
    let refund = approved(&office, &payment, 0).await;
    office.env.until(async || (wishes(&office) == 1).then_some(())).await;
    assert_eq!(reason(complete(&office, &refund).await), "REFUND_BY_GATEWAY");
    assert_eq!(office.books().await["gateway"], ALL, "nothing has gone");
    office.api.answers(says("00", ("02", ALL, "09")));
    let missing = async || {
        office.env.clock.advance(TimeDelta::minutes(1));
        found(&office).await.into_iter().next()
    };
    let missing = office.env.until(missing).await;
    assert_eq!(
        (missing.kind(), missing.refund.as_str()),
        (DiscrepancyKind::MissingThere, &*refund)
    );
    assert_eq!((missing.expected_vnd, missing.actual_vnd), (-ALL, 0));
    assert_eq!(office.order(1).await.refunds[0].gateway_refusal, "09");
    let done = complete(&office, &refund).await.unwrap();
    assert_eq!(done.refunds[0].state(), RefundState::Refunded);
    let ended = &found(&office).await[0];
    assert_eq!(ended.outcome(), DiscrepancyOutcome::Found, "it ends with the refund");
    let books = office.books().await;
    assert_eq!((books["gateway"], books["refunds"]), (0, 0));
    office.env.stop().await;
}

/// What the gateway will never do it is not asked for twice.
#[tokio::test]
async fn what_is_refused_for_good_is_not_sent_again() {
    let office = open(Database::Sqlite).await;
    office.api.answers(says("95", ("01", ALL, "00")));
    let payment = paid(&office).await;
    let refund = approved(&office, &payment, 7_000).await;
    office.env.until(async || found(&office).await.pop()).await;
    assert_eq!(office.order(1).await.refunds[0].gateway_refusal, "95");
    office.env.clock.advance(TimeDelta::days(2));
    let other = approved(&office, &payment, 1_000).await;
    office.env.until(async || (found(&office).await.len() == 2).then_some(())).await;
    assert_eq!(wishes(&office), 2, "one each");
    for refund in [refund, other] {
        complete(&office, &refund).await.unwrap();
    }
    assert_eq!(office.books().await["gateway"], ALL - 8_000);
    office.env.stop().await;
}

/// Nobody waits for ever for a word.
#[tokio::test]
async fn what_nobody_hears_of_for_days_a_person_sees_to() {
    let office = open(Database::Sqlite).await;
    office.api.answers(says("94", ("01", ALL, "00")));
    let payment = paid(&office).await;
    let refund = approved(&office, &payment, 7_000).await;
    let mut hours = 0;
    let left = async || {
        office.env.clock.advance(TimeDelta::hours(1));
        hours += 1;
        let order = office.order(1).await;
        (order.refunds[0].gateway_refusal == "?").then_some(())
    };
    office.env.until(left).await;
    assert!(hours >= 72, "not before three days: {hours}");
    let names: std::collections::BTreeSet<_> = office
        .api
        .asked()
        .iter()
        .filter(|body| body["vnp_Command"] == "refund")
        .map(|body| body["vnp_RequestId"].to_string())
        .collect();
    assert_eq!(names.len(), 1, "under one name, so that it goes once");
    complete(&office, &refund).await.unwrap();
    office.env.stop().await;
}
