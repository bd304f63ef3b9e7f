//! Payers who come back, and what the gateway is asked.

use std::time::Duration;

use chrono::TimeDelta;
use motcua_context::Actor;
use motcua_proto::payment::v1::{
    FeeOrderState, LookUpReturnRequest, LookUpReturnResponse, PaymentMethod, PaymentState,
};
use motcua_testkit::Database;
use serde_json::Value;

use crate::support::{ALL, Office, dossier, notice, on_both, open, reason, said, terminal};

on_both! {
    an_attempt_nobody_told_of_is_asked_about;
    a_return_behind_the_notice_finds_what_is_known;
}

async fn back(office: &Office, query: String) -> Result<LookUpReturnResponse, tonic::Status> {
    let mut anybody = office.client(&Actor::Anonymous);
    Ok(anybody.look_up_return(LookUpReturnRequest { query }).await?.into_inner())
}

/// What the gateway answers to a question about any attempt.
fn standing(response: &'static str) -> impl Fn(&Value) -> Value + Send + 'static {
    move |body: &Value| {
        let reference = body["vnp_TxnRef"].as_str().unwrap_or_default();
        let mut notice = said(reference, ALL, "00");
        notice.status = response.to_owned();
        terminal().answered("r", false, &notice)
    }
}

#[tokio::test]
async fn a_return_alone_settles_nothing() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let query = notice(&payment, ALL, "00");
    // The gateway does not answer: the payer is told to wait.
    let waits = back(&office, query.clone()).await.unwrap();
    assert_eq!(waits.state(), PaymentState::Pending);
    assert_eq!(office.order(1).await.state(), FeeOrderState::Due);
    // It says otherwise than the payer's browser.
    office.api.answers(standing("01"));
    assert_eq!(back(&office, query.clone()).await.unwrap().state(), PaymentState::Pending);
    // It confirms.
    office.api.answers(standing("00"));
    let done = back(&office, query.clone()).await.unwrap();
    assert_eq!((done.state(), done.amount_vnd), (PaymentState::Settled, ALL));
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    assert_eq!(office.notice(&query).await, "02", "the notice comes behind");
    assert_eq!(office.api.asked().len(), 3);
    office.env.stop().await;
}

/// A gateway that takes the question and says nothing keeps the payer no longer than his own call
/// lives: he is told to wait.
#[tokio::test]
async fn a_gateway_that_hangs_leaves_the_payer_waiting_and_not_without_an_answer() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    office.api.hangs();
    let asked = back(&office, notice(&payment, ALL, "00"));
    let waits = tokio::time::timeout(Duration::from_secs(8), asked).await.unwrap().unwrap();
    assert_eq!(waits.state(), PaymentState::Pending);
    assert_eq!(office.api.asked().len(), 1);
    office.env.stop().await;
}

/// Who cancels at the gateway begins anew at once, and not because his browser says so.
#[tokio::test]
async fn a_cancelled_attempt_ends_by_the_gateways_word() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let query = notice(&payment, ALL, "24");
    // The gateway is away, then has not finished: it is not over.
    assert_eq!(back(&office, query.clone()).await.unwrap().state(), PaymentState::Pending);
    office.api.answers(standing("01"));
    assert_eq!(back(&office, query.clone()).await.unwrap().state(), PaymentState::Pending);
    let again = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(again.reference, payment.reference);
    office.api.answers(standing("02"));
    let over = back(&office, query.clone()).await.unwrap();
    assert_eq!(over.state(), PaymentState::Declined);
    assert_eq!(over.decline_text, "Giao dịch không thành công, vui lòng thử lại.");
    let asked = office.api.asked().len();
    assert_eq!(back(&office, query).await.unwrap().state(), PaymentState::Declined);
    assert_eq!(office.api.asked().len(), asked, "what is known is not asked for");
    let next = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_ne!(next.reference, payment.reference);

    // A browser that says cancelled of what was paid is not believed either.
    let query = notice(&next, ALL, "24");
    office.api.answers(standing("00"));
    assert_eq!(back(&office, query).await.unwrap().state(), PaymentState::Settled);
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    office.env.stop().await;
}

/// The notice came while the payer was still on the gateway's page: he hears what is known, and the
/// gateway, which would say otherwise by now, is not asked.
async fn a_return_behind_the_notice_finds_what_is_known(database: Database) {
    let office = open(database).await;
    office.api.answers(standing("02"));
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let query = notice(&payment, ALL, "00");
    assert_eq!(office.notice(&query).await, "00");
    let paid = office.order(1).await;
    for query in [query, notice(&payment, ALL, "24")] {
        let done = back(&office, query).await.unwrap();
        assert_eq!((done.state(), done.amount_vnd), (PaymentState::Settled, ALL));
        assert_eq!(done.dossier, dossier(1).name());
    }
    assert!(office.api.asked().is_empty());
    assert_eq!(office.order(1).await, paid, "nothing has changed");
    // Of one that the gateway told came to nothing he hears why; where he says that he paid, it is asked.
    office.accepted(2, "fixed").await;
    let payment = office.begin(2, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.notice(&notice(&payment, ALL, "24")).await, "00");
    for (response, asked) in [("24", 0), ("00", 1)] {
        let done = back(&office, notice(&payment, ALL, response)).await.unwrap();
        assert_eq!(done.state(), PaymentState::Declined);
        assert_eq!(done.decline_text, "Giao dịch đã được hủy.");
        assert_eq!(office.api.asked().len(), asked);
    }
    assert_eq!(office.order(2).await.state(), FeeOrderState::Due);
    office.env.stop().await;
}

#[tokio::test]
async fn a_return_that_is_not_signed_is_refused() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let changed = notice(&payment, ALL, "24").replace("=24", "=00");
    assert_eq!(reason(back(&office, changed).await), "SIGNATURE_INVALID");
    assert_eq!(reason(back(&office, String::new()).await), "SIGNATURE_INVALID");
    assert!(office.api.asked().is_empty());
    office.env.stop().await;
}

async fn an_attempt_nobody_told_of_is_asked_about(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    office.begin(1, PaymentMethod::Gateway).await.unwrap();
    // The notice is lost and the payer does not come back; the gateway is away, then does not
    // know, then knows.
    let turns = [(1, None), (4, Some("01")), (16, Some("00"))];
    for (n, (hours, answer)) in turns.into_iter().enumerate() {
        if let Some(answer) = answer {
            office.api.answers(standing(answer));
        }
        // Each time it waits as long as it has waited.
        office.env.clock.advance(TimeDelta::hours(hours));
        office.env.until(async || (office.api.asked().len() > n).then_some(())).await;
    }
    office
        .env
        .until(async || {
            let state = office.order(1).await.state();
            (state == FeeOrderState::Paid).then_some(())
        })
        .await;
    assert_eq!(office.books().await["gateway"], ALL);
    office.env.stop().await;
}

#[tokio::test]
async fn an_attempt_the_gateway_never_knew_ends() {
    let office = open(Database::Sqlite).await;
    office.api.answers(standing("01"));
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    office.env.clock.advance(TimeDelta::days(3));
    office
        .env
        .until(async || {
            let state = office.order(1).await.payments[0].state();
            (state == PaymentState::Expired).then_some(())
        })
        .await;
    // Should the money come all the same, it is taken.
    assert_eq!(office.notice(&notice(&payment, ALL, "00")).await, "00");
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    office.env.stop().await;
}
