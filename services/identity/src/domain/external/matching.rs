use motcua_vn::{CitizenNumber, text::searchable};

use super::{Asserted, NotTaken};
use crate::domain::{Account, Citizen, Contacts, Holder, Refusal, State};

/// What is known here about whom a provider speaks of.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The account linked to this very subject.
    pub linked: Option<Account>,
    /// The account of what is vouched for, and whether another subject of this provider has it.
    pub named: Option<(Account, bool)>,
}

/// Whether accounts are opened for persons unknown here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Never.
    Never,
    /// For whoever has a citizen number that the provider vouches for.
    WithNumber,
    /// For whomever the provider names.
    Anybody,
}

/// How the person comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// By the link that was made before.
    Linked(Account),
    /// As an officer, whose account an administrator made: it is linked.
    Officer(Account),
    /// As the citizen whose number the account has. Until now nobody had proved that it is theirs:
    /// the account is linked, and what opened it before ends.
    Claimed(Account),
    /// As somebody new.
    New(Holder),
}

/// Decides how the person comes in, if at all.
pub fn decide(asserted: &Asserted, known: Known, opening: Opening) -> Result<Entry, Declined> {
    if let Some(account) = known.linked {
        require_active(&account)?;
        require_same_number(asserted, number(&account))?;
        return Ok(Entry::Linked(account));
    }
    let Some((account, taken)) = known.named else { return open(asserted, opening) };
    match account.holder() {
        Holder::Officer(officer) if asserted.username.is_some() => {
            require_same_number(asserted, officer.citizen_number.as_ref())?;
        }
        _ if asserted.username.is_some() => return Err(NotTaken::OfficerUnknown.into()),
        Holder::Citizen(citizen) => require_same_name(asserted, citizen)?,
        _ => return Err(NotTaken::PersonUnknown.into()),
    }
    if taken {
        return Err(NotTaken::LinkedToAnother.into());
    }
    require_active(&account)?;
    Ok(match account.holder() {
        Holder::Officer(_) => Entry::Officer(account),
        _ => Entry::Claimed(account),
    })
}

/// Why somebody does not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declined {
    /// For a reason of this way in.
    NotTaken(NotTaken),
    /// For a reason of any.
    Refused(Refusal),
}

impl From<NotTaken> for Declined {
    fn from(refusal: NotTaken) -> Self {
        Self::NotTaken(refusal)
    }
}

impl From<Refusal> for Declined {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Declined> for motcua_fault::Fault {
    fn from(declined: Declined) -> Self {
        match declined {
            Declined::NotTaken(refusal) => refusal.into(),
            Declined::Refused(refusal) => refusal.into(),
        }
    }
}

fn open(asserted: &Asserted, opening: Opening) -> Result<Entry, Declined> {
    if asserted.username.is_some() {
        return Err(NotTaken::OfficerUnknown.into());
    }
    if opening == Opening::Never {
        return Err(NotTaken::PersonUnknown.into());
    }
    let missing = |what: &str| NotTaken::ClaimMissing(what.to_owned());
    if opening == Opening::WithNumber && asserted.citizen_number.is_none() {
        return Err(missing("citizen_number").into());
    }
    Ok(Entry::New(Holder::Citizen(Citizen {
        full_name: asserted.full_name.clone().ok_or_else(|| missing("full_name"))?,
        citizen_number: asserted.citizen_number.clone(),
        contacts: Contacts { phone: asserted.phone.clone(), email: asserted.email.clone() },
    })))
}

fn require_active(account: &Account) -> Result<(), Refusal> {
    if *account.state() == State::Active { Ok(()) } else { Err(Refusal::AccountDisabled) }
}

fn number(account: &Account) -> Option<&CitizenNumber> {
    match account.holder() {
        Holder::Citizen(citizen) => citizen.citizen_number.as_ref(),
        Holder::Officer(officer) => officer.citizen_number.as_ref(),
        Holder::Organisation(_) | Holder::System(_) => None,
    }
}

/// A subject that was given to somebody else, or an account that was.
fn require_same_number(asserted: &Asserted, ours: Option<&CitizenNumber>) -> Result<(), NotTaken> {
    match (&asserted.citizen_number, ours) {
        (Some(theirs), Some(ours)) if theirs != ours => Err(NotTaken::IdentityDiffers),
        _ => Ok(()),
    }
}

/// Twelve digits have no check digit: one wrong digit is somebody else's number, and the account of
/// whoever mistyped it is not to be opened to that person.
fn require_same_name(asserted: &Asserted, citizen: &Citizen) -> Result<(), NotTaken> {
    let theirs = asserted.full_name.as_ref().map(|name| searchable(name.as_str()));
    let ours = searchable(citizen.full_name.as_str());
    if theirs == Some(ours) { Ok(()) } else { Err(NotTaken::IdentityDiffers) }
}

#[cfg(test)]
mod tests;
