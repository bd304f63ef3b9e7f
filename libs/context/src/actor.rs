use std::{fmt, str::FromStr};

use motcua_ids::{AccountId, AgencyId, AgencyPath};
use motcua_proto::access::v1 as proto;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// A citizen or an organisation.
    Person(Person),
    /// An officer.
    Officer(Officer),
    /// One of our services, or another system.
    System(System),
}

/// A citizen (công dân) or an organisation (tổ chức, doanh nghiệp), signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// Which of the two.
    pub kind: PersonKind,
}

/// Citizen or organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// Công dân.
    Citizen,
    /// Tổ chức, doanh nghiệp.
    Organisation,
}

/// An officer (cán bộ, công chức), signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The account.
    pub account: AccountId,
    /// The roles, each held in one agency.
    pub grants: Vec<Grant>,
}

/// A role held in one agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it is held.
    pub agency: AgencyId,
}

/// A program that acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// A service's name, or a system account's resource name.
    pub name: String,
    /// Whether it is one of our own services.
    pub service: bool,
    /// What another system's account may do.
    pub scopes: Vec<String>,
    /// The agency for which another system works: it reads what concerns that
    /// agency and those below it, within its scopes.
    pub agency: Option<AgencyId>,
    /// The person or officer whose call this continues.
    pub on_behalf_of: Option<Box<Actor>>,
}

/// What an officer may do; `motcua.access.v1.Role` in the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Cán bộ một cửa.
    DeskOfficer,
    /// Chuyên viên.
    Specialist,
    /// Trưởng phòng.
    HeadOfUnit,
    /// Lãnh đạo.
    Leader,
    /// Biên tập danh mục.
    CatalogEditor,
    /// Quản trị.
    Administrator,
    /// Thanh tra, kiểm soát thủ tục hành chính.
    Auditor,
    /// Kế toán.
    Accountant,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::DeskOfficer,
        Self::Specialist,
        Self::HeadOfUnit,
        Self::Leader,
        Self::CatalogEditor,
        Self::Administrator,
        Self::Auditor,
        Self::Accountant,
    ];

    /// The word in tokens, rows and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeskOfficer => "desk_officer",
            Self::Specialist => "specialist",
            Self::HeadOfUnit => "head_of_unit",
            Self::Leader => "leader",
            Self::CatalogEditor => "catalog_editor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Accountant => "accountant",
        }
    }

    /// Whether the role, held in an agency, reaches the agencies below it.
    pub const fn reaches_descendants(self) -> bool {
        matches!(self, Self::Leader | Self::Administrator | Self::Auditor | Self::Accountant)
    }

    /// The role of a contract's enum.
    pub fn from_proto(role: proto::Role) -> Option<Self> {
        Some(match role {
            proto::Role::Unspecified => return None,
            proto::Role::DeskOfficer => Self::DeskOfficer,
            proto::Role::Specialist => Self::Specialist,
            proto::Role::HeadOfUnit => Self::HeadOfUnit,
            proto::Role::Leader => Self::Leader,
            proto::Role::CatalogEditor => Self::CatalogEditor,
            proto::Role::Administrator => Self::Administrator,
            proto::Role::Auditor => Self::Auditor,
            proto::Role::Accountant => Self::Accountant,
        })
    }

    /// The contract's enum.
    pub const fn to_proto(self) -> proto::Role {
        match self {
            Self::DeskOfficer => proto::Role::DeskOfficer,
            Self::Specialist => proto::Role::Specialist,
            Self::HeadOfUnit => proto::Role::HeadOfUnit,
            Self::Leader => proto::Role::Leader,
            Self::CatalogEditor => proto::Role::CatalogEditor,
            Self::Administrator => proto::Role::Administrator,
            Self::Auditor => proto::Role::Auditor,
            Self::Accountant => proto::Role::Accountant,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or(())
    }
}

impl Person {
    /// A citizen's account.
    pub const fn citizen(account: AccountId) -> Self {
        Self { account, kind: PersonKind::Citizen }
    }

