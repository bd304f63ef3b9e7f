use std::net::{IpAddr, Ipv4Addr};

use hmac::{Hmac, KeyInit, Mac};
use motcua_paywire::{
    Asked, Fields, IpnAnswer, Payment, Query, Refund, Terminal, Unclear, declined,
};
use motcua_vn::Vnd;
use proptest::prelude::*;
use serde_json::json;
use sha2::Sha512;

use crate::{at, secrets};

const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 2));

fn terminal(secret: &str) -> Terminal {
    Terminal { code: "MOTCUA01".to_owned(), secrets: secrets(secret, &[]) }
}

/// An IPN as the gateway sends it.
fn ipn(change: impl FnOnce(&mut Fields)) -> String {
    let mut fields = Fields::default();
    for (name, value) in [
        ("vnp_TmnCode", "MOTCUA01"),
        ("vnp_TxnRef", "MC7K3Q9ZT4XW42"),
        ("vnp_Amount", "5000000"),
        ("vnp_ResponseCode", "00"),
        ("vnp_TransactionStatus", "00"),
        ("vnp_TransactionNo", "14422574"),
        ("vnp_BankCode", "NCB"),
        ("vnp_PayDate", "20261121083155"),
        ("vnp_OrderInfo", "Le phi ho so"),
    ] {
        fields.set(name, value);
    }
    change(&mut fields);
    fields.signed(&secrets("SECRETOFTHETESTS", &[]))
}

/// Published with the gateway's samples.
#[test]
fn the_published_vector_holds() {
    let mut fields = Fields::default();
    fields.set("vnp_TnxRef", "1234567890");
    fields.set("vnp_OrderInfo", "Payment for order #1234567890");
    fields.set("vnp_Amount", "10000");
    fields.set("vnp_BankCode", "");
    let signed = fields.signed(&secrets("YOUR_SECURE_SECRET", &[]));
    let expected = "vnp_Amount=10000&vnp_OrderInfo=Payment+for+order+%231234567890\
        &vnp_TnxRef=1234567890&vnp_SecureHash=7bb8160a5d2085a85b3267817a40ee4f770a335282f19714726\
        e6fc6f28a64c75a1e7e9c1aa96f3cbda5ce44095088fb4cb2af66c596d2f655b0b53966312089";
    assert_eq!(signed, expected);
}

/// Made by the package `vnpay` 2.5.0 for Node.js of the same payment.
#[test]
fn an_independent_signer_makes_the_same_address() {
    let url = terminal("SECRETOFTHETESTS").payment_url(
        "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
        &Payment {
            reference: "MC7K3Q9ZT4XW42",
            amount: Vnd::new(50_000),
            info: "Lệ phí hồ sơ H53.41-261121-0042 (lần 1)",
            created: at("2026-11-21T08:30:00"),
            expires: at("2026-11-21T08:45:00"),
            payer: Ipv4Addr::new(203, 0, 113, 7).into(),
            return_url: "https://dichvucong.example.vn/thanh-toan?a=b~c*d",
            english: false,
        },
    );
    assert_eq!(
        url,
        "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html?vnp_Amount=5000000&vnp_Command=pay\
         &vnp_CreateDate=20261121083000&vnp_CurrCode=VND&vnp_ExpireDate=20261121084500\
         &vnp_IpAddr=203.0.113.7&vnp_Locale=vn\
         &vnp_OrderInfo=Le+phi+ho+so+H53.41-261121-0042+%28lan+1%29&vnp_OrderType=other\
         &vnp_ReturnUrl=https%3A%2F%2Fdichvucong.example.vn%2Fthanh-toan%3Fa%3Db%7Ec*d\
         &vnp_TmnCode=MOTCUA01&vnp_TxnRef=MC7K3Q9ZT4XW42&vnp_Version=2.1.0\
         &vnp_SecureHash=6aafe51e81c762f7c643afe09e65ec42b69f81e68a36944d959d0351d8ec39a0b4841ddde\
         ba2e360bc57643f3015a181446a22e646ad81bbecbe31f368086bd9"
    );
}

