//! The first administrator, made by a command, and the last, who stays.

use motcua_proto::{
    access::v1::Role,
    identity::v1::{DisableAccountRequest, RevokeRoleRequest},
};
use motcua_testkit::Database;

use crate::support::{PASSWORD, Province, answer, commune, first_administrator, refused, root};

async fn the_first_administrator_is_made_once(database: Database) {
    let province = Province::start(database).await;
    assert!(province.sign_in("quan.tri", PASSWORD).await.is_ok());
    for username in ["quan.tri", "khac"] {
        let again = first_administrator(&province.env, username).await;
        assert_eq!(refused(again), "ADMINISTRATOR_EXISTS");
    }
    province.env.stop().await;
}

async fn the_last_administrator_stays(database: Database) {
    let province = Province::start(database).await;
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
    the_last_administrator_stays,
    two_administrators_cannot_take_each_other_away_at_once,
    an_administrator_reaches_what_is_below_and_nothing_else,
);