    /// An organisation's account.
    pub const fn organisation(account: AccountId) -> Self {
        Self { account, kind: PersonKind::Organisation }
    }
}

impl Officer {
    /// Whether the officer holds `role` where it reaches `agency`.
    pub fn may(&self, role: Role, agency: &AgencyPath) -> bool {
        self.grants.iter().any(|grant| {
            grant.role == role
                && (grant.agency == agency.agency()
                    || role.reaches_descendants() && agency.contains(grant.agency))
        })
    }

    /// Whether the officer holds one of `roles` where it reaches `agency`.
    pub fn may_any(&self, roles: &[Role], agency: &AgencyPath) -> bool {
        roles.iter().any(|role| self.may(*role, agency))
    }

    /// Whether the officer holds `role` anywhere.
    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// The agencies in which the officer holds `role`.
    pub fn agencies(&self, role: Role) -> impl Iterator<Item = AgencyId> + '_ {
        self.grants.iter().filter(move |grant| grant.role == role).map(|grant| grant.agency)
    }
}

impl System {
    /// One of our services, acting by itself.
    pub fn service(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            service: true,
            scopes: Vec::new(),
            agency: None,
            on_behalf_of: None,
        }
    }

    /// Whether another system works for this agency or one above it.
    pub fn reaches(&self, agency: &AgencyPath) -> bool {
        !self.service && self.agency.is_some_and(|own| agency.contains(own))
    }
}

impl Actor {
    /// The person or officer behind the call, where a service continues one.
    pub fn principal(&self) -> &Self {
        match self {
            Self::System(System { on_behalf_of: Some(actor), .. }) => actor.principal(),
            _ => self,
        }
    }

    /// The account that acts, if it is a person's or an officer's.
    pub fn account(&self) -> Option<AccountId> {
        match self.principal() {
            Self::Person(person) => Some(person.account),
            Self::Officer(officer) => Some(officer.account),
            Self::Anonymous | Self::System(_) => None,
        }
    }

    /// What tells this actor from every other: an account's name or a system's.
    pub fn identity(&self) -> Option<String> {
        match self {
            Self::Anonymous => None,
            Self::Person(person) => Some(person.account.name()),
            Self::Officer(officer) => Some(officer.account.name()),
            Self::System(system) => Some(match &system.on_behalf_of {
                Some(actor) => format!("{}+{}", system.name, actor.identity().unwrap_or_default()),
                None => system.name.clone(),
            }),
        }
    }

    /// Whether this is our service `name`.
    pub fn is_service(&self, name: &str) -> bool {
        matches!(self, Self::System(system) if system.service && system.name == name)
    }
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;

    use super::*;

    fn agency(n: u128) -> AgencyId {
        AgencyId::new(Uuid::from_u128(n))
    }

    #[test]
    fn some_roles_reach_below_and_others_do_not() {
        let commune = AgencyPath::root(agency(1)).child(agency(2));
        for role in Role::ALL {
            let at = |agency| Officer {
                account: Uuid::nil().into(),
                grants: vec![Grant { role, agency }],
            };
            assert!(at(agency(2)).may(role, &commune), "{role} at its own agency");
            assert_eq!(at(agency(1)).may(role, &commune), role.reaches_descendants(), "{role}");
            assert!(!at(agency(3)).may(role, &commune), "{role} elsewhere");
        }
    }

    #[test]
    fn another_system_reaches_its_agency_and_below_and_a_service_of_ours_none() {
        let commune = AgencyPath::root(agency(1)).child(agency(2));
        let of = |agency| System { service: false, agency, ..System::service("accounts/x") };
        assert!(of(Some(agency(1))).reaches(&commune) && of(Some(agency(2))).reaches(&commune));
        assert!(!of(Some(agency(3))).reaches(&commune) && !of(None).reaches(&commune));
        assert!(!of(Some(agency(2))).reaches(&AgencyPath::root(agency(1))), "what is above");
        let ours = System { agency: Some(agency(1)), ..System::service("intake") };
        assert!(!ours.reaches(&commune));
    }

    #[test]
    fn roles_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(Role::from_proto(role.to_proto()), Some(role));
        }
    }
}
