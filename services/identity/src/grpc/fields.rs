//! Contract → domain: every field is looked at, and everything that is wrong is told at once.

use chrono::Datelike;
use motcua_context::{Ctx, Role, Timestamp};
use motcua_fault::{Fault, Kind as FaultKind, Violations};
use motcua_ids::{AccountId, AgencyId, DossierId};
use motcua_proto::{access::v1::Role as ProtoRole, identity::v1 as proto};
use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber, local};

use super::convert::time_from_proto;
use crate::{
    app::{ListAccounts, ListReadings, NewOfficer},
    domain::{
        Citizen, Contacts, Credential, Handle, Holder, Kind, Malformed, Name, Officer,
        Organisation, Password, Scope, Subject, SystemClient, TaxCode,
    },
};

/// The longest name of a person, in characters.
pub(super) const PERSON: usize = 100;
/// The longest name of an organisation, in characters.
pub(super) const ORGANISATION: usize = 200;

/// A person's account to be opened.
pub(super) fn registration(
    asked: proto::RegisterPersonRequest,
    now: Timestamp,
) -> Result<(Holder, Password), Fault> {
    use proto::register_person_request::Person;
    let mut wrong = Violations::default();
    let holder = match asked.person {
        Some(Person::Citizen(it)) => citizen(&mut wrong, &it, now).map(Holder::Citizen),
        Some(Person::Organisation(it)) => organisation(&mut wrong, &it).map(Holder::Organisation),
        None => wrong.take("person", Err(Malformed::PersonMissing)),
    };
    let own = holder.as_ref().map(Holder::own_values).unwrap_or_default();
    let password = wrong.take("password", Password::new(&asked.password, &own));
    whole(wrong, holder.zip(password))
}

