//! Whoever holds the disk reads nothing.

use motcua_context::Actor;
use motcua_proto::intake::v1 as proto;
use motcua_testkit::Database;

use crate::{
    office::{Province, citizen, desk},
    support::{Answer, on_both_databases, pdf, request_id, upload_with},
};

on_both_databases!(nothing_personal_is_written_in_the_clear);

const SECRETS: [&str; 8] = [
    "Nguyễn Thị Hoa",
    "0912345678",
    "072188001234",
    "Ấp Long Hòa",
    "Trần Minh Khôi",
    "bí mật trong giấy",
    "tên tệp riêng",
    "lý do riêng tư",
];

async fn nothing_personal_is_written_in_the_clear(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    let header = proto::PaperHeader {
        dossier: draft.name.clone(),
        code: "uy-quyen".to_owned(),
        file_name: "tên tệp riêng.pdf".to_owned(),
        ..Default::default()
    };
    let content = pdf("bí mật trong giấy");
    province.client(&me).upload_paper(upload_with(request_id(), header, &content)).await.done();
    let submit = proto::SubmitDossierRequest {
        request_id: request_id(),
        name: draft.name.clone(),
        ..Default::default()
    };
    province.client(&me).submit_dossier(submit).await.done();
    province.ask_citizen(&draft.name, "lý do riêng tư").await.done();
    province.get(&desk(), &draft.name).await;
    let look = proto::LookUpDossierRequest {
        code: "H53.12.05-260302-0001".to_owned(),
        last_digits: "5678".to_owned(),
    };
    province.client(&Actor::Anonymous).look_up_dossier(look).await.done();

    let mut found = Vec::new();
    search(province.env.dir(), &mut found);
    assert!(found.is_empty(), "{found:?}");
    if database == Database::Postgres {
        for dump in dump(&province).await {
            for secret in SECRETS {
                // Octets are dumped in hexadecimal.
                let hidden = hex::encode(secret);
                assert!(!dump.contains(secret) && !dump.contains(&hidden), "{secret}");
            }
        }
    }
}

/// Every file below: the database with its log, and the papers.
fn search(dir: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        if entry.path().is_dir() {
            search(&entry.path(), found);
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        for secret in SECRETS {
            if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) {
                found.push(format!("{secret} in {}", entry.path().display()));
            }
        }
    }
}

/// Every row of every table, as text; octets in hexadecimal.
async fn dump(province: &Province) -> Vec<String> {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};
    let db = province.env.store.reader();
    let mut rows = Vec::new();
    for table in ["dossiers", "papers", "supplements", "acts", "outbox", "handled"] {
        let sql = format!("SELECT t::text AS row FROM {table} t");
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        for row in db.query_all_raw(statement).await.unwrap() {
            let text: String = row.try_get("", "row").unwrap();
            rows.push(text);
        }
    }
    assert!(rows.len() > 5);
    rows
}
