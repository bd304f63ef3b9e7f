//! Officers' words are sealed, and found nowhere in clear.

use motcua_proto::payment::v1::{
    AssessFeesRequest, AssessedFee, ReplaceReceiptRequest, RequestRefundRequest,
};
use motcua_testkit::Database;

use crate::{
    receipts::kept,
    support::{accountant, desk, open, order_name},
};

#[tokio::test]
async fn reasons_are_not_in_the_files() {
    const MARK: &str = "DAUVETRIENG";
    let office = open(Database::Sqlite).await;
    office.accepted(1, "open").await;
    let assess = AssessFeesRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        fees: vec![AssessedFee {
            fee_code: "le-phi".into(),
            amount_vnd: 9_000,
            ..AssessedFee::default()
        }],
        reason: MARK.into(),
        ..AssessFeesRequest::default()
    };
    office.client(&desk()).assess_fees(assess).await.unwrap();
    let paid = office.collect(1, 9_000).await.unwrap();
    let refund = RequestRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        payment: paid.payments[0].name.clone(),
        reason: MARK.into(),
        ..RequestRefundRequest::default()
    };
    office.client(&desk()).request_refund(refund).await.unwrap();
    let replace = ReplaceReceiptRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        receipt: paid.receipts[0].name.clone(),
        reason: MARK.into(),
    };
    office.client(&accountant()).replace_receipt(replace).await.unwrap();
    let order = office.order(1).await;
    assert_eq!(
        [&order.refunds[0].reason, &order.assessments[1].reason, &order.receipts[0].cancel_reason],
        [MARK; 3]
    );
    // What receipts say is kept as well, with the payer's name.
    kept(&office, 2).await;
    for entry in std::fs::read_dir(office.env.dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for mark in [MARK, "Nguyễn Văn An"] {
                let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
                assert!(!found, "{mark} in {}", path.display());
            }
        }
    }
    office.env.stop().await;
}
