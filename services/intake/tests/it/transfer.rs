use std::time::Duration;

use futures::StreamExt;
use motcua_proto::intake::v1::{self as proto, download_paper_response::Part};
use motcua_testkit::Database;

use crate::{
    filed::{due, files, header, until_files},
    office::{Province, citizen},
    support::{Answer, on_both_databases, pdf, request_id, upload_with},
};

on_both_databases!(
    an_upload_given_up_midway_leaves_nothing,
    an_upload_has_its_own_deadline,
    a_download_has_its_own_deadline,
    what_is_no_upload_is_refused,
);

async fn an_upload_given_up_midway_leaves_nothing(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let short = proto::PaperHeader {
        timeout: Some(prost_types::Duration { seconds: 0, nanos: 200_000_000 }),
        ..header(&draft.name)
    };
    let half = upload_with(request_id(), short, &pdf("dở dang")).take(2);
    let half = half.chain(futures::stream::pending());
    assert_eq!(client.upload_paper(half).await.reason(), "UPLOAD_TOO_SLOW");
    until_files(&province, 0).await;

    // A process that is killed midway drops nothing. What it leaves is known by
    // the timer that was set before the first byte.
    let left: String = {
        use sea_orm::{ConnectionTrait, Statement};
        let db = province.env.store.reader();
        let sql = "SELECT subject FROM due WHERE name = 'file-unused'";
        let row = db
            .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .unwrap()
            .unwrap();
        row.try_get::<uuid::Uuid>("", "subject").unwrap().to_string()
    };
    let shelf = province.env.dir().join("files/intake").join(&left[34..]);
    std::fs::create_dir_all(&shelf).unwrap();
    for name in [left.clone(), format!("{left}#1")] {
        std::fs::write(shelf.join(name), b"half").unwrap();
    }
    province.env.clock.advance(chrono::TimeDelta::seconds(2 * 900 - 1));
    assert_eq!(files(&province), 2, "an upload may take its time");
    province.env.clock.advance(chrono::TimeDelta::seconds(2));
    until_files(&province, 0).await;
    province.env.until(async || due(&province, "file-unused").await.eq(&0).then_some(())).await;
}

async fn what_is_no_upload_is_refused(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let first = upload_with(request_id(), header(&draft.name), b"").collect::<Vec<_>>().await;
    let twice = futures::stream::iter([first[0].clone(), first[0].clone()]);
    assert_eq!(province.client(&me).upload_paper(twice).await.reason(), "CHUNK_EXPECTED");
    let nothing = futures::stream::iter(Vec::new());
    assert_eq!(province.client(&me).upload_paper(nothing).await.reason(), "STREAM_EMPTY");
    until_files(&province, 0).await;
}

async fn a_download_has_its_own_deadline(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    let request = proto::DownloadPaperRequest {
        name: draft.papers[0].name.clone(),
        timeout: Some(prost_types::Duration { seconds: 0, nanos: 1 }),
    };
    let mut stream = province.client(&me).download_paper(request).await.unwrap().into_inner();
    assert!(matches!(stream.message().await.unwrap().unwrap().part, Some(Part::Paper(_))));
    let refused = motcua_rpc::fault(stream.message().await.unwrap_err());
    assert_eq!(refused.reason(), "DOWNLOAD_TOO_SLOW");
}

async fn an_upload_has_its_own_deadline(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let header = proto::PaperHeader {
        timeout: Some(prost_types::Duration { seconds: 0, nanos: 50_000_000 }),
        ..header(&draft.name)
    };
    let slow = upload_with(request_id(), header, &pdf("chậm")).then(|message| async move {
        tokio::time::sleep(Duration::from_millis(40)).await;
        message
    });
    let refused = province.client(&me).upload_paper(slow).await;
    assert_eq!(refused.reason(), "UPLOAD_TOO_SLOW");
}
