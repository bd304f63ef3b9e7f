use motcua_ids::Uuid;
use motcua_vn::policy::{Fraction, Halving, RuleSources};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

/// Province 1 › department 2 › unit 3.
fn path() -> AgencyPath {
    AgencyPath::root(agency(1)).child(agency(2)).child(agency(3))
}

fn department(path: &AgencyPath) -> Place<'_> {
    Place { path, kind: AgencyKind::Department }
}

fn calendar(n: u128, agencies: &[u128], from: &str) -> Calendar {
    Calendar {
        id: CalendarId::new(Uuid::from_u128(n)),
        code: format!("lich-{n}"),
        revision: 1,
        agencies: agencies.iter().map(|n| agency(*n)).collect(),
        published_at: Timestamp::UNIX_EPOCH,
        data: CalendarData {
            name: String::new(),
            version: "1".into(),
            title: String::new(),
            valid_from: day(from),
            valid_to: None,
            office_hours: Vec::new(),
            office_hours_source: String::new(),
            weekly_rest_source: String::new(),
            days_off: Vec::new(),
            make_up_days: Vec::new(),
        },
    }
}

fn policy(n: u128, priority: i32, scope: PolicyScope, from: &str, to: Option<&str>) -> Policy {
    Policy {
        id: PolicyId::new(Uuid::from_u128(n)),
        code: format!("chinh-sach-{n}"),
        revision: 1,
        scope: PolicyScope { priority, ..scope },
        published_at: Timestamp::UNIX_EPOCH,
        data: ClockPolicy {
            name: String::new(),
            version: "1".into(),
            title: String::new(),
            valid_from: day(from),
            valid_to: to.map(day),
            minutes_per_working_day: 480,
            halving: None,
            unshortened: String::new(),
            supplement_regime: motcua_vn::SupplementRegime::Shift,
            supplement_days: 30,
            same_day_cut_off_minute: 900,
            online_notice_minutes: 480,
            other_notice_minutes: 480,
            sources: RuleSources::default(),
        },
        notes: Vec::new(),
    }
}

fn everywhere() -> PolicyScope {
    PolicyScope { agencies: vec![agency(1)], ..Default::default() }
}

fn chosen(calendars: &[Calendar], on: &str) -> Option<String> {
    calendar_for(calendars, &path(), day(on)).map(|c| c.code.clone())
}

#[test]
fn the_nearest_calendar_holds_and_among_equals_the_newest() {
    let calendars = [
        calendar(1, &[1], "2024-01-01"),
        calendar(2, &[1], "2026-01-01"),
        calendar(3, &[2], "2025-01-01"),
        calendar(4, &[9], "2026-01-01"),
    ];
    assert_eq!(chosen(&calendars, "2023-12-31"), None);
    assert_eq!(chosen(&calendars, "2024-06-01").as_deref(), Some("lich-1"));
    assert_eq!(chosen(&calendars, "2026-06-01").as_deref(), Some("lich-3"));
    assert_eq!(chosen(&calendars[..2], "2026-06-01").as_deref(), Some("lich-2"));
}

#[test]
fn a_calendar_holds_behind_the_end_of_its_data() {
    let mut calendar = calendar(1, &[1], "2024-01-01");
    calendar.data.valid_to = Some(day("2024-12-31"));
    assert_eq!(chosen(&[calendar], "2025-01-02").as_deref(), Some("lich-1"));
}

#[test]
fn a_correction_of_the_same_day_replaces_the_earlier_revision() {
    let first = calendar(1, &[1], "2024-01-01");
    let second = Calendar { revision: 2, code: "lich-1-sua".into(), ..first.clone() };
    assert_eq!(chosen(&[second, first], "2024-06-01").as_deref(), Some("lich-1-sua"));
}

