//! Drafts: begun, edited by many hands, checked, thrown away.

use motcua_proto::catalog::v1::{self as proto, VersionState};
use motcua_testkit::Database;
use prost_types::FieldMask;

use crate::support::{Stage, reason, violations};

async fn a_draft_says_what_the_version_in_force_says(database: Database) {
    let stage = Stage::open(database).await;
    let draft = stage.draft("1.001193").await;
    let current = stage.procedure("1.001193").await.current_version;
    let version = stage.version(&current).await;
    assert_eq!(draft.content, version.content);
    assert_eq!((draft.state(), draft.revision), (VersionState::Draft, 2));

    let again = proto::CreateDraftRequest { request_id: stage.id(), procedure: version.procedure };
    let refused = stage.editor().create_draft(again).await.unwrap_err();
    assert_eq!(reason(&refused), "DRAFT_EXISTS");
}

async fn a_text_survives_the_way_there_and_back(database: Database) {
    let stage = Stage::open(database).await;
    for number in ["1.001193", "1.012644", "1.013225", "2.000815"] {
        let draft = stage.draft(number).await;
        let asked = proto::UpdateDraftRequest {
            request_id: stage.id(),
            name: draft.name,
            etag: draft.etag,
            content: draft.content.clone(),
            update_mask: None,
        };
        let same = stage.editor().update_draft(asked).await.unwrap().into_inner();
        assert_eq!(same.content, draft.content, "{number}");
    }
}

async fn an_edit_changes_the_parts_it_names_and_meets_a_stale_one_with_a_refusal(
    database: Database,
) {
    let stage = Stage::open(database).await;
    let draft = stage.draft("1.001193").await;
    let edit = |etag: &str, summary: &str| proto::UpdateDraftRequest {
        request_id: stage.id(),
        name: draft.name.clone(),
        etag: etag.into(),
        content: Some(proto::VersionContent {
            summary: summary.into(),
            display_name: "Không được đổi".into(),
            ..draft.content.clone().unwrap()
        }),
        update_mask: Some(FieldMask { paths: vec!["summary".into()] }),
    };
    let edited = stage.editor().update_draft(edit(&draft.etag, "Một")).await.unwrap().into_inner();
    let content = edited.content.unwrap();
    assert_eq!(content.summary, "Một");
    assert_ne!(content.display_name, "Không được đổi");
    let late = stage.editor().update_draft(edit(&draft.etag, "Hai")).await.unwrap_err();
    assert_eq!(reason(&late), "ETAG_MISMATCH");
    let bad_mask = proto::UpdateDraftRequest {
        update_mask: Some(FieldMask { paths: vec!["number".into()] }),
        ..edit(&edited.etag, "Ba")
    };
    let refused = stage.editor().update_draft(bad_mask).await.unwrap_err();
    assert_eq!(violations(&refused), ["update_mask"]);
}

async fn everything_wrong_with_a_text_is_said_at_once(database: Database) {
    let stage = Stage::open(database).await;
    let asked = proto::CreateProcedureRequest {
        request_id: stage.id(),
        number: "1.999999".into(),
        content: Some(proto::VersionContent {
            legacy_level: 9,
            cases: vec![proto::Case {
                code: "a".into(),
                papers: vec![proto::PaperRequirement {
                    code: "p".into(),
                    originals: -1,
                    ..Default::default()
                }],
                ways: vec![proto::Way::default()],
                ..Default::default()
            }],
            ..Default::default()
        }),
    };
    let refused = stage.editor().create_procedure(asked).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "content.display_name",
            "content.field",
            "content.level",
            "content.service_level",
            "content.legacy_level",
            "content.front_door",
            "content.cases.a.papers.p.originals",
            "content.cases.a.papers.p.need",
            "content.cases.a.ways",
            "content.cases.a.ways.?.limit",
        ]
    );
}

async fn a_number_is_taken_once(database: Database) {
    let stage = Stage::open(database).await;
    let current = stage.procedure("1.001193").await.current_version;
    let content = stage.version(&current).await.content;
    let create = |number: &str| proto::CreateProcedureRequest {
        request_id: stage.id(),
        number: number.into(),
        content: content.clone(),
    };
    let taken = stage.editor().create_procedure(create("1.001193")).await.unwrap_err();
    assert_eq!(reason(&taken), "PROCEDURE_NUMBER_TAKEN");
    let bad = stage.editor().create_procedure(create("9.1")).await.unwrap_err();
    assert_eq!(violations(&bad), ["number"]);
    let made = stage.editor().create_procedure(create("1.777777")).await.unwrap().into_inner();
    assert_eq!(made.state(), VersionState::Draft);
    assert!(stage.find("1.777777").await.is_empty(), "a draft is not found");
}

async fn a_discarded_draft_is_gone(database: Database) {
    let stage = Stage::open(database).await;
    let draft = stage.draft("1.001193").await;
    let asked = proto::DiscardDraftRequest {
        request_id: stage.id(),
        name: draft.name.clone(),
        etag: draft.etag.clone(),
    };
    stage.editor().discard_draft(asked).await.unwrap();
    let asked = proto::GetProcedureVersionRequest { name: draft.name, ..Default::default() };
    let gone = stage.editor().get_procedure_version(asked).await.unwrap_err();
    assert_eq!(reason(&gone), "PROCEDURE_VERSION_NOT_FOUND");
    assert_eq!(stage.draft("1.001193").await.revision, 3, "a revision is given out once");
}

crate::support::on_both_databases! {
    a_draft_says_what_the_version_in_force_says,
    a_text_survives_the_way_there_and_back,
    an_edit_changes_the_parts_it_names_and_meets_a_stale_one_with_a_refusal,
    everything_wrong_with_a_text_is_said_at_once,
    a_number_is_taken_once,
    a_discarded_draft_is_gone,
}
