use chrono::{DateTime, Utc};
use motcua_context::Role;
use motcua_ids::{AccountId, AgencyId};
use motcua_vn::CitizenNumber;

use super::{Contacts, Handle, Name, Refusal};

/// An officer (cán bộ, công chức): one account, whatever the roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Signs in.
    pub username: Handle,
    /// Họ và tên.
    pub full_name: Name,
    /// Chức vụ.
    pub position: Option<Name>,
    /// Số định danh cá nhân, where it is known: so one officer cannot be opened twice.
    pub citizen_number: Option<CitizenNumber>,
    /// For notices; they do not sign in.
    pub contacts: Contacts,
    /// The employing agency: whoever administers it manages the account.
    pub agency: AgencyId,
    grants: Vec<Granted>,
}

/// A role in an agency, and who gave it when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What the officer may do.
    pub role: Role,
    /// Where.
    pub agency: AgencyId,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who gave it; nobody gave the first administrator's.
    pub by: Option<AccountId>,
}

impl Officer {
    /// An officer without roles.
    pub fn new(
        username: Handle,
        full_name: Name,
        position: Option<Name>,
        contacts: Contacts,
        agency: AgencyId,
    ) -> Self {
        let (citizen_number, grants) = (None, Vec::new());
        Self { username, full_name, position, citizen_number, contacts, agency, grants }
    }

    /// The roles, in the order in which they were given.
    pub fn grants(&self) -> &[Granted] {
        &self.grants
    }

    /// The same, known to be this person.
    #[must_use]
    pub fn with_citizen_number(mut self, number: Option<CitizenNumber>) -> Self {
        self.citizen_number = number;
        self
    }

    /// The same with roles as stored.
    #[must_use]
    pub fn with_grants(mut self, grants: Vec<Granted>) -> Self {
        self.grants = grants;
        self
    }

    /// Whether the officer holds the role in this agency.
    pub fn holds_at(&self, role: Role, agency: AgencyId) -> bool {
        self.held_at(role, agency).is_some()
    }

    /// The agencies in which the officer holds the role.
    pub fn agencies(&self, role: Role) -> impl Iterator<Item = AgencyId> + '_ {
        self.grants.iter().filter(move |grant| grant.role == role).map(|grant| grant.agency)
    }

    /// Gives a role that the officer does not have there.
    pub fn grant(&mut self, grant: Granted) -> Result<(), Refusal> {
        if self.held_at(grant.role, grant.agency).is_some() {
            return Err(Refusal::GrantRepeated);
        }
        self.grants.push(grant);
        Ok(())
    }

    /// Takes a role away, unless nobody could manage the province's accounts afterwards.
    pub fn revoke(
        &mut self,
        role: Role,
        agency: AgencyId,
        last_administrator: bool,
    ) -> Result<(), Refusal> {
        let at = self.held_at(role, agency).ok_or(Refusal::GrantNotFound)?;
        if role == Role::Administrator && last_administrator {
            return Err(Refusal::LastAdministrator);
        }
        self.grants.remove(at);
        Ok(())
    }

    fn held_at(&self, role: Role, agency: AgencyId) -> Option<usize> {
        self.grants.iter().position(|grant| grant.role == role && grant.agency == agency)
    }
}
