//! Whatever happens in whatever order, the books balance and say what the order says.

use proptest::prelude::*;

use super::support::{
    Books, at, attempt, due, officer, payment, receipts, refund, refund_id, sharing, vnd,
};
use crate::domain::{
    Account, Assessed, AttemptState, Came, Charge, Method, Order, RefundState, State,
};

/// What may come: from payers, gateways, banks, officers and timers, late, twice and wrong.
#[derive(Debug, Clone, Copy)]
enum Step {
    Begin { n: u128, method: Method },
    Arrive { n: u128, off: i64 },
    Transfer { n: u128, off: i64 },
    Decline { n: u128 },
    Expire { n: u128 },
    Collect { n: u128, method: Method, off: i64 },
    Assess { dong: i64 },
    Lapse { at: i64 },
    Cancel,
    AskBack { n: u128, of: u128, amount: i64 },
    Decide { n: u128, approve: bool, by: u128 },
    GiveBack { n: u128 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let n = 1..5_u128;
    let outside = prop_oneof![Just(Method::Gateway), Just(Method::BankTransfer)];
    let inside = prop_oneof![Just(Method::Cash), Just(Method::Postal)];
    let off = prop_oneof![9 => Just(0_i64), 1 => -5_i64..5];
    let step = prop_oneof![
        4 => (n.clone(), outside).prop_map(|(n, method)| Step::Begin { n, method }),
        5 => (n.clone(), off.clone()).prop_map(|(n, off)| Step::Arrive { n, off }),
        3 => (n.clone(), prop_oneof![Just(0_i64), -50_000_i64..50_000])
            .prop_map(|(n, off)| Step::Transfer { n, off }),
        1 => n.clone().prop_map(|n| Step::Decline { n }),
        1 => n.clone().prop_map(|n| Step::Expire { n }),
        1 => (5..7_u128, inside, off).prop_map(|(n, method, off)| Step::Collect { n, method, off }),
        2 => (0_i64..90_000).prop_map(|dong| Step::Assess { dong }),
        1 => (0_i64..30_000).prop_map(|at| Step::Lapse { at }),
        1 => Just(Step::Cancel),
        3 => (1..4_u128, 1..7_u128, 1_i64..80_000)
            .prop_map(|(n, of, amount)| Step::AskBack { n, of, amount }),
        3 => (1..4_u128, any::<bool>(), 1..3_u128)
            .prop_map(|(n, approve, by)| Step::Decide { n, approve, by }),
        3 => (1..4_u128).prop_map(|n| Step::GiveBack { n }),
    ];
    proptest::collection::vec(step, 0..40)
}

fn take(order: &mut Order, step: Step, turn: i64) {
    let (now, ids) = (at(turn), receipts(u128::from(turn.unsigned_abs())));
    let known = |order: &Order, n| order.attempts.iter().any(|a| a.id == payment(n));
    let sum = |order: &Order, n| {
        order.attempts.iter().find(|a| a.id == payment(n)).map_or(0, |a| a.amount.dong())
    };
    match step {
        Step::Begin { n, .. } if known(order, n) => {}
        Step::Begin { n, method } => {
            let _ = order.try_to_pay(attempt(n, method, order.payable().dong(), turn));
        }
        Step::Arrive { n, off } => {
            let _ = order.arrived(payment(n), vnd(sum(order, n) + off), "1", now, ids);
        }
        Step::Transfer { n, .. } if !known(order, n) => {}
        Step::Transfer { n, off } => {
            let came =
                Came { amount: vnd((sum(order, n) + off).max(1)), transaction: "2", at: now };
            let more = payment(100 + u128::from(turn.unsigned_abs()));
            order.transferred(payment(n), &came, more, ids).unwrap();
        }
        Step::Decline { n } => drop(order.declined(payment(n), "Đã hủy.")),
        Step::Expire { n } => drop(order.expire(payment(n))),
        Step::Collect { n, .. } if known(order, n) => {}
        Step::Collect { n, method, off } => {
            let all = order.payable().dong() + off;
            let _ = order.collect(attempt(n, method, all, turn), ids);
        }
        Step::Assess { dong } => {
            let charge = Charge::full(vnd(dong));
            let found = vec![Assessed { code: "le-phi".into(), charge }];
            let _ = order.assess(found, officer(1), String::new(), now, at(20_000));
        }
        Step::Lapse { at: minute } => drop(order.lapse(at(minute))),
        Step::Cancel => drop(order.cancel(now)),
        Step::AskBack { n, .. } if order.refund(refund_id(n)).is_ok() => {}
        Step::AskBack { n, of, amount } => {
            let _ = order.request_refund(refund(n, of, amount, 1));
        }
        Step::Decide { n, approve, by } => {
            let _ = order.decide(refund_id(n), approve, officer(by), now, ids);
        }
        Step::GiveBack { n } => drop(order.complete_refund(refund_id(n), None, now)),
    }
}

fn holds(order: &Order, books: &Books) -> Result<(), TestCaseError> {
    let sum_of = |wanted: Option<bool>| -> i64 {
        let settled = order.attempts.iter().filter(|a| match wanted {
            Some(owed) => a.settled() == Some(owed),
            None => a.settled().is_some(),
        });
        settled.map(|a| a.amount.dong()).sum()
    };
    let approved: i64 = order
        .refunds
        .iter()
        .filter(|r| matches!(r.state, RefundState::Approved { .. }))
        .map(|r| r.amount.dong())
        .sum();
    let gone: i64 = order
        .refunds
        .iter()
        .filter(|r| matches!(r.state, RefundState::Refunded { .. }))
        .map(|r| r.amount.dong())
        .sum();
    prop_assert_eq!(books.sum(), 0, "every movement balances");
    let owed = if order.state == State::Due { order.payable().dong() } else { 0 };
    prop_assert_eq!(books.of(Account::Receivable), owed, "what is owed");
    prop_assert_eq!(books.money(), sum_of(None) - gone, "what came and did not go");
    prop_assert_eq!(books.of(Account::Refunds), -approved, "what is on its way back");
    prop_assert!(books.of(Account::Surplus) <= 0, "nobody gives back more than came");
    prop_assert!(books.of(Account::Income) <= 0, "nobody gives back more than came");
    let all = sum_of(Some(true)) + sum_of(Some(false));
    let kept = -books.of(Account::Income) - books.of(Account::Surplus) - owed;
    prop_assert_eq!(kept + approved + gone, all, "all that came is somebody's");
    // Once it is paid, it was paid once; what was paid before went back as a whole.
    let kept = order.kept();
    let all_kept: i64 = kept.iter().map(|kept| kept.dong()).sum();
    let given_back = order.refunds.iter().filter(|refund| {
        refund.is_approved() && order.attempt(refund.payment).unwrap().settled() == Some(true)
    });
    let given_back: i64 = given_back.map(|refund| refund.amount.dong()).sum();
    prop_assert_eq!(order.paid().dong() - given_back, all_kept);
    let valid: i64 = order.receipts.iter().filter(|r| r.holds()).map(|r| r.amount.dong()).sum();
    prop_assert_eq!(valid, all_kept, "receipts are over what is kept");
    if order.state == State::Paid {
        prop_assert_eq!(order.paying().unwrap().amount, order.payable());
        prop_assert_eq!(valid, -books.of(Account::Income));
        let phi = kept[1];
        for share in &order.lines[1].shares {
            let has = -books.of_share(&share.agency, "phi");
            prop_assert_eq!(has, share.of(phi).dong(), "each has its share of what is kept");
        }
    } else {
        for agency in sharing() {
            prop_assert_eq!(books.of_share(&agency, "phi"), 0, "nobody shares what is not paid");
        }
    }
    for refund in &order.refunds {
        prop_assert!(order.refundable(refund.payment, None).unwrap() >= vnd(0));
        match refund.state {
            RefundState::Approved { by, .. }
            | RefundState::Rejected { by, .. }
            | RefundState::Refunded { by, .. } => prop_assert_ne!(by, refund.requested_by),
            RefundState::Requested => {}
        }
    }
    if !matches!(order.state, State::Due | State::Paid) {
        let waits = order.attempts.iter().any(|a| a.state == AttemptState::Pending);
        prop_assert!(!waits, "nobody pays what is not owed");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_books_say_what_the_order_says(steps in steps()) {
        let (mut order, mut books) = (due(), Books::default());
        books.take(&mut order);
        holds(&order, &books)?;
        let mut version = order.version;
        order.take_happened();
        for (turn, step) in steps.into_iter().enumerate() {
            take(&mut order, step, i64::try_from(turn).unwrap() + 1);
            prop_assert!(order.version >= version);
            let told = order.take_happened();
            prop_assert!(told.iter().all(|(said, _)| *said > version && *said <= order.version));
            version = order.version;
            books.take(&mut order);
            holds(&order, &books)?;
        }
    }
}
