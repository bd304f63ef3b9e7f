//! What is owed, from the first assessment to the end of owing.

use chrono::TimeDelta;

use super::support::{ALL, Books, at, attempt, due, facts, line, officer, payment, vnd};
use crate::domain::{
    Account, Assessed, AttemptState, Charge, ChargeKind, Event, Method, Order, Reduction, Refusal,
    State,
};

fn assessed(code: &str, amount: i64, off: i64) -> Assessed {
    let reduction =
        (off > 0).then(|| Reduction { amount: vnd(off), basis: "Nghị quyết".into() });
    Assessed { code: code.into(), charge: Charge { reduction, ..Charge::full(vnd(amount)) } }
}

#[test]
fn what_is_known_is_asked_for_at_once() {
    let (mut order, mut books) = (due(), Books::default());
    assert_eq!((order.state, order.payable()), (State::Due, vnd(ALL)));
    let [(1, Event::Requested { amount, .. })] = &order.take_happened()[..] else { panic!() };
    assert_eq!(*amount, vnd(ALL));
    books.take(&mut order);
    assert_eq!(books.of_fee(Account::Receivable, "le-phi"), 50_000);
    assert_eq!(books.of(Account::Income), -ALL);
}

#[test]
fn what_nobody_knows_waits_for_an_officer() {
    let lines = vec![line("a", ChargeKind::Fee, None), line("b", ChargeKind::Charge, Some(10_000))];
    let (mut order, mut books) = (Order::open(facts(), lines, at(0), at(9)), Books::default());
    assert_eq!(order.state, State::ToAssess);
    assert!(order.take_happened().is_empty());
    books.take(&mut order);
    assert_eq!(books.of(Account::Receivable), 0, "what is partly known is not booked");
    assert_eq!(
        order.try_to_pay(attempt(1, Method::Gateway, 10_000, 1)).unwrap_err(),
        Refusal::NothingDue
    );

    let found = vec![assessed("a", 30_000, 15_000)];
    order.assess(found, officer(1), "Theo hồ sơ".into(), at(5), at(99)).unwrap();
    assert_eq!((order.state, order.payable()), (State::Due, vnd(25_000)));
    books.take(&mut order);
    assert_eq!(books.of(Account::Receivable), 25_000);
    assert_eq!(order.assessments.len(), 2, "both stay on record");
}

#[test]
fn an_amended_order_books_the_difference_and_ends_attempts_for_another_sum() {
    let (mut order, mut books) = (due(), Books::default());
    order.try_to_pay(attempt(1, Method::Gateway, ALL, 1)).unwrap();
    let found = vec![assessed("le-phi", 50_000, 25_000)];
    order.assess(found, officer(1), String::new(), at(2), at(99)).unwrap();
    books.take(&mut order);
    assert_eq!(books.of(Account::Receivable), ALL - 25_000);
    assert_eq!(order.attempts[0].state, AttemptState::Expired);
    assert_eq!(order.due_at, Some(at(99)));
}

#[test]
fn what_is_reduced_to_nothing_is_settled() {
    let (mut order, mut books) = (due(), Books::default());
    order.take_happened();
    let found = vec![assessed("le-phi", 50_000, 50_000), assessed("phi", 20_001, 20_001)];
    order.assess(found, officer(1), String::new(), at(2), at(99)).unwrap();
    assert_eq!(order.state, State::NothingDue);
    let happened = order.take_happened();
    assert!(matches!(happened[..], [(2, Event::Settled { method: None, .. })]), "{happened:?}");
    books.take(&mut order);
    assert_eq!((books.of(Account::Receivable), books.of(Account::Income)), (0, 0));
}

#[test]
fn fees_that_the_procedure_does_not_have_are_refused() {
    let mut order = due();
    let found = vec![assessed("khac", 1, 0)];
    let refused = order.assess(found, officer(1), String::new(), at(2), at(99));
    assert_eq!(refused.unwrap_err(), Refusal::FeeUnknown);
    assert_eq!(order.version, 1);
}

#[test]
fn what_is_not_paid_in_time_lapses_once() {
    let (mut order, mut books) = (due(), Books::default());
    order.take_happened();
    assert!(!order.lapse(at(10 * 24 * 60 - 1)), "it is not over yet");
    assert!(order.lapse(at(10 * 24 * 60)));
    assert!(!order.lapse(at(10 * 24 * 60 + 1)));
    assert!(matches!(order.take_happened()[..], [(2, Event::Lapsed { .. })]));
    books.take(&mut order);
    assert_eq!((books.of(Account::Receivable), books.of(Account::Income)), (0, 0));

    // Its dossier went on: the desk asks anew. It ended: nobody does.
    let found = || vec![assessed("phi", 10_000, 0)];
    let mut ended = order.clone();
    order.assess(found(), officer(1), String::new(), at(20_000), at(30_000)).unwrap();
    books.take(&mut order);
    assert_eq!((order.state, books.of(Account::Receivable)), (State::Due, 60_000));
    assert!(ended.cancel(at(15_000)));
    let refused = ended.assess(found(), officer(1), String::new(), at(20_000), at(30_000));
    assert_eq!(refused.unwrap_err(), Refusal::OrderEnded);
}

#[test]
fn what_may_have_been_sent_in_time_is_waited_for() {
    let over = 10 * 24 * 60;
    let asked = |order: &Order, now: i64| order.awaits(at(now), |attempt| attempt.expires_at);
    let mut order = due();
    order.try_to_pay(attempt(1, Method::Gateway, ALL, over - 5)).unwrap();
    order.try_to_pay(attempt(2, Method::BankTransfer, ALL, over - 2)).unwrap();
    assert_eq!(asked(&order, over - 1), None, "it is not over yet");
    assert_eq!(asked(&order, over), Some(at(over + 13)));
    // A transfer's end is ours; the gateway has said that there is nothing.
    order.expire(payment(2)).unwrap();
    assert_eq!(asked(&order, over), Some(at(over + 13)));
    assert_eq!(asked(&order, over + 13), None, "long enough");
    let mut declined = order.clone();
    assert_eq!(
        declined.awaits(at(over), |a| a.created_at + TimeDelta::days(1)),
        Some(at(over + 24 * 60 - 2))
    );
    declined.attempts.truncate(1);
    assert_eq!(asked(&declined, over), Some(at(over + 10)));
    declined.declined(payment(1), "x").unwrap();
    assert_eq!(asked(&declined, over), None);
    // What is begun too late holds nothing open, nor what is of another sum.
    let late = attempt(3, Method::BankTransfer, ALL, over);
    assert_eq!(order.try_to_pay(late.clone()), Err(Refusal::OrderEnded));
    declined.attempts = vec![late, attempt(4, Method::BankTransfer, ALL - 1, 0)];
    assert_eq!(asked(&declined, over), None);
}
