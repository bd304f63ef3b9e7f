use motcua_paywire::{
    Ask, Confirmation, Fee, Initiation, Partner, Payer, ReceiptFacts, Receiver, Unclear,
};
use motcua_vn::Vnd;
use proptest::prelude::*;
use serde_json::json;

use crate::{at, secrets};

const REFERENCE: &str = "dvcH53250821000120250821093000";

fn platform() -> Partner {
    Partner { code: "DEMO".to_owned(), secrets: secrets("SECRET", &[]) }
}

fn confirmation() -> Confirmation {
    let said = json!({
        "LoaiBanTin": "CONFIRM",
        "MaLoi": "00",
        "MaDoiTac": "DEMO",
        "MaThamChieu": REFERENCE,
        "SoTien": "50000",
        "MaTienTe": "VND",
        "MaGiaoDich": "GD1",
        "MaNganHang": "VCB",
        "ThoiGianGD": "20250821093105",
        "ThongTinGiaoDich": "Thanh toan le phi",
        "MaXacThuc": "25bb04b6503cc478aa57ee8716049c5ac391cecfe53d833d5274d7cb16bb7db7",
    });
    serde_json::from_value(said).unwrap()
}

#[test]
fn a_payment_is_begun_in_the_platforms_words() {
    let fee = Fee {
        kind: "1".to_owned(),
        code: "LP01".to_owned(),
        name: "Lệ phí cấp bản sao".to_owned(),
        amount: Vnd::new(50_000),
    };
    let receiver = Receiver {
        account: "0011012345678".to_owned(),
        bank: "VCB".to_owned(),
        holder: "UBND phường".to_owned(),
    };
    let body = platform().initiate(&Initiation {
        reference: REFERENCE,
        amount: Vnd::new(50_000),
        info: "Thanh toan le phi",
        at: at("2025-08-21T09:30:00"),
        address: "127.0.0.1",
        receipt: ReceiptFacts {
            procedure: "2.000635".to_owned(),
            dossier: "H53.25-250821-0001".to_owned(),
            fees: vec![fee],
            receiver,
            payer: Payer { name: "Nguyễn Văn An".to_owned(), ..Payer::default() },
            ..ReceiptFacts::default()
        },
    });
    let signature = "8ff164e0e56ed4dd4da606d8b418c1b852a8519a4c5b329ec424e56a79e75143";
    assert_eq!(body["MaXacThuc"], signature);
    assert_eq!(body["ThoiGianGD"], "20250821093000");
    let receipt = &body["ThongTinBienLai"];
    assert_eq!((&receipt["MaDVC"], &receipt["MaDichVu"]), (&json!("2.000635.01"), &json!("2")));
    assert_eq!(receipt["PhiLePhi"][0]["SoTien"], "50000");
    assert_eq!(
        receipt["DSKhoanNop"],
        json!([
            { "NoiDung": "Lệ phí cấp bản sao", "SoTien": "50000" }
        ])
    );

    let afternoon = at("2025-08-21T15:30:00");
    assert_eq!(platform().query(REFERENCE, afternoon)["ThoiGianGD"], "20250821153000");
}

#[test]
fn questions_are_signed_over_less() {
    let begun = at("2025-08-21T09:30:00");
    assert_eq!(
        platform().query(REFERENCE, begun)["MaXacThuc"],
        "c4bb349d75756880d1cd87e67230d1e64d475f01a3877ddc2557aa177b8f3800"
    );
    assert_eq!(
        platform().receipt(REFERENCE, begun)["MaXacThuc"],
        "ff5f2501066fc8bb1904c79a7f071d13cf0f95132da0c6d2886c5883d7a68817"
    );
}

#[test]
fn the_payer_is_sent_where_the_platform_says() {
    let url = |answer| Partner::payment_url(&answer);
    let good = json!({
        "error_code": "0",
        "message": "{\"UrlThanhToan\": \"https://pay.example.vn/1\"}",
    });
    assert_eq!(url(good).as_deref(), Some("https://pay.example.vn/1"));
    for bad in [
        json!({ "error_code": "1", "message": "{\"UrlThanhToan\": \"https://pay.example.vn/1\"}" }),
        json!({ "error_code": "0", "message": "Thành công" }),
        json!({ "error_code": "0", "message": "{\"UrlThanhToan\": \"\"}" }),
        json!({ "error_code": "0" }),
        json!(null),
    ] {
        assert_eq!(url(bad.clone()), None, "{bad}");
    }
}

