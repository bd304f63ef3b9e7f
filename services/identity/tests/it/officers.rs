//! Officers: opened with a password to be replaced, given roles one by one.

use motcua_context::Actor;
use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, ChangePasswordRequest, DisableAccountRequest, Grant, GrantRoleRequest,
        ListAccountsRequest, Officer, ResetPasswordRequest, RevokeRoleRequest, RolesChanged,
        UpdateAccountRequest, account::Holder,
    },
};
use motcua_testkit::Database;
use prost_types::FieldMask;

use crate::support::{PASSWORD, Province, Verifier, answer, commune, refused, root, violations};

async fn an_officer_replaces_the_first_password_before_signing_in(database: Database) {
    let province = Province::start(database).await;
    let asked = province.new_officer("tran.an", commune(1), &[Role::Specialist]);
    let created = answer(province.as_admin().await.create_officer(asked).await).unwrap();
    let Some(Holder::Officer(officer)) = created.holder else { panic!("an officer") };
    assert!(officer.password_change_required);
    assert_eq!(officer.grants[0].granted_by, province.admin.name());
    let early = province.sign_in("tran.an", "mật khẩu tạm thời").await;
    assert_eq!(refused(early), "PASSWORD_CHANGE_REQUIRED");
    assert_eq!(refused(province.sign_in("tran.an", "không phải").await), "SIGN_IN_REFUSED");
    let change = ChangePasswordRequest {
        request_id: province.id(),
        login: "tran.an".into(),
        password: "mật khẩu tạm thời".into(),
        new_password: PASSWORD.into(),
    };
    province.auth().change_password(change).await.unwrap();
    let pair = province.sign_in("Tran.An", PASSWORD).await.unwrap();
    let verifier = Verifier::of(&province).await;
    let Actor::Officer(actor) = verifier.actor(&pair.access_token, province.now()).await.unwrap()
    else {
        panic!("an officer")
    };
    assert_eq!(actor.grants.len(), 1);
    assert_eq!(actor.grants[0].role, motcua_context::Role::Specialist);
    assert_eq!(actor.grants[0].agency, commune(1));
    province.env.stop().await;
}

async fn everything_wrong_with_an_officer_is_told_at_once(database: Database) {
    let province = Province::start(database).await;
    let mut asked = province.new_officer("1", commune(1), &[]);
    if let Some(officer) = &mut asked.officer {
        officer.full_name = "?".into();
        officer.agency = "xã".into();
        officer.grants = vec![Grant::default()];
    }
    asked.password = "ngắn".into();
    let told = violations(answer(province.as_admin().await.create_officer(asked).await));
    let reasons: Vec<&str> = told.iter().map(|(_, reason)| reason.as_str()).collect();
    let expected = [
        "USERNAME_INVALID",
        "NAME_INVALID",
        "AGENCY_INVALID",
        "ROLE_INVALID",
        "AGENCY_INVALID",
        "PASSWORD_TOO_SHORT",
    ];
    assert_eq!(reasons, expected);
    province.env.stop().await;
}

async fn one_person_is_one_officer(database: Database) {
    let province = Province::start(database).await;
    // A citizen's account of the same person is no obstacle.
    let number = "001199012345";
    province.hoa().await;
    let mut accounts = province.as_admin().await;
    let known_as = |username: &str, number: &str| {
        let mut asked = province.new_officer(username, commune(1), &[]);
        asked.officer.as_mut().unwrap().citizen_number = number.into();
        asked
    };
    let first = answer(accounts.create_officer(known_as("hoa.nt", number)).await).unwrap();
    let again = known_as("hoa.nt2", "001 199 012 345");
    assert_eq!(refused(answer(accounts.create_officer(again).await)), "ACCOUNT_EXISTS");
    let wrong = known_as("hoa.nt3", "123");
    let told = violations(answer(accounts.create_officer(wrong).await));
    assert_eq!(told[0].0, "officer.citizen_number");

    let other = answer(accounts.create_officer(known_as("an.tv", "")).await).unwrap();
    let mut same = other.clone();
    let Some(Holder::Officer(officer)) = &mut same.holder else { panic!("an officer") };
    officer.citizen_number = number.into();
    let update = UpdateAccountRequest {
        request_id: province.id(),
        account: Some(same),
        update_mask: Some(FieldMask { paths: vec!["officer.citizen_number".into()] }),
    };
    assert_eq!(refused(answer(accounts.update_account(update).await)), "ACCOUNT_EXISTS");

    let asked = ListAccountsRequest { login: number.into(), ..Default::default() };
    let found = answer(accounts.list_accounts(asked).await).unwrap().accounts;
    let officer = found.into_iter().find(|account| account.name == first.name).unwrap();
    let Some(Holder::Officer(officer)) = officer.holder else { panic!("an officer") };
    assert!(!officer.citizen_number.is_empty() && officer.citizen_number != number, "masked");
    province.env.stop().await;
}

