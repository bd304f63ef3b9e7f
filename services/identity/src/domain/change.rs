use motcua_fault::Fault;
use motcua_ids::AgencyId;
use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};

use super::{Contacts, Holder, Malformed, Name, Refusal};

/// One new value; absent means taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Họ và tên of a citizen or an officer.
    FullName(Name),
    /// Số định danh cá nhân; once a citizen has set it, it stays.
    CitizenNumber(CitizenNumber),
    /// The name of an organisation.
    OrganisationName(Name),
    /// Người đại diện of an organisation.
    Representative(Name),
    /// Chức vụ of an officer.
    Position(Option<Name>),
    /// The agency that employs an officer.
    Agency(AgencyId),
    /// The name of a system.
    DisplayName(Name),
    /// The agency that a system works for.
    WorksFor(Option<AgencyId>),
    /// Số điện thoại.
    Phone(Option<PhoneNumber>),
    /// Thư điện tử.
    Email(Option<EmailAddress>),
}

impl Change {
    /// Makes the change, if this kind of holder has such a thing and this writer may.
    pub(super) fn apply(self, holder: &mut Holder, managing: bool) -> Result<(), Fault> {
        match (self, holder) {
            (Self::FullName(name), Holder::Citizen(citizen)) => citizen.full_name = name,
            (Self::CitizenNumber(number), Holder::Citizen(citizen)) => {
                if citizen.citizen_number.as_ref().is_some_and(|old| *old != number) && !managing {
                    return Err(Refusal::CitizenNumberSet.into());
                }
                citizen.citizen_number = Some(number);
            }
            (Self::CitizenNumber(number), Holder::Officer(officer)) if managing => {
                officer.citizen_number = Some(number);
            }
            (Self::OrganisationName(name), Holder::Organisation(org)) => {
                org.organisation_name = name;
            }
            (Self::Representative(name), Holder::Organisation(org)) => org.representative = name,
            (Self::FullName(name), Holder::Officer(officer)) if managing => {
                officer.full_name = name;
            }
            (Self::Position(name), Holder::Officer(officer)) if managing => officer.position = name,
            (Self::Agency(agency), Holder::Officer(officer)) if managing => officer.agency = agency,
            (Self::DisplayName(name), Holder::System(system)) if managing => {
                system.display_name = name;
            }
            (Self::WorksFor(agency), Holder::System(system)) if managing => {
                system.agency = agency;
            }
            (Self::Phone(phone), holder) => contacts(holder, "phone")?.phone = phone,
            (Self::Email(email), holder) => contacts(holder, "email")?.email = email,
            (change, _) => return Err(Malformed::Mask(change.field().to_owned()).into()),
        }
        Ok(())
    }

    fn field(&self) -> &'static str {
        match self {
            Self::FullName(_) => "full_name",
            Self::CitizenNumber(_) => "citizen_number",
            Self::OrganisationName(_) => "organisation_name",
            Self::Representative(_) => "representative",
            Self::Position(_) => "position",
            Self::Agency(_) | Self::WorksFor(_) => "agency",
            Self::DisplayName(_) => "display_name",
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
        }
    }
}

/// Citizens and organisations sign in with a contact, so one must stay.
pub(super) fn require_contact(holder: &Holder) -> Result<(), Malformed> {
    match holder {
        Holder::Citizen(citizen) => citizen.contacts.require_one(),
        Holder::Organisation(organisation) => organisation.contacts.require_one(),
        Holder::Officer(_) | Holder::System(_) => Ok(()),
    }
}

fn contacts<'a>(holder: &'a mut Holder, field: &str) -> Result<&'a mut Contacts, Malformed> {
    match holder {
        Holder::Citizen(citizen) => Ok(&mut citizen.contacts),
        Holder::Organisation(organisation) => Ok(&mut organisation.contacts),
        Holder::Officer(officer) => Ok(&mut officer.contacts),
        Holder::System(_) => Err(Malformed::Mask(field.to_owned())),
    }
}
