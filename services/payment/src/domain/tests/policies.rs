//! What people pay less.

use chrono::NaiveDate;

use super::support::{at, facts, id, line, vnd};
use crate::domain::{Assessed, Charge, ChargeKind, Order, Policy, Reduction, Terms};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn policy(n: u128, percent: u8) -> Policy {
    let terms = Terms {
        title: "Miễn lệ phí nộp trực tuyến".into(),
        basis: format!("Nghị quyết {n}"),
        valid_from: day(7, 1),
        valid_to: Some(day(12, 31)),
        percent,
        online_only: true,
        kind: Some(ChargeKind::Fee),
        procedures: vec!["1.001193".into()],
    };
    Policy { id: id(n).into(), terms, ended_at: None }
}

#[test]
fn a_policy_holds_on_its_days_for_what_it_names() {
    let own = policy(1, 50).terms;
    let covers = |day, online, procedure, kind| own.covers(day, online, procedure, kind);
    assert!(covers(day(7, 1), true, "1.001193", ChargeKind::Fee));
    assert!(covers(day(12, 31), true, "1.001193", ChargeKind::Fee));
    assert!(!covers(day(6, 30), true, "1.001193", ChargeKind::Fee));
    assert!(!covers(day(7, 1), false, "1.001193", ChargeKind::Fee));
    assert!(!covers(day(7, 1), true, "1.000001", ChargeKind::Fee));
    assert!(!covers(day(7, 1), true, "1.001193", ChargeKind::Charge));
    let everything = Terms { kind: None, procedures: Vec::new(), online_only: false, ..own };
    assert!(everything.covers(day(7, 1), false, "2.0", ChargeKind::Charge));
}

#[test]
fn the_best_one_is_taken_and_they_do_not_add_up() {
    let mut fee = line("le-phi", ChargeKind::Fee, Some(15_001));
    let policies = [policy(1, 30), policy(2, 50), policy(3, 10)];
    Policy::apply(&policies, day(8, 1), true, "1.001193", &mut fee);
    // Half of a đồng is nobody's: the person pays less.
    assert_eq!(fee.payable(), vnd(7_500));
    let reduction = fee.charge.and_then(|charge| charge.reduction).unwrap();
    assert_eq!((reduction.amount, reduction.basis.as_str()), (vnd(7_501), "Nghị quyết 2"));
}

#[test]
fn what_nobody_has_assessed_is_not_reduced() {
    let mut fee = line("le-phi", ChargeKind::Fee, None);
    Policy::apply(&[policy(1, 100)], day(8, 1), true, "1.001193", &mut fee);
    assert_eq!(fee.charge, None);
}

#[test]
fn a_last_day_only_comes_nearer() {
    let mut own = policy(1, 50);
    let covers = |own: &Policy, day| own.terms.covers(day, true, "1.001193", ChargeKind::Fee);
    assert!(!own.end(day(12, 31), at(1)), "it is that day already");
    assert_eq!(own, policy(1, 50));
    assert!(own.end(day(8, 1), at(1)));
    assert_eq!(own.ended_at, Some(at(1)));
    assert!(covers(&own, day(8, 1)) && !covers(&own, day(8, 2)));
    assert!(own.end(day(6, 30), at(2)), "before it began");
    assert!(!covers(&own, day(7, 1)) && !covers(&own, day(6, 30)));
}

#[test]
fn what_an_officer_finds_is_reduced_unless_he_says_how() {
    let lines = ["le-phi", "phi"].map(|code| line(code, ChargeKind::Fee, None)).into();
    let order = Order::open(facts(), lines, at(0), at(1));
    let typed = Reduction { amount: vnd(1_000), basis: "Luật Người khuyết tật".into() };
    let found = |code: &str, reduction| Assessed {
        code: code.into(),
        charge: Charge { reduction, ..Charge::full(vnd(50_000)) },
    };
    let found = vec![found("le-phi", None), found("phi", Some(typed)), found("khac", None)];
    let reduced = order.reduced(found, &[policy(1, 40)], day(8, 1));
    let payable: Vec<_> = reduced.iter().map(|one| one.charge.payable()).collect();
    assert_eq!(payable, [vnd(30_000), vnd(49_000), vnd(50_000)]);
}

#[test]
fn everything_off_leaves_nothing() {
    let mut fee = line("le-phi", ChargeKind::Fee, Some(99_999));
    Policy::apply(&[policy(1, 100)], day(8, 1), true, "1.001193", &mut fee);
    assert_eq!(fee.payable(), vnd(0));
}