#[test]
fn a_notice_says_what_was_paid() {
    let gateway = terminal("SECRETOFTHETESTS");
    let notice = gateway.notice(&ipn(|_| {})).unwrap();
    assert_eq!(notice.reference, "MC7K3Q9ZT4XW42");
    assert_eq!(notice.amount, Vnd::new(50_000));
    assert_eq!((notice.transaction.as_str(), notice.bank.as_str()), ("14422574", "NCB"));
    assert_eq!(notice.paid, Some(at("2026-11-21T08:31:55")));
    assert!(notice.is_paid() && !notice.is_suspicious());

    // What proxies add is not signed; the case of the signature does not matter.
    let query = ipn(|_| {}) + "&utm_source=zalo&vnp_SecureHashType=HmacSHA512";
    assert!(gateway.notice(&query).unwrap().is_paid());
    let (data, signature) = query.split_once("vnp_SecureHash=").unwrap();
    let upper = format!("{data}vnp_SecureHash={}", signature[..128].to_uppercase());
    assert!(gateway.notice(&upper).unwrap().is_paid());

    let declined_one = ipn(|fields| fields.set("vnp_ResponseCode", "51"));
    let notice = gateway.notice(&declined_one).unwrap();
    assert!(!notice.is_paid());
    assert_eq!(declined(&notice.response), "Tài khoản không đủ số dư.");
    let half = ipn(|fields| fields.set("vnp_TransactionStatus", "01"));
    assert!(!gateway.notice(&half).unwrap().is_paid());
    let suspicious = ipn(|fields| fields.set("vnp_ResponseCode", "07"));
    assert!(gateway.notice(&suspicious).unwrap().is_suspicious());
}

#[test]
fn what_is_not_signed_by_the_gateway_says_nothing() {
    let gateway = terminal("SECRETOFTHETESTS");
    let good = ipn(|_| {});
    let unsigned = good.split("&vnp_SecureHash").next().unwrap().to_owned();
    for query in [
        good.replace("5000000", "5000001"),
        good.replace("vnp_ResponseCode=00", "vnp_ResponseCode=24"),
        good.clone() + "&vnp_Extra=1",
        good.clone() + "&vnp_Amount=1",
        unsigned.clone(),
        unsigned.clone() + "&vnp_SecureHash=",
        unsigned + "&vnp_SecureHash=xyz",
        String::new(),
    ] {
        assert_eq!(gateway.notice(&query), Err(Unclear::Signature), "{query}");
    }
    let other = ipn(|fields| fields.set("vnp_TmnCode", "OTHER001"));
    assert_eq!(gateway.notice(&other), Err(Unclear::Terminal));
    for amount in ["50000.5", "150", "-100", "99999999999999999999"] {
        let odd = ipn(|fields| fields.set("vnp_Amount", amount));
        assert_eq!(gateway.notice(&odd), Err(Unclear::Amount), "{amount}");
    }
    // A secret that is empty is nobody's.
    let open = Fields::parse(&good).signed(&secrets("", &[]));
    assert_eq!(terminal("").notice(&open), Err(Unclear::Signature));
}

#[test]
fn a_former_secret_counts_until_it_is_taken_away() {
    let with = |in_force, former: &[&str]| Terminal {
        code: "MOTCUA01".to_owned(),
        secrets: secrets(in_force, former),
    };
    let query = ipn(|_| {});
    assert!(with("THE NEW ONE", &["SECRETOFTHETESTS"]).notice(&query).is_ok());
    assert_eq!(with("THE NEW ONE", &[]).notice(&query), Err(Unclear::Signature));
    // What the new one signs is not what the old one signed.
    let fields = Fields::parse(&query);
    let signed = fields.signed(&secrets("THE NEW ONE", &["SECRETOFTHETESTS"]));
    assert_eq!(signed, fields.signed(&secrets("THE NEW ONE", &[])));
}

#[test]
fn questions_and_refunds_are_signed_in_their_order() {
    let gateway = terminal("SECRETOFTHETESTS");
    let asked = gateway.query(&Query {
        request_id: "a1",
        reference: "MC7K3Q9ZT4XW42",
        begun: at("2026-11-21T08:30:00"),
        info: "Kiểm tra",
        created: at("2026-11-21T09:00:00"),
        server: SERVER,
    });
    assert_eq!(asked["vnp_OrderInfo"], "Kiem tra");
    assert_eq!(asked["vnp_Command"], "querydr");
    assert_eq!(
        asked["vnp_SecureHash"],
        "24e8acf6c2a65989e309e7edb278b98ac4381e2313194eb70a8467a1a158930b369cf4cfdd6129b35f4bb7f4c\
         1874a193c88535fff71f13cc0b2b59f05f6a293"
    );

    let refund = Refund {
        request_id: "a2",
        reference: "MC7K3Q9ZT4XW42",
        transaction: "14422574",
        begun: at("2026-11-21T08:30:00"),
        amount: Vnd::new(20_000),
        whole: false,
        by: "Trần Thị Bình",
        info: "Hoàn phí",
        created: at("2026-11-22T09:00:00"),
        server: SERVER,
    };
    let body = gateway.refund(&refund);
    assert_eq!(body["vnp_TransactionType"], "03");
    assert_eq!(body["vnp_Amount"], "2000000");
    assert_eq!(body["vnp_CreateBy"], "Tran Thi Binh");
    assert_eq!(
        body["vnp_SecureHash"],
        "7ce0f1935f3b47a11664cc5889828b378d4a66baaa0a72a82c15797667c2b0d8f726e46bc4c99d791e2197da0\
         04b96e92a0d04de871ae5db57b4c5c2bf193d45"
    );
    let whole = gateway.refund(&Refund { whole: true, ..refund });
    assert_eq!(whole["vnp_TransactionType"], "02");
    assert_ne!(whole["vnp_SecureHash"], body["vnp_SecureHash"]);
}

