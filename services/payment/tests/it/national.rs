//! The national payment platform, asked and heard by its own protocol.

use chrono::TimeDelta;
use motcua_payment::Payment;
use motcua_paywire::{Ask, Confirmation, Partner, Secrets};
use motcua_proto::payment::v1::{
    CompleteRefundRequest, DecideRefundRequest, FeeOrderState, LookUpReturnRequest, PaymentMethod,
    PaymentState, PrintReceiptRequest, RefundState, RequestRefundRequest,
};
use motcua_testkit::{Builder, Database, pdf::text};
use serde_json::{Value, json};

use crate::support::{
    ALL, Api, Office, SECRET, TERMINAL, desk, leader, notice, order_name, plain, ready, reason,
    tell,
};

const CODE: &str = "MOTCUA";
const SHARED: &str = "SANDBOXSECRET";

fn partner() -> Partner {
    Partner { code: CODE.into(), secrets: Secrets::new(SHARED, []) }
}

async fn open() -> Office {
    open_beside(|env| env).await
}

/// The platform, and what else is set up.
async fn open_beside(more: impl FnOnce(Builder<Payment>) -> Builder<Payment>) -> Office {
    let api = Api::default();
    let url = api.clone().serve().await;
    let (env, name) = plain(Database::Sqlite);
    let env = more(env)
        .set(format!("payment.national.url={url}"))
        .set(format!("payment.national.partner={CODE}"))
        .set(format!("payment.national.secret={SHARED}"))
        .set("payment.national.receiver.account=1234567890")
        .set("payment.national.receiver.bank=VCB")
        .set("payment.national.receiver.holder=Trung tâm hành chính công")
        .start()
        .await;
    ready(&env).await;
    api.answers(|_: &Value| Partner::begun("https://platform.example.vn/pay"));
    Office { env, api, name }
}

/// The platform's word of an attempt, signed.
fn said(reference: &str, amount: i64, error: &str) -> Confirmation {
    partner().signed(Confirmation {
        kind: "CONFIRM".into(),
        error: error.into(),
        partner: CODE.into(),
        reference: reference.into(),
        amount: amount.to_string(),
        currency: "VND".into(),
        transaction: "GD1".into(),
        bank: "VCB".into(),
        time: "20260302081500".into(),
        info: "Nop phi".into(),
        signature: String::new(),
    })
}

