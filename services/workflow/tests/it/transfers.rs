//! What becomes of bytes: sent twice, sent too slowly, left behind.

use std::path::Path;

use chrono::Duration;
use futures::{StreamExt, stream};
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::download_result_response::Part;
use sea_orm::{ConnectionTrait, Statement};
use tonic::Code;

use crate::support::*;

on_both_databases!(
    the_same_request_with_other_bytes_is_refused,
    an_upload_has_its_own_time_limit,
    a_download_has_its_own_time_limit,
    what_a_killed_process_left_is_deleted,
    what_a_result_needs_is_kept,
);

const MOMENT: prost_types::Duration = prost_types::Duration { seconds: 0, nanos: 50_000_000 };

/// The task of a specialist who may draft.
async fn drafting(office: &Office) -> String {
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    office.task(1, "tham-dinh").await.name
}

/// Files below the environment's file store.
fn files(office: &Office) -> usize {
    fn count(dir: &Path) -> usize {
        std::fs::read_dir(dir).map_or(0, |entries| {
            entries.flatten().map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
        })
    }
    count(&office.env.dir().join("files"))
}

/// The files that timers will look for.
async fn expected(office: &Office) -> Vec<uuid::Uuid> {
    let db = office.env.store.reader();
    let sql = "SELECT subject FROM due WHERE name = 'file-unused'";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    rows.unwrap().iter().map(|row| row.try_get("", "subject").unwrap()).collect()
}

async fn the_same_request_with_other_bytes_is_refused(database: Database) {
    let office = Office::open(database).await;
    let task = drafting(&office).await;
    let id = office.env.request_id();
    let send = async |bytes: &[u8]| {
        let messages = stream::iter(upload(id.clone(), &task, None, bytes));
        office.client(&specialist()).draft_result(messages).await.map(tonic::Response::into_inner)
    };
    let first = send(PDF).await.unwrap();
    assert_eq!(send(PDF).await.unwrap(), first, "the same again is done");
    let other = [PDF, b" other"].concat();
    let refused = send(&other).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::InvalidArgument, "REQUEST_ID_REUSED".into()));
    assert_eq!(office.process(1).await.result.unwrap().name, first.name);
    assert_eq!(files(&office), 1, "of three uploads one file is kept");
}

async fn an_upload_has_its_own_time_limit(database: Database) {
    let office = Office::open(database).await;
    let task = drafting(&office).await;
    let first = upload(office.env.request_id(), &task, Some(MOMENT), PDF).into_iter().take(1);
    let stalled = stream::iter(first).chain(stream::pending());
    let refused = office.client(&specialist()).draft_result(stalled).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::DeadlineExceeded, "UPLOAD_TOO_SLOW".into()));
    assert!(office.process(1).await.result.is_none());
    for wrong in [0, 3601] {
        let limit = Some(prost_types::Duration { seconds: wrong, nanos: 0 });
        let messages = stream::iter(upload(office.env.request_id(), &task, limit, PDF));
        let refused = office.client(&specialist()).draft_result(messages).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
}

async fn a_download_has_its_own_time_limit(database: Database) {
    let office = Office::open(database).await;
    drafting(&office).await;
    let name = office.draft(1, &specialist(), PDF).await.unwrap().name;
    let time_limit = Some(prost_types::Duration { seconds: 0, nanos: 1 });
    let request = proto::DownloadResultRequest { name, time_limit };
    let mut stream = office.client(&leader()).download_result(request).await.unwrap().into_inner();
    assert!(matches!(stream.message().await.unwrap().unwrap().part, Some(Part::Head(_))));
    let refused = stream.message().await.unwrap_err();
    assert_eq!(reason(&refused), (Code::DeadlineExceeded, "DOWNLOAD_TOO_SLOW".into()));
}

async fn what_a_killed_process_left_is_deleted(database: Database) {
    let office = Office::open(database).await;
    let task = drafting(&office).await;
    let first = upload(office.env.request_id(), &task, Some(MOMENT), PDF).into_iter().take(2);
    let stalled = stream::iter(first).chain(stream::pending());
    office.client(&specialist()).draft_result(stalled).await.unwrap_err();
    // A killed process drops nothing: what it leaves is known by the timer that was set before
    // the first byte.
    let left = expected(&office).await.remove(0).to_string();
    let shelf = office.env.dir().join("files/workflow").join(&left[34..]);
    std::fs::create_dir_all(&shelf).unwrap();
    for name in [left.clone(), format!("{left}#1")] {
        std::fs::write(shelf.join(name), b"half").unwrap();
    }
    let before = files(&office);
    assert!(before >= 2, "{before}");
    office.env.clock.advance(Duration::minutes(5));
    assert_eq!(files(&office), before, "an upload may take its time");
    office.env.clock.advance(Duration::seconds(1));
    office.env.until(async || (files(&office) == 0).then_some(())).await;
    office.env.until(async || expected(&office).await.is_empty().then_some(())).await;
}

async fn what_a_result_needs_is_kept(database: Database) {
    let office = Office::open(database).await;
    drafting(&office).await;
    office.draft(1, &specialist(), PDF).await.unwrap();
    let waited_for = expected(&office).await;
    assert!(waited_for.is_empty(), "the write that names the file ends the timer: {waited_for:?}");
    assert_eq!(files(&office), 1);
}
