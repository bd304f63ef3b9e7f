//! Money given back, with a second person.

use chrono::TimeDelta;
use motcua_context::{Actor, Role};
use motcua_proto::payment::v1::{
    CompleteRefundRequest, DecideRefundRequest, FeeOrder, PaymentMethod, PaymentRefunded,
    RefundState, RequestRefundRequest,
};
use motcua_testkit::Database;

use crate::support::{
    ALL, Office, accountant, desk, leader, notice, officer, on_both, open, order_name, reason,
    said, terminal, ward,
};

on_both! {
    cash_goes_back_at_the_desk;
    the_gateway_gives_back_what_came_through_it;
}

async fn ask(office: &Office, payment: &str, amount_vnd: i64) -> Result<FeeOrder, tonic::Status> {
    let asked = RequestRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        payment: payment.into(),
        amount_vnd,
        reason: "Thu nhầm mức của Nguyễn Văn An".into(),
    };
    Ok(office.client(&desk()).request_refund(asked).await?.into_inner())
}

async fn decide(
    office: &Office,
    by: &Actor,
    refund: &str,
    approve: bool,
) -> Result<FeeOrder, tonic::Status> {
    let asked = DecideRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        refund: refund.into(),
        approve,
    };
    Ok(office.client(by).decide_refund(asked).await?.into_inner())
}

async fn complete(office: &Office, refund: &str) -> Result<FeeOrder, tonic::Status> {
    let asked = CompleteRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        refund: refund.into(),
    };
    Ok(office.client(&desk()).complete_refund(asked).await?.into_inner())
}

async fn cash_goes_back_at_the_desk(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let payment = &paid.payments[0].name;
    assert_eq!(reason(ask(&office, payment, ALL + 1).await), "REFUND_TOO_LARGE");
    let asked = ask(&office, payment, 7_000).await.unwrap();
    let refund = &asked.refunds[0].name;
    assert_eq!(reason(complete(&office, refund).await), "REFUND_NOT_APPROVED");
    let done = decide(&office, &leader(), refund, true).await.unwrap();
    assert_eq!(done.refunds[0].state(), RefundState::Approved);
    let held: Vec<_> = done.receipts.iter().filter(|r| r.cancel_time.is_none()).collect();
    assert_eq!(held.iter().map(|r| r.amount_vnd).sum::<i64>(), ALL - 7_000);
    assert!(held.iter().all(|r| r.number == 2), "{held:?}");
    assert_eq!(reason(decide(&office, &accountant(), refund, false).await), "REFUND_DECIDED");
    let gone = complete(&office, refund).await.unwrap();
    assert_eq!((gone.refunded_vnd, gone.refunds[0].state()), (7_000, RefundState::Refunded));
    let books = office.books().await;
    assert_eq!((books["cash"], books["refunds"], books["income"]), (ALL - 7_000, 0, 7_000 - ALL));
    assert_eq!(office.env.said::<PaymentRefunded>().await.len(), 1);
    office.env.stop().await;
}

async fn the_gateway_gives_back_what_came_through_it(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.notice(&notice(&payment, ALL, "00")).await, "00");
    let asked = ask(&office, &payment.name, 0).await.unwrap();
    let refund = asked.refunds[0].name.clone();
    assert_eq!(asked.refunds[0].amount_vnd, ALL, "all that is left");
    decide(&office, &leader(), &refund, true).await.unwrap();
    assert_eq!(reason(complete(&office, &refund).await), "REFUND_BY_GATEWAY");
    // It is away at first; each time it is asked under the same name.
    office.env.until(async || (!office.api.asked().is_empty()).then_some(())).await;
    office.api.answers(|body| {
        let reference = body["vnp_TxnRef"].as_str().unwrap_or_default();
        terminal().answered("r", true, &said(reference, ALL, "00"))
    });
    let state = async || office.order(1).await.refunds[0].state();
    office
        .env
        .until(async || {
            office.env.clock.advance(TimeDelta::minutes(1));
            (state().await == RefundState::Refunded).then_some(())
        })
        .await;
    // The gateway is also asked what it knows of the payment, under names of its own.
    let asked = office.api.asked();
    let refunds = asked.iter().filter(|body| body["vnp_Command"] == "refund");
    let names: std::collections::BTreeSet<_> =
        refunds.clone().map(|body| body["vnp_RequestId"].to_string()).collect();
    assert_eq!(names.len(), 1, "{asked:?}");
    assert!(refunds.clone().count() > 1, "away, then asked again: {asked:?}");
    assert!(refunds.clone().all(|body| body["vnp_TransactionType"] == "02"));
    let books = office.books().await;
    assert_eq!((books["gateway"], books["income"]), (0, 0));
    assert!(office.order(1).await.receipts.iter().all(|r| r.cancel_time.is_some()));
    office.env.stop().await;
}

#[tokio::test]
async fn nobody_approves_his_own() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let both = officer(23, Role::Accountant, ward());
    let asked = RequestRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        payment: paid.payments[0].name.clone(),
        reason: "Nộp nhầm".into(),
        ..Default::default()
    };
    let order = office.client(&both).request_refund(asked).await.unwrap().into_inner();
    let refund = &order.refunds[0].name;
    assert_eq!(reason(decide(&office, &both, refund, true).await), "SECOND_PERSON_NEEDED");
    decide(&office, &leader(), refund, false).await.unwrap();
    assert_eq!(office.books().await["cash"], ALL);
    office.env.stop().await;
}