async fn one_username_is_one_officer(database: Database) {
    let province = Province::start(database).await;
    province.officer("tran.an", commune(1), &[]).await;
    let twin = province.new_officer("Tran.An", commune(2), &[]);
    let created = province.as_admin().await.create_officer(twin).await;
    assert_eq!(refused(answer(created)), "ACCOUNT_EXISTS");
    let twice = province.new_officer("le.binh", commune(1), &[Role::Leader, Role::Leader]);
    let created = province.as_admin().await.create_officer(twice).await;
    assert_eq!(refused(answer(created)), "GRANT_REPEATED");
    province.env.stop().await;
}

async fn a_role_counts_from_the_next_token_and_stops_counting_when_taken(database: Database) {
    let province = Province::start(database).await;
    let account = province.officer("tran.an", commune(1), &[Role::DeskOfficer]).await;
    let verifier = Verifier::of(&province).await;
    let first = province.sign_in("tran.an", PASSWORD).await.unwrap();
    let mut accounts = province.as_admin().await;
    let grant = GrantRoleRequest {
        request_id: province.id(),
        name: account.name.clone(),
        role: Role::Specialist.into(),
        agency: commune(2).name(),
    };
    answer(accounts.grant_role(grant.clone()).await).unwrap();
    let again = GrantRoleRequest { request_id: province.id(), ..grant.clone() };
    assert_eq!(refused(answer(accounts.grant_role(again).await)), "GRANT_REPEATED");
    let repeated = answer(accounts.grant_role(grant).await).unwrap();
    assert_eq!(repeated.name, account.name, "the same request is answered, not refused");

    let second = province.refresh(&first.refresh_token).await.unwrap();
    let grants = async |token: &str| match verifier.actor(token, province.now()).await {
        Ok(Actor::Officer(officer)) => officer.grants.len(),
        _ => 0,
    };
    assert_eq!((grants(&first.access_token).await, grants(&second.access_token).await), (1, 2));

    let revoke = RevokeRoleRequest {
        request_id: province.id(),
        name: account.name.clone(),
        role: Role::Specialist.into(),
        agency: commune(2).name(),
    };
    answer(accounts.revoke_role(revoke.clone()).await).unwrap();
    let again = RevokeRoleRequest { request_id: province.id(), ..revoke };
    assert_eq!(refused(answer(accounts.revoke_role(again).await)), "GRANT_NOT_FOUND");
    verifier.poll().await;
    assert_eq!(grants(&second.access_token).await, 0, "the old token is refused");
    let third = province.refresh(&second.refresh_token).await.unwrap();
    assert_eq!(grants(&third.access_token).await, 1, "the session lives on with what is left");

    let said = province.env.said::<RolesChanged>().await;
    let counts: Vec<usize> =
        said.iter().filter(|e| e.account == account.name).map(|e| e.grants.len()).collect();
    assert_eq!(counts, [1, 2, 1]);
    province.env.stop().await;
}

async fn roles_are_for_officers(database: Database) {
    let province = Province::start(database).await;
    let citizen = province.hoa().await;
    let mut accounts = province.as_admin().await;
    let grant = GrantRoleRequest {
        request_id: province.id(),
        name: citizen.name,
        role: Role::Leader.into(),
        agency: commune(1).name(),
    };
    assert_eq!(refused(answer(accounts.grant_role(grant).await)), "NOT_AN_OFFICER");
    let nobody = GrantRoleRequest {
        request_id: province.id(),
        name: format!("accounts/{}", province.id()),
        role: Role::Leader.into(),
        agency: commune(1).name(),
    };
    assert_eq!(refused(answer(accounts.grant_role(nobody).await)), "ACCOUNT_NOT_FOUND");
    province.env.stop().await;
}

async fn a_reset_password_ends_the_officers_sessions(database: Database) {
    let province = Province::start(database).await;
    let account = province.officer("tran.an", commune(1), &[Role::Leader]).await;
    let pair = province.sign_in("tran.an", PASSWORD).await.unwrap();
    let reset = ResetPasswordRequest {
        request_id: province.id(),
        name: account.name,
        password: "tạm thời lần hai".into(),
    };
    answer(province.as_admin().await.reset_password(reset).await).unwrap();
    assert_eq!(refused(province.refresh(&pair.refresh_token).await), "REFRESH_REFUSED");
    assert_eq!(refused(province.sign_in("tran.an", PASSWORD).await), "SIGN_IN_REFUSED");
    let temporary = province.sign_in("tran.an", "tạm thời lần hai").await;
    assert_eq!(refused(temporary), "PASSWORD_CHANGE_REQUIRED");
    province.env.stop().await;
}

