//! Each object is shown to, and changed by, whom it concerns.

use motcua_context::{Actor, Role};
use motcua_proto::payment::v1::{
    AssessFeesRequest, AssessedFee, BeginPaymentRequest, CloseTillRequest, CollectPaymentRequest,
    PaymentMethod,
};
use motcua_testkit::Database;

use crate::support::{
    ALL, accountant, desk, elsewhere, leader, officer, open, order_name, payer, province, reason,
    stranger, unit, ward,
};

#[tokio::test]
async fn an_order_is_seen_by_whom_it_concerns() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let seen = [
        payer(),
        desk(),
        leader(),
        accountant(),
        officer(31, Role::Specialist, unit()),
        officer(32, Role::Auditor, province()),
    ];
    for actor in seen {
        office.order_as(1, &actor).await.unwrap();
    }
    let unseen = [
        stranger(),
        officer(41, Role::DeskOfficer, elsewhere()),
        officer(42, Role::Leader, elsewhere()),
        officer(43, Role::Accountant, elsewhere()),
        officer(44, Role::Specialist, elsewhere()),
    ];
    for actor in unseen {
        assert_eq!(reason(office.order_as(1, &actor).await), "NOT_FOUND", "{actor:?}");
    }
    assert_eq!(reason(office.order_as(1, &Actor::Anonymous).await), "SIGN_IN_REQUIRED");
    office.env.stop().await;
}

#[tokio::test]
async fn only_the_payer_pays_and_only_the_desk_collects() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let begin = BeginPaymentRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        method: PaymentMethod::Gateway.into(),
        english: false,
    };
    let pays = async |by: &Actor, method: PaymentMethod| {
        let asked = BeginPaymentRequest { method: method.into(), ..begin.clone() };
        office.client(by).begin_payment(asked).await.map(tonic::Response::into_inner)
    };
    assert_eq!(reason(pays(&stranger(), PaymentMethod::Gateway).await), "NOT_FOUND");
    // Whoever stands at the desk may pay by the code that it shows; the gateway's page is their own.
    let another = officer(41, Role::DeskOfficer, elsewhere());
    assert_eq!(reason(pays(&another, PaymentMethod::BankTransfer).await), "NOT_FOUND");
    assert_eq!(reason(pays(&desk(), PaymentMethod::Gateway).await), "METHOD_NOT_OFFERED");
    let shown = pays(&desk(), PaymentMethod::BankTransfer).await.unwrap();
    assert!(shown.vietqr.starts_with("000201"), "{}", shown.vietqr);
    let collect = || CollectPaymentRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        method: PaymentMethod::Cash.into(),
        amount_vnd: ALL,
        ..Default::default()
    };
    let far = officer(41, Role::DeskOfficer, elsewhere());
    assert_eq!(reason(office.client(&far).collect_payment(collect()).await), "NOT_FOUND");
    let assess = AssessFeesRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        fees: vec![AssessedFee { fee_code: "phi".into(), ..AssessedFee::default() }],
        ..AssessFeesRequest::default()
    };
    assert_eq!(reason(office.client(&far).assess_fees(assess).await), "NOT_FOUND");
    let till = CloseTillRequest {
        request_id: office.env.request_id(),
        agency: ward().name(),
        counted_vnd: 0,
    };
    assert_eq!(reason(office.client(&far).close_till(till).await), "NOT_YOUR_DESK");
    office.env.stop().await;
}
