//! Accounts as rows: what is personal is sealed, what is looked up is blinded.

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_keys::{Blinded, IdKind, SealedColumn};
use motcua_sealing::Keyring;
use motcua_vn::CitizenNumber;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::{Deserialize, Serialize};

use super::{
    entity::{account, role_grant},
    identifiers::column,
};
use crate::domain::{
    Account, Citizen, Contacts, Credential, Granted, Handle, Holder, Identifier, Kind, Name,
    Officer, Organisation, Previous, State, SystemClient,
};

/// What is sealed, as stored JSON. Its field names are an agreement with old rows.
#[derive(Serialize, Deserialize)]
struct Personal {
    holder: StoredHolder,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled_reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredHolder {
    Citizen(Citizen),
    Organisation(Organisation),
    Officer(StoredOfficer),
    System(SystemClient),
}

/// An officer without what has columns of its own.
#[derive(Serialize, Deserialize)]
struct StoredOfficer {
    username: Handle,
    full_name: Name,
    position: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    citizen_number: Option<CitizenNumber>,
    contacts: Contacts,
}

const ACTIVE: &str = "active";
const DISABLED: &str = "disabled";

/// The word of a state, for filters.
pub(super) const fn state_word(disabled: bool) -> &'static str {
    if disabled { DISABLED } else { ACTIVE }
}

/// The row of an account; its grants have rows of their own.
pub(super) fn to_row(keyring: &Keyring, account: &Account) -> Result<account::ActiveModel, Fault> {
    let id = account.id().uuid();
    let (state, disabled) = match account.state() {
        State::Active => (ACTIVE, None),
        State::Disabled { at, by, reason } => (DISABLED, Some((*at, by.uuid(), reason.clone()))),
    };
    let agency = account.officer().ok().map(|officer| officer.agency.uuid());
    let personal = Personal {
        holder: to_stored(account.holder()),
        disabled_reason: disabled.as_ref().map(|(_, _, reason)| reason.clone()),
    };
    let mut row = account::ActiveModel {
        id: Set(id),
        kind: Set(account.kind().as_str().to_owned()),
        state: Set(state.to_owned()),
        disabled_at: Set(disabled.as_ref().map(|(at, _, _)| *at)),
        disabled_by: Set(disabled.as_ref().map(|(_, by, _)| *by)),
        agency: Set(agency),
        phone_index: Set(None),
        email_index: Set(None),
        citizen_number_index: Set(None),
        tax_code_index: Set(None),
        handle_index: Set(None),
        sealed: Set(keyring.seal_json(&label(id), &personal)?),
        password_hash: Set(account.credential().hash().to_owned()),
        change_required: Set(account.credential().change_required()),
        previous_hash: Set(account.credential().previous().map(|p| p.hash.clone())),
        previous_until: Set(account.credential().previous().map(|p| p.until)),
        tokens_revoked_at: Set(account.tokens_revoked_at()),
        version: Set(account.version()),
        created_at: Set(account.created_at()),
        updated_at: Set(account.updated_at()),
    };
    for identifier in Identifier::of(account.holder()) {
        let (label, text) = identifier.parts();
        row.set(column(&identifier), Some(keyring.blind(label, &text)).into());
    }
    Ok(row)
}

/// What is sealed, with the indexes made of it.
pub(crate) fn sealed_columns() -> Vec<SealedColumn> {
    vec![
        SealedColumn::of("account", "sealed", "identity/account").with(blind),
        super::external::SEALED,
        SealedColumn {
            id: &[("kid", IdKind::Text)],
            ..SealedColumn::of("signing_key", "sealed", "identity/signing-key")
        },
    ]
}

fn blind(keyring: &Keyring, id: &str, plain: &[u8]) -> Result<Blinded, Fault> {
    // The parser's message may quote the value, which is personal data: it is dropped.
    let personal: Personal = serde_json::from_slice(plain)
        .map_err(|_| Fault::internal("a sealed account is no JSON"))?;
    let id = Uuid::try_parse(id).map_err(Fault::internal)?;
    // No index is made of an officer's agency and roles.
    let holder = from_stored(personal.holder, Some(Uuid::nil()), &[], id)?;
    let blinded = Identifier::of(&holder).into_iter().map(|identifier| {
        let (label, text) = identifier.parts();
        (index_column(&identifier), Some(keyring.blind(label, &text)))
    });
    Ok(blinded.collect())
}

