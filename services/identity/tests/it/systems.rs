//! Other systems: client credentials, scopes, no session.

use motcua_context::Actor;
use motcua_fault::Fault;
use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, CreateSystemAccountRequest, IssueSystemTokenRequest, RotateSystemSecretRequest,
        System, SystemToken, UpdateAccountRequest, account::Holder,
    },
};
use motcua_testkit::Database;
use prost_types::FieldMask;

use crate::support::{Province, Verifier, answer, builder, commune, refused, violations};

const SECRET: &str = "3f9c0a7e51d24b68a0c4e9137bd25f86";

fn lgsp(province: &Province) -> CreateSystemAccountRequest {
    CreateSystemAccountRequest {
        request_id: province.id(),
        system: Some(System {
            client_id: "lgsp-tinh".into(),
            display_name: "Trục liên thông của tỉnh".into(),
            scopes: vec!["dossiers.write".into(), "dossiers.read".into()],
            ..System::default()
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
        ..System::default()
    });
    let told = violations(answer(province.as_admin().await.create_system_account(wrong).await));
    let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["CLIENT_ID_INVALID", "NAME_INVALID", "SCOPE_INVALID", "SECRET_TOO_WEAK"]);
    let mut local = province.as_officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    let below = answer(local.create_system_account(lgsp(&province)).await);
    assert_eq!(refused(below), "OUT_OF_REACH");
    province.env.stop().await;
}

const NEXT: &str = "a81d5c3e90f74b26b1e7d0942c6f853a";

fn rotate(
    province: &Province,
    name: &str,
    old_until_min: Option<i64>,
) -> RotateSystemSecretRequest {
    let until = old_until_min.map(|n| province.now() + chrono::TimeDelta::minutes(n));
    RotateSystemSecretRequest {
        request_id: province.id(),
        name: name.into(),
        client_secret: NEXT.into(),
        old_secret_expire_time: until.map(|at| std::time::SystemTime::from(at).into()),
    }
}

async fn a_system_changes_its_secret_without_a_gap(database: Database) {
    let province = Province::start(database).await;
    let account = create(&province).await;
    let mut admin = province.as_admin().await;
    let asked = rotate(&province, &account.name, Some(60));
    let rotated = answer(admin.rotate_system_secret(asked.clone()).await).unwrap();
    let Some(Holder::System(system)) = &rotated.holder else { panic!("a system") };
    assert_eq!(system.old_secret_expire_time, asked.old_secret_expire_time);
    assert_eq!(answer(admin.rotate_system_secret(asked).await).unwrap(), rotated, "once");
    for secret in [SECRET, NEXT] {
        assert!(issue(&province, secret, &[]).await.is_ok());
    }
    province.minutes(60);
    assert_eq!(refused(issue(&province, SECRET, &[]).await), "SIGN_IN_REFUSED");
    assert!(issue(&province, NEXT, &[]).await.is_ok());
    province.env.stop().await;
}

async fn a_leaked_secret_ends_at_once_and_its_tokens_with_it(database: Database) {
    let province = Province::start(database).await;
    let account = create(&province).await;
    let verifier = Verifier::of(&province).await;
    let stolen = issue(&province, SECRET, &[]).await.unwrap();
    let asked = rotate(&province, &account.name, None);
    answer(province.as_admin().await.rotate_system_secret(asked).await).unwrap();
    assert_eq!(refused(issue(&province, SECRET, &[]).await), "SIGN_IN_REFUSED");
    let fresh = issue(&province, NEXT, &[]).await.unwrap();
    verifier.poll().await;
    let shown = verifier.actor(&stolen.access_token, province.now()).await;
    assert_eq!(refused(shown), "TOKEN_REVOKED");
    province.minutes(1);
    assert!(verifier.actor(&fresh.access_token, province.now()).await.is_ok());
    province.env.stop().await;
}

async fn a_system_that_works_for_another_agency_needs_another_token(database: Database) {
    let province = Province::start(database).await;
    let account = create(&province).await;
    let verifier = Verifier::of(&province).await;
    let before = issue(&province, SECRET, &[]).await.unwrap();
    let moved = UpdateAccountRequest {
        request_id: province.id(),
        account: Some(Account {
            name: account.name,
            holder: Some(Holder::System(System { agency: commune(1).name(), ..System::default() })),
            ..Account::default()
        }),
        update_mask: Some(FieldMask { paths: vec!["system.agency".into()] }),
    };
    answer(province.as_admin().await.update_account(moved).await).unwrap();
    let after = issue(&province, SECRET, &[]).await.unwrap();
    verifier.poll().await;
    let shown = verifier.actor(&before.access_token, province.now()).await;
    assert_eq!(refused(shown), "TOKEN_REVOKED");
    province.minutes(1);
    let Actor::System(system) = verifier.actor(&after.access_token, province.now()).await.unwrap()
    else {
        panic!("a system")
    };
    assert_eq!(system.agency, Some(commune(1)));
    province.env.stop().await;
}

async fn only_a_systems_secret_is_rotated_and_by_the_province(database: Database) {
    let province = Province::start(database).await;
    let account = create(&province).await;
    let citizen = province.hoa().await;
    let mut admin = province.as_admin().await;
    let persons = rotate(&province, &citizen.name, None);
    assert_eq!(refused(answer(admin.rotate_system_secret(persons).await)), "NOT_A_SYSTEM");
    let nobodys = rotate(&province, &format!("accounts/{}", province.id()), None);
    assert_eq!(refused(answer(admin.rotate_system_secret(nobodys).await)), "ACCOUNT_NOT_FOUND");
    for minutes in [0, -1, 7 * 24 * 60 + 1] {
        let mut wrong = rotate(&province, "lgsp", Some(minutes));
        wrong.client_secret = "ngắn".into();
        let told = violations(answer(admin.rotate_system_secret(wrong).await));
        let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
        assert_eq!(reasons, ["ACCOUNT_INVALID", "SECRET_TOO_WEAK", "OLD_SECRET_TIME_INVALID"]);
    }
    let mut local = province.as_officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    let below = rotate(&province, &account.name, None);
    assert_eq!(refused(answer(local.rotate_system_secret(below).await)), "OUT_OF_REACH");
    province.env.stop().await;
}

async fn nobody_locks_a_system_out_by_its_client_id(database: Database) {
    let province = Province::of(builder(database).set("identity.guessing.tries_per_login=2")).await;
    create(&province).await;
    for _ in 0..10 {
        assert_eq!(refused(issue(&province, NEXT, &[]).await), "SIGN_IN_REFUSED");
        let _ = province.sign_in("lgsp-tinh", NEXT).await;
    }
    assert!(issue(&province, SECRET, &[]).await.is_ok());
    province.env.stop().await;
}

crate::on_both!(
    a_system_changes_its_secret_without_a_gap,
    a_leaked_secret_ends_at_once_and_its_tokens_with_it,
    a_system_that_works_for_another_agency_needs_another_token,
    only_a_systems_secret_is_rotated_and_by_the_province,
    nobody_locks_a_system_out_by_its_client_id,
    a_system_gets_a_token_for_its_scopes,
    a_system_is_opened_at_the_root_with_a_random_secret,
);
