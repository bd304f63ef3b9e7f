//! Receipts as paper, cancelled and replaced.

use motcua_context::Actor;
use motcua_proto::{
    access::v1::PersonalDataRead,
    payment::v1::{FeeOrder, PrintReceiptRequest, ReplaceReceiptRequest},
};
use motcua_testkit::{Database, pdf::text};

use crate::support::{
    ALL, Office, accountant, desk, leader, on_both, open, order_name, payer, reason, stranger,
};

on_both! {
    a_receipt_is_replaced_and_its_series_has_no_gap;
    a_receipt_says_what_it_said_when_it_was_issued;
}

async fn print(
    office: &Office,
    by: &Actor,
    receipt: &str,
) -> Result<(Vec<u8>, String), tonic::Status> {
    let receipt = receipt.into();
    let asked = PrintReceiptRequest { name: order_name(1), receipt, from_platform: false };
    let printed = office.client(by).print_receipt(asked).await?.into_inner();
    Ok((printed.content, printed.file_name))
}

async fn replace(office: &Office, by: &Actor, receipt: &str) -> Result<FeeOrder, tonic::Status> {
    let asked = ReplaceReceiptRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        receipt: receipt.into(),
        reason: "Sai tên người nộp".into(),
    };
    Ok(office.client(by).replace_receipt(asked).await?.into_inner())
}

async fn a_receipt_is_replaced_and_its_series_has_no_gap(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let old = &paid.receipts[0];
    assert_eq!(reason(replace(&office, &desk(), &old.name).await), "NOT_PERMITTED");
    let done = replace(&office, &accountant(), &old.name).await.unwrap();
    let [other, cancelled, new] = {
        let mut receipts = done.receipts.clone();
        receipts.sort_by_key(|one| (one.kind == old.kind, one.number));
        <[_; 3]>::try_from(receipts).unwrap()
    };
    assert!(other.cancel_time.is_none());
    assert_eq!(
        (cancelled.name.as_str(), cancelled.replaced_by.as_str()),
        (old.name.as_str(), new.name.as_str())
    );
    assert_eq!(cancelled.cancel_reason, "Sai tên người nộp");
    assert_eq!((new.series.as_str(), new.amount_vnd), (old.series.as_str(), old.amount_vnd));
    assert_eq!((old.number, new.number), (1, 2));
    assert_eq!(reason(replace(&office, &accountant(), &old.name).await), "RECEIPT_CANCELLED");
    let nobodys = "receipts/00000000-0000-0000-0000-000000000001";
    assert_eq!(reason(replace(&office, &accountant(), nobodys).await), "NOT_FOUND");
    // The payer sees both, without the officer's words; the books are as before.
    let seen = office.order_as(1, &payer()).await.unwrap();
    assert!(seen.receipts.iter().all(|one| one.cancel_reason.is_empty()));
    assert_eq!(office.books().await["income"], -ALL);
    let kept = office.order(1).await.receipts.into_iter().find(|one| one.name == old.name);
    assert_eq!(kept, Some(cancelled));
    office.env.stop().await;
}

#[tokio::test]
async fn a_receipt_is_a_paper_that_says_what_was_paid() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    let fee = paid.receipts.iter().find(|one| one.series.starts_with("LP-")).unwrap();
    let (pdf, file_name) = print(&office, &payer(), &fee.name).await.unwrap();
    assert_eq!(file_name, format!("{}-0000001.pdf", fee.series));
    let read = text(&pdf);
    for said in [
        "BIÊN LAI THU LỆ PHÍ",
        &fee.series,
        "0000001",
        "Nguyễn Văn An",
        crate::support::CODE,
        "1.001193",
        "Tiền mặt",
        "Khoản le-phi",
        "50.000",
        "Năm mươi nghìn đồng",
    ] {
        assert!(read.contains(said), "«{said}» in: {read}");
    }
    assert!(!read.contains("ĐÃ HỦY") && !read.contains("Khoản phi"), "{read}");
    assert_eq!(print(&office, &desk(), &fee.name).await.unwrap().0, pdf, "the same for everybody");
    assert_eq!(reason(print(&office, &stranger(), &fee.name).await), "NOT_FOUND");

    let done = replace(&office, &accountant(), &fee.name).await.unwrap();
    let new = done.receipts.iter().find(|one| one.number == 2).unwrap();
    let (pdf, _) = print(&office, &leader(), &fee.name).await.unwrap();
    let read = text(&pdf);
    for said in ["ĐÃ HỦY", "Biên lai này đã hủy", &format!("{} số 0000002", new.series)]
    {
        assert!(read.contains(said), "«{said}» in: {read}");
    }
    office.env.stop().await;
}

/// Waits until so many receipts have kept what they say.
pub(crate) async fn kept(office: &Office, number: u64) {
    let sql = "SELECT count(*) AS n FROM receipt WHERE bill IS NOT NULL";
    let store = &office.env.store;
    office.env.until(async || (store.count(sql, []).await.unwrap() == number).then_some(())).await;
}

async fn a_receipt_says_what_it_said_when_it_was_issued(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let paid = office.collect(1, ALL).await.unwrap();
    kept(&office, 2).await;
    office.name.correct("Trần Thị Bình");
    let old = &paid.receipts[0].name;
    let done = replace(&office, &accountant(), old).await.unwrap();
    let new = done.receipts.iter().find(|one| one.number == 2).unwrap();
    kept(&office, 3).await;
    office.name.correct("Lê Văn Cường");
    for (receipt, says) in [(old, "Nguyễn Văn An"), (&new.name, "Trần Thị Bình")] {
        let (pdf, _) = print(&office, &desk(), receipt).await.unwrap();
        let read = text(&pdf);
        assert!(read.contains(says), "«{says}» in: {read}");
    }
    // The officer's readings are recorded, the payer's own are not.
    let read = async || office.env.said::<PersonalDataRead>().await.len();
    let before = read().await;
    print(&office, &payer(), old).await.unwrap();
    assert_eq!((before, read().await), (2, 2));
    office.env.stop().await;
}
