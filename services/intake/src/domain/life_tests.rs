//! Whatever is asked of a dossier, in whatever order, what is known of it agrees.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{AccountId, AgencyId, AgencyPath, Uuid};
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Submit,
    Accept,
    Ask,
    Decline,
    Provide,
    Expire,
    Reject,
    Withdraw,
    Notice,
    Return,
    Close,
    Hear(Fact),
    Paying(PaymentFact),
}

fn at(step: usize) -> DateTime<Utc> {
    DateTime::from_timestamp_secs(1_700_000_000).unwrap()
        + TimeDelta::days(i64::try_from(step).unwrap())
}

fn officer() -> AccountId {
    AccountId::new(Uuid::from_u128(2))
}

fn any_step() -> impl Strategy<Value = Step> {
    let ask = Uuid::from_u128(88).into();
    let result = Uuid::from_u128(6).into();
    prop::sample::select(vec![
        Step::Submit,
        Step::Accept,
        Step::Ask,
        Step::Decline,
        Step::Provide,
        Step::Expire,
        Step::Reject,
        Step::Withdraw,
        Step::Notice,
        Step::Return,
        Step::Close,
        Step::Hear(Fact::ProcessStarted),
        Step::Hear(Fact::SupplementNeeded { ask }),
        Step::Hear(Fact::DueDateChanged { legal_due_at: None, promised_due_at: None }),
        Step::Hear(Fact::ResultApproved { result, way: ReturnWay::Desk }),
        Step::Hear(Fact::ProcessStopped { cause: StopCause::Withdrawn }),
        Step::Hear(Fact::StopRefused),
        Step::Paying(PaymentFact::Requested { due_at: at(9) }),
        Step::Paying(PaymentFact::Settled),
        Step::Paying(PaymentFact::Lapsed),
    ])
}

fn draft(channel: Channel) -> Dossier {
    let agency = AgencyPath::root(AgencyId::new(Uuid::from_u128(9)));
    let filing = Filing {
        procedure: Uuid::from_u128(3).into(),
        version: Uuid::from_u128(4).into(),
        number: "1.001193".into(),
        name: String::new(),
        case: "default".into(),
        channel,
        account: None,
        receiving: agency.clone(),
        receiving_code: "H53.01".into(),
        competent: agency,
        finance: Finance::Free,
    };
    let hand = Hand { by: By::Filer(officer()), at: at(0), why: String::new() };
    Dossier::begin(Uuid::from_u128(5).into(), filing, &hand)
}

fn appointment() -> Appointment {
    Appointment {
        limit: None,
        due: None,
        regime: motcua_vn::SupplementRegime::Shift,
        calendar: Default::default(),
        policy: Default::default(),
        rows: Vec::new(),
        legal_rows: Vec::new(),
    }
}

fn round(now: DateTime<Utc>) -> Supplement {
    Supplement {
        id: Uuid::from_u128(77).into(),
        round: 0,
        state: RoundState::Requested,
        before_acceptance: false,
        papers: Vec::new(),
        answers: Vec::new(),
        ask: None,
        requested_at: now,
        deadline: now + TimeDelta::days(3),
        ended_at: None,
    }
}

/// Whether it was done.
fn take(dossier: &mut Dossier, step: Step, n: usize) -> bool {
    let now = at(n);
    let hand = Hand { by: By::Desk(officer()), at: now, why: String::new() };
    match step {
        Step::Submit => dossier.submit(&hand, now).is_ok(),
        Step::Accept => dossier.accept(officer(), &hand, appointment()).is_ok(),
        Step::Ask => dossier.request_supplement(&hand, round(now), 2).is_ok(),
        Step::Decline => dossier.decline_supplement(&hand).is_ok(),
        Step::Provide => dossier.provide_supplement(&hand, None).is_ok(),
        Step::Expire => dossier.expire_supplement(now).unwrap_or(false),
        Step::Reject => dossier.reject(&hand).is_ok(),
        Step::Withdraw => dossier.withdraw(&hand).is_ok(),
        Step::Notice => dossier.issue_stop_notice(&hand).is_ok(),
        Step::Return => dossier.return_result(officer(), &hand, ReturnWay::Desk).is_ok(),
        Step::Close => dossier.close(&hand).is_ok(),
        Step::Hear(fact) => dossier.hear(fact, i64::try_from(n).unwrap(), now).unwrap_or(false),
        Step::Paying(fact) => {
            dossier.hear_payment(fact, i64::try_from(n).unwrap(), now).unwrap_or(false)
        }
    }
}