/// The hashes are OpenSSL's, over the fields in the order of the gateway's manual.
#[test]
fn answers_to_questions_and_refunds_say_nothing_unless_they_are_signed() {
    let gateway = terminal("SECRETOFTHETESTS");
    let paid = json!({
        "vnp_ResponseId": "r1", "vnp_Command": "querydr", "vnp_ResponseCode": "00",
        "vnp_Message": "OK", "vnp_TmnCode": "MOTCUA01", "vnp_TxnRef": "MC7K3Q9ZT4XW42",
        "vnp_Amount": 5_000_000, "vnp_BankCode": "NCB", "vnp_PayDate": "20261121083155",
        "vnp_TransactionNo": "14422574", "vnp_TransactionType": "01",
        "vnp_TransactionStatus": "00", "vnp_OrderInfo": "Le phi",
        "vnp_SecureHash": "3cb9a26c35532e9a6959385474d938f5885330474752c2b37dad7d64b4fc8d82850d0de\
                           ed037870b9b92bea5555dc59cc2e50165ad0a2cfad831f9e7135f4201",
    });
    let notice = gateway.query_answer(&paid).unwrap();
    assert!(notice.is_paid());
    assert_eq!(notice.amount, Vnd::new(50_000));
    let returned = json!({
        "vnp_ResponseId": "r2", "vnp_Command": "refund", "vnp_ResponseCode": "00",
        "vnp_Message": "OK", "vnp_TmnCode": "MOTCUA01", "vnp_TxnRef": "MC7K3Q9ZT4XW42",
        "vnp_Amount": "2000000", "vnp_BankCode": "NCB", "vnp_PayDate": "20261122090100",
        "vnp_TransactionNo": "14422575", "vnp_TransactionType": "03",
        "vnp_TransactionStatus": "05", "vnp_OrderInfo": "Hoan phi",
        "vnp_SecureHash": "499c224472190479a223b10a5e3907c5cd484776a34143e35b97311792847b2fd49025\
                           8526d2d4854f322bb4782f29ff659fb437045d3502513d0bfabc650d0b",
    });
    let notice = gateway.refund_answer(&returned).unwrap();
    assert_eq!((notice.amount, notice.status.as_str()), (Vnd::new(20_000), "05"));
    assert!(notice.is_refund());

    for (field, value) in [
        ("vnp_Amount", json!(5_000_100)),
        ("vnp_TransactionStatus", json!("01")),
        ("vnp_PromotionCode", json!("X")),
        ("vnp_SecureHash", json!(null)),
    ] {
        let mut changed = paid.clone();
        changed[field] = value;
        assert_eq!(gateway.query_answer(&changed), Err(Unclear::Signature), "{field}");
    }
    assert_eq!(gateway.query_answer(&json!([])), Err(Unclear::Signature));
}

