use std::collections::BTreeMap;

use motcua_fault::Violations;
use motcua_vn::Vnd;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Copies of a paper: Thông tư 226/2016/TT-BTC.
const COPIES: &str = "ban * min(200000, trang <= 2 ? 2000 * trang : 4000 + 1000 * (trang - 2))";

fn answer(name: &str, kind: AnswerKind) -> Answer {
    Answer { name: name.to_owned(), field: format!("to_khai.{name}"), kind }
}

fn row(when: Option<&str>, amount: &str) -> Row {
    Row { when: when.map(str::to_owned), amount: amount.to_owned(), legal_basis: None }
}

/// How much a table says it is.
fn sum(table: &Table, given: &BTreeMap<String, Value>) -> Result<Vnd, Unknown> {
    table.reckon(given).map(|said| said.amount)
}

/// Who pays nothing, and by which text.
fn exempt(when: &str) -> Row {
    Row { legal_basis: Some("Nghị quyết 12/2025/NQ-HĐND".to_owned()), ..row(Some(when), "0") }
}

fn copies() -> Table {
    Table {
        answers: vec![answer("trang", AnswerKind::Integer), answer("ban", AnswerKind::Integer)],
        rows: vec![row(None, COPIES)],
    }
}

fn given(values: &[(&str, Value)]) -> BTreeMap<String, Value> {
    values.iter().map(|(name, value)| (format!("to_khai.{name}"), value.clone())).collect()
}

#[test]
fn copies_cost_what_the_circular_says() {
    for (pages, count, dong) in
        [(1, 1, 2_000), (2, 1, 4_000), (3, 1, 5_000), (3, 4, 20_000), (500, 2, 400_000)]
    {
        let given = given(&[("trang", json!(pages)), ("ban", json!(count))]);
        assert_eq!(sum(&copies(), &given), Ok(Vnd::new(dong)), "{count} of {pages} pages");
    }
}

#[test]
fn the_first_row_that_holds_says_how_much() {
    let table = Table {
        answers: vec![
            answer("loai", AnswerKind::Text),
            answer("dien_tich", AnswerKind::Number),
            answer("ngheo", AnswerKind::Truth),
            answer("nguoi", AnswerKind::Count),
        ],
        rows: vec![
            exempt("ngheo"),
            row(Some("loai == 'nha-o' && dien_tich > 250.0"), "75000"),
            row(Some("loai == 'nha-o'"), "50000"),
            row(Some("loai in ['xuong', 'kho']"), "int(dien_tich * 1000.0)"),
            row(Some("nguoi > 0"), "10000 * nguoi"),
        ],
    };
    assert_eq!(table.check(), []);
    let of = |kind: &str, area: Value, poor: bool, people: Value| {
        let all = [("loai", json!(kind)), ("dien_tich", area), ("ngheo", json!(poor))];
        sum(&table, &given(&[&all[..], &[("nguoi", people)]].concat()))
    };
    assert_eq!(of("nha-o", json!(300), true, json!(0)), Ok(Vnd::ZERO));
    let poor = [("loai", json!("")), ("dien_tich", json!(1)), ("ngheo", json!(true))];
    let said = table.reckon(&given(&[&poor[..], &[("nguoi", json!(0))]].concat()));
    assert_eq!(said, Ok(Reckoned { amount: Vnd::ZERO, row: &table.rows[0] }), "and by which row");
    assert_eq!(of("nha-o", json!(300), false, json!(0)), Ok(Vnd::new(75_000)));
    assert_eq!(of("nha-o", json!(250.0), false, json!(0)), Ok(Vnd::new(50_000)));
    assert_eq!(of("kho", json!(12.5), false, json!(0)), Ok(Vnd::new(12_500)));
    assert_eq!(of("khac", json!(1), false, json!([{}, {}, {}])), Ok(Vnd::new(30_000)));
    assert_eq!(of("khac", json!(1), false, json!(2)), Ok(Vnd::new(20_000)));
    assert_eq!(of("khac", json!(1), false, json!([])), Err(Unknown::NoRow));
}

#[test]
fn what_cannot_be_reckoned_is_left_to_a_person() {
    let of = |pages: Value| sum(&copies(), &given(&[("trang", pages), ("ban", json!(1))]));
    let field = || "to_khai.trang".to_owned();
    assert_eq!(
        sum(&copies(), &given(&[("ban", json!(1))])),
        Err(Unknown::Missing { field: field() })
    );
    assert_eq!(of(json!("ba")), Err(Unknown::Mistyped { field: field() }));
    assert_eq!(of(json!(2.5)), Err(Unknown::Mistyped { field: field() }));
    assert_eq!(of(json!(-1)), Err(Unknown::OutOfRange { row: 0 }));
    assert_eq!(of(json!(i64::MIN)), Err(Unknown::Failed { row: 0 }), "it overflows");
    let divided = Table { rows: vec![row(None, "1000 / (trang - 1)"), row(None, "1")], ..copies() };
    assert_eq!(divided.check(), [], "with other answers it is sound");
    let one = given(&[("trang", json!(1)), ("ban", json!(1))]);
    assert_eq!(divided.reckon(&one), Err(Unknown::Failed { row: 0 }));
}

