//! The first administrator, made by a command, and the last, who stays.

use motcua_proto::{
    access::v1::{PersonalDataRead, Role},
    identity::v1::{
        DisableAccountRequest, GetAccountRequest, ListAccountsRequest, RevokeRoleRequest,
    },
};
use motcua_testkit::Database;

use crate::support::{
    PASSWORD, Province, answer, branch, commune, first_administrator, refused,
    reset_administrator_password, root, violations,
};

async fn the_first_administrator_is_made_once(database: Database) {
    let province = Province::start(database).await;
    assert!(province.sign_in("quan.tri", PASSWORD).await.is_ok());
    for username in ["quan.tri", "khac"] {
        let again = first_administrator(&province.env, username, root()).await;
        assert_eq!(refused(again), "ADMINISTRATOR_EXISTS");
    }
    for elsewhere in [commune(1), branch()] {
        let below = first_administrator(&province.env, "khac", elsewhere).await;
        assert_eq!(refused(below), "NOT_THE_PROVINCE");
    }
    let nowhere = first_administrator(&province.env, "khac", commune(50)).await;
    assert_eq!(refused(nowhere), "AGENCY_NOT_FOUND");
    province.env.stop().await;
}

async fn the_command_helps_the_provinces_administrators_alone(database: Database) {
    let province = Province::start(database).await;
    let before = province.sign_in("quan.tri", PASSWORD).await.unwrap();
    let lost = "Một mật khẩu khác 2026";
    let reset = async |username| reset_administrator_password(&province.env, username, lost).await;
    assert_eq!(refused(reset("khong.ai").await), "ACCOUNT_NOT_FOUND");
    province.officer("cb.xa1", commune(1), &[Role::DeskOfficer]).await;
    province.officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    for helped_by_administrators in ["cb.xa1", "qt.xa1"] {
        assert_eq!(refused(reset(helped_by_administrators).await), "NOT_THE_PROVINCE");
    }
    let short = reset_administrator_password(&province.env, "quan.tri", "ngắn").await;
    assert_eq!(violations(short), [("password".to_owned(), "PASSWORD_TOO_SHORT".to_owned())]);

    assert_eq!(reset("quan.tri").await.unwrap(), province.admin);
    assert_eq!(refused(province.sign_in("quan.tri", PASSWORD).await), "SIGN_IN_REFUSED");
    assert_eq!(refused(province.sign_in("quan.tri", lost).await), "PASSWORD_CHANGE_REQUIRED");
    assert_eq!(refused(province.refresh(&before.refresh_token).await), "REFRESH_REFUSED");
    let recorded = province.env.said::<PersonalDataRead>().await;
    let of_the_command = recorded.iter().filter(|read| read.purpose == "reset_password");
    let of_the_command: Vec<_> = of_the_command
        .map(|read| (read.method.as_str(), read.system.as_str(), read.subjects.clone()))
        .collect();
    let expected = ("motcua admin reset-password", "identity", vec![province.admin.name()]);
    assert_eq!(of_the_command, [expected]);
    province.env.stop().await;
}

async fn the_last_administrator_stays(database: Database) {
    let province = Province::start(database).await;
    // Those of a commune and of a branch cannot take the province's place.
    for (username, home) in [("qt.xa1", commune(1)), ("qt.nganh", branch())] {
        let other = province.new_officer(username, root(), &[]);
        let other = answer(province.as_admin().await.create_officer(other).await).unwrap();
        province.grant_directly(&other.name, home).await;
    }
    let mut accounts = province.as_admin().await;
    let revoke = RevokeRoleRequest {
        request_id: province.id(),
        name: province.admin.name(),
        role: Role::Administrator.into(),
        agency: root().name(),
    };
    assert_eq!(refused(answer(accounts.revoke_role(revoke).await)), "LAST_ADMINISTRATOR");
    let own = DisableAccountRequest {
        request_id: province.id(),
        name: province.admin.name(),
        reason: "Nghỉ việc".into(),
    };
    assert_eq!(refused(answer(accounts.disable_account(own).await)), "OWN_ACCOUNT");
    province.env.stop().await;
}

async fn two_administrators_cannot_take_each_other_away_at_once(database: Database) {
    let province = Province::start(database).await;
    let other = province.officer("quan.tri.2", root(), &[Role::Administrator]).await;
    let mut first = province.as_admin().await;
    let pair = province.sign_in("quan.tri.2", PASSWORD).await.unwrap();
    let mut second = province.accounts(&pair.access_token);
    let revoke = |name: &str| RevokeRoleRequest {
        request_id: province.id(),
        name: name.into(),
        role: Role::Administrator.into(),
        agency: root().name(),
    };
    let (of_other, of_first) = tokio::join!(
        first.revoke_role(revoke(&other.name)),
        second.revoke_role(revoke(&province.admin.name())),
    );
    let done = [answer(of_other), answer(of_first)].iter().flatten().count();
    assert_eq!(done, 1);
    province.env.stop().await;
}

async fn who_administers_a_branch_is_nobody_to_the_provinces_citizens(database: Database) {
    let province = Province::start(database).await;
    let citizen = province.hoa().await;
    let officer = province.officer("qt.nganh", root(), &[]).await;
    province.grant_directly(&officer.name, branch()).await;
    let token = province.sign_in("qt.nganh", PASSWORD).await.unwrap().access_token;
    let mut accounts = province.accounts(&token);
    let get = GetAccountRequest { name: citizen.name.clone() };
    assert_eq!(refused(answer(accounts.get_account(get).await)), "OUT_OF_REACH");
    let bar = DisableAccountRequest {
        request_id: province.id(),
        name: citizen.name,
        reason: "Thử".into(),
    };
    assert_eq!(refused(answer(accounts.disable_account(bar).await)), "OUT_OF_REACH");
    let all = answer(accounts.list_accounts(ListAccountsRequest::default()).await);
    assert_eq!(refused(all), "INVALID_ARGUMENT");
    province.env.stop().await;
}

async fn an_administrator_reaches_what_is_below_and_nothing_else(database: Database) {
    let province = Province::start(database).await;
    let roles = [Role::Administrator];
    let mut local = province.as_officer("qt.xa1", commune(1), &roles).await;
    let own = province.new_officer("cb.xa1", commune(1), &[Role::DeskOfficer]);
    let created = answer(local.create_officer(own).await).unwrap();
    let elsewhere = province.new_officer("cb.xa2", commune(2), &[Role::DeskOfficer]);
    assert_eq!(refused(answer(local.create_officer(elsewhere).await)), "OUT_OF_REACH");
    let nowhere = province.new_officer("cb.xa3", commune(50), &[Role::DeskOfficer]);
    assert_eq!(refused(answer(local.create_officer(nowhere).await)), "AGENCY_NOT_FOUND");
    let bar = |name: &str| DisableAccountRequest {
        request_id: province.id(),
        name: name.into(),
        reason: "Theo quyết định".into(),
    };
    let citizen = province.hoa().await;
    for name in [&province.admin.name(), &citizen.name] {
        assert_eq!(refused(answer(local.disable_account(bar(name)).await)), "OUT_OF_REACH");
    }
    assert!(local.disable_account(bar(&created.name)).await.is_ok());
    province.env.stop().await;
}

crate::on_both!(
    the_first_administrator_is_made_once,
    the_command_helps_the_provinces_administrators_alone,
    the_last_administrator_stays,
    who_administers_a_branch_is_nobody_to_the_provinces_citizens,
    two_administrators_cannot_take_each_other_away_at_once,
    an_administrator_reaches_what_is_below_and_nothing_else,
);
