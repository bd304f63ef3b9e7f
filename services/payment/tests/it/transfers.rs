//! Bank transfers by VietQR.

use chrono::TimeDelta;
use motcua_paywire::{Reference, VietQr};
use motcua_proto::payment::v1::{PaymentMethod, PaymentState};
use motcua_testkit::Database;
use motcua_vn::Vnd;

use crate::support::{ALL, open, plain, ready, reason};

#[tokio::test]
async fn the_code_names_account_sum_and_reference() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let payment = office.begin(1, PaymentMethod::BankTransfer).await.unwrap();
    let code = VietQr::decode(&payment.vietqr).unwrap();
    assert_eq!((code.bank.as_str(), code.account.as_str()), ("970418", "1234567890"));
    assert_eq!((code.amount, &code.memo), (Some(Vnd::new(ALL)), &payment.reference));
    assert!(payment.reference.parse::<Reference>().is_ok());
    assert_eq!(payment.redirect_url, "");
    // Asked for again while it waits, it is the same attempt.
    assert_eq!(office.begin(1, PaymentMethod::BankTransfer).await.unwrap(), payment);

    office.env.clock.advance(TimeDelta::days(4));
    office
        .env
        .until(async || {
            let state = office.order(1).await.payments[0].state();
            (state == PaymentState::Expired).then_some(())
        })
        .await;
    office.env.stop().await;
}

#[tokio::test]
async fn what_is_not_set_up_is_not_offered() {
    let (env, name) = plain(Database::Sqlite);
    let env = env.start().await;
    ready(&env).await;
    let office = crate::support::Office { env, api: crate::support::Api::default(), name };
    office.accepted(1, "fixed").await;
    for method in [PaymentMethod::Gateway, PaymentMethod::BankTransfer] {
        assert_eq!(reason(office.begin(1, method).await), "METHOD_NOT_OFFERED");
    }
    assert_eq!(office.notice("vnp_TxnRef=1").await, "01", "there is no gateway");
    office.collect(1, ALL).await.unwrap();
    office.env.stop().await;
}
