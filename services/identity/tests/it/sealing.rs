//! Whoever holds the disk reads nobody's name.

use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{PASSWORD, Province};

/// What must not be found, however a database may write it.
const MARKED: [&str; 7] = [
    "Nguyễn Thị Hoa",
    "001199012345",
    "0912345678",
    "+84912345678",
    "oa.nguyen@",
    "quan.tri",
    "Quản Trị",
];

/// Everything that a table holds, as text.
pub(crate) async fn rows(province: &Province, database: Database, table: &str) -> String {
    let sql = match database {
        Database::Sqlite => format!("SELECT * FROM {table}"),
        Database::Postgres => format!("SELECT convert_to(t::text, 'UTF8') AS row FROM {table} t"),
    };
    let db = province.env.store.reader();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    format!("{:?}", rows.unwrap())
}

async fn no_table_holds_a_personal_value_or_a_secret(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let next = province.refresh(&pair.refresh_token).await.unwrap();
    assert!(province.sign_in("0912345678", "đoán bừa thôi").await.is_err());
    let secrets = [PASSWORD, &pair.refresh_token, &next.refresh_token, &next.access_token];
    let tables = [
        "account",
        "role_grant",
        "session",
        "sign_in_try",
        "refresh_token",
        "revocation",
        "signing_key",
        "personal_data_reading",
        "handled",
        "outbox",
        "inbox",
        "due",
    ];
    for table in tables {
        let text = rows(&province, database, table).await;
        for marked in MARKED.iter().chain(&secrets) {
            assert!(!text.contains(marked), "{marked} is in {table}");
        }
    }
    province.env.stop().await;
}

async fn no_file_holds_a_personal_value(database: Database) {
    let province = Province::start(database).await;
    province.hoa().await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let mut folders = vec![province.env.dir().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for marked in MARKED.iter().chain(&[PASSWORD, &pair.refresh_token]) {
                let found = bytes.windows(marked.len()).any(|part| part == marked.as_bytes());
                assert!(!found, "{marked} is in {}", path.display());
            }
        }
    }
    province.env.stop().await;
}

crate::on_both!(no_table_holds_a_personal_value_or_a_secret, no_file_holds_a_personal_value);
