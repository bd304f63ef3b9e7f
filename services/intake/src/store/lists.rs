//! Lists of dossiers, by keyset. Ids are ordered by time.

use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, DossierId, ProcedureId};
use motcua_sealing::Keyring;
use motcua_store::OrFault;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{entity::dossier, sealed};
use crate::domain::{Channel, Persons, State};

/// Whose dossiers.
pub(crate) enum Of {
    /// Those an account filed.
    Account(AccountId),
    /// Those an agency's desk received.
    Received(AgencyId),
    /// Those an agency decides.
    Decided(AgencyId),
    /// Those received at or below an agency's path.
    ReceivedBelow(String),
    /// Those decided at or below an agency's path.
    DecidedBelow(String),
}

/// What narrows a list.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) states: Vec<State>,
    pub(crate) procedure: Option<ProcedureId>,
    pub(crate) channel: Option<Channel>,
    /// Normalised.
    pub(crate) phone: String,
    /// Twelve digits.
    pub(crate) citizen_number: String,
    /// Drafts are their writer's own affair.
    pub(crate) drafts: bool,
}

/// A line of a list.
pub(crate) struct Line {
    pub(crate) row: dossier::Model,
    pub(crate) persons: Persons,
}

/// Newest first, one more than `size` where there are more.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    of: &Of,
    filter: &Filter,
    after: Option<DossierId>,
    size: u64,
) -> Result<Vec<Line>, Fault> {
    use dossier::Column as C;
    let mut condition = match of {
        Of::Account(account) => Condition::all().add(C::Account.eq(account.uuid())),
        Of::Received(agency) => Condition::all().add(C::Receiving.eq(agency.uuid())),
        Of::Decided(agency) => Condition::all().add(C::Competent.eq(agency.uuid())),
        Of::ReceivedBelow(path) => Condition::all().add(C::ReceivingPath.starts_with(path)),
        Of::DecidedBelow(path) => Condition::all().add(C::CompetentPath.starts_with(path)),
    };
    if !filter.drafts {
        condition = condition.add(C::State.ne(State::Draft.as_str()));
    }
    if !filter.states.is_empty() {
        condition = condition.add(C::State.is_in(filter.states.iter().map(|s| s.as_str())));
    }
    if let Some(procedure) = filter.procedure {
        condition = condition.add(C::Procedure.eq(procedure.uuid()));
    }
    if let Some(channel) = filter.channel {
        condition = condition.add(C::Channel.eq(channel.as_str()));
    }
    if !filter.phone.is_empty() {
        let indexes = sealed::phone_indexes(keyring, &filter.phone);
        condition = condition.add(C::PhoneIndex.is_in(indexes));
    }
    if !filter.citizen_number.is_empty() {
        let indexes = sealed::citizen_indexes(keyring, &filter.citizen_number);
        condition = condition.add(C::CitizenIndex.is_in(indexes));
    }
    if let Some(after) = after {
        condition = condition.add(C::Id.lt(after.uuid()));
    }
    let rows = dossier::Entity::find()
        .filter(condition)
        .order_by_desc(C::Id)
        .limit(size + 1)
        .all(db)
        .await
        .or_fault()?;
    rows.into_iter().map(|row| Ok(Line { persons: sealed::persons(keyring, &row)?, row })).collect()
}
