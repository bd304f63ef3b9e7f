use motcua_store::{Migrations, SchemaState, Store, schema};
use motcua_testkit::Database;
use sea_orm_migration::prelude::*;

use crate::{
    on_both,
    support::{env, nothing_of_its_own, now},
};

on_both!(
    migrating_twice_changes_nothing,
    two_migrators_at_once_do_it_once,
    a_pending_step_is_named_and_refused,
    a_newer_schema_is_refused_only_after_a_contract,
);

struct Step(&'static str);

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(self.0)
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .to_owned();
        manager.create_table(table).await
    }
}

fn with(name: &'static str, contracts: &'static [&'static str]) -> Migrations {
    schema(vec![Box::new(Step(name))], contracts)
}

async fn migrating_twice_changes_nothing(database: Database) {
    let env = env(database).await;
    assert_eq!(env.store.migrate(&with("m1_a", &[]), now()).await.unwrap(), ["m1_a"]);
    assert!(env.store.migrate(&with("m1_a", &[]), now()).await.unwrap().is_empty());
    env.store.require_schema(&with("m1_a", &[])).await.unwrap();
}

async fn two_migrators_at_once_do_it_once(database: Database) {
    let env = env(database).await;
    let other = Store::open("probe", &env.options).await.unwrap();
    let (step, twin) = (with("m1_a", &[]), with("m1_a", &[]));
    let (a, b) = tokio::join!(env.store.migrate(&step, now()), other.migrate(&twin, now()));
    assert_eq!(a.unwrap().len() + b.unwrap().len(), 1);
}

async fn a_pending_step_is_named_and_refused(database: Database) {
    let env = env(database).await;
    let refused = env.store.require_schema(&with("m1_a", &[])).await.unwrap_err();
    assert_eq!(refused.reason(), "MIGRATIONS_PENDING");
    assert!(refused.text().contains("m1_a"));
}

async fn a_newer_schema_is_refused_only_after_a_contract(database: Database) {
    let env = env(database).await;
    env.store.migrate(&with("m1_expand", &[]), now()).await.unwrap();
    let old = nothing_of_its_own();
    assert_eq!(env.store.schema_state(&old).await.unwrap(), SchemaState::Ready);
    env.store.migrate(&with("m2_contract", &["m2_contract"]), now()).await.unwrap();
    let state = env.store.schema_state(&old).await.unwrap();
    assert_eq!(state, SchemaState::TooNew { since: "m2_contract".to_owned() });
    assert_eq!(env.store.require_schema(&old).await.unwrap_err().reason(), "SCHEMA_TOO_NEW");
    assert_eq!(env.store.migrate(&old, now()).await.unwrap_err().reason(), "SCHEMA_TOO_NEW");
}
