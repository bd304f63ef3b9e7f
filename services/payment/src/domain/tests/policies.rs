//! What people pay less.

use chrono::NaiveDate;

use super::support::{id, line, vnd};
use crate::domain::{ChargeKind, Policy, Terms};

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
    Policy { id: id(n).into(), terms }
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
fn everything_off_leaves_nothing() {
    let mut fee = line("le-phi", ChargeKind::Fee, Some(99_999));
    Policy::apply(&[policy(1, 100)], day(8, 1), true, "1.001193", &mut fee);
    assert_eq!(fee.payable(), vnd(0));
}
