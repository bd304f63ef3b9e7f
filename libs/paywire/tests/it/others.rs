//! The same payments by packages that others wrote (`tests/node`): what we sign holds there,
//! what they sign holds here, and what was changed holds nowhere.

use std::{
    io::Write,
    net::IpAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chrono::DateTime;
use motcua_paywire::{Fields, Payment, Query, Refund, Terminal, Unclear, VietQr};
use motcua_vn::{Timestamp, Vnd, local, text::plain_ascii};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::secrets;

const GATEWAY: &str = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html";

/// What the packages answer to one question, for each case.
fn ask(question: &str, cases: &[Value]) -> Vec<Value> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = root.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into()).join("../..");
    let packages = std::env::var_os("MOTCUA_TEST_NODE").map(PathBuf::from);
    let packages = packages.unwrap_or_else(|| root.join("target/node"));
    let mut node = Command::new("node")
        .arg(root.join("tests/node/payments.mjs"))
        .args([packages.as_path(), Path::new(question)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is missing: run scripts/test");
    let mut input = node.stdin.take().unwrap();
    input.write_all(Value::from(cases).to_string().as_bytes()).unwrap();
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "run scripts/test, which installs what tests/node lists");
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), cases.len());
    answers
}

/// So many of whatever there may be.
fn some<S: Strategy>(strategy: S) -> Vec<S::Value> {
    let mut runner = TestRunner::default();
    (0..48).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn instants() -> impl Strategy<Value = Timestamp> {
    (1_600_000_000..3_800_000_000_i64).prop_map(|s| DateTime::from_timestamp_secs(s).unwrap())
}

/// As the packages take an instant.
fn number(at: Timestamp) -> Value {
    let text = local::local(at).format("%Y%m%d%H%M%S").to_string();
    text.parse::<u64>().unwrap().into()
}

/// As the gateway is told what for.
fn info(text: &str) -> String {
    plain_ascii(text).chars().take(255).collect()
}

const SECRET: &str = "[A-Z0-9]{16,32}";
const TERMINAL: &str = "[A-Z0-9]{8}";
const REFERENCE: &str = "[A-Z0-9]{1,20}";
const WORDS: &str = "(Lệ phí hồ sơ H53\\.41-261121-0042 \\(lần 1\\)|\\PC{1,80}|[ -~]{1,300})";
const AMOUNT: std::ops::Range<i64> = 1..90_000_000_000_000;

fn terminal(code: &str, secret: &str) -> Terminal {
    Terminal { code: code.to_owned(), secrets: secrets(secret, &[]) }
}

#[test]
fn the_address_of_a_payment_is_the_same() {
    let given = some((
        (SECRET, TERMINAL, REFERENCE, WORDS, "https://a\\.vn/\\PC{0,40}"),
        (AMOUNT, instants(), instants(), any::<(IpAddr, bool)>()),
    ));
    let mut cases = Vec::new();
    let mut ours = Vec::new();
    for (
        (secret, code, reference, words, return_url),
        (amount, created, expires, (payer, english)),
    ) in &given
    {
        cases.push(json!({ "secret": secret, "terminal": code, "fields": {
            "vnp_Amount": amount,
            "vnp_TxnRef": reference,
            "vnp_OrderInfo": info(words),
            "vnp_Locale": if *english { "en" } else { "vn" },
            "vnp_ReturnUrl": return_url,
            "vnp_IpAddr": payer.to_string(),
            "vnp_CreateDate": number(*created),
            "vnp_ExpireDate": number(*expires),
        }}));
        let payment = Payment {
            reference,
            amount: Vnd::new(*amount),
            info: words,
            created: *created,
            expires: *expires,
            payer: *payer,
            return_url,
            english: *english,
        };
        ours.push(terminal(code, secret).payment_url(GATEWAY, &payment));
    }
    for ((ours, theirs), case) in ours.iter().zip(ask("urls", &cases)).zip(cases) {
        assert_eq!(theirs, *ours, "{case}");
    }
}

/// The fields of a notice, as the gateway sends them.
fn notices() -> impl Strategy<Value = (String, String, i64, String, Fields)> {
    let codes = proptest::sample::select(vec!["00", "07", "24", "51"]);
    (SECRET, TERMINAL, AMOUNT, REFERENCE, WORDS, codes).prop_map(
        |(secret, code, amount, reference, words, response)| {
            let mut fields = Fields::default();
            fields.set("vnp_TmnCode", &code);
            fields.set("vnp_TxnRef", &reference);
            fields.set("vnp_Amount", (amount * 100).to_string());
            fields.set("vnp_OrderInfo", words);
            fields.set("vnp_ResponseCode", response);
            fields.set("vnp_TransactionStatus", response);
            fields.set("vnp_TransactionNo", "14422574");
            fields.set("vnp_BankCode", "NCB");
            fields.set("vnp_PayDate", "20261121083155");
            (secret, code, amount, reference, fields)
        },
    )
}

#[test]
fn a_notice_that_we_sign_holds_there_and_a_changed_one_does_not() {
    let given = some(notices());
    let case = |(secret, _, _, _, fields): &(String, _, _, _, Fields)| json!({ "secret": secret, "query": fields.signed(&secrets(secret, &[])) });
    let cases: Vec<Value> = given.iter().map(case).collect();
    for ((_, _, amount, _, fields), answer) in given.iter().zip(ask("notices", &cases)) {
        let paid = fields.get("vnp_ResponseCode") == "00";
        let expected =
            json!({ "holds": [true, true], "paid": paid, "amount": amount, "taken": [] });
        assert_eq!(answer, expected, "{fields:?}");
    }
}

#[test]
fn a_notice_that_is_signed_there_holds_here_and_a_changed_one_does_not() {
    let given = some(notices());
    let names = [
        "vnp_TmnCode",
        "vnp_TxnRef",
        "vnp_Amount",
        "vnp_OrderInfo",
        "vnp_ResponseCode",
        "vnp_TransactionStatus",
        "vnp_TransactionNo",
        "vnp_BankCode",
        "vnp_PayDate",
    ];
    let case = |(secret, _, _, _, fields): &(String, _, _, _, Fields)| {
        let fields: serde_json::Map<_, _> =
            names.iter().map(|name| ((*name).to_owned(), fields.get(name).into())).collect();
        json!({ "secret": secret, "fields": fields })
    };
    let cases: Vec<Value> = given.iter().map(case).collect();
    for ((secret, code, amount, reference, _), query) in given.iter().zip(ask("queries", &cases)) {
        let query = query.as_str().unwrap();
        let notice = terminal(code, secret).notice(query).unwrap();
        assert_eq!((&notice.reference, notice.amount), (reference, Vnd::new(*amount)), "{query}");
        for name in names {
            let changed = query.replace(&format!("{name}="), &format!("{name}=0"));
            assert_eq!(
                terminal(code, secret).notice(&changed),
                Err(Unclear::Signature),
                "{changed}"
            );
        }
    }
}

#[test]
fn questions_and_refunds_are_the_same_and_so_are_their_answers() {
    let given = some((
        (SECRET, TERMINAL, REFERENCE, WORDS, WORDS, "[0-9]{8}"),
        (AMOUNT, instants(), instants(), any::<(IpAddr, bool)>()),
    ));
    let mut cases = Vec::new();
    let mut ours = Vec::new();
    for (
        (secret, code, reference, words, by, transaction),
        (amount, begun, created, (server, whole)),
    ) in &given
    {
        let gateway = terminal(code, secret);
        let alike = json!({
            "vnp_RequestId": "a1",
            "vnp_TxnRef": reference,
            "vnp_OrderInfo": info(words),
            "vnp_TransactionNo": transaction,
            "vnp_TransactionDate": number(*begun),
            "vnp_CreateDate": number(*created),
            "vnp_IpAddr": server.to_string(),
        });
        let mut refund = alike.clone();
        refund["vnp_Amount"] = (*amount).into();
        refund["vnp_TransactionType"] = if *whole { "02" } else { "03" }.into();
        refund["vnp_CreateBy"] = plain_ascii(by).into();
        let answer = |command: &str, amount: i64| {
            json!({
                "vnp_ResponseId": "r1", "vnp_Command": command, "vnp_ResponseCode": "00",
                "vnp_Message": words, "vnp_TmnCode": code, "vnp_TxnRef": reference,
                "vnp_Amount": (amount * 100).to_string(), "vnp_BankCode": "NCB",
                "vnp_PayDate": "20261121083155", "vnp_TransactionNo": transaction,
                "vnp_TransactionType": "01", "vnp_TransactionStatus": "00",
                "vnp_OrderInfo": info(words),
            })
        };
        let case = |kind: &str, fields: Value, answer: Value| json!({ "secret": secret, "terminal": code, "kind": kind, "fields": fields, "answer": answer });
        cases.push(case("queryDr", alike, answer("querydr", *amount)));
        ours.push(gateway.query(&Query {
            request_id: "a1",
            reference,
            begun: *begun,
            info: words,
            created: *created,
            server: *server,
        }));
        // The package divides the amount of an answer before it looks whether it is signed.
        cases.push(case("refund", refund, answer("refund", 0)));
        ours.push(gateway.refund(&Refund {
            request_id: "a1",
            reference,
            transaction,
            begun: *begun,
            amount: Vnd::new(*amount),
            whole: *whole,
            by,
            info: words,
            created: *created,
            server: *server,
        }));
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for ((case, ours), theirs) in cases.iter().zip(ours).zip(ask("bodies", &cases)) {
        for (name, value) in ours.as_object().unwrap() {
            assert_eq!(text(&theirs["body"][name]), text(value), "{name} of {case}");
        }
        assert_eq!(theirs["holds"], true, "{theirs}");
        let gateway =
            terminal(case["terminal"].as_str().unwrap(), case["secret"].as_str().unwrap());
        let read = |answer: &Value| match case["kind"].as_str() {
            Some("refund") => gateway.refund_answer(answer),
            _ => gateway.query_answer(answer),
        };
        let mut answer = theirs["answer"].clone();
        assert!(read(&answer).unwrap().is_paid());
        answer["vnp_TransactionStatus"] = "01".into();
        assert_eq!(read(&answer), Err(Unclear::Signature));
    }
}

#[test]
fn codes_say_there_what_they_say_here() {
    let amounts = proptest::option::of(1..=9_999_999_999_999_i64);
    let given = some(("[0-9]{6}", "[0-9A-Z]{1,19}", amounts, "[A-Z0-9 .-]{0,25}"));
    let codes: Vec<VietQr> = given
        .into_iter()
        .map(|(bank, account, amount, memo)| VietQr {
            bank,
            account,
            amount: amount.map(Vnd::new),
            memo,
        })
        .collect();
    let ours: Vec<String> = codes.iter().map(|code| code.encode().unwrap()).collect();

    let texts: Vec<Value> = ours.iter().map(|text| text.as_str().into()).collect();
    for (code, theirs) in codes.iter().zip(ask("decoded", &texts)) {
        let amount = code.amount.map(|amount| amount.dong().to_string());
        let expected = json!({
            "application": "A000000727", "service": "QRIBFTTA",
            "bank": code.bank, "account": code.account, "amount": amount, "memo": code.memo,
            "method": if amount.is_some() { "12" } else { "11" },
            "currency": "704", "nation": "VN",
        });
        assert_eq!(theirs, expected);
    }

    let case = |code: &VietQr| {
        let amount = code.amount.map(|amount| amount.dong().to_string());
        json!({ "bank": code.bank, "account": code.account, "amount": amount, "memo": code.memo })
    };
    let cases: Vec<Value> = codes.iter().map(case).collect();
    for ((code, ours), theirs) in codes.iter().zip(&ours).zip(ask("encoded", &cases)) {
        assert_eq!(theirs, **ours);
        assert_eq!(VietQr::decode(theirs.as_str().unwrap()).as_ref(), Ok(code));
    }

    // One digit of the account, and neither takes it.
    let other = |code: &VietQr| {
        let text = code.encode().unwrap();
        let at = text.find("0208QRIBFTTA").unwrap() - 1;
        let digit = if &text[at..=at] == "0" { "1" } else { "0" };
        format!("{}{digit}{}", &text[..at], &text[at + 1..])
    };
    let damaged: Vec<Value> = codes.iter().map(|code| other(code).into()).collect();
    assert!(damaged.iter().all(|text| VietQr::decode(text.as_str().unwrap()).is_err()));
    assert!(ask("decoded", &damaged).iter().all(|theirs| *theirs == false));
}
