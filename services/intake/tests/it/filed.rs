//! What lies in the file store, and how it gets there and back.

use futures::TryStreamExt;
use motcua_proto::intake::v1::{self as proto, download_paper_response::Part};

use crate::{office::Province, support::Client};

pub(crate) fn header(dossier: &str) -> proto::PaperHeader {
    proto::PaperHeader {
        dossier: dossier.to_owned(),
        code: "chung-sinh".to_owned(),
        file_name: "giấy của con.pdf".to_owned(),
        ..Default::default()
    }
}

pub(crate) async fn download(
    client: &mut Client,
    name: &str,
) -> Result<(proto::Paper, Vec<u8>), String> {
    let request = proto::DownloadPaperRequest { name: name.to_owned(), timeout: None };
    let refused = |status| motcua_rpc::fault(status).reason().to_owned();
    let mut stream = client.download_paper(request).await.map_err(refused)?.into_inner();
    let Some(Part::Paper(paper)) = stream.message().await.unwrap().unwrap().part else {
        panic!("the paper comes first")
    };
    let pieces: Vec<_> = stream.try_collect().await.map_err(refused)?;
    let bytes = pieces.into_iter().flat_map(|message| match message.part {
        Some(Part::Chunk(chunk)) => chunk,
        _ => panic!("then its bytes"),
    });
    Ok((paper, bytes.collect()))
}

/// Timers of a name that are set.
pub(crate) async fn due(province: &Province, name: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let db = province.env.store.reader();
    let sql = "SELECT count(*) AS n FROM due WHERE name = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

/// Files below the environment's file store.
pub(crate) fn files(province: &Province) -> usize {
    fn count(dir: &std::path::Path) -> usize {
        std::fs::read_dir(dir).map_or(0, |entries| {
            entries.flatten().map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
        })
    }
    count(&province.env.dir().join("files"))
}

/// Files that are let go are deleted soon after.
pub(crate) async fn until_files(province: &Province, expected: usize) {
    province.env.until(async || (files(province) == expected).then_some(())).await;
}