/// An officer's account to be opened.
pub(super) fn officer(
    asked: proto::CreateOfficerRequest,
    now: Timestamp,
) -> Result<NewOfficer, Fault> {
    let mut wrong = Violations::default();
    let it = asked.officer.unwrap_or_default();
    let username = wrong.take("officer.username", Handle::username(&it.username));
    let full_name = wrong.take("officer.full_name", Name::new(&it.full_name, PERSON));
    let position =
        optional(&mut wrong, "officer.position", &it.position, |text| Name::new(text, PERSON));
    let number = number_if_any(&mut wrong, "officer.citizen_number", &it.citizen_number, now);
    let contacts = contacts(&mut wrong, "officer", &it.phone, &it.email);
    let home = agency(&mut wrong, "officer.agency", &it.agency);
    let mut grants = Vec::new();
    for (at, grant) in it.grants.iter().enumerate() {
        let role = role(&mut wrong, &format!("officer.grants[{at}].role"), grant.role);
        let place = agency(&mut wrong, &format!("officer.grants[{at}].agency"), &grant.agency);
        grants.extend(role.zip(place));
    }
    let own_number = number.iter().map(|number| number.reveal().to_owned());
    let own = username.iter().map(|name| name.as_str().to_owned()).chain(own_number);
    let own: Vec<String> = own.collect();
    let password = wrong.take("password", Password::new(&asked.password, &own));
    let parsed = username.zip(full_name).zip(home).zip(password).map(
        |(((username, full_name), home), password)| NewOfficer {
            officer: Officer::new(username, full_name, position, contacts, home)
                .with_citizen_number(number),
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
    let place = maybe_agency(&mut wrong, "system.agency", &it.agency);
    let secret = wrong.take("client_secret", Password::client_secret(&asked.client_secret));
    let client = client_id.zip(display_name).map(|(client_id, display_name)| SystemClient {
        client_id,
        display_name,
        scopes,
        agency: place,
    });
    whole(wrong, client.zip(secret))
}

/// An agency, or nothing where none is named.
pub(super) fn maybe_agency(wrong: &mut Violations, field: &str, name: &str) -> Option<AgencyId> {
    if name.is_empty() { None } else { agency(wrong, field, name) }
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
    let mut wrong = Violations::default();
    let id = own_or_named(ctx, &mut wrong, field, name);
    whole(wrong, id)
}

/// As [`account_or_me`], beside other fields.
pub(super) fn own_or_named(
    ctx: &Ctx,
    wrong: &mut Violations,
    field: &str,
    name: &str,
) -> Option<AccountId> {
    match ctx.actor().account() {
        Some(me) if name == "accounts/me" => Some(me),
        _ => account_id(wrong, field, name),
    }
}

/// Whom to bar, and why.
pub(super) fn disabling(
    asked: &proto::DisableAccountRequest,
) -> Result<(AccountId, String), Fault> {
    let mut wrong = Violations::default();
    let id = account_id(&mut wrong, "name", &asked.name);
    let text = asked.reason.trim();
    let fits = (1..=500).contains(&text.chars().count());
    let reason =
        wrong.take("reason", if fits { Ok(text.to_owned()) } else { Err(Malformed::Reason) });
    whole(wrong, id.zip(reason))
}

/// Whose password to set; whether it repeats the holder's own numbers is asked later.
pub(super) fn reset(asked: &proto::ResetPasswordRequest) -> Result<AccountId, Fault> {
    let mut wrong = Violations::default();
    let id = account_id(&mut wrong, "name", &asked.name);
    wrong.take("password", Password::new(&asked.password, &[]));
    whole(wrong, id)
}

/// Whose secret to replace, by which, and until when the old one stays good.
pub(super) fn rotation(
    asked: &proto::RotateSystemSecretRequest,
    now: Timestamp,
) -> Result<(AccountId, Password, Option<Timestamp>), Fault> {
    let mut wrong = Violations::default();
    let id = account_id(&mut wrong, "name", &asked.name);
    let secret = wrong.take("client_secret", Password::client_secret(&asked.client_secret));
    let field = "old_secret_expire_time";
    let until = time(&mut wrong, field, asked.old_secret_expire_time);
    if until.is_some_and(|until| until <= now || until > now + Credential::LONGEST_OVERLAP) {
        wrong.take::<(), _>(field, Err(Malformed::OldSecretTime));
    }
    whole(wrong, id.zip(secret).map(|(id, secret)| (id, secret, until)))
}

/// Which accounts are asked for, from the first on.
pub(super) fn accounts(asked: proto::ListAccountsRequest) -> Result<ListAccounts, Fault> {
    let mut wrong = Violations::default();
    let agency =
        if asked.agency.is_empty() { None } else { agency(&mut wrong, "agency", &asked.agency) };
    let kind = wrong.take("kind", kind(asked.kind)).flatten();
    let disabled = wrong.take("state", disabled(asked.state)).flatten();
    wrong.finish()?;
    let login = Some(asked.login).filter(|login| !login.is_empty());
    Ok(ListAccounts { agency, kind, disabled, login, after: None })
}

/// Which readings are asked for, from the first on.
pub(super) fn readings(
    ctx: &Ctx,
    asked: &proto::ListPersonalDataReadingsRequest,
) -> Result<ListReadings, Fault> {
    let mut wrong = Violations::default();
    let mut named = |field: &str, name: &str| {
        if name.is_empty() { None } else { own_or_named(ctx, &mut wrong, field, name) }
    };
    let account = named("account", &asked.account).map(Subject::Account);
    let reader = named("reader", &asked.reader);
    let dossier = match asked.dossier.as_str() {
        "" => None,
        _ if !asked.account.is_empty() => wrong.take("dossier", Err(Malformed::Filter)),
        name => wrong.take("dossier", DossierId::from_name(name).map_err(|_| Malformed::Dossier)),
    };
    let subject = account.or(dossier.map(Subject::Dossier));
    let from = time(&mut wrong, "from_time", asked.from_time);
    let until = time(&mut wrong, "until_time", asked.until_time);
    wrong.finish()?;
    Ok(ListReadings { subject, reader, from, until, after: None })
}

/// The kind a list is narrowed to.
fn kind(asked: i32) -> Result<Option<Kind>, Malformed> {
    Ok(match proto::AccountKind::try_from(asked).map_err(|_| Malformed::Filter)? {
        proto::AccountKind::Unspecified => None,
        proto::AccountKind::Citizen => Some(Kind::Citizen),
        proto::AccountKind::Organisation => Some(Kind::Organisation),
        proto::AccountKind::Officer => Some(Kind::Officer),
        proto::AccountKind::System => Some(Kind::System),
    })
}

/// Whether a list is narrowed to barred accounts, or to active ones.
fn disabled(asked: i32) -> Result<Option<bool>, Malformed> {
    Ok(match proto::AccountState::try_from(asked).map_err(|_| Malformed::Filter)? {
        proto::AccountState::Unspecified => None,
        proto::AccountState::Active => Some(false),
        proto::AccountState::Disabled => Some(true),
    })
}

/// An instant, if one is given.
fn time(
    wrong: &mut Violations,
    field: &str,
    at: Option<prost_types::Timestamp>,
) -> Option<Timestamp> {
    wrong.take(field, time_from_proto(at?).ok_or(Malformed::Time))
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

/// The number of somebody who is born.
pub(super) fn citizen_number(
    wrong: &mut Violations,
    field: &str,
    text: &str,
    now: Timestamp,
) -> Option<CitizenNumber> {
    let number = wrong.take(field, CitizenNumber::parse(text))?;
    let born = i32::from(number.birth_year()) <= local::day(now).year();
    wrong.take(field, if born { Ok(number) } else { Err(Malformed::NotBornYet) })
}

fn number_if_any(
    wrong: &mut Violations,
    field: &str,
    text: &str,
    now: Timestamp,
) -> Option<CitizenNumber> {
    if text.trim().is_empty() { None } else { citizen_number(wrong, field, text, now) }
}

fn citizen(wrong: &mut Violations, it: &proto::Citizen, now: Timestamp) -> Option<Citizen> {
    let full_name = wrong.take("citizen.full_name", Name::new(&it.full_name, PERSON));
    let number = number_if_any(wrong, "citizen.citizen_number", &it.citizen_number, now);
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

pub(super) fn agency(wrong: &mut Violations, field: &str, name: &str) -> Option<AgencyId> {
    wrong.take(field, AgencyId::from_name(name).map_err(|_| Malformed::Agency))
}

fn account_id(wrong: &mut Violations, field: &str, name: &str) -> Option<AccountId> {
    wrong.take(field, AccountId::from_name(name).map_err(|_| Malformed::Account))
}

fn role(wrong: &mut Violations, field: &str, asked: i32) -> Option<Role> {
    let role = ProtoRole::try_from(asked).ok().and_then(Role::from_proto);
    wrong.take(field, role.ok_or(Malformed::Role))
}
