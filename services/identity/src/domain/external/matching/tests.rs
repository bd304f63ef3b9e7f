use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_vn::PhoneNumber;

use super::*;
use crate::domain::{Credential, Handle, Name, Officer, SystemClient};

const HOA: &str = "001199012345";
const MINH: &str = "001099054321";

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn name(text: &str) -> Name {
    Name::new(text, 100).unwrap()
}

fn account(holder: Holder) -> Account {
    let id = AccountId::new(Uuid::from_u128(1));
    Account::open(id, holder, Credential::own("$argon2id$".into()), now()).0
}

fn citizen(full_name: &str, number: Option<&str>) -> Account {
    account(Holder::Citizen(Citizen {
        full_name: name(full_name),
        citizen_number: number.map(|number| CitizenNumber::parse(number).unwrap()),
        contacts: Contacts { phone: PhoneNumber::parse("0912345678").ok(), email: None },
    }))
}

fn officer(number: Option<&str>) -> Account {
    let agency = AgencyId::new(Uuid::from_u128(9));
    let username = Handle::username("nv.an").unwrap();
    let officer = Officer::new(username, name("Trần Văn An"), None, Contacts::default(), agency);
    let number = number.map(|number| CitizenNumber::parse(number).unwrap());
    account(Holder::Officer(officer.with_citizen_number(number)))
}

fn system() -> Account {
    account(Holder::System(SystemClient {
        client_id: Handle::client_id("nv.an").unwrap(),
        display_name: name("Trục"),
        scopes: Vec::new(),
        agency: None,
    }))
}

fn disabled(mut account: Account) -> Account {
    let by = AccountId::new(Uuid::from_u128(2));
    account.disable(by, "nghỉ".into(), false, now()).unwrap();
    account
}

/// Hoa, as the provider vouches for her.
fn hoa() -> Asserted {
    Asserted {
        subject: "s-1".into(),
        citizen_number: CitizenNumber::parse(HOA).ok(),
        full_name: Some(name("NGUYỄN THỊ HOA")),
        phone: PhoneNumber::parse("0912345678").ok(),
        email: None,
        username: None,
    }
}

/// An, as the officers' provider vouches for him.
fn an() -> Asserted {
    Asserted {
        citizen_number: None,
        username: Handle::username("nv.an").ok(),
        full_name: Some(name("Trần Văn An")),
        ..hoa()
    }
}

fn linked(account: Account) -> Known {
    Known { linked: Some(account), named: None }
}

fn named(account: Account, taken: bool) -> Known {
    Known { linked: None, named: Some((account, taken)) }
}

/// The word of an outcome.
fn word(asserted: &Asserted, known: Known, opening: Opening) -> String {
    match decide(asserted, known, opening) {
        Ok(Entry::Linked(_)) => "linked".into(),
        Ok(Entry::Officer(_)) => "officer".into(),
        Ok(Entry::Claimed(_)) => "claimed".into(),
        Ok(Entry::New(_)) => "new".into(),
        Err(declined) => motcua_fault::Fault::from(declined).reason().to_owned(),
    }
}

#[test]
fn a_person_comes_into_their_own_account_and_into_no_other() {
    use Opening::{Anybody, Never, WithNumber};
    let same = || citizen("Nguyễn Thị Hoa", Some(HOA));
    let nameless = Asserted { full_name: None, ..hoa() };
    let numberless = Asserted { citizen_number: None, ..hoa() };
    let with_number = Asserted { citizen_number: CitizenNumber::parse(HOA).ok(), ..an() };
    let table = vec![
        // The link decides, and a number that is another's stops it.
        (hoa(), linked(same()), Never, "linked"),
        (hoa(), linked(citizen("Tên Khác Hẳn", Some(HOA))), Never, "linked"),
        (hoa(), linked(citizen("Nguyễn Thị Hoa", None)), Never, "linked"),
        (numberless.clone(), linked(same()), Never, "linked"),
        (hoa(), linked(citizen("Nguyễn Thị Hoa", Some(MINH))), Never, "IDENTITY_DIFFERS"),
        (hoa(), linked(disabled(same())), Never, "ACCOUNT_DISABLED"),
        (an(), linked(officer(None)), Never, "linked"),
        // A citizen's number and name, both.
        (hoa(), named(same(), false), Never, "claimed"),
        (hoa(), named(same(), true), Anybody, "LINKED_TO_ANOTHER"),
        (hoa(), named(disabled(same()), false), Anybody, "ACCOUNT_DISABLED"),
        (hoa(), named(citizen("Lê Văn Minh", Some(HOA)), false), Anybody, "IDENTITY_DIFFERS"),
        (nameless.clone(), named(same(), false), Anybody, "IDENTITY_DIFFERS"),
        // An officer's username.
        (an(), named(officer(None), false), Never, "officer"),
        (an(), named(officer(Some(MINH)), false), Never, "officer"),
        (with_number.clone(), named(officer(Some(HOA)), false), Never, "officer"),
        (with_number, named(officer(Some(MINH)), false), Never, "IDENTITY_DIFFERS"),
        (an(), named(officer(None), true), Never, "LINKED_TO_ANOTHER"),
        (an(), named(disabled(officer(None)), false), Never, "ACCOUNT_DISABLED"),
        (an(), named(system(), false), Anybody, "OFFICER_UNKNOWN"),
        (an(), Known::default(), Anybody, "OFFICER_UNKNOWN"),
        // Somebody new.
        (hoa(), Known::default(), Never, "PERSON_UNKNOWN"),
        (hoa(), Known::default(), WithNumber, "new"),
        (hoa(), Known::default(), Anybody, "new"),
        (numberless.clone(), Known::default(), WithNumber, "CLAIM_MISSING"),
        (numberless, Known::default(), Anybody, "new"),
        (nameless, Known::default(), Anybody, "CLAIM_MISSING"),
    ];
    for (number, (asserted, known, opening, expected)) in (1..).zip(table) {
        assert_eq!(word(&asserted, known, opening), expected, "row {number}");
    }
}

#[test]
fn a_claimed_account_keeps_nothing_that_others_may_have_set() {
    let mut account = citizen("Nguyễn Thị Hoa", Some(HOA));
    let (before, contacts) = (account.version(), Contacts::default());
    account.claim(contacts.clone(), now()).unwrap();
    assert_eq!(account.holder().contacts(), Some(&contacts));
    assert_eq!(account.credential().password(), None);
    assert!(account.tokens_revoked_at().is_some());
    assert_eq!(account.version(), before + 1);
    assert!(officer(None).claim(contacts, now()).is_err(), "officers keep theirs");
}