proptest! {
    #[test]
    fn what_is_known_agrees(
        channel in prop::sample::select(Channel::ALL.to_vec()),
        steps in prop::collection::vec(any_step(), 1..60),
    ) {
        use State as S;
        let mut dossier = draft(channel);
        for (n, step) in steps.into_iter().enumerate() {
            let before = (dossier.state, dossier.version);
            let done = take(&mut dossier, step, n + 1);
            let state = dossier.state;
            prop_assert_eq!(done, dossier.version > before.1, "{:?}: a refusal changes nothing", step);
            if !done {
                prop_assert_eq!(state, before.0);
            }
            prop_assert!(!before.0.is_final() || state == before.0, "an end is an end");
            let accepted = !matches!(state, S::Draft | S::Submitted | S::AwaitingCompletion);
            prop_assert!(dossier.acceptance.is_none() || accepted);
            let needs_acceptance = accepted && !matches!(state, S::Rejected | S::Stopped);
            prop_assert!(!needs_acceptance || dossier.acceptance.is_some());
            let asked = matches!(state, S::AwaitingCompletion | S::AwaitingSupplement);
            prop_assert!(!asked || dossier.open_round().is_some());
            let resumes = matches!(
                &dossier.withdrawal,
                Some(w) if matches!(w.resume, S::AwaitingSupplement)
            );
            prop_assert!(dossier.open_round().is_none() || asked || resumes, "{}", state);
            prop_assert!(dossier.withdrawal.is_none() || matches!(state, S::WithdrawalRequested | S::Stopping));
            prop_assert!(state != S::SupplementNeeded || dossier.pending_ask.is_some());
            prop_assert!(state != S::AwaitingPayment || dossier.payment.is_some());
            prop_assert!(state != S::AwaitingPayment || dossier.filing.finance == Finance::Due);
            let returned = done && matches!(step, Step::Return);
            prop_assert!(!returned || dossier.filing.finance != Finance::Due);
            prop_assert_eq!(dossier.ended_at.is_some(), state.is_final());
            let with_result = matches!(state, S::ResultReady | S::Returned | S::Closed);
            prop_assert_eq!(dossier.result.is_some(), with_result);
            let minted = if channel == Channel::Online { dossier.submitted_at } else {
                dossier.acceptance.as_ref().map(|a| a.at)
            };
            prop_assert_eq!(dossier.needs_code(), minted.is_some());
            prop_assert_eq!(dossier.submitted_at.is_some(), state != S::Draft);
            let answered = !matches!(state, S::Submitted);
            prop_assert!(!answered || dossier.reply_due_at.is_none(), "{}", state);
        }
        let happened = dossier.take_happened();
        let versions: Vec<_> = happened.iter().map(|h| h.version).collect();
        prop_assert!(versions.iter().enumerate().all(|(i, v)| *v == i64::try_from(i).unwrap() + 1));
    }
}

/// What was paid and given back as a whole may be asked for anew: the dossier waits again.
#[test]
fn what_is_asked_for_anew_is_waited_for_again() {
    let mut dossier = draft(Channel::Online);
    let asked = |n| Step::Paying(PaymentFact::Requested { due_at: at(n) });
    for (n, step) in (1..).zip([Step::Submit, Step::Accept, asked(9)]) {
        assert!(take(&mut dossier, step, n));
    }
    let resumes = dossier.payment.as_ref().map(|wait| wait.resume);
    assert!(take(&mut dossier, Step::Paying(PaymentFact::Settled), 4));
    assert_eq!((Some(dossier.state), dossier.filing.finance), (resumes, Finance::Paid));
    assert!(take(&mut dossier, asked(19), 5));
    assert_eq!(dossier.state, State::AwaitingPayment);
    assert_eq!(dossier.filing.finance, Finance::Due);
    assert!(take(&mut dossier, Step::Paying(PaymentFact::Settled), 6));
    assert_eq!((Some(dossier.state), dossier.filing.finance), (resumes, Finance::Paid));
}
