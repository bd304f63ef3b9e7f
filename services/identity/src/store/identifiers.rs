use motcua_sealing::Keyring;
use sea_orm::{ColumnTrait, Condition};

use super::entity::account::Column;
use crate::domain::Identifier;

/// The rows that have one of these identifiers, under any index key of the ring.
pub(super) fn any_of(keyring: &Keyring, identifiers: &[Identifier]) -> Condition {
    identifiers.iter().fold(Condition::any(), |found, identifier| {
        let (label, text) = identifier.parts();
        found.add(column(identifier).is_in(keyring.blind_all(label, &text)))
    })
}

pub(super) fn column(identifier: &Identifier) -> Column {
    match identifier {
        Identifier::Phone(_) => Column::PhoneIndex,
        Identifier::Email(_) => Column::EmailIndex,
        // Under labels of their own, an officer's number meets officers' alone.
        Identifier::CitizenNumber(_) | Identifier::OfficerNumber(_) => Column::CitizenNumberIndex,
        Identifier::TaxCode(_) => Column::TaxCodeIndex,
        Identifier::Handle(_) => Column::HandleIndex,
    }
}
