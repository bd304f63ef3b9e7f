//! Contract → domain: every field is looked at, and everything that is wrong is told at once.

use motcua_context::{Ctx, Role, Timestamp, whole_micros};
use motcua_fault::{Fault, Kind as FaultKind, Violations};
use motcua_ids::{AccountId, AgencyId};
use motcua_proto::{access::v1::Role as ProtoRole, identity::v1 as proto};
use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};

use crate::{
    app::NewOfficer,
    domain::{
        Citizen, Contacts, Handle, Holder, Kind, Malformed, Name, Officer, Organisation, Password,
        Scope, SystemClient, TaxCode,
    },
};

/// The longest name of a person, in characters.
pub(super) const PERSON: usize = 100;
/// The longest name of an organisation, in characters.
pub(super) const ORGANISATION: usize = 200;

/// A person's account to be opened.
pub(super) fn registration(
    asked: proto::RegisterPersonRequest,
) -> Result<(Holder, Password), Fault> {
    use proto::register_person_request::Person;
    let mut wrong = Violations::default();
    let holder = match asked.person {
        Some(Person::Citizen(it)) => citizen(&mut wrong, &it).map(Holder::Citizen),
        Some(Person::Organisation(it)) => organisation(&mut wrong, &it).map(Holder::Organisation),
        None => wrong.take("person", Err(Malformed::PersonMissing)),
    };
    let own = holder.as_ref().map(Holder::own_values).unwrap_or_default();
    let password = wrong.take("password", Password::new(&asked.password, &own));
    whole(wrong, holder.zip(password))
}

/// An officer's account to be opened.
pub(super) fn officer(asked: proto::CreateOfficerRequest) -> Result<NewOfficer, Fault> {
    let mut wrong = Violations::default();
    let it = asked.officer.unwrap_or_default();
    let username = wrong.take("officer.username", Handle::username(&it.username));
    let full_name = wrong.take("officer.full_name", Name::new(&it.full_name, PERSON));
    let position =
        optional(&mut wrong, "officer.position", &it.position, |text| Name::new(text, PERSON));
    let contacts = contacts(&mut wrong, "officer", &it.phone, &it.email);
    let home = agency(&mut wrong, "officer.agency", &it.agency);
    let mut grants = Vec::new();
    for (at, grant) in it.grants.iter().enumerate() {
        let role = role(&mut wrong, &format!("officer.grants[{at}].role"), grant.role);
        let place = agency(&mut wrong, &format!("officer.grants[{at}].agency"), &grant.agency);
        grants.extend(role.zip(place));
    }
    let own: Vec<String> = username.iter().map(|name| name.as_str().to_owned()).collect();
    let password = wrong.take("password", Password::new(&asked.password, &own));
    let parsed = username.zip(full_name).zip(home).zip(password).map(
        |(((username, full_name), home), password)| NewOfficer {
            officer: Officer::new(username, full_name, position, contacts, home),
            grants,
            password,
        },
    );
    whole(wrong, parsed)
}

/// Another system's account to be opened.
pub(super) fn system(
    asked: proto::CreateSystemAccountRequest,
) -> Result<(SystemClient, Password), Fault> {
    let mut wrong = Violations::default();
    let it = asked.system.unwrap_or_default();
    let client_id = wrong.take("system.client_id", Handle::client_id(&it.client_id));
    let display_name = wrong.take("system.display_name", Name::new(&it.display_name, ORGANISATION));
    let scopes = scopes(&mut wrong, "system.scopes", &it.scopes);
    let secret = wrong.take("client_secret", Password::client_secret(&asked.client_secret));
    let client = client_id.zip(display_name).map(|(client_id, display_name)| SystemClient {
        client_id,
        display_name,
        scopes,
    });
    whole(wrong, client.zip(secret))
}

/// Scopes in order, none twice.
pub(super) fn scopes(wrong: &mut Violations, field: &str, texts: &[String]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = texts
        .iter()
        .enumerate()
        .filter_map(|(at, text)| wrong.take(format!("{field}[{at}]"), Scope::parse(text)))
        .collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// A role somewhere, of an account.
pub(super) fn grant(
    name: &str,
    asked_role: i32,
    place: &str,
) -> Result<(AccountId, Role, AgencyId), Fault> {
    let mut wrong = Violations::default();
    let id = account_id(&mut wrong, "name", name);
    let role = role(&mut wrong, "role", asked_role);
    let place = agency(&mut wrong, "agency", place);
    whole(wrong, id.zip(role).zip(place).map(|((id, role), place)| (id, role, place)))
}

/// `accounts/{uuid}`.
pub(super) fn account(field: &str, name: &str) -> Result<AccountId, Fault> {
    let mut wrong = Violations::default();
    let id = account_id(&mut wrong, field, name);
    whole(wrong, id)
}

/// `accounts/{uuid}`, or `accounts/me` for the caller's own.
pub(super) fn account_or_me(ctx: &Ctx, field: &str, name: &str) -> Result<AccountId, Fault> {
    match ctx.actor().account() {
        Some(me) if name == "accounts/me" => Ok(me),
        _ => account(field, name),
    }
}

/// Why somebody is barred.
pub(super) fn reason(wrong: &mut Violations, text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=500).contains(&text.chars().count());
    wrong.take("reason", if fits { Ok(text.to_owned()) } else { Err(Malformed::Reason) })
}

