//! A draft becomes a version that never changes.

use motcua_context::Actor;
use motcua_proto::catalog::v1::{self as proto, VersionState};
use motcua_testkit::Database;

use crate::support::{Stage, client, reason, violations};

pub(crate) async fn edit(
    stage: &Stage,
    number: &str,
    change: impl FnOnce(&mut proto::VersionContent),
) -> Result<proto::ProcedureVersion, tonic::Status> {
    let draft = stage.draft(number).await;
    let mut content = draft.content.unwrap();
    change(&mut content);
    let asked = proto::UpdateDraftRequest {
        request_id: stage.id(),
        name: draft.name,
        etag: draft.etag,
        content: Some(content),
        update_mask: None,
    };
    Ok(stage.editor().update_draft(asked).await?.into_inner())
}

async fn edited(
    stage: &Stage,
    number: &str,
    change: impl FnOnce(&mut proto::VersionContent),
) -> proto::ProcedureVersion {
    edit(stage, number, change).await.unwrap()
}

/// The next version, in force from today.
pub(crate) async fn publish_edited(
    stage: &Stage,
    number: &str,
    change: impl FnOnce(&mut proto::VersionContent),
) -> proto::ProcedureVersion {
    let draft = edited(stage, number, change).await;
    stage.editor().publish_version(publish(stage, &draft, "")).await.unwrap().into_inner()
}

fn publish(
    stage: &Stage,
    draft: &proto::ProcedureVersion,
    from: &str,
) -> proto::PublishVersionRequest {
    proto::PublishVersionRequest {
        request_id: stage.id(),
        name: draft.name.clone(),
        etag: draft.etag.clone(),
        effective_from: from.into(),
    }
}

async fn publishing_refuses_with_every_problem_by_its_path(database: Database) {
    let stage = Stage::open(database).await;
    let draft = edited(&stage, "1.001193", |content| {
        content.form = None;
        let process = content.process.as_mut().unwrap();
        process.steps[0].next = vec!["khong-co".into()];
        process.steps[2].quota_minutes = 99_000;
    })
    .await;
    let refused = stage.editor().publish_version(publish(&stage, &draft, "")).await.unwrap_err();
    let paths = violations(&refused);
    for path in ["content.form", "content.process.steps.phan-cong.next"] {
        assert!(paths.contains(&path.to_owned()), "{path} in {paths:?}");
    }
    let asked = proto::CheckDraftRequest { name: draft.name };
    let check = stage.editor().check_draft(asked).await.unwrap().into_inner();
    assert_eq!(check.problems.len(), paths.len());
    assert!(check.problems.iter().any(|problem| problem.reason == "FORM_MISSING"));
}

async fn an_e_form_that_is_no_json_schema_is_refused(database: Database) {
    let stage = Stage::open(database).await;
    let draft = edited(&stage, "1.001193", |content| {
        let form = content.form.as_mut().unwrap();
        let wrong = prost_types::value::Kind::StringValue("nhiều".into());
        let wrong = prost_types::Value { kind: Some(wrong) };
        form.fields.insert("maxProperties".into(), wrong);
    })
    .await;
    let refused = stage.editor().publish_version(publish(&stage, &draft, "")).await.unwrap_err();
    assert_eq!(violations(&refused), ["content.form"]);
}

async fn a_later_version_holds_from_its_day_and_the_earlier_stays_readable(database: Database) {
    let stage = Stage::open(database).await;
    let before = stage.procedure("1.001193").await.current_version;
    let draft =
        edited(&stage, "1.001193", |content| content.display_name = "Đăng ký khai sinh mới".into())
            .await;
    let past = publish(&stage, &draft, "2026-03-01");
    let refused = stage.editor().publish_version(past).await.unwrap_err();
    assert_eq!(reason(&refused), "EFFECTIVE_DATE_TOO_EARLY");

    let asked = publish(&stage, &draft, "2026-03-09");
    let published = stage.editor().publish_version(asked).await.unwrap().into_inner();
    assert_eq!(published.state(), VersionState::Published);
    assert_eq!(stage.procedure("1.001193").await.current_version, before, "not yet in force");
    assert!(stage.find("khai sinh").await.contains(&"1.001193".to_owned()));

    stage.env.clock.advance(chrono::TimeDelta::days(7));
    let now = stage.procedure("1.001193").await;
    assert_eq!(now.current_version, published.name);
    assert_eq!(now.display_name, "Đăng ký khai sinh mới");
    let old = stage.version(&before).await;
    assert_ne!(old.content.unwrap().display_name, "Đăng ký khai sinh mới");

    let said: Vec<proto::ProcedureVersionPublished> = stage.env.said().await;
    let last = said.last().unwrap();
    assert_eq!((last.procedure_version.clone(), last.revision), (published.name.clone(), 2));

    let asked = proto::ListProcedureVersionsRequest { procedure: now.name, ..Default::default() };
    let history = stage.public().list_procedure_versions(asked).await.unwrap().into_inner();
    let revisions: Vec<_> = history.procedure_versions.iter().map(|v| v.revision).collect();
    assert_eq!(revisions, [2, 1]);
}

