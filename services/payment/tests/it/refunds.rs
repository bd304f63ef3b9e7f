//! Money given back, with a second person.

use chrono::TimeDelta;
use motcua_context::{Actor, Role};
use motcua_payment::consistency;
use motcua_proto::payment::v1::{
    AssessFeesRequest, AssessedFee, CompleteRefundRequest, DecideRefundRequest, FeeOrder,
    FeeOrderState, PaymentMethod, PaymentRefunded, PaymentRequested, PaymentSettled, RefundState,
    RequestRefundRequest,
};
use motcua_testkit::Database;

use crate::{
    books::close,
    support::{
        ALL, Office, accountant, desk, leader, notice, officer, on_both, open, order_name, reason,
        said, terminal, ward,
    },
};

on_both! {
    cash_goes_back_at_the_desk;
    the_gateway_gives_back_what_came_through_it;
    one_fee_goes_back_and_the_other_stays;
    what_went_back_as_a_whole_is_collected_anew;
    cash_goes_back_out_of_a_till_that_is_open;
}

pub(crate) async fn ask(
    office: &Office,
    payment: &str,
    amount_vnd: i64,
) -> Result<FeeOrder, tonic::Status> {
    ask_of(office, payment, amount_vnd, "").await
}

async fn ask_of(
    office: &Office,
    payment: &str,
    amount_vnd: i64,
    fee_code: &str,
) -> Result<FeeOrder, tonic::Status> {
    let asked = RequestRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        payment: payment.into(),
        amount_vnd,
        reason: "Thu nhầm mức của Nguyễn Văn An".into(),
        fee_code: fee_code.into(),
    };
    Ok(office.client(&desk()).request_refund(asked).await?.into_inner())
}

pub(crate) async fn decide(
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

pub(crate) async fn complete(office: &Office, refund: &str) -> Result<FeeOrder, tonic::Status> {
    complete_as(office, &desk(), refund).await
}

async fn complete_as(office: &Office, by: &Actor, refund: &str) -> Result<FeeOrder, tonic::Status> {
    let asked = CompleteRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        refund: refund.into(),
        in_cash: false,
    };
    Ok(office.client(by).complete_refund(asked).await?.into_inner())
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

async fn one_fee_goes_back_and_the_other_stays(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let payment = &paid.payments[0].name;
    let unknown = motcua_rpc::fault(ask_of(&office, payment, 0, "khac").await.unwrap_err());
    let [wrong] = unknown.violations() else { panic!("{unknown:?}") };
    assert_eq!((wrong.field.as_str(), wrong.reason.as_str()), ("fee_code", "FEE_UNKNOWN"));
    assert_eq!(reason(ask_of(&office, payment, 20_001, "phi").await), "REFUND_TOO_LARGE");
    let asked = ask_of(&office, payment, 0, "phi").await.unwrap();
    let refund = &asked.refunds[0];
    assert_eq!((refund.amount_vnd, refund.fee_code.as_str()), (20_000, "phi"));
    decide(&office, &leader(), &refund.name, true).await.unwrap();
    complete(&office, &refund.name).await.unwrap();
    // As it was kept: the receipt over the lệ phí holds, and nothing is left of the phí.
    let order = office.order(1).await;
    let held: Vec<_> = order.receipts.iter().filter(|r| r.cancel_time.is_none()).collect();
    let [held] = held[..] else { panic!("{held:?}") };
    assert_eq!((held.amount_vnd, held.number), (50_000, 1));
    assert_eq!(reason(ask_of(&office, payment, 0, "phi").await), "REFUND_TOO_LARGE");
    assert_eq!(order.refunds[0].fee_code, "phi");
    office.env.stop().await;
}

async fn what_went_back_as_a_whole_is_collected_anew(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let asked = ask(&office, &paid.payments[0].name, 0).await.unwrap();
    let refund = &asked.refunds[0].name;
    decide(&office, &leader(), refund, true).await.unwrap();
    complete(&office, refund).await.unwrap();
    assert_eq!(reason(office.collect(1, ALL).await), "NOTHING_DUE");
    let assess = AssessFeesRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        fees: vec![AssessedFee {
            fee_code: "le-phi".into(),
            amount_vnd: 50_000,
            ..AssessedFee::default()
        }],
        reason: "Nộp lại bằng tiền mặt".into(),
        ..AssessFeesRequest::default()
    };
    let due = office.client(&desk()).assess_fees(assess).await.unwrap().into_inner();
    assert_eq!((due.state(), due.payable_vnd), (FeeOrderState::Due, ALL));
    // Others hear of it by a version that is newer than when it was paid.
    let said = office.env.said::<PaymentRequested>().await;
    let settled = office.env.said::<PaymentSettled>().await;
    assert!(said.len() == 2 && said[1].version > settled[0].version, "{said:?}");
    let again = office.collect(1, ALL).await.unwrap();
    assert_eq!((again.state(), again.paid_vnd), (FeeOrderState::Paid, 2 * ALL));
    assert_eq!(again.refunded_vnd, ALL);
    let books = office.books().await;
    assert_eq!((books["cash"], books["income"], books["receivable"]), (ALL, -ALL, 0));
    let db = office.env.store.reader();
    assert!(consistency::disowned(db).await.unwrap().is_empty());
    assert!(consistency::unbooked(db).await.unwrap().is_empty());
    office.env.stop().await;
}

/// An officer of the desk pays out of the till, while it is open; an accountant, who has none that
/// could be closed, out of what the agency has.
async fn cash_goes_back_out_of_a_till_that_is_open(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let mut refunds = Vec::new();
    for n in 0..2 {
        let asked = ask(&office, &paid.payments[0].name, 7_000).await.unwrap();
        refunds.push(asked.refunds[n].name.clone());
        decide(&office, &leader(), &refunds[n], true).await.unwrap();
    }
    assert_eq!(close(&office, ALL).await.unwrap().expected_vnd, ALL);
    assert_eq!(reason(complete(&office, &refunds[0]).await), "TILL_CLOSED");
    complete_as(&office, &accountant(), &refunds[0]).await.unwrap();
    let sql = "SELECT count(*) AS n FROM posting WHERE what = 'refunded' AND till IS NOT NULL";
    assert_eq!(office.env.store.count(sql, []).await.unwrap(), 0);
    office.env.clock.advance(TimeDelta::days(1));
    complete(&office, &refunds[1]).await.unwrap();
    assert_eq!(office.env.store.count(sql, []).await.unwrap(), 1);
    assert_eq!(office.books().await["cash"], ALL - 14_000);
    office.env.stop().await;
}