#[test]
fn the_highest_policy_that_admits_the_procedure_holds() {
    let general = policy(1, 0, everywhere(), "2024-01-01", None);
    let online = PolicyScope { legacy_levels: vec![3, 4], ..everywhere() };
    let halving = policy(2, 10, online, "2024-01-01", Some("2026-12-31"));
    let policies = [halving, general];
    let on = |level, day_text| {
        let subject = Subject { number: "1.001193".parse().unwrap(), legacy_level: level };
        policy_for(&policies, department(&path()), Some(&subject), day(day_text))
            .map(|p| p.code.as_str())
    };
    assert_eq!(on(Some(4), "2026-06-01"), Some("chinh-sach-2"));
    assert_eq!(on(Some(2), "2026-06-01"), Some("chinh-sach-1"));
    assert_eq!(on(None, "2026-06-01"), Some("chinh-sach-1"));
    assert_eq!(on(Some(4), "2027-01-01"), Some("chinh-sach-1"), "the other has ended");
    let without = policy_for(&policies, department(&path()), None, day("2026-06-01"));
    assert_eq!(without.map(|p| p.code.as_str()), Some("chinh-sach-1"));
}

#[test]
fn a_policy_missed_for_an_unknown_level_only_is_known() {
    let online = PolicyScope { legacy_levels: vec![3, 4], ..everywhere() };
    let mut halving = policy(2, 10, online, "2024-01-01", Some("2026-12-31"));
    halving.data.halving = Some(Halving {
        minimum_working_days: 2,
        factor: Fraction { numerator: 1, denominator: 2 },
        units: Vec::new(),
        source: "tỉnh".into(),
    });
    let policies = [halving, policy(1, 0, everywhere(), "2024-01-01", None)];
    let path = path();
    let missed_by = |legacy_level, on| {
        let subject = Subject { number: "1.001193".parse().unwrap(), legacy_level };
        let holds = policy_for(&policies, department(&path), Some(&subject), day(on)).unwrap();
        missed(&policies, department(&path), &subject, day(on), holds).map(|p| p.code.as_str())
    };
    assert_eq!(missed_by(None, "2026-06-01"), Some("chinh-sach-2"));
    assert_eq!(missed_by(Some(2), "2026-06-01"), None, "known, and too low");
    assert_eq!(missed_by(Some(4), "2026-06-01"), None, "it holds");
    assert_eq!(missed_by(None, "2027-06-01"), None, "nobody is shortened any more");
}

#[test]
fn a_provinces_own_policy_does_not_bind_a_ministrys_branch_in_its_tree() {
    let own = PolicyScope { agency_kinds: vec![AgencyKind::Department], ..everywhere() };
    let policies =
        [policy(1, 0, everywhere(), "2024-01-01", None), policy(2, 10, own, "2024-01-01", None)];
    let path = path();
    let chosen = |kind| {
        let place = Place { path: &path, kind };
        policy_for(&policies, place, None, day("2026-01-01")).map(|p| p.code.as_str())
    };
    assert_eq!(chosen(AgencyKind::Department), Some("chinh-sach-2"));
    assert_eq!(chosen(AgencyKind::MinistryBranch), Some("chinh-sach-1"));
}

#[test]
fn a_policy_made_for_one_procedure_is_not_chosen_for_another() {
    let scope = PolicyScope { procedures: vec!["2.000815".parse().unwrap()], ..everywhere() };
    let policies = [policy(1, 5, scope, "2024-01-01", None)];
    let subject = Subject { number: "1.001193".parse().unwrap(), legacy_level: None };
    assert_eq!(policy_for(&policies, department(&path()), Some(&subject), day("2026-01-01")), None);
}

#[test]
fn nothing_slips_in_behind_a_newer_revision() {
    assert_eq!(follows(None, day("2024-01-01")), Ok(()));
    assert_eq!(follows(Some(day("2024-01-01")), day("2024-01-01")), Ok(()));
    assert_eq!(
        follows(Some(day("2026-01-01")), day("2025-12-31")),
        Err(Refusal::NotNewest(day("2026-01-01")))
    );
}