#[test]
fn only_the_platform_confirms() {
    let said = confirmation();
    assert!(platform().believes(&said) && said.is_paid());
    assert_eq!(said.amount(), Some(Vnd::new(50_000)));
    assert_eq!(said.at(), Some(at("2025-08-21T09:31:05")));
    assert_eq!(platform().signed(Confirmation { signature: String::new(), ..said.clone() }), said);
    let upper = Confirmation { signature: said.signature.to_uppercase(), ..said.clone() };
    assert!(platform().believes(&upper));
    for changed in [
        Confirmation { amount: "5000000".to_owned(), ..said.clone() },
        Confirmation { error: "01".to_owned(), ..said.clone() },
        Confirmation { kind: "QUERY".to_owned(), ..said.clone() },
        Confirmation { signature: String::new(), ..said.clone() },
        Confirmation { signature: said.signature[..63].to_owned(), ..said.clone() },
    ] {
        assert!(!platform().believes(&changed), "{changed:?}");
    }
    // Another partner's is none of ours, whoever signed it.
    let other = Confirmation { partner: "OTHER".to_owned(), ..said.clone() };
    assert!(!platform().believes(&platform().signed(other)));
    // A secret that is empty is nobody's.
    let open = Partner { code: "DEMO".to_owned(), secrets: secrets("", &[]) };
    assert!(!open.believes(&open.signed(said.clone())));
    // A former secret counts beside the new one.
    let newer = secrets("NEWER", &["SECRET"]);
    assert!(Partner { code: "DEMO".to_owned(), secrets: newer }.believes(&said));

    let dollars = Confirmation { currency: "USD".to_owned(), ..said.clone() };
    assert_eq!(dollars.amount(), None);
    for amount in ["-1", "1.5", "", "9223372036854775808"] {
        let odd = Confirmation { amount: amount.to_owned(), ..said.clone() };
        assert_eq!(odd.amount(), None, "{amount}");
    }
}

#[test]
fn the_answer_names_the_attempt_and_is_signed() {
    let answer = platform().answer(&confirmation(), "00", "Thành công");
    assert_eq!(answer["MaLoi"], "00");
    assert_eq!(answer["MaThamChieu"], REFERENCE);
    assert_eq!(answer["MaXacThuc"].as_str().unwrap().len(), 64);
}

#[test]
fn the_platform_knows_what_its_partner_asks() {
    let begun = at("2025-08-21T09:30:00");
    let reference = REFERENCE.to_owned();
    let body = platform().initiate(&Initiation {
        reference: REFERENCE,
        amount: Vnd::new(50_000),
        info: "Thanh toan le phi",
        at: begun,
        address: "127.0.0.1",
        receipt: ReceiptFacts::default(),
    });
    let (amount, info) = (Vnd::new(50_000), "Thanh toan le phi".to_owned());
    let asked = Ask::Begin { reference: reference.clone(), amount, info };
    assert_eq!(platform().asks(&body), Some(asked));
    let query = platform().query(REFERENCE, begun);
    let standing = Ask::Standing { reference: reference.clone() };
    assert_eq!(platform().asks(&query), Some(standing));
    let receipt = platform().receipt(REFERENCE, begun);
    assert_eq!(platform().asks(&receipt), Some(Ask::Receipt { reference }));
    for (field, other) in [("SoTien", "1"), ("MaThamChieu", "X"), ("MaDoiTac", "OTHER")] {
        let mut changed = body.clone();
        changed[field] = json!(other);
        assert_eq!(platform().asks(&changed), None, "{field}");
    }
    assert_eq!(platform().asks(&json!(null)), None);
}

#[test]
fn what_became_of_an_attempt_is_read_as_it_is_told() {
    let said = confirmation();
    assert_eq!(Partner::standing(&Partner::stands(Some(&said))), Ok(Some(said)));
    assert_eq!(Partner::standing(&Partner::stands(None)), Ok(None));
    for garbled in [json!({ "error_code": "0", "message": "?" }), json!(null)] {
        assert_eq!(Partner::standing(&garbled), Err(Unclear::Signature));
    }
    let url = "https://pay.example.vn/1";
    assert_eq!(Partner::payment_url(&Partner::begun(url)).as_deref(), Some(url));
}

proptest! {
    #[test]
    fn any_confirmation_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = serde_json::from_str::<Confirmation>(&text);
        let said = Confirmation { signature: text.clone(), time: text, ..confirmation() };
        prop_assert!(!platform().believes(&said));
        said.at();
    }
}
