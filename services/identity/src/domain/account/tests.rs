use chrono::TimeDelta;
use motcua_fault::Refusal as _;
use motcua_ids::Uuid;
use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};

use super::*;
use crate::domain::{Citizen, Contacts, Handle, Malformed, Name, Scope, SystemClient};

fn minute(n: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(n)
}

fn id(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

fn name(text: &str) -> Name {
    Name::new(text, 100).unwrap()
}

fn opened(holder: Holder) -> Account {
    Account::open(id(1), holder, Credential::own("hash".into()), minute(0)).0
}

fn citizen() -> Account {
    opened(Holder::Citizen(Citizen {
        full_name: name("Nguyễn Thị Hoa"),
        citizen_number: None,
        contacts: Contacts { phone: Some(PhoneNumber::parse("0912345678").unwrap()), email: None },
    }))
}

fn officer() -> Account {
    opened(Holder::Officer(Officer::new(
        Handle::username("nv.an").unwrap(),
        name("Trần Văn An"),
        None,
        Contacts::default(),
        agency(1),
    )))
}

fn system() -> Account {
    opened(Holder::System(SystemClient {
        client_id: Handle::client_id("lgsp").unwrap(),
        display_name: name("Trục LGSP"),
        scopes: ["a.read", "a.write"].map(|s| Scope::parse(s).unwrap()).to_vec(),
        agency: None,
    }))
}

fn administrator() -> Account {
    let mut account = officer();
    account.grant(Role::Administrator, agency(1), None, minute(0)).unwrap();
    account
}

fn reason_of(fault: &motcua_fault::Fault) -> &str {
    fault.reason()
}

#[test]
fn opening_tells_who_was_registered() {
    let holder = officer().holder().clone();
    let (account, event) = Account::open(id(7), holder, Credential::own("h".into()), minute(3));
    assert_eq!(
        event,
        Event::Registered { account: id(7), version: 1, kind: Kind::Officer, at: minute(3) }
    );
    assert_eq!(account.may_sign_in(), Ok(()));
}

#[test]
fn a_disabled_account_answers_as_an_unknown_one_until_it_is_enabled() {
    let mut account = citizen();
    let event = account.disable(id(9), "Theo đề nghị".into(), false, minute(1)).unwrap();
    assert_eq!(event, Event::Disabled { account: id(1), version: 2, at: minute(1) });
    assert_eq!(account.may_sign_in(), Err(Refusal::SignInRefused));
    assert_eq!(account.may_change_password(), Err(Refusal::SignInRefused));
    let again = account.disable(id(9), "Lần nữa".into(), false, minute(2));
    assert_eq!(again, Err(Refusal::AccountDisabled));
    let event = account.enable(minute(3)).unwrap();
    assert_eq!(event, Event::Enabled { account: id(1), version: 3, at: minute(3) });
    assert_eq!(account.may_sign_in(), Ok(()));
    assert_eq!(account.enable(minute(4)), Err(Refusal::AccountActive));
}

#[test]
fn nobody_bars_themselves_and_somebody_always_administers() {
    let mut account = administrator();
    let disable =
        |account: &mut Account, by, last| account.disable(by, "x".into(), last, minute(1));
    assert_eq!(disable(&mut account, id(1), false), Err(Refusal::OwnAccount));
    assert_eq!(disable(&mut account, id(2), true), Err(Refusal::LastAdministrator));
    account.grant(Role::Leader, agency(1), None, minute(1)).unwrap();
    let revoke =
        |account: &mut Account, role, last| account.revoke(role, agency(1), last, minute(1));
    let administrator = Role::Administrator;
    assert_eq!(revoke(&mut account, administrator, true), Err(Refusal::LastAdministrator));
    assert!(revoke(&mut account, Role::Leader, true).is_ok(), "another role may go");
    assert!(account.administers(agency(1)) && !account.administers(agency(2)));
    assert!(revoke(&mut account, administrator, false).is_ok());
    assert!(!account.administers(agency(1)));
}

#[test]
fn a_role_is_given_and_taken_once() {
    let mut account = officer();
    let event = account.grant(Role::Specialist, agency(2), Some(id(9)), minute(1)).unwrap();
    let granted =
        Granted { role: Role::Specialist, agency: agency(2), at: minute(1), by: Some(id(9)) };
    assert_eq!(
        event,
        Event::RolesChanged { account: id(1), version: 2, grants: vec![granted], at: minute(1) }
    );
    let again = account.grant(Role::Specialist, agency(2), Some(id(9)), minute(2));
    assert_eq!(again, Err(Refusal::GrantRepeated));
    assert!(account.grant(Role::Specialist, agency(3), None, minute(2)).is_ok());
    assert!(account.revoke(Role::Specialist, agency(2), false, minute(3)).is_ok());
    let again = account.revoke(Role::Specialist, agency(2), false, minute(4));
    assert_eq!(again, Err(Refusal::GrantNotFound));
}

#[test]
fn only_officers_have_roles() {
    for mut account in [citizen(), system()] {
        let granted = account.grant(Role::Leader, agency(1), None, minute(1));
        assert_eq!(granted, Err(Refusal::NotAnOfficer));
        let revoked = account.revoke(Role::Leader, agency(1), false, minute(1));
        assert_eq!(revoked, Err(Refusal::NotAnOfficer));
    }
}

#[test]
fn a_system_has_a_secret_and_the_others_a_password() {
    assert_eq!(system().reset_password("h".into(), minute(1)), Err(Refusal::NoPassword));
    for mut account in [citizen(), officer()] {
        let rotated = account.rotate_secret("h".into(), None, minute(1));
        assert_eq!(rotated, Err(Refusal::NotASystem));
        assert_eq!(account.reset_password("h".into(), minute(1)), Ok(()));
        assert_eq!(account.may_sign_in(), Err(Refusal::PasswordChangeRequired));
    }
}

#[test]
fn a_replaced_secret_is_good_until_its_end_or_ends_with_its_tokens() {
    let mut account = system();
    account.rotate_secret("new".into(), Some(minute(60)), minute(1)).unwrap();
    assert_eq!(account.credential().hash(), "new");
    assert_eq!(account.credential().previous_at(minute(59)), Some("hash"));
    assert_eq!(account.credential().previous_at(minute(60)), None);
    assert_eq!(account.tokens_revoked_at(), None);
    account.rotate_secret("newest".into(), None, minute(2)).unwrap();
    assert_eq!(account.credential().previous_at(minute(2)), None, "nor the first one any more");
    assert_eq!(account.tokens_revoked_at(), Some(minute(2)));
    assert_eq!(account.version(), 3);
}

#[test]
fn a_password_set_by_an_administrator_is_good_for_replacing_it_alone() {
    let mut account = officer();
    account.reset_password("temporary".into(), minute(1)).unwrap();
    assert_eq!(account.may_sign_in(), Err(Refusal::PasswordChangeRequired));
    assert_eq!(account.may_change_password(), Ok(()));
    account.replace_password("own".into(), minute(2));
    assert_eq!(account.may_sign_in(), Ok(()));
    assert_eq!(account.version(), 3);
}

#[test]
fn systems_sign_in_by_their_own_door() {
    let mut account = system();
    assert_eq!(account.may_sign_in(), Err(Refusal::SignInRefused));
    assert_eq!(citizen().system_may_sign_in(), Err(Refusal::SignInRefused));
    let client = account.system_may_sign_in().unwrap();
    let [read, write] = ["a.read", "a.write"].map(|s| Scope::parse(s).unwrap());
    assert_eq!(client.grant(&[]), Ok(vec![read.clone(), write]));
    assert_eq!(client.grant(std::slice::from_ref(&read)), Ok(vec![read]));
    let foreign = Scope::parse("b.read").unwrap();
    assert_eq!(client.grant(&[foreign]), Err(Refusal::ScopeRefused("b.read".into())));
    account.disable(id(2), "Ngừng kết nối".into(), false, minute(1)).unwrap();
    assert_eq!(account.system_may_sign_in(), Err(Refusal::SignInRefused));
}

#[test]
fn a_change_is_made_whole_or_not_at_all() {
    let mut account = citizen();
    let email = EmailAddress::parse("hoa@vidu.vn").unwrap();
    let changes = vec![Change::FullName(name("Nguyễn Thị Hoà")), Change::Phone(None)];
    let fault = account.change(changes, false, minute(1)).unwrap_err();
    assert_eq!(reason_of(&fault), Malformed::ContactMissing.reason());
    assert_eq!(account, citizen());
    let changes = vec![Change::Phone(None), Change::Email(Some(email.clone()))];
    account.change(changes, false, minute(1)).unwrap();
    assert_eq!(account.holder().contacts().and_then(|c| c.email.clone()), Some(email));
    assert_eq!(account.version(), 2);
}

#[test]
fn a_citizen_number_stays_once_it_is_set() {
    let mut account = citizen();
    let [first, second] =
        ["001199012345", "079085001234"].map(|n| CitizenNumber::parse(n).unwrap());
    account.change(vec![Change::CitizenNumber(first.clone())], false, minute(1)).unwrap();
    account.change(vec![Change::CitizenNumber(first)], false, minute(2)).unwrap();
    let set = vec![Change::CitizenNumber(second)];
    let fault = account.change(set.clone(), false, minute(3)).unwrap_err();
    assert_eq!(reason_of(&fault), Refusal::CitizenNumberSet.reason());
    account.change(set, true, minute(3)).unwrap();
}

#[test]
fn officers_names_are_the_administrators_to_change() {
    for change in [Change::FullName(name("Trần An")), Change::Position(Some(name("Chuyên viên")))]
    {
        let fault = officer().change(vec![change.clone()], false, minute(1)).unwrap_err();
        assert_eq!(reason_of(&fault), "MASK_INVALID");
        assert!(officer().change(vec![change], true, minute(1)).is_ok());
    }
    let moved = Change::Agency(agency(2));
    assert!(officer().change(vec![moved.clone()], false, minute(1)).is_err());
    let mut account = officer();
    account.change(vec![moved], true, minute(1)).unwrap();
    assert_eq!(account.officer().unwrap().agency, agency(2));
    let phone = Change::Phone(Some(PhoneNumber::parse("0912345678").unwrap()));
    assert!(officer().change(vec![phone.clone()], false, minute(1)).is_ok());
    let fault = system().change(vec![phone], true, minute(1)).unwrap_err();
    assert_eq!(reason_of(&fault), "MASK_INVALID");
}

#[test]
fn a_token_of_the_second_in_which_others_were_taken_back_is_dated_after_it() {
    let half = TimeDelta::milliseconds(500);
    let mut account = citizen();
    assert_eq!(account.issue_at(minute(1) + half), minute(1) + half);
    account.revoke_tokens(minute(1) + half);
    let second = TimeDelta::seconds(1);
    assert_eq!(account.issue_at(minute(1) + half), minute(1) + second);
    assert_eq!(account.issue_at(minute(1) + second + half), minute(1) + second + half);
    account.revoke_tokens(minute(1) + half);
    assert_eq!(account.tokens_revoked_at(), Some(minute(1) + second), "it covers that token too");
}

#[test]
fn what_bars_or_changes_a_password_takes_tokens_back_and_a_rehash_does_not() {
    let revoked = |change: &dyn Fn(&mut Account)| {
        let mut account = administrator();
        change(&mut account);
        account.tokens_revoked_at()
    };
    let at = Some(minute(5));
    assert_eq!(revoked(&|a| a.replace_password("h".into(), minute(5))), at);
    assert_eq!(revoked(&|a| a.reset_password("h".into(), minute(5)).unwrap()), at);
    assert_eq!(revoked(&|a| drop(a.disable(id(2), "x".into(), false, minute(5)))), at);
    let revoke = |a: &mut Account| drop(a.revoke(Role::Administrator, agency(1), false, minute(5)));
    assert_eq!(revoked(&revoke), at);
    assert_eq!(revoked(&|a| a.rehash("h".into(), minute(5))), None);
    let grant = |a: &mut Account| drop(a.grant(Role::Leader, agency(1), None, minute(5)));
    assert_eq!(revoked(&grant), None);
}

#[test]
fn a_stale_writer_is_told() {
    let mut account = citizen();
    let seen = account.etag();
    assert_eq!(account.expect_etag(&seen), Ok(()));
    account.replace_password("h".into(), minute(1));
    assert_eq!(account.expect_etag(&seen), Err(Refusal::EtagStale));
    assert_eq!(account.expect_etag(""), Ok(()), "without an etag the last writer wins");
}
