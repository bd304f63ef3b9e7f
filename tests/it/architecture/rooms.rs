//! What each of a service's five rooms may not use.

use super::{
    rust::{code, has_word},
    tree::{none, services, texts},
};

/// A room and the words, parted by blanks, that may not stand in its code.
struct Room {
    name: &'static str,
    forbidden: &'static str,
}

const ROOMS: [Room; 5] = [
    Room {
        name: "domain",
        forbidden: "async await Ctx SystemClock sea_orm sea_orm_migration sqlx tonic tokio futures \
                    prost prost_types tracing rand motcua_proto motcua_clockwire motcua_sealing \
                    motcua_rpc motcua_database motcua_audit motcua_post motcua_store motcua_keys \
                    motcua_cache motcua_files motcua_config motcua_spine \
                    motcua_telemetry motcua_bus motcua_service crate::app crate::store crate::grpc \
                    crate::events Utc::now Local::now SystemTime Instant now_v7 new_v4 std::env \
                    std::fs std::net std::process std::thread",
    },
    Room {
        name: "app",
        forbidden: "sea_orm sea_orm_migration sqlx motcua_proto prost prost_types tonic lapin redis \
                    SystemTime Utc::now .begin( .commit( .rollback( .execute( .execute_unprepared(",
    },
    Room {
        name: "store",
        forbidden: "motcua_proto prost prost_types tonic lapin crate::app crate::grpc \
                    SystemTime Utc::now .begin( .commit( .rollback(",
    },
    Room { name: "grpc", forbidden: "sea_orm sea_orm_migration sqlx lapin crate::store Utc::now" },
    Room { name: "events", forbidden: "sea_orm sea_orm_migration sqlx lapin tonic Utc::now" },
];

#[test]
fn every_room_keeps_to_its_own() {
    let mut broken = Vec::new();
    for service in services() {
        for room in &ROOMS {
            for file in texts(&format!("services/{service}/src/{}", room.name), &[".rs"]) {
                if is_test(&file.path) {
                    continue;
                }
                let code = code(&file.text);
                for word in room.forbidden.split(' ').filter(|word| has_word(&code, word)) {
                    broken.push(format!("{} uses {word}", file.path));
                }
            }
        }
    }
    none("a room uses what is not its own", &broken);
}

/// A migration is SQL in a builder; mixing both preludes makes names ambiguous.
#[test]
fn migrations_import_one_prelude() {
    let mut broken = Vec::new();
    for service in services() {
        for file in texts(&format!("services/{service}/src/store/migrations"), &[".rs"]) {
            if has_word(&code(&file.text), "sea_orm") {
                broken.push(file.path);
            }
        }
    }
    none("a migration imports more than sea_orm_migration", &broken);
}

/// Only the one place that opens transactions may end them, and only the relay speaks to a broker.
#[test]
fn services_hold_neither_broker_nor_transaction() {
    let mut broken = Vec::new();
    for service in services() {
        for file in texts(&format!("services/{service}/src"), &[".rs"]) {
            let code = code(&file.text);
            for word in ["lapin", "TransactionTrait", "DatabaseTransaction::begin"] {
                if has_word(&code, word) {
                    broken.push(format!("{} uses {word}", file.path));
                }
            }
        }
    }
    none("a service holds what belongs to libs", &broken);
}

/// Files of tests beside the code they test.
pub(super) fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}
