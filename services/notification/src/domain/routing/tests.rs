use std::collections::BTreeMap;

use motcua_ids::Uuid;
use proptest::prelude::*;

use super::*;

const RULE: ShiftRule = ShiftRule {
    window: TimeDelta::minutes(5),
    least: 10,
    failing: 50,
    slow: TimeDelta::seconds(10),
    stay: TimeDelta::minutes(5),
    one_in: 20,
    trials: 3,
};

fn at(second: i64) -> Timestamp {
    "2026-11-28T08:00:00Z".parse::<Timestamp>().unwrap() + TimeDelta::seconds(second)
}

fn message(n: u128) -> MessageId {
    MessageId::new(Uuid::from_u128(n))
}

fn one(name: &str, weight: u32, standing: Standing) -> Candidate<'_> {
    Candidate { name, weight, standing }
}

/// One that failed ten times at once.
fn away() -> Health {
    let mut health = Health::default();
    let shifts: Vec<_> = (0..10).filter_map(|_| health.note(at(0), false, RULE)).collect();
    assert_eq!(shifts, [Shift::Away]);
    health
}

/// Where a thousand messages go.
fn shares<'a>(candidates: &[Candidate<'a>]) -> BTreeMap<&'a str, usize> {
    let mut shares = BTreeMap::new();
    for n in 0..1_000 {
        *shares.entry(choose(message(n), 0, candidates, RULE).unwrap()).or_default() += 1;
    }
    shares
}

#[test]
fn what_takes_long_has_failed_and_a_refusal_has_not() {
    let (quick, slow) = (TimeDelta::seconds(1), TimeDelta::seconds(10));
    assert!(RULE.is_good(&Answer::refused("X"), quick));
    assert!(!RULE.is_good(&Answer::later("X"), quick));
    assert!(RULE.is_good(&Answer::later("SMTP_MAILBOX_452"), quick), "full is not failing");
    assert!(!RULE.is_good(&Answer::refused("X"), slow));
}

#[test]
fn half_of_enough_within_the_window_is_too_much() {
    let mut health = Health::default();
    for n in 0..9 {
        assert_eq!(health.note(at(n), n % 2 == 0, RULE), None, "{n}: too few to judge");
    }
    assert_eq!(health.standing(at(9), RULE), Standing::Well);
    // What failed long ago counts no more.
    for n in 0..10 {
        assert_eq!(health.note(at(310 + n), n % 3 != 0, RULE), None, "{n}");
    }
    assert_eq!(health.note(at(321), false, RULE), None, "five of eleven");
    assert_eq!(health.note(at(322), false, RULE), Some(Shift::Away), "six of twelve");
    assert_eq!(health.standing(at(322), RULE), Standing::Away);
}

#[test]
fn where_nobody_is_well_who_may_be_again_is_tried() {
    let candidates = [one("a", 2, Standing::Away), one("reserve", 0, Standing::Tried)];
    assert_eq!(shares(&candidates), BTreeMap::from([("reserve", 1_000)]));
    let all_away = [one("a", 2, Standing::Away), one("reserve", 0, Standing::Away)];
    assert_eq!(shares(&all_away), BTreeMap::from([("a", 1_000)]));
}

#[test]
fn it_stays_away_and_comes_back_by_trials() {
    let mut health = away();
    assert_eq!(health.note(at(1), true, RULE), None, "it was on its way");
    assert_eq!(health.standing(at(299), RULE), Standing::Away);
    assert_eq!(health.standing(at(300), RULE), Standing::Tried);
    for second in [300, 301] {
        assert_eq!(health.note(at(second), true, RULE), None);
    }
    assert_eq!(health.note(at(302), false, RULE), None, "a trial that fails");
    assert_eq!(health.standing(at(601), RULE), Standing::Away);
    for second in [602, 603] {
        assert_eq!(health.note(at(second), true, RULE), None);
    }
    assert_eq!(health.note(at(604), true, RULE), Some(Shift::Back));
    assert_eq!(health.standing(at(604), RULE), Standing::Well);
    assert_eq!(health.note(at(605), false, RULE), None, "judged anew");
}

