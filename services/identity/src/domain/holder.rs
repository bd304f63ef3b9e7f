//! Whose account it is. What is personal here is sealed before it is stored.

use motcua_ids::AgencyId;
use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};
use serde::{Deserialize, Serialize};

use super::{Handle, Malformed, Name, Officer, Scope, TaxCode};

/// The kinds of holders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Công dân.
    Citizen,
    /// Tổ chức, doanh nghiệp.
    Organisation,
    /// Cán bộ, công chức.
    Officer,
    /// Hệ thống khác.
    System,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Citizen, Self::Organisation, Self::Officer, Self::System];

    /// The word in tokens and rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Organisation => "organisation",
            Self::Officer => "officer",
            Self::System => "system",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What holds an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A natural person.
    Citizen(Citizen),
    /// A business or another organisation.
    Organisation(Organisation),
    /// An official or civil servant.
    Officer(Officer),
    /// Another system.
    System(SystemClient),
}

impl Holder {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Citizen(_) => Kind::Citizen,
            Self::Organisation(_) => Kind::Organisation,
            Self::Officer(_) => Kind::Officer,
            Self::System(_) => Kind::System,
        }
    }

    /// What a person or a letter calls the holder.
    pub fn display_name(&self) -> &str {
        match self {
            Self::Citizen(citizen) => citizen.full_name.as_str(),
            Self::Organisation(organisation) => organisation.organisation_name.as_str(),
            Self::Officer(officer) => officer.full_name.as_str(),
            Self::System(system) => system.display_name.as_str(),
        }
    }

    /// Where the holder hears from us; systems hear from nobody.
    pub fn contacts(&self) -> Option<&Contacts> {
        match self {
            Self::Citizen(citizen) => Some(&citizen.contacts),
            Self::Organisation(organisation) => Some(&organisation.contacts),
            Self::Officer(officer) => Some(&officer.contacts),
            Self::System(_) => None,
        }
    }

    fn officer_number(&self) -> Option<&CitizenNumber> {
        match self {
            Self::Officer(officer) => officer.citizen_number.as_ref(),
            _ => None,
        }
    }

    /// The values a password must not repeat.
    pub fn own_values(&self) -> Vec<String> {
        let number = match self {
            Self::Citizen(citizen) => {
                citizen.citizen_number.as_ref().map(|number| number.reveal().to_owned())
            }
            Self::Organisation(organisation) => Some(organisation.tax_code.as_str().to_owned()),
            Self::Officer(officer) => Some(officer.username.as_str().to_owned()),
            Self::System(system) => Some(system.client_id.as_str().to_owned()),
        };
        let person = self.officer_number().map(|number| number.reveal().to_owned());
        let contacts = self.contacts();
        let phone = contacts.and_then(|c| c.phone.as_ref()).map(PhoneNumber::national);
        let email = contacts.and_then(|c| c.email.as_ref()).map(EmailAddress::key);
        [number, person, phone, email].into_iter().flatten().collect()
    }
}

/// A citizen (công dân).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// Họ, chữ đệm và tên.
    pub full_name: Name,
    /// Số định danh cá nhân.
    pub citizen_number: Option<CitizenNumber>,
    /// How the citizen signs in and hears from us.
    pub contacts: Contacts,
}

/// An organisation (tổ chức, doanh nghiệp).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// As registered.
    pub organisation_name: Name,
    /// Mã số thuế.
    pub tax_code: TaxCode,
    /// Người đại diện.
    pub representative: Name,
    /// How it signs in and hears from us.
    pub contacts: Contacts,
}

/// Another system, with client credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemClient {
    /// Signs in.
    pub client_id: Handle,
    /// For people.
    pub display_name: Name,
    /// The most its tokens may hold; ordered, none twice.
    pub scopes: Vec<Scope>,
    /// The agency it works for; what was stored before there was one has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
}

impl SystemClient {
    /// The scopes of a token: those asked for, or all. The first that is not held is handed back.
    pub fn grant(&self, asked: &[Scope]) -> Result<Vec<Scope>, super::Refusal> {
        if asked.is_empty() {
            return Ok(self.scopes.clone());
        }
        match asked.iter().find(|scope| !self.scopes.contains(scope)) {
            Some(scope) => Err(super::Refusal::ScopeRefused(scope.as_str().to_owned())),
            None => Ok(self.scopes.iter().filter(|held| asked.contains(held)).cloned().collect()),
        }
    }
}

/// A telephone number, an e-mail address, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// Số điện thoại.
    pub phone: Option<PhoneNumber>,
    /// Thư điện tử.
    pub email: Option<EmailAddress>,
}

impl Contacts {
    /// Refuses a person whom nothing reaches.
    pub fn require_one(&self) -> Result<(), Malformed> {
        if self.phone.is_none() && self.email.is_none() {
            return Err(Malformed::ContactMissing);
        }
        Ok(())
    }
}