async fn nobody_takes_over_whoever_has_a_role_above_them(database: Database) {
    let province = Province::start(database).await;
    let mut local = province.as_officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    let own = province.officer("tran.an", commune(1), &[Role::Specialist]).await;
    // Employed by the commune, and a leader of another agency: a deputy who helps out there.
    let above = province.officer("le.binh", commune(1), &[Role::Specialist]).await;
    let grant = GrantRoleRequest {
        request_id: province.id(),
        name: above.name.clone(),
        role: Role::Leader.into(),
        agency: root().name(),
    };
    answer(province.as_admin().await.grant_role(grant).await).unwrap();
    let reset = |name: &str| ResetPasswordRequest {
        request_id: province.id(),
        name: name.to_owned(),
        password: "tạm thời lần hai".into(),
    };
    let renamed = |name: &str| UpdateAccountRequest {
        request_id: province.id(),
        account: Some(Account {
            name: name.to_owned(),
            holder: Some(Holder::Officer(Officer {
                phone: "0987654321".into(),
                ..Officer::default()
            })),
            ..Account::default()
        }),
        update_mask: Some(FieldMask { paths: vec!["officer.phone".into()] }),
    };
    let barred = |name: &str| DisableAccountRequest {
        request_id: province.id(),
        name: name.to_owned(),
        reason: "Nghỉ việc".into(),
    };
    let name = above.name.as_str();
    assert_eq!(refused(answer(local.reset_password(reset(name)).await)), "OUT_OF_REACH");
    assert_eq!(refused(answer(local.update_account(renamed(name)).await)), "OUT_OF_REACH");
    assert_eq!(refused(answer(local.disable_account(barred(name)).await)), "OUT_OF_REACH");
    assert!(province.sign_in("le.binh", PASSWORD).await.is_ok());
    let mut admin = province.as_admin().await;
    for (by, name) in [(&mut local, &own.name), (&mut admin, &above.name)] {
        answer(by.update_account(renamed(name)).await).unwrap();
        answer(by.reset_password(reset(name)).await).unwrap();
        answer(by.disable_account(barred(name)).await).unwrap();
    }
    province.env.stop().await;
}

async fn an_officer_who_moves_keeps_the_account(database: Database) {
    let province = Province::start(database).await;
    let account = province.officer("tran.an", commune(1), &[Role::Specialist]).await;
    let to = |agency: String| UpdateAccountRequest {
        request_id: province.id(),
        account: Some(Account {
            name: account.name.clone(),
            holder: Some(Holder::Officer(Officer { agency, ..Officer::default() })),
            ..Account::default()
        }),
        update_mask: Some(FieldMask { paths: vec!["officer.agency".into()] }),
    };
    let mut local = province.as_officer("qt.xa1", commune(1), &[Role::Administrator]).await;
    let away = answer(local.update_account(to(commune(2).name())).await);
    assert_eq!(refused(away), "OUT_OF_REACH", "nobody gives to where they do not reach");
    let mut admin = province.as_admin().await;
    let nowhere = answer(admin.update_account(to(commune(50).name())).await);
    assert_eq!(refused(nowhere), "AGENCY_NOT_FOUND");
    let wrong = answer(admin.update_account(to("xã".into())).await);
    assert_eq!(
        violations(wrong),
        [("account.officer.agency".to_owned(), "AGENCY_INVALID".to_owned())]
    );
    let moved = answer(admin.update_account(to(commune(2).name())).await).unwrap();
    let Some(Holder::Officer(officer)) = moved.holder else { panic!("an officer") };
    assert_eq!((officer.agency, officer.grants.len()), (commune(2).name(), 1));
    let back = answer(local.update_account(to(commune(1).name())).await);
    assert_eq!(refused(back), "OUT_OF_REACH", "the former agency manages the officer no more");
    province.env.stop().await;
}

crate::on_both!(
    nobody_takes_over_whoever_has_a_role_above_them,
    an_officer_who_moves_keeps_the_account,
    an_officer_replaces_the_first_password_before_signing_in,
    everything_wrong_with_an_officer_is_told_at_once,
    one_person_is_one_officer,
    one_username_is_one_officer,
    a_role_counts_from_the_next_token_and_stops_counting_when_taken,
    roles_are_for_officers,
    a_reset_password_ends_the_officers_sessions,
);