impl Office {
    /// What the platform tells, and what it is answered.
    async fn confirm(&self, said: &Confirmation) -> String {
        let address = format!("http://{}/payment/national/confirm", self.env.http());
        let answer = tell(&address, &json!(said).to_string()).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let named = [&answer["MaDoiTac"], &answer["MaThamChieu"]];
        assert_eq!(named, [&json!(CODE), &json!(said.reference)]);
        answer["MaLoi"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_platform_is_told_for_what_and_for_whom() {
    let office = open().await;
    office.accepted(1, "fixed").await;
    let begun = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(begun.redirect_url, "https://platform.example.vn/pay");
    let asked = &office.api.asked()[0];
    let Some(Ask::Begin { reference, amount, .. }) = partner().asks(asked) else {
        panic!("{asked}")
    };
    assert_eq!((reference, amount.dong()), (begun.reference, ALL));
    let receipt = &asked["ThongTinBienLai"];
    assert_eq!(receipt["MaTTHC"], "1.001193");
    assert_eq!(receipt["HoTenNguoiNop"], "Nguyễn Văn An");
    assert_eq!(receipt["TKThuHuong"], "1234567890");
    let fees: Vec<_> = receipt["PhiLePhi"].as_array().unwrap().iter().collect();
    assert_eq!((&fees[0]["LoaiPhiLePhi"], &fees[1]["LoaiPhiLePhi"]), (&json!("2"), &json!("1")));
    office.env.stop().await;
}

#[tokio::test]
async fn each_word_has_its_answer() {
    let office = open().await;
    office.accepted(1, "fixed").await;
    let begun = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let paid = said(&begun.reference, ALL, "00");
    let forged = Confirmation { signature: "0".repeat(64), ..paid.clone() };
    assert_eq!(office.confirm(&forged).await, "97");
    assert_eq!(office.confirm(&said("MC0000000000", ALL, "00")).await, "01");
    assert_eq!(office.confirm(&said(&begun.reference, ALL - 1, "00")).await, "04");
    assert_eq!(office.order(1).await.state(), FeeOrderState::Due, "none of these failed it");
    assert_eq!(office.confirm(&said(&begun.reference, ALL, "24")).await, "00");
    assert_eq!(office.order(1).await.payments[0].state(), PaymentState::Declined);
    assert_eq!(office.confirm(&paid).await, "00", "the money came all the same");
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    assert_eq!(office.confirm(&paid).await, "00", "it need not be told again");
    assert_eq!(office.order(1).await.surplus_vnd, 0);
    office.env.stop().await;
}

/// Where there are two gateways, the money of an attempt lies at the one it was begun at: what the
/// other says of it settles nothing, however well it is signed.
#[tokio::test]
async fn one_gateways_word_is_nothing_to_anothers_attempt() {
    let office = open_beside(|env| {
        env.set("payment.gateway=vnpay")
            .set("payment.vnpay.pay_url=https://gateway.example.vn/pay")
            .set("payment.vnpay.api_url=http://127.0.0.1:9/api")
            .set("payment.vnpay.return_url=https://cong.example.vn/thanh-toan")
            .set(format!("payment.vnpay.terminal={TERMINAL}"))
            .set(format!("payment.vnpay.secret={SECRET}"))
            .set("payment.vnpay.server_address=203.0.113.7")
    })
    .await;
    office.accepted(1, "fixed").await;
    let begun = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert!(begun.redirect_url.starts_with("https://gateway.example.vn/pay?"));
    for error in ["00", "24"] {
        assert_eq!(office.confirm(&said(&begun.reference, ALL, error)).await, "01");
        let query = json!(said(&begun.reference, ALL, error)).to_string();
        let back = office.client(&desk()).look_up_return(LookUpReturnRequest { query }).await;
        assert_eq!(reason(back), "NOT_FOUND");
    }
    let order = office.order(1).await;
    assert_eq!(order.payments[0].state(), PaymentState::Pending);
    assert_eq!(order.state(), FeeOrderState::Due);
    assert_eq!(office.notice(&notice(&begun, ALL, "00")).await, "00", "its own is believed");
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    office.env.stop().await;
}

#[tokio::test]
async fn what_nobody_told_of_is_asked_about() {
    let office = open().await;
    office.accepted(1, "fixed").await;
    let begun = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let told = said(&begun.reference, ALL, "00");
    office.api.answers(move |_: &Value| Partner::stands(Some(&told)));
    office.env.clock.advance(TimeDelta::minutes(16));
    office
        .env
        .until(async || (office.order(1).await.state() == FeeOrderState::Paid).then_some(()))
        .await;
    let asked = partner().asks(office.api.asked().last().unwrap());
    assert_eq!(asked, Some(Ask::Standing { reference: begun.reference }));
    office.env.stop().await;
}

/// Our receipt prints whatever the platform says; its bill is there once it wrote one.
#[tokio::test]
async fn the_receipt_is_ours_and_the_bill_the_platforms() {
    let office = open().await;
    office.accepted(1, "fixed").await;
    let begun = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    assert_eq!(office.confirm(&said(&begun.reference, ALL, "00")).await, "00");
    office.api.answers(|_: &Value| json!({}));
    let order = office.order(1).await;
    for receipt in &order.receipts {
        let print = |from_platform| PrintReceiptRequest {
            name: order_name(1),
            receipt: receipt.name.clone(),
            from_platform,
        };
        let mut client = office.client(&desk());
        let ours = client.print_receipt(print(false)).await.unwrap().into_inner();
        assert_eq!(ours.file_name, format!("{}-0000001.pdf", receipt.series));
        let read = text(&ours.content);
        assert!(read.contains(&receipt.series) && read.contains("GD1"), "{read}");
        assert_eq!(reason(client.print_receipt(print(true)).await), "BILL_ABSENT");
    }
    office.env.stop().await;
}

#[tokio::test]
async fn money_is_given_back_by_a_person() {
    let office = open().await;
    for (n, in_cash) in [(1, false), (2, true)] {
        office.accepted(n, "fixed").await;
        let begun = office.begin(n, PaymentMethod::Gateway).await.unwrap();
        assert_eq!(office.confirm(&said(&begun.reference, ALL, "00")).await, "00");
        let before = office.books().await;
        let ask = RequestRefundRequest {
            request_id: office.env.request_id(),
            name: order_name(n),
            payment: begun.name,
            amount_vnd: 0,
            reason: "Rút hồ sơ".into(),
            ..Default::default()
        };
        let asked = office.client(&desk()).request_refund(ask).await.unwrap().into_inner();
        let refund = asked.refunds[0].name.clone();
        let complete = |refund: &str| CompleteRefundRequest {
            request_id: office.env.request_id(),
            name: order_name(n),
            refund: refund.to_owned(),
            in_cash,
        };
        let early = office.client(&desk()).complete_refund(complete(&refund)).await;
        assert_eq!(reason(early), "REFUND_NOT_APPROVED");
        let decide = DecideRefundRequest {
            request_id: office.env.request_id(),
            name: order_name(n),
            refund: refund.clone(),
            approve: true,
        };
        office.client(&leader()).decide_refund(decide).await.unwrap();
        let done = office.client(&desk()).complete_refund(complete(&refund)).await.unwrap();
        assert_eq!(done.into_inner().refunds[0].state(), RefundState::Refunded);
        let after = office.books().await;
        let moved = |account: &str| {
            let held = |books: &std::collections::BTreeMap<String, i64>| {
                books.get(account).copied().unwrap_or_default()
            };
            held(&after) - held(&before)
        };
        let gone = if in_cash { (0, -ALL) } else { (-ALL, 0) };
        assert_eq!((moved("gateway"), moved("cash")), gone, "out of what it was paid from");
    }
    office.env.stop().await;
}
