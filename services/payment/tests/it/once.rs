//! Nothing twice: the same request is done once.

use motcua_proto::payment::v1::{CollectPaymentRequest, PaymentMethod, PaymentSettled};
use motcua_testkit::Database;

use crate::support::{ALL, desk, on_both, open, order_name, reason};

on_both! {
    the_same_request_is_done_once;
}

async fn the_same_request_is_done_once(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let asked = CollectPaymentRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        etag: String::new(),
        method: PaymentMethod::Postal.into(),
        amount_vnd: ALL,
    };
    let mut client = office.client(&desk());
    let first = client.collect_payment(asked.clone()).await.unwrap().into_inner();
    assert_eq!(client.collect_payment(asked.clone()).await.unwrap().into_inner(), first);
    let other = CollectPaymentRequest { amount_vnd: ALL + 1, ..asked };
    assert_eq!(reason(client.collect_payment(other).await), "REQUEST_ID_REUSED");
    assert_eq!(office.env.said::<PaymentSettled>().await.len(), 1);
    assert_eq!(office.books().await["postal"], ALL);
    // Two desks at once: one takes the money.
    office.accepted(2, "fixed").await;
    let (one, two) = tokio::join!(office.collect(2, ALL), office.collect(2, ALL));
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
    let [refused] = &refused[..] else { panic!("one is refused: {refused:?}") };
    assert_eq!(motcua_rpc::fault(refused.clone()).reason(), "ALREADY_PAID");
    office.env.stop().await;
}
