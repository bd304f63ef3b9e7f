//! The same request twice, another under its id, two editors at once.

use motcua_proto::catalog::v1 as proto;
use motcua_testkit::Database;

use crate::support::{Stage, reason};

fn field(id: &str, code: &str) -> proto::CreateFieldRequest {
    proto::CreateFieldRequest {
        request_id: id.into(),
        field: Some(proto::Field {
            code: code.into(),
            display_name: "Thư viện".into(),
            ..Default::default()
        }),
    }
}

async fn a_repeated_request_answers_as_the_first_did(database: Database) {
    let stage = Stage::open(database).await;
    let id = stage.id();
    let first = stage.editor().create_field(field(&id, "thu-vien")).await.unwrap().into_inner();
    let second = stage.editor().create_field(field(&id, "thu-vien")).await.unwrap().into_inner();
    assert_eq!(first, second);
    let reused = stage.editor().create_field(field(&id, "bao-chi")).await.unwrap_err();
    assert_eq!(reason(&reused), "REQUEST_ID_REUSED");

    let draft = stage.draft("1.001193").await;
    let asked = proto::PublishVersionRequest {
        request_id: stage.id(),
        name: draft.name,
        etag: draft.etag,
        effective_from: String::new(),
    };
    let first = stage.editor().publish_version(asked.clone()).await.unwrap().into_inner();
    let second = stage.editor().publish_version(asked).await.unwrap().into_inner();
    assert_eq!(first, second);
}

async fn of_two_editors_at_once_one_wins_and_the_other_is_told(database: Database) {
    let stage = Stage::open(database).await;
    let draft = stage.draft("1.001193").await;
    let edit = |summary: &str| proto::UpdateDraftRequest {
        request_id: stage.id(),
        name: draft.name.clone(),
        etag: draft.etag.clone(),
        content: Some(proto::VersionContent {
            summary: summary.into(),
            ..draft.content.clone().unwrap()
        }),
        update_mask: None,
    };
    let (mut one, mut other) = (stage.editor(), stage.editor());
    let (a, b) = tokio::join!(one.update_draft(edit("A")), other.update_draft(edit("B")));
    let refused: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    assert!(["ETAG_MISMATCH", "CONFLICT"].contains(&reason(&refused[0]).as_str()));
}

crate::support::on_both_databases! {
    a_repeated_request_answers_as_the_first_did,
    of_two_editors_at_once_one_wins_and_the_other_is_told,
}
