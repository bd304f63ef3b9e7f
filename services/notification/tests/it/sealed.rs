//! Nothing personal lies in clear.

use motcua_testkit::Database;

use crate::support::{EMAIL, NAME, PHONE, accepted, dossier, settled, start};

#[tokio::test]
async fn no_file_of_the_service_holds_a_name_a_telephone_or_an_address() {
    let env = start(Database::Sqlite).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    settled(&env, 2).await;
    let mut looked_at = 0;
    for entry in std::fs::read_dir(env.dir()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        looked_at += bytes.len();
        for secret in [NAME, PHONE, &PHONE[1..], EMAIL, "Kính gửi"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
    assert!(looked_at > 10_000, "the database was looked at");
    env.stop().await;
}
