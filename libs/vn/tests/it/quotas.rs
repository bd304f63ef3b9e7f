//! Quotas of steps, on two processes as provinces publish them.

use std::collections::BTreeMap;

use motcua_vn::{
    Quotas,
    policy::Fraction,
    quota::{QuotaProblem, Share},
};

use crate::support::{CALENDAR, at, text};

fn quotas(steps: &[(&str, Share)], groups: &[(&str, i64)]) -> Result<Quotas, Vec<QuotaProblem>> {
    let steps: BTreeMap<_, _> =
        steps.iter().map(|(code, share)| ((*code).to_owned(), share.clone())).collect();
    let groups = groups.iter().map(|(code, minutes)| ((*code).to_owned(), *minutes)).collect();
    Quotas::new(steps, groups)
}

fn hours(n: i64) -> Share {
    Share::Own(n * 60)
}

/// Seven steps of a commune, 168 hours for 21 days; the return is not counted.
const COMMUNE: [&str; 7] =
    ["receive", "assign", "appraise", "review", "sign", "register", "return"];

fn commune() -> Quotas {
    let shares = [hours(4), hours(4), hours(112), hours(24), hours(16), hours(8), Share::Free];
    quotas(&COMMUNE.into_iter().zip(shares).collect::<Vec<_>>(), &[]).unwrap()
}

/// Two agencies, thirty days; the steps of the second share seven days.
const TWO: [&str; 6] = ["receive", "appraise", "office", "chair", "seal", "return"];

fn two_agencies() -> Quotas {
    let ubnd = || Share::Group("ubnd".into());
    let shares = [hours(8), hours(160), ubnd(), ubnd(), ubnd(), hours(16)];
    quotas(&TWO.into_iter().zip(shares).collect::<Vec<_>>(), &[("ubnd", 56 * 60)]).unwrap()
}

#[test]
fn the_steps_sum_to_the_limit() {
    assert_eq!(commune().sum(COMMUNE), 21 * 480);
    assert_eq!(commune().fits(COMMUNE, 21 * 480), Ok(()));
    let over = QuotaProblem::OverLimit { sum: 21 * 480, limit: 20 * 480 };
    assert_eq!(commune().fits(COMMUNE, 20 * 480), Err(over));
    assert_eq!(two_agencies().sum(TWO), 30 * 480);
}

#[test]
fn a_group_counts_once_and_is_used_up_together() {
    let quotas = two_agencies();
    assert_eq!(quotas.left("office", []), Some(3360));
    assert_eq!(quotas.left("chair", [("office", 3000)]), Some(360));
    assert_eq!(quotas.left("seal", [("office", 3000), ("chair", 500)]), Some(0));
    assert_eq!(quotas.left("appraise", [("office", 3000)]), Some(9600));
    // Sent back: the step's own first turn was used.
    assert_eq!(quotas.left("appraise", [("appraise", 600), ("office", 60)]), Some(9000));
}

#[test]
fn a_step_is_due_when_its_quota_ends() {
    let due = |step, on, spent: &[(&str, i64)]| {
        commune().due(&CALENDAR, step, at(on), spent.iter().copied()).map(text)
    };
    assert_eq!(due("receive", "2025-08-20 09:15", &[]).as_deref(), Some("2025-08-20 15:15"));
    assert_eq!(due("sign", "2025-08-29 17:30", &[]).as_deref(), Some("2025-09-04 17:00"));
    assert_eq!(
        due("sign", "2025-08-20 07:00", &[("sign", 480)]).as_deref(),
        Some("2025-08-20 17:00")
    );
    assert_eq!(due("return", "2025-08-20 09:15", &[]), None);
    assert_eq!(due("unknown", "2025-08-20 09:15", &[]), None);
}

#[test]
fn quotas_are_scaled_with_the_limit_and_rounded_once() {
    let half = Fraction { numerator: 1, denominator: 2 };
    let scaled = commune().scaled(half, COMMUNE);
    assert_eq!(scaled.sum(COMMUNE), 21 * 240);
    assert_eq!(scaled.left("appraise", []), Some(56 * 60));
    assert_eq!(two_agencies().scaled(half, TWO).sum(TWO), 15 * 480);

    let odd = quotas(&[("a", Share::Own(1)), ("b", Share::Own(1)), ("c", Share::Own(1))], &[]);
    let thirds = odd.unwrap().scaled(half, ["a", "b", "c"]);
    assert_eq!(thirds.sum(["a", "b", "c"]), 2);
}

#[test]
fn what_is_wrong_is_told_by_name() {
    let shares = [("a", Share::Own(0)), ("b", Share::Group("x".into()))];
    let problems = quotas(&shares, &[("y", 0)]).unwrap_err();
    assert_eq!(
        problems,
        [
            QuotaProblem::NotPositive("a".into()),
            QuotaProblem::UnknownGroup { step: "b".into(), group: "x".into() },
            QuotaProblem::NotPositive("y".into()),
            QuotaProblem::EmptyGroup("y".into()),
        ]
    );
}
