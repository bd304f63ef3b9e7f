use motcua_ids::Uuid;

use super::*;
use crate::domain::{
    Surroundings, check,
    samples::{content, number},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn version(n: u128) -> ProcedureVersionId {
    ProcedureVersionId::new(Uuid::from_u128(n))
}

fn complete() -> Complete {
    check(&number(), &content(), &Surroundings::default()).complete("").unwrap()
}

fn effect(from: &str) -> Effect {
    Effect { from: day(from), today: day("2026-11-21"), now: Timestamp::UNIX_EPOCH }
}

fn created() -> (Procedure, Version) {
    Procedure::create(ProcedureId::new(Uuid::from_u128(9)), number(), version(1), content())
}

fn published() -> (Procedure, Version) {
    let (mut procedure, mut draft) = created();
    procedure.publish(&mut draft, "draft-1", effect("2025-01-01"), complete()).unwrap();
    (procedure, draft)
}

#[test]
fn a_first_version_may_hold_from_the_past() {
    let (procedure, version) = published();
    assert!(!version.is_draft());
    assert_eq!(procedure.newest_from, Some(day("2025-01-01")));
    assert_eq!(procedure.draft, None);
}

#[test]
fn what_is_published_never_changes() {
    let (mut procedure, mut version) = published();
    for etag in ["published", "draft-1"] {
        assert_eq!(version.edit(etag, content()), Err(Refusal::VersionPublished));
        assert_eq!(procedure.discard(&version, etag), Err(Refusal::VersionPublished));
        assert_eq!(
            procedure.publish(&mut version, etag, effect("2027-01-01"), complete()),
            Err(Refusal::VersionPublished)
        );
    }
}

#[test]
fn an_edit_on_a_stale_reading_is_refused() {
    let (mut procedure, mut draft) = created();
    draft.edit("draft-1", content()).unwrap();
    assert_eq!(draft.etag(), "draft-2");
    assert_eq!(draft.edit("draft-1", content()), Err(Refusal::EtagMismatch));
    assert_eq!(procedure.discard(&draft, "draft-1"), Err(Refusal::EtagMismatch));
    assert_eq!(
        procedure.publish(&mut draft, "draft-1", effect("2026-12-01"), complete()),
        Err(Refusal::EtagMismatch)
    );
}

#[test]
fn a_later_version_holds_from_today_or_later_and_behind_the_one_it_follows() {
    let (mut procedure, _) = published();
    let mut second = procedure.start_draft(version(2), content()).unwrap();
    assert_eq!(second.revision, 2);
    assert_eq!(
        procedure.publish(&mut second, "draft-1", effect("2026-11-20"), complete()),
        Err(Refusal::EffectiveDateTooEarly(day("2026-11-21")))
    );
    procedure.publish(&mut second, "draft-1", effect("2027-01-01"), complete()).unwrap();
    let mut third = procedure.start_draft(version(3), content()).unwrap();
    assert_eq!(
        procedure.publish(&mut third, "draft-1", effect("2026-12-31"), complete()),
        Err(Refusal::EffectiveDateTooEarly(day("2027-01-01")))
    );
}

#[test]
fn there_is_one_draft_at_a_time() {
    let (mut procedure, draft) = created();
    assert_eq!(procedure.start_draft(version(2), content()), Err(Refusal::DraftExists));
    procedure.discard(&draft, "draft-1").unwrap();
    let next = procedure.start_draft(version(2), content()).unwrap();
    assert_eq!(next.revision, 2, "a revision is given out once");
}

#[test]
fn an_abolished_procedure_ends_after_its_last_day() {
    let abolition = Abolition { last_day: day("2026-12-31"), decision: None };
    let (mut unpublished, _) = created();
    assert_eq!(unpublished.abolish(abolition.clone()), Err(Refusal::NeverPublished));

    let (mut procedure, _) = published();
    let mut draft = procedure.start_draft(version(2), content()).unwrap();
    procedure.abolish(abolition.clone()).unwrap();
    assert!(procedure.stands_on(day("2026-12-31")));
    assert!(!procedure.stands_on(day("2027-01-01")));
    assert_eq!(procedure.abolish(abolition), Err(Refusal::ProcedureAbolished));
    assert_eq!(
        procedure.publish(&mut draft, "draft-1", effect("2027-01-01"), complete()),
        Err(Refusal::ProcedureAbolished)
    );
    procedure.discard(&draft, "draft-1").unwrap();
    assert_eq!(procedure.start_draft(version(3), content()), Err(Refusal::ProcedureAbolished));
}

#[test]
fn internal_procedures_are_not_public() {
    let (_, mut version) = published();
    assert!(version.is_public());
    version.number = "6.001193".parse().unwrap();
    assert!(!version.is_public());
}
