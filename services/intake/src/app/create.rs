//! A draft is begun: online by a citizen, for everybody else by a desk officer.

use chrono::TimeDelta;
use motcua_context::{Actor, Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, DossierId, ProcedureId};
use motcua_vn::local;

use super::{App, View, timer};
use crate::{
    domain::{Agency, By, Channel, Denial, Dossier, Filing, Hand, Persons},
    store::{acts, dossiers, lists},
};

/// What a draft begins with.
pub(crate) struct NewDossier {
    pub(crate) procedure: ProcedureId,
    /// Empty: the version's first.
    pub(crate) case: String,
    pub(crate) channel: Channel,
    /// `None`: the officer's own, else the competent one.
    pub(crate) receiving: Option<AgencyId>,
    pub(crate) competent: AgencyId,
    pub(crate) persons: Persons,
    pub(crate) answers: serde_json::Value,
}

impl App {
    /// Begins a draft under the version in force.
    pub(crate) async fn create(
        &self,
        ctx: &Ctx,
        new: NewDossier,
        method: &str,
    ) -> Result<View, Fault> {
        let by = starter(ctx, new.channel)?;
        if let By::Filer(account) = by {
            self.has_room_for_draft(account).await?;
        }
        let published = self.catalog.current(ctx, new.procedure).await?;
        let procedure = &published.procedure;
        if new.channel == Channel::Online {
            procedure.admits_online(&new.case)?;
        }
        let case = procedure.case(&new.case)?;
        let way = case.way(new.channel)?;
        let day = local::day(ctx.now());
        let competent = self.catalog.agency(ctx, new.competent).await?;
        competent.decides(procedure, day)?;
        let receiving = self.receiving(ctx, new.receiving, new.competent).await?;
        receiving.receives(day)?;
        desk_of(ctx, by, &receiving)?;

        let filing = Filing {
            procedure: procedure.id,
            version: procedure.version,
            number: procedure.number.clone(),
            name: procedure.name.clone(),
            case: case.code.clone(),
            channel: new.channel,
            account: match by {
                By::Filer(account) => Some(account),
                _ => None,
            },
            receiving: receiving.path.clone(),
            receiving_code: receiving.code.clone(),
            competent: competent.path.clone(),
            finance: way.finance(),
        };
        let persons = signed(new.persons, by);
        let hand = Hand { by, at: ctx.now(), why: String::new() };
        let id = ctx.new_id::<DossierId>();
        let written = self
            .store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = Dossier::begin(id, filing, &hand);
                let happened = dossier.take_happened();
                dossiers::insert(tx, &self.keyring, &dossier, &persons, &new.answers).await?;
                acts::insert(tx, &self.keyring, id, &happened);
                let forgotten = ctx.now() + TimeDelta::days(self.config.draft_days.into());
                tx.schedule(timer::DRAFT, id.uuid(), forgotten).await?;
                Ok(id.uuid())
            })
            .await?;
        let id = written.or_reload(async |first| Ok(first)).await?;
        self.answer(ctx, id, method).await
    }

    /// Drafts hold papers: nobody fills the store with them. Two begun at once may
    /// both find the last place; nothing rests on the exact number.
    async fn has_room_for_draft(&self, account: AccountId) -> Result<(), Fault> {
        let most = self.config.max_drafts;
        if lists::drafts_of(self.store.reader(), account).await? < u64::from(most) {
            return Ok(());
        }
        Err(Denial::TooManyDrafts { most }.into())
    }

    async fn receiving(
        &self,
        ctx: &Ctx,
        asked: Option<AgencyId>,
        competent: AgencyId,
    ) -> Result<std::sync::Arc<Agency>, Fault> {
        let own = match ctx.actor().principal() {
            Actor::Officer(officer) => officer.agencies(Role::DeskOfficer).next(),
            _ => None,
        };
        self.catalog.agency(ctx, asked.or(own).unwrap_or(competent)).await
    }
}

/// Citizens file online; officers file what came on paper or through Zalo.
fn starter(ctx: &Ctx, channel: Channel) -> Result<By, Fault> {
    let by = match ctx.actor().principal() {
        Actor::Officer(officer) => By::Desk(officer.account),
        _ => By::Filer(ctx.person()?.account),
    };
    match (by, channel) {
        (By::Filer(_), Channel::Online)
        | (By::Desk(_), Channel::Desk | Channel::Post | Channel::Zalo) => Ok(by),
        _ => Err(Denial::ChannelNotYours.into()),
    }
}

/// A desk officer files for the desk they sit at.
pub(super) fn desk_of(ctx: &Ctx, by: By, receiving: &Agency) -> Result<(), Fault> {
    if matches!(by, By::Filer(_)) || ctx.officer()?.may(Role::DeskOfficer, &receiving.path) {
        return Ok(());
    }
    Err(Fault::denied(
        "NOT_YOUR_DESK",
        "Cán bộ chỉ tiếp nhận hồ sơ tại bộ phận một cửa của cơ quan mình.",
    ))
}

/// The account goes to whoever files from it, and to nobody by their own say.
pub(super) fn signed(mut persons: Persons, by: By) -> Persons {
    let account = match by {
        By::Filer(account) => Some(account),
        _ => None,
    };
    match &mut persons.represented_by {
        Some(representative) => {
            persons.applicant.account = None;
            representative.party.account = account;
        }
        None => persons.applicant.account = account,
    }
    persons
}