/// The province moves filing to the national portal and back: each a version,
/// each from its day, and the mask names that alone.
async fn the_province_decides_the_front_door_and_each_decision_is_a_version(database: Database) {
    let stage = Stage::open(database).await;
    let before = stage.procedure("2.000424").await;
    assert_eq!(before.front_door(), proto::FrontDoor::Local);
    let moved = async |door: proto::FrontDoor, from: &str| {
        let draft = stage.draft("2.000424").await;
        let asked = proto::UpdateDraftRequest {
            request_id: stage.id(),
            name: draft.name,
            etag: draft.etag,
            content: Some(proto::VersionContent { front_door: door.into(), ..Default::default() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["front_door".into()] }),
        };
        let draft = stage.editor().update_draft(asked).await.unwrap().into_inner();
        let asked = publish(&stage, &draft, from);
        stage.editor().publish_version(asked).await.unwrap().into_inner()
    };
    let national = moved(proto::FrontDoor::National, "2026-03-09").await;
    assert_eq!(stage.procedure("2.000424").await.front_door(), proto::FrontDoor::Local);
    stage.env.clock.advance(chrono::TimeDelta::days(7));
    assert_eq!(stage.procedure("2.000424").await.front_door(), proto::FrontDoor::National);
    moved(proto::FrontDoor::Local, "").await;
    assert_eq!(stage.procedure("2.000424").await.front_door(), proto::FrontDoor::Local);
    let content = async |name: &str| stage.version(name).await.content.unwrap();
    let (first, second) = (content(&before.current_version).await, content(&national.name).await);
    assert_eq!(second.front_door(), proto::FrontDoor::National);
    let restored = proto::VersionContent { front_door: first.front_door, ..second };
    assert_eq!(restored, first, "nothing else changed");
}

async fn what_is_published_is_not_edited_nor_published_again(database: Database) {
    let stage = Stage::open(database).await;
    let current = stage.procedure("1.001193").await.current_version;
    let version = stage.version(&current).await;
    let refused = stage.editor().publish_version(publish(&stage, &version, "")).await.unwrap_err();
    assert_eq!(reason(&refused), "VERSION_PUBLISHED");
    let asked = proto::UpdateDraftRequest {
        request_id: stage.id(),
        name: version.name.clone(),
        etag: version.etag.clone(),
        content: version.content.clone(),
        update_mask: None,
    };
    let refused = stage.editor().update_draft(asked).await.unwrap_err();
    assert_eq!(reason(&refused), "VERSION_PUBLISHED");
    let asked = proto::DiscardDraftRequest {
        request_id: stage.id(),
        name: version.name,
        etag: version.etag,
    };
    let refused = stage.editor().discard_draft(asked).await.unwrap_err();
    assert_eq!(reason(&refused), "VERSION_PUBLISHED");
}

async fn an_abolished_procedure_is_gone_after_its_last_day(database: Database) {
    let stage = Stage::open(database).await;
    let procedure = stage.procedure("1.001193").await;
    let asked = || proto::AbolishProcedureRequest {
        request_id: stage.id(),
        name: procedure.name.clone(),
        abolished_on: "2026-03-02".into(),
        decision: "99/QĐ-UBND".into(),
    };
    stage.editor().abolish_procedure(asked()).await.unwrap();
    let again = stage.editor().abolish_procedure(asked()).await.unwrap_err();
    assert_eq!(reason(&again), "PROCEDURE_ABOLISHED");
    assert!(stage.find("1.001193").await.contains(&"1.001193".to_owned()), "its last day");

    stage.env.clock.advance(chrono::TimeDelta::days(1));
    assert!(stage.find("1.001193").await.is_empty());
    let asked = proto::GetProcedureRequest { number: "1.001193".into(), ..Default::default() };
    let gone = stage.public().get_procedure(asked).await.unwrap_err();
    assert_eq!(reason(&gone), "PROCEDURE_NOT_FOUND");
    // A dossier filed under it still reads its version.
    stage.version(&procedure.current_version).await;
    let said: Vec<proto::ProcedureAbolished> = stage.env.said().await;
    assert_eq!(said[0].abolished_on, "2026-03-02");
}

async fn the_public_sees_no_draft_and_no_flag(database: Database) {
    let stage = Stage::open(database).await;
    let draft = stage.draft("1.001193").await;
    assert!(!draft.flags.is_empty() || draft.content.is_some());
    for actor in [Actor::Anonymous, crate::support::citizen()] {
        let asked =
            proto::GetProcedureVersionRequest { name: draft.name.clone(), ..Default::default() };
        let hidden = client(&stage.env, &actor).get_procedure_version(asked).await.unwrap_err();
        assert_eq!(reason(&hidden), "PROCEDURE_VERSION_NOT_FOUND");
        let seen = stage.procedure("1.001193").await;
        assert!(seen.draft.is_empty());
        assert!(stage.version(&seen.current_version).await.flags.is_empty());
    }
}

crate::support::on_both_databases! {
    publishing_refuses_with_every_problem_by_its_path,
    an_e_form_that_is_no_json_schema_is_refused,
    a_later_version_holds_from_its_day_and_the_earlier_stays_readable,
    the_province_decides_the_front_door_and_each_decision_is_a_version,
    what_is_published_is_not_edited_nor_published_again,
    an_abolished_procedure_is_gone_after_its_last_day,
    the_public_sees_no_draft_and_no_flag,
}
