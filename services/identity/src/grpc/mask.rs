//! A field mask and its values as changes.

use motcua_context::{Ctx, Timestamp};
use motcua_fault::{Fault, Violations};
use motcua_ids::AccountId;
use motcua_proto::identity::v1::{
    Account, Citizen, Officer, Organisation, System, UpdateAccountRequest, account::Holder,
};
use motcua_vn::{EmailAddress, PhoneNumber};

use super::fields::{self, ORGANISATION, PERSON, optional};
use crate::domain::{Change, Malformed, Name};

/// The account that an update is about, and the changes it asks for.
pub(super) fn update(
    ctx: &Ctx,
    asked: &UpdateAccountRequest,
) -> Result<(AccountId, Vec<Change>), Fault> {
    let mut wrong = Violations::default();
    let name = asked.account.as_ref().map(|account| account.name.as_str()).unwrap_or_default();
    let id = fields::own_or_named(ctx, &mut wrong, "account.name", name);
    let paths = asked.update_mask.as_ref().map(|mask| mask.paths.as_slice()).unwrap_or_default();
    if paths.is_empty() {
        wrong.take::<(), _>("update_mask", Err(Malformed::Mask(String::new())));
    }
    let account = asked.account.clone().unwrap_or_default();
    let changes =
        paths.iter().filter_map(|path| change(&mut wrong, path, &account, ctx.now())).collect();
    fields::whole(wrong, id.map(|id| (id, changes)))
}

fn change(wrong: &mut Violations, path: &str, account: &Account, now: Timestamp) -> Option<Change> {
    let field = format!("account.{path}");
    let change = match (path.split_once('.'), account.holder.as_ref()) {
        (Some(("citizen", leaf)), Some(Holder::Citizen(it))) => {
            citizen(wrong, &field, leaf, it, now)
        }
        (Some(("organisation", leaf)), Some(Holder::Organisation(it))) => {
            organisation(wrong, &field, leaf, it)
        }
        (Some(("officer", leaf)), Some(Holder::Officer(it))) => {
            officer(wrong, &field, leaf, it, now)
        }
        (Some(("system", leaf)), Some(Holder::System(it))) => system(wrong, &field, leaf, it),
        _ => Err(()),
    };
    change.unwrap_or_else(|()| wrong.take("update_mask", Err(Malformed::Mask(path.to_owned()))))
}

/// A change, nothing where its value is wrong, or an error where there is no such field.
type Parsed = Result<Option<Change>, ()>;

fn citizen(
    wrong: &mut Violations,
    field: &str,
    leaf: &str,
    it: &Citizen,
    now: Timestamp,
) -> Parsed {
    Ok(match leaf {
        "full_name" => wrong.take(field, Name::new(&it.full_name, PERSON)).map(Change::FullName),
        "citizen_number" => {
            fields::citizen_number(wrong, field, &it.citizen_number, now).map(Change::CitizenNumber)
        }
        _ => return contact(wrong, field, leaf, &it.phone, &it.email),
    })
}

fn organisation(wrong: &mut Violations, field: &str, leaf: &str, it: &Organisation) -> Parsed {
    Ok(match leaf {
        "organisation_name" => wrong
            .take(field, Name::new(&it.organisation_name, ORGANISATION))
            .map(Change::OrganisationName),
        "representative" => {
            wrong.take(field, Name::new(&it.representative, PERSON)).map(Change::Representative)
        }
        _ => return contact(wrong, field, leaf, &it.phone, &it.email),
    })
}

fn officer(
    wrong: &mut Violations,
    field: &str,
    leaf: &str,
    it: &Officer,
    now: Timestamp,
) -> Parsed {
    Ok(match leaf {
        "full_name" => wrong.take(field, Name::new(&it.full_name, PERSON)).map(Change::FullName),
        "position" => Some(Change::Position(optional(wrong, field, &it.position, |text| {
            Name::new(text, PERSON)
        }))),
        "citizen_number" => {
            fields::citizen_number(wrong, field, &it.citizen_number, now).map(Change::CitizenNumber)
        }
        "agency" => fields::agency(wrong, field, &it.agency).map(Change::Agency),
        _ => return contact(wrong, field, leaf, &it.phone, &it.email),
    })
}

fn system(wrong: &mut Violations, field: &str, leaf: &str, it: &System) -> Parsed {
    match leaf {
        "display_name" => {
            let name = wrong.take(field, Name::new(&it.display_name, ORGANISATION));
            Ok(name.map(Change::DisplayName))
        }
        "agency" if it.agency.is_empty() => Ok(Some(Change::WorksFor(None))),
        "agency" => Ok(fields::agency(wrong, field, &it.agency).map(|a| Change::WorksFor(Some(a)))),
        _ => Err(()),
    }
}

/// An empty contact is taken away.
fn contact(wrong: &mut Violations, field: &str, leaf: &str, phone: &str, email: &str) -> Parsed {
    match leaf {
        "phone" => Ok(Some(Change::Phone(optional(wrong, field, phone, PhoneNumber::parse)))),
        "email" => Ok(Some(Change::Email(optional(wrong, field, email, EmailAddress::parse)))),
        _ => Err(()),
    }
}
