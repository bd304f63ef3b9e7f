//! Lists of dossiers, by keyset. Ids are ordered by time.

use std::collections::HashSet;

use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, DossierId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::OrFault;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{entity::dossier, sealed};
use crate::domain::{Channel, Filter, State, Summary};

/// Whose dossiers.
pub(crate) enum Of {
    /// Those an account filed.
    Account(AccountId),
    /// Those an agency's desk received, and the drafts it began.
    Desk(AgencyId),
    /// Those an agency's desk received.
    Received(AgencyId),
    /// Those an agency decides.
    Decided(AgencyId),
    /// Those received at or below an agency's path.
    ReceivedBelow(String),
    /// Those decided at or below an agency's path.
    DecidedBelow(String),
}

/// Newest first, one more than `size` where there are more.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    of: &Of,
    filter: &Filter,
    after: Option<DossierId>,
    size: u64,
) -> Result<Vec<Summary>, Fault> {
    use dossier::Column as C;
    let mut condition = match of {
        Of::Account(account) => Condition::all().add(C::Account.eq(account.uuid())),
        Of::Desk(agency) | Of::Received(agency) => {
            Condition::all().add(C::Receiving.eq(agency.uuid()))
        }
        Of::Decided(agency) => Condition::all().add(C::Competent.eq(agency.uuid())),
        Of::ReceivedBelow(path) => Condition::all().add(C::ReceivingPath.starts_with(path)),
        Of::DecidedBelow(path) => Condition::all().add(C::CompetentPath.starts_with(path)),
    };
    let filed = C::State.ne(State::Draft.as_str());
    condition = match of {
        Of::Account(_) => condition,
        // An online draft is its writer's own affair.
        Of::Desk(_) => {
            condition.add(Condition::any().add(filed).add(C::Channel.ne(Channel::Online.as_str())))
        }
        _ => condition.add(filed),
    };
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
    rows.into_iter().map(|row| summary(keyring, row)).collect()
}

/// How many drafts an account has.
pub(crate) async fn drafts_of(db: &impl ConnectionTrait, account: AccountId) -> Result<u64, Fault> {
    dossier::Entity::find()
        .filter(dossier::Column::Account.eq(account.uuid()))
        .filter(dossier::Column::State.eq(State::Draft.as_str()))
        .count(db)
        .await
        .or_fault()
}

/// Of these dossiers those that the agency, or one below it, receives or decides.
pub(crate) async fn within(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    dossiers: impl Iterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, Fault> {
    use dossier::Column as C;
    let dossiers: HashSet<_> = dossiers.collect();
    if dossiers.is_empty() {
        return Ok(dossiers);
    }
    let on_the_way = format!("/{}/", agency.uuid());
    let its_own = Condition::any()
        .add(C::ReceivingPath.contains(&on_the_way))
        .add(C::CompetentPath.contains(&on_the_way));
    let ids: Vec<Uuid> = dossier::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::Id.is_in(dossiers))
        .filter(its_own)
        .into_tuple()
        .all(db)
        .await
        .or_fault()?;
    Ok(ids.into_iter().collect())
}

fn summary(keyring: &Keyring, row: dossier::Model) -> Result<Summary, Fault> {
    Ok(Summary {
        applicant: sealed::persons(keyring, &row)?.applicant.full_name,
        id: row.id.into(),
        account: row.account.map(Into::into),
        code: row.code,
        state: State::parse(&row.state),
        number: row.procedure_number,
        name: row.procedure_name,
        channel: Channel::parse(&row.channel),
        receiving: row.receiving.into(),
        competent: row.competent.into(),
        created_at: row.created_at,
        submitted_at: row.submitted_at,
        reply_due_at: row.reply_due_at,
        promised_due_at: row.promised_due_at,
    })
}