#[test]
fn every_slip_of_an_editor_is_told_with_its_place() {
    let of = |rows: Vec<Row>| {
        let wrong = Table { rows, ..copies() }.check();
        wrong.into_iter().map(|one| format!("{} {}", one.path, one.reason)).collect::<Vec<_>>()
    };
    assert_eq!(copies().check(), []);
    assert_eq!(of(vec![]), ["rows ROWS_INVALID"]);
    for amount in
        ["", "trang *", "to_so * 2000", "trang * 1000.0", "'nhiều'", "trang > 2", "f(trang)"]
    {
        assert_eq!(of(vec![row(None, amount)]), ["rows.0.amount FORMULA_INVALID"], "{amount}");
    }
    assert_eq!(
        of(vec![row(Some("trang"), "1"), row(Some("trang > 'a'"), "1")]),
        ["rows.0.when FORMULA_INVALID", "rows.1.when FORMULA_INVALID"]
    );
    assert_eq!(of(vec![row(None, &"1+".repeat(300))]), ["rows.0.amount FORMULA_INVALID"]);
    // Whoever pays nothing pays it by some text.
    assert_eq!(of(vec![exempt("trang > 2"), row(None, "0 * ban")]), Vec::<String>::new());
    let unsaid = of(vec![row(Some("trang > 2"), "0"), row(None, "1 - 1")]);
    assert_eq!(unsaid, ["rows.0.legal_basis REQUIRED", "rows.1.legal_basis REQUIRED"]);
    let long = Row { legal_basis: Some("đ".repeat(501)), ..row(None, "1") };
    assert_eq!(of(vec![long]), ["rows.0.legal_basis TOO_LONG"]);
    let twice = Table {
        answers: vec![answer("trang", AnswerKind::Integer), answer("trang", AnswerKind::Text)],
        rows: vec![row(None, "1")],
    };
    assert_eq!(twice.check()[0].reason, "CODE_TWICE");
    let strange = Table { answers: vec![answer("Số trang", AnswerKind::Integer)], ..twice };
    assert_eq!(strange.check()[0].reason, "CODE_INVALID");
}

#[test]
fn a_table_is_the_same_after_its_way() {
    let mut bad = Violations::default();
    assert_eq!(read_table(&mut bad, "", table_message(&copies())), Some(copies()));
    for kind in AnswerKind::ALL {
        let rows = vec![row(Some("true"), "1"), exempt("false")];
        let table = Table { answers: vec![answer("a", kind)], rows };
        assert_eq!(read_table(&mut bad, "", table_message(&table)), Some(table));
    }
    assert!(bad.as_slice().is_empty());
    for share in
        [Share { agency: None, percent: 30 }, Share { agency: Some("H53".into()), percent: 1 }]
    {
        assert_eq!(read_share(share_message(&share)), share);
    }
    let unsaid = motcua_proto::catalog::v1::FeeAnswer { name: "a".into(), ..Default::default() };
    let message = motcua_proto::catalog::v1::FeeTable { answers: vec![unsaid], rows: vec![] };
    assert_eq!(read_table(&mut bad, "table", message), None);
    assert_eq!(bad.as_slice()[0].field, "table.answers.a");
}

/// What editors write by mistake: CEL's own signs in any order.
fn scribble() -> impl Strategy<Value = String> {
    let signs = prop::sample::select(vec![
        "trang",
        "ban",
        "1",
        "0",
        "-",
        "+",
        "*",
        "/",
        "%",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "?",
        ":",
        "&&",
        "||",
        "!",
        "==",
        "<",
        ">",
        "in",
        "'",
        "\"",
        "\\",
        ".",
        ",",
        "max",
        "min",
        "int",
        "size",
        "map",
        "all",
        "x",
        "9223372036854775807",
        "1.5",
        "true",
        "null",
        " ",
        "đ",
    ]);
    prop_oneof![
        prop::collection::vec(signs, 0..20).prop_map(|signs| signs.concat()),
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_formula_is_sound_or_told_why_not(when in scribble(), amount in scribble(), pages in any::<i64>()) {
        let table = Table { rows: vec![row(Some(&when), &amount)], ..copies() };
        let _ = table.check();
        let found = table.reckon(&given(&[("trang", json!(pages)), ("ban", json!(1))]));
        prop_assert!(found.is_err() || found.is_ok_and(|said| said.amount >= Vnd::ZERO));
    }
}