/// An agency a list is narrowed to.
pub(super) fn optional_agency(wrong: &mut Violations, field: &str, name: &str) -> Option<AgencyId> {
    if name.is_empty() { None } else { agency(wrong, field, name) }
}

/// The kind a list is narrowed to.
pub(super) fn kind(asked: i32) -> Option<Kind> {
    match proto::AccountKind::try_from(asked).unwrap_or_default() {
        proto::AccountKind::Unspecified => None,
        proto::AccountKind::Citizen => Some(Kind::Citizen),
        proto::AccountKind::Organisation => Some(Kind::Organisation),
        proto::AccountKind::Officer => Some(Kind::Officer),
        proto::AccountKind::System => Some(Kind::System),
    }
}

/// Whether a list is narrowed to barred accounts, or to active ones.
pub(super) fn disabled(asked: i32) -> Option<bool> {
    match proto::AccountState::try_from(asked).unwrap_or_default() {
        proto::AccountState::Unspecified => None,
        proto::AccountState::Active => Some(false),
        proto::AccountState::Disabled => Some(true),
    }
}

/// An instant, if one is given.
pub(super) fn time(at: Option<prost_types::Timestamp>) -> Option<Timestamp> {
    let at = std::time::SystemTime::try_from(at?).ok()?;
    Some(whole_micros(at.into()))
}

/// What was parsed, unless something was wrong.
pub(super) fn whole<T>(wrong: Violations, parsed: Option<T>) -> Result<T, Fault> {
    wrong.finish()?;
    parsed.ok_or_else(|| {
        Fault::new(FaultKind::InvalidArgument, "INVALID_ARGUMENT", "Thông tin chưa đủ.")
    })
}

/// A value that may be left out.
pub(super) fn optional<T, E: motcua_fault::Refusal>(
    wrong: &mut Violations,
    field: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    if text.trim().is_empty() { None } else { wrong.take(field, parse(text)) }
}

fn citizen(wrong: &mut Violations, it: &proto::Citizen) -> Option<Citizen> {
    let full_name = wrong.take("citizen.full_name", Name::new(&it.full_name, PERSON));
    let number = optional(wrong, "citizen.citizen_number", &it.citizen_number, |text| {
        CitizenNumber::parse(text)
    });
    let contacts = contacts_of_person(wrong, "citizen", &it.phone, &it.email);
    full_name.map(|full_name| Citizen { full_name, citizen_number: number, contacts })
}

fn organisation(wrong: &mut Violations, it: &proto::Organisation) -> Option<Organisation> {
    let name = wrong
        .take("organisation.organisation_name", Name::new(&it.organisation_name, ORGANISATION));
    let code = wrong.take("organisation.tax_code", TaxCode::parse(&it.tax_code));
    let representative =
        wrong.take("organisation.representative", Name::new(&it.representative, PERSON));
    let contacts = contacts_of_person(wrong, "organisation", &it.phone, &it.email);
    name.zip(code).zip(representative).map(|((name, tax_code), representative)| Organisation {
        organisation_name: name,
        tax_code,
        representative,
        contacts,
    })
}

fn contacts_of_person(wrong: &mut Violations, at: &str, phone: &str, email: &str) -> Contacts {
    if phone.trim().is_empty() && email.trim().is_empty() {
        wrong.take::<(), _>(format!("{at}.phone"), Err(Malformed::ContactMissing));
    }
    contacts(wrong, at, phone, email)
}

fn contacts(wrong: &mut Violations, at: &str, phone: &str, email: &str) -> Contacts {
    Contacts {
        phone: optional(wrong, &format!("{at}.phone"), phone, PhoneNumber::parse),
        email: optional(wrong, &format!("{at}.email"), email, EmailAddress::parse),
    }
}

fn agency(wrong: &mut Violations, field: &str, name: &str) -> Option<AgencyId> {
    wrong.take(field, AgencyId::from_name(name).map_err(|_| Malformed::Agency))
}

fn account_id(wrong: &mut Violations, field: &str, name: &str) -> Option<AccountId> {
    wrong.take(field, AccountId::from_name(name).map_err(|_| Malformed::Account))
}

fn role(wrong: &mut Violations, field: &str, asked: i32) -> Option<Role> {
    let role = ProtoRole::try_from(asked).ok().and_then(Role::from_proto);
    wrong.take(field, role.ok_or(Malformed::Role))
}