#[test]
fn weights_share_the_messages() {
    let shares = shares(&[one("a", 3, Standing::Well), one("b", 1, Standing::Well)]);
    assert!((700..=800).contains(&shares["a"]), "{shares:?}");
    assert_eq!(shares["a"] + shares["b"], 1_000);
}

#[test]
fn a_reserve_waits_until_nobody_else_is_well() {
    let all = |a, b| shares(&[one("a", 1, a), one("b", 1, b), one("reserve", 0, Standing::Well)]);
    assert!(!all(Standing::Well, Standing::Well).contains_key("reserve"));
    assert_eq!(all(Standing::Well, Standing::Away), BTreeMap::from([("a", 1_000)]));
    assert_eq!(all(Standing::Away, Standing::Away), BTreeMap::from([("reserve", 1_000)]));
}

#[test]
fn a_trickle_tries_the_one_that_was_away() {
    let shares = shares(&[one("a", 1, Standing::Tried), one("b", 1, Standing::Well)]);
    // One in twenty of its half.
    assert!((10..=45).contains(&shares["a"]), "{shares:?}");
}

#[test]
fn better_any_than_none() {
    let shares = shares(&[one("a", 1, Standing::Away), one("b", 1, Standing::Away)]);
    assert!(shares["a"] > 400 && shares["b"] > 400);
    let reserve = [one("reserve", 0, Standing::Away)];
    assert_eq!(choose(message(1), 0, &reserve, RULE), Some("reserve"));
    assert_eq!(choose(message(1), 0, &[], RULE), None);
}

proptest! {
    #[test]
    fn somebody_is_chosen_and_it_is_one_that_is_well(
        n: u128,
        attempts: u16,
        all in prop::collection::vec((0_u32..4, 0..3), 1..5),
    ) {
        let names = ["a", "b", "c", "d"];
        let standing = |n| [Standing::Well, Standing::Tried, Standing::Away][n];
        let candidates: Vec<_> = names
            .iter()
            .zip(&all)
            .map(|(name, (weight, state))| {
                let state = usize::try_from(*state).unwrap_or_default();
                one(name, *weight, standing(state))
            })
            .collect();
        let chosen = choose(message(n), attempts, &candidates, RULE).unwrap();
        let of = |name| candidates.iter().find(|one| one.name == name).unwrap();
        if candidates.iter().any(|one| one.standing == Standing::Well) {
            prop_assert_ne!(of(chosen).standing, Standing::Away);
        }
        // When another goes away, a message stays with whom it had, if that is well.
        if of(chosen).standing == Standing::Well && of(chosen).weight > 0 {
            let mut fewer = candidates.clone();
            let at = usize::try_from(n % fewer.len() as u128).unwrap();
            if fewer[at].name != chosen {
                fewer[at].standing = Standing::Away;
                prop_assert_eq!(choose(message(n), attempts, &fewer, RULE), Some(chosen));
            }
        }
    }

    #[test]
    fn nobody_is_away_for_a_shorter_time_than_it_must(
        marks in prop::collection::vec((0_i64..30, any::<bool>()), 1..400),
    ) {
        let (mut health, mut now, mut since) = (Health::default(), at(0), None);
        for (step, good) in marks {
            now += TimeDelta::seconds(step);
            match health.note(now, good, RULE) {
                Some(Shift::Away) => {
                    prop_assert!(since.is_none());
                    since = Some(now);
                }
                Some(Shift::Back) => {
                    prop_assert!(now - since.take().unwrap() >= RULE.stay);
                }
                None => {}
            }
            prop_assert_eq!(since.is_none(), health.standing(now, RULE) == Standing::Well);
            prop_assert!(health.marks.len() <= 400);
        }
    }
}
