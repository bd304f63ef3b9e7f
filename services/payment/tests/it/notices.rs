//! What the gateway tells by itself (IPN): each case has its answer.

use chrono::TimeDelta;
use motcua_proto::payment::v1::{FeeOrderState, PaymentMethod, PaymentSettled, PaymentState};
use motcua_testkit::Database;

use crate::support::{ALL, SECRET, notice, on_both, open};

on_both! {
    a_notice_settles_once;
    what_the_signature_does_not_vouch_for_changes_nothing;
    money_that_comes_late_or_twice_is_kept_as_surplus;
}

async fn a_notice_settles_once(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert!(payment.redirect_url.starts_with("https://gateway.example.vn/pay?"));
    let query = notice(&payment, ALL, "00");
    let answers = [office.notice(&query).await, office.notice(&query).await];
    assert_eq!(answers, ["00", "02"], "a repeat is known");
    let order = office.order(1).await;
    assert_eq!((order.state(), order.paid_vnd), (FeeOrderState::Paid, ALL));
    assert_eq!(order.payments[0].state(), PaymentState::Settled);
    assert_eq!(order.payments[0].transaction, "14226112");
    let receipts: Vec<_> =
        order.receipts.iter().map(|r| (r.series.as_str(), r.number, r.amount_vnd)).collect();
    assert_eq!(receipts, [("P-H53.41-26", 1, 20_000), ("LP-H53.41-26", 1, 50_000)]);
    let [settled] = &office.env.said::<PaymentSettled>().await[..] else { panic!("one") };
    assert_eq!((settled.amount_vnd, settled.method()), (ALL, PaymentMethod::Gateway));
    let books = office.books().await;
    assert_eq!((books["gateway"], books["receivable"], books["income"]), (ALL, 0, -ALL));
    office.env.stop().await;
}

async fn what_the_signature_does_not_vouch_for_changes_nothing(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let good = notice(&payment, ALL, "00");
    let failed = notice(&payment, ALL, "24");
    assert_eq!(
        office.notice(&good.replace("vnp_ResponseCode=00", "vnp_ResponseCode=24")).await,
        "97"
    );
    assert_eq!(
        office.notice(&failed.replace("vnp_ResponseCode=24", "vnp_ResponseCode=00")).await,
        "97"
    );
    assert_eq!(office.notice("").await, "97");
    assert_eq!(office.notice(SECRET).await, "97");
    assert_eq!(office.notice(&notice(&payment, ALL - 1_000, "00")).await, "04");
    let unknown = motcua_proto::payment::v1::Payment { reference: "MC0".into(), ..payment.clone() };
    assert_eq!(office.notice(&notice(&unknown, ALL, "00")).await, "01");
    let order = office.order(1).await;
    assert_eq!(order.state(), FeeOrderState::Due);
    assert_eq!(order.payments[0].state(), PaymentState::Pending, "never failed by a stranger");
    assert_eq!(office.notice(&good).await, "00");
    office.env.stop().await;
}

async fn money_that_comes_late_or_twice_is_kept_as_surplus(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let first = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.notice(&notice(&first, ALL, "24")).await, "00");
    let declined = &office.order(1).await.payments[0];
    assert_eq!(declined.state(), PaymentState::Declined);
    assert_eq!(declined.decline_text, "Giao dịch đã được hủy.");
    assert_eq!(office.notice(&notice(&first, ALL, "24")).await, "02");

    office.env.clock.advance(TimeDelta::minutes(1));
    let second = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_ne!(second.reference, first.reference, "an attempt's reference is used once");
    office.collect(1, ALL).await.unwrap();
    // The gateway took the money all the same, of both.
    assert_eq!(office.notice(&notice(&second, ALL, "00")).await, "00");
    assert_eq!(office.notice(&notice(&first, ALL, "00")).await, "00");
    let order = office.order(1).await;
    assert_eq!((order.paid_vnd, order.surplus_vnd), (ALL, 2 * ALL));
    assert_eq!(order.receipts.len(), 2, "of what was owed alone");
    assert_eq!(office.books().await["surplus"], -2 * ALL);
    assert_eq!(office.env.said::<PaymentSettled>().await.len(), 1);
    office.env.stop().await;
}