/// The name of [`column`].
const fn index_column(identifier: &Identifier) -> &'static str {
    match identifier {
        Identifier::Phone(_) => "phone_index",
        Identifier::Email(_) => "email_index",
        Identifier::CitizenNumber(_) | Identifier::OfficerNumber(_) => "citizen_number_index",
        Identifier::TaxCode(_) => "tax_code_index",
        Identifier::Handle(_) => "handle_index",
    }
}

/// The account of a row and its grants. An impossible row is an internal fault, never a panic.
pub(super) fn from_row(
    keyring: &Keyring,
    row: account::Model,
    grants: &[role_grant::Model],
) -> Result<Account, Fault> {
    let id = AccountId::new(row.id);
    let personal: Personal = keyring.open_json(&label(row.id), &row.sealed)?;
    let holder = from_stored(personal.holder, row.agency, grants, row.id)?;
    if Kind::parse(&row.kind) != Some(holder.kind()) {
        return Err(impossible(row.id, "its kind is not what is sealed"));
    }
    let state = match (row.state.as_str(), row.disabled_at, row.disabled_by) {
        (ACTIVE, None, None) => State::Active,
        (DISABLED, Some(at), Some(by)) => State::Disabled {
            at,
            by: AccountId::new(by),
            reason: personal.disabled_reason.unwrap_or_default(),
        },
        _ => return Err(impossible(row.id, "its state does not fit its columns")),
    };
    let previous = row.previous_hash.zip(row.previous_until);
    let previous = previous.map(|(hash, until)| Previous { hash, until });
    let credential = Credential::stored(row.password_hash, row.change_required, previous);
    let times: [DateTime<Utc>; 2] = [row.created_at, row.updated_at];
    let revoked = row.tokens_revoked_at;
    Ok(Account::stored(id, holder, state, credential, revoked, row.version, times))
}

/// The rows of an officer's grants.
pub(super) fn to_grants(account: &Account) -> Vec<role_grant::ActiveModel> {
    let grants = account.officer().map(Officer::grants).unwrap_or_default();
    grants
        .iter()
        .map(|grant| role_grant::ActiveModel {
            account: Set(account.id().uuid()),
            role: Set(grant.role.as_str().to_owned()),
            agency: Set(grant.agency.uuid()),
            granted_at: Set(grant.at),
            granted_by: Set(grant.by.map(AccountId::uuid)),
        })
        .collect()
}

fn to_stored(holder: &Holder) -> StoredHolder {
    match holder {
        Holder::Citizen(citizen) => StoredHolder::Citizen(citizen.clone()),
        Holder::Organisation(organisation) => StoredHolder::Organisation(organisation.clone()),
        Holder::Officer(officer) => StoredHolder::Officer(StoredOfficer {
            username: officer.username.clone(),
            full_name: officer.full_name.clone(),
            position: officer.position.clone(),
            citizen_number: officer.citizen_number.clone(),
            contacts: officer.contacts.clone(),
        }),
        Holder::System(system) => StoredHolder::System(system.clone()),
    }
}

fn from_stored(
    stored: StoredHolder,
    agency: Option<Uuid>,
    grants: &[role_grant::Model],
    id: Uuid,
) -> Result<Holder, Fault> {
    Ok(match stored {
        StoredHolder::Citizen(citizen) => Holder::Citizen(citizen),
        StoredHolder::Organisation(organisation) => Holder::Organisation(organisation),
        StoredHolder::System(system) => Holder::System(system),
        StoredHolder::Officer(stored) => {
            let agency = agency.ok_or_else(|| impossible(id, "an officer without an agency"))?;
            let StoredOfficer { username, full_name, position, citizen_number, contacts } = stored;
            let officer =
                Officer::new(username, full_name, position, contacts, AgencyId::new(agency))
                    .with_citizen_number(citizen_number);
            Holder::Officer(officer.with_grants(grants.iter().filter_map(granted).collect()))
        }
    })
}

/// A role that a later version brought and this one does not know gives no right.
fn granted(row: &role_grant::Model) -> Option<Granted> {
    Some(Granted {
        role: row.role.parse().ok()?,
        agency: AgencyId::new(row.agency),
        at: row.granted_at,
        by: row.granted_by.map(AccountId::new),
    })
}

fn label(id: Uuid) -> String {
    format!("identity/account/{id}")
}

fn impossible(id: Uuid, why: &str) -> Fault {
    Fault::internal(format!("row of accounts/{id}: {why}"))
}
