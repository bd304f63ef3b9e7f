//! Other systems: client credentials, scopes, no session.

use motcua_context::Actor;
use motcua_fault::Fault;
use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, CreateSystemAccountRequest, IssueSystemTokenRequest, System, SystemToken,
    },
};
use motcua_testkit::Database;

use crate::support::{Province, Verifier, answer, commune, refused, violations};

const SECRET: &str = "3f9c0a7e51d24b68a0c4e9137bd25f86";

fn lgsp(province: &Province) -> CreateSystemAccountRequest {
    CreateSystemAccountRequest {
        request_id: province.id(),
        system: Some(System {
            client_id: "lgsp-tinh".into(),
            display_name: "Trục liên thông của tỉnh".into(),
            scopes: vec!["dossiers.write".into(), "dossiers.read".into()],
        }),
        client_secret: SECRET.into(),
    }
}

async fn create(province: &Province) -> Account {
    answer(province.as_admin().await.create_system_account(lgsp(province)).await).unwrap()
}

async fn issue(province: &Province, secret: &str, scopes: &[&str]) -> Result<SystemToken, Fault> {
    let asked = IssueSystemTokenRequest {
        client_id: "lgsp-tinh".into(),
        client_secret: secret.into(),
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
    };
    answer(province.auth().issue_system_token(asked).await)
}

async fn a_system_gets_a_token_for_its_scopes(database: Database) {
    let province = Province::start(database).await;
    let account = create(&province).await;
    let verifier = Verifier::of(&province).await;
    let token = issue(&province, SECRET, &["dossiers.read"]).await.unwrap();
    let Actor::System(system) = verifier.actor(&token.access_token, province.now()).await.unwrap()
    else {
        panic!("a system")
    };
    assert_eq!(
        (system.name, system.scopes),
        (account.name.clone(), vec!["dossiers.read".to_owned()])
    );
    assert!(!system.service);
    let all = issue(&province, SECRET, &[]).await.unwrap();
    assert_eq!(all.scopes, ["dossiers.read", "dossiers.write"]);
    assert_eq!(refused(issue(&province, SECRET, &["fees.read"]).await), "SCOPE_REFUSED");
    assert_eq!(violations(issue(&province, SECRET, &["!"]).await)[0].1, "SCOPE_INVALID");
    assert_eq!(refused(issue(&province, "không phải khóa này", &[]).await), "SIGN_IN_REFUSED");
    let by_password = province.sign_in("lgsp-tinh", SECRET).await;
    assert_eq!(refused(by_password), "SIGN_IN_REFUSED", "a system has no session");

    crate::disabling::disable(&province, &account.name).await.unwrap();
    assert_eq!(refused(issue(&province, SECRET, &[]).await), "SIGN_IN_REFUSED");
    verifier.poll().await;
    let shown = verifier.actor(&token.access_token, province.now()).await;
    assert_eq!(refused(shown), "TOKEN_REVOKED");
    province.env.stop().await;
}

async fn a_system_is_opened_at_the_root_with_a_random_secret(database: Database) {
    let province = Province::start(database).await;
    create(&province).await;
    let twin = answer(province.as_admin().await.create_system_account(lgsp(&province)).await);
    assert_eq!(refused(twin), "ACCOUNT_EXISTS");
    let mut wrong = lgsp(&province);
    wrong.client_secret = "mật khẩu người nghĩ ra".into();
    wrong.system = Some(System {
        client_id: "?".into(),
        display_name: "?".into(),
        scopes: vec!["Sai".into()],
    });
    let told = violations(answer(province.as_admin().await.create_system_account(wrong).await));
    let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["CLIENT_ID_INVALID", "NAME_INVALID", "SCOPE_INVALID", "SECRET_TOO_WEAK"]);
    let mut local = province.as_officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    let below = answer(local.create_system_account(lgsp(&province)).await);
    assert_eq!(refused(below), "OUT_OF_REACH");
    province.env.stop().await;
}

crate::on_both!(
    a_system_gets_a_token_for_its_scopes,
    a_system_is_opened_at_the_root_with_a_random_secret,
);
