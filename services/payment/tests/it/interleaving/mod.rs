//! Whatever comes at the same time, in whatever order: the books balance, and say what the orders,
//! the bank and the gateway say.

mod drawn;
mod gateway;
mod requests;
mod sound;
mod world;

use motcua_testkit::Database;
use proptest::{
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};

use drawn::Round;
use world::World;

/// Each is some weeks at the desk, the bank and the gateway.
const CASES: u32 = 5;

#[test]
fn sqlite() {
    the_books_hold_whatever_comes_at_once(Database::Sqlite);
}

#[test]
fn postgres() {
    the_books_hold_whatever_comes_at_once(Database::Postgres);
}

/// In threads, so that what comes at once is at once. The draws are the same each time; how they meet
/// is not.
fn the_books_hold_whatever_comes_at_once(database: Database) {
    if !database.is_here() {
        return;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let config = ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(4),
        failure_persistence: None,
        max_shrink_iters: 20,
        ..ProptestConfig::default()
    };
    let drawn = TestRunner::new(config).run(&drawn::rounds(), |rounds| {
        runtime.block_on(lived_through(database, rounds));
        Ok(())
    });
    drawn.unwrap_or_else(|found| panic!("{found}"));
}

async fn lived_through(database: Database, rounds: Vec<Round>) {
    let world = World::open(database).await;
    for round in rounds {
        world.live(round).await;
        world.is_sound().await;
    }
    world.come_to_rest().await;
    world.is_sound().await;
    world.adds_up_by_days().await;
    world.agrees_with_the_gateway().await;
    world.close().await;
}
