//! The repository's own catalog, whole, through the RPC.

use motcua_catalog::builtin;
use motcua_context::Actor;
use motcua_proto::catalog::v1::{self as proto, RowOutcome};
use motcua_testkit::Database;

use crate::support::{Stage, client, empty, founder, import};

async fn all_of_it_is_published_and_twice_is_once(database: Database) {
    let stage = Stage::with(database, builtin()).await;
    let again = import(
        &stage.env,
        &founder_of(&stage),
        proto::ImportFormat::Yaml,
        builtin().into_bytes(),
        true,
    )
    .await
    .unwrap();
    assert!(again.imported);
    let changed: Vec<_> =
        again.rows.iter().filter(|r| r.outcome() != RowOutcome::Unchanged).collect();
    assert!(changed.is_empty(), "{changed:#?}");

    let asked = proto::SearchProceduresRequest { page_size: 100, ..Default::default() };
    let found = stage.public().search_procedures(asked).await.unwrap().into_inner();
    assert!(found.total_size >= 25, "only {} procedures", found.total_size);
}

fn founder_of(stage: &Stage) -> Actor {
    crate::support::officer(motcua_context::Role::Administrator, stage.province)
}

async fn a_dry_run_writes_nothing(database: Database) {
    let env = empty(database).await;
    let head = proto::ImportProceduresRequest {
        request_id: env.request_id(),
        format: proto::ImportFormat::Yaml as i32,
        publish: true,
        dry_run: true,
        ..Default::default()
    };
    let answer =
        crate::support::send(&env, &founder(), head, builtin().into_bytes()).await.unwrap();
    assert!(!answer.imported);
    assert!(answer.created > 0);
    let asked = proto::ListAgenciesRequest { any_day: true, ..Default::default() };
    let all = client(&env, &Actor::Anonymous).list_agencies(asked).await.unwrap().into_inner();
    assert!(all.agencies.is_empty());
}

crate::support::on_both_databases! {
    all_of_it_is_published_and_twice_is_once,
    a_dry_run_writes_nothing,
}