/// What one end makes the other reads.
#[test]
fn both_ends_understand_each_other() {
    let both = terminal("SECRETOFTHETESTS");
    let payment = Payment {
        reference: "MC7K3Q9ZT4XW42",
        amount: Vnd::new(50_000),
        info: "Lệ phí",
        created: at("2026-11-21T08:30:00"),
        expires: at("2026-11-21T08:45:00"),
        payer: SERVER,
        return_url: "https://cong.example.vn/ve",
        english: false,
    };
    let url = both.payment_url("https://gateway.example.vn/pay", &payment);
    let (_, query) = url.split_once('?').unwrap();
    let sent = both.sent(query).unwrap();
    assert_eq!((sent.reference.as_str(), sent.amount), ("MC7K3Q9ZT4XW42", Vnd::new(50_000)));
    assert_eq!(sent.return_url, "https://cong.example.vn/ve");
    assert_eq!(sent.expires, Some(payment.expires));
    assert_eq!(both.sent(&query.replace("5000000", "50000")), Err(Unclear::Signature));

    let notice = motcua_paywire::Notice {
        reference: sent.reference,
        amount: sent.amount,
        response: "00".to_owned(),
        status: "00".to_owned(),
        kind: String::new(),
        transaction: "1".to_owned(),
        bank: "NCB".to_owned(),
        paid: Some(payment.created),
    };
    assert_eq!(both.notice(&both.told(&notice)), Ok(notice.clone()));
    let of_kind = |kind: &str| Ok(motcua_paywire::Notice { kind: kind.into(), ..notice.clone() });
    assert_eq!(both.query_answer(&both.answered("1", false, &notice)), of_kind("01"));
    assert_eq!(both.refund_answer(&both.answered("2", true, &notice)), of_kind("02"));
    let part = of_kind("03").unwrap();
    assert!(part.is_refund() && !notice.is_refund());
    assert_eq!(both.query_answer(&both.answered("3", false, &part)), Ok(part));
    let ask = Query {
        request_id: "r1",
        reference: "MC7K3Q9ZT4XW42",
        begun: payment.created,
        info: "Hỏi",
        created: payment.created,
        server: SERVER,
    };
    let asked = both.asked(&both.query(&ask)).unwrap();
    assert_eq!(asked, Asked::Standing { reference: "MC7K3Q9ZT4XW42".to_owned() });
    let back = Refund {
        request_id: "r2",
        reference: "MC7K3Q9ZT4XW42",
        transaction: "1",
        begun: payment.created,
        amount: Vnd::new(7_000),
        whole: false,
        by: "lanhdao",
        info: "Hoàn",
        created: payment.created,
        server: SERVER,
    };
    let mut body = both.refund(&back);
    let asked = both.asked(&body).unwrap();
    assert!(matches!(asked, Asked::Back { amount, .. } if amount == Vnd::new(7_000)));
    body["vnp_Amount"] = "700001".into();
    assert_eq!(both.asked(&body), Err(Unclear::Signature));
}

#[test]
fn answers_to_an_ipn_are_the_gateways_own() {
    for (answer, code, text) in [
        (IpnAnswer::Confirmed, "00", "Confirm Success"),
        (IpnAnswer::OrderNotFound, "01", "Order not found"),
        (IpnAnswer::AlreadyConfirmed, "02", "Order already confirmed"),
        (IpnAnswer::InvalidAmount, "04", "Invalid amount"),
        (IpnAnswer::FailChecksum, "97", "Fail checksum"),
        (IpnAnswer::Unknown, "99", "Unknown error"),
    ] {
        assert_eq!(answer.to_json(), json!({ "RspCode": code, "Message": text }));
    }
}

proptest! {
    #[test]
    fn any_query_is_a_notice_or_says_nothing(query in "\\PC{0,200}") {
        prop_assert!(terminal("SECRETOFTHETESTS").notice(&query).is_err());
    }

    #[test]
    fn any_signed_fields_are_read_again(values in proptest::collection::vec("\\PC{0,30}", 1..8)) {
        let mut fields = Fields::default();
        for (at, value) in values.iter().enumerate() {
            fields.set(&format!("vnp_F{at}"), value);
        }
        let secrets = secrets("SECRETOFTHETESTS", &[]);
        let read = Fields::parse(&fields.signed(&secrets));
        prop_assert!(read.is_signed(&secrets));
        for (at, value) in values.iter().enumerate() {
            prop_assert_eq!(read.get(&format!("vnp_F{at}")), value);
        }
    }
}

/// An answer that refuses need not have a sum; one that says that it was done must.
#[test]
fn a_refusal_needs_no_sum() {
    let gateway = terminal("SECRETOFTHETESTS");
    let answer = |response: &str| {
        let data = format!("r1|refund|{response}|OK|MOTCUA01|MC1{}", "|".repeat(7));
        let mac = Hmac::<Sha512>::new_from_slice(b"SECRETOFTHETESTS").unwrap();
        let signature = hex::encode(mac.chain_update(data).finalize().into_bytes());
        let body = json!({
            "vnp_ResponseId": "r1", "vnp_Command": "refund", "vnp_ResponseCode": response,
            "vnp_Message": "OK", "vnp_TmnCode": "MOTCUA01", "vnp_TxnRef": "MC1",
            "vnp_SecureHash": signature,
        });
        gateway.refund_answer(&body)
    };
    assert_eq!(answer("91").unwrap().response, "91");
    assert_eq!(answer("00"), Err(Unclear::Amount));
}
