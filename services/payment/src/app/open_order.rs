use chrono::{DateTime, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyPath, DossierId, FeeOrderId, ProcedureVersionId};
use motcua_vn::local;

use super::{App, charges::Filed};
use crate::domain::{Facts, Order, Share};

/// A dossier was accepted.
#[derive(Debug, Clone)]
pub(crate) struct Accepted {
    pub(crate) dossier: DossierId,
    pub(crate) code: String,
    pub(crate) procedure_version: ProcedureVersionId,
    pub(crate) case: String,
    pub(crate) channel: Channel,
    pub(crate) receiving: AgencyPath,
    pub(crate) competent: AgencyPath,
    pub(crate) applicant: Option<AccountId>,
    pub(crate) at: Option<DateTime<Utc>>,
}

/// The channels that fees tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Online,
    Desk,
    Post,
}

impl App {
    /// Opens the order of a dossier that was accepted, where its procedure charges anything. What
    /// holds on the day of acceptance is taken off.
    pub(crate) async fn open_order(&self, ctx: &Ctx, accepted: Accepted) -> Result<(), Fault> {
        let version = accepted.procedure_version;
        let id = FeeOrderId::new(accepted.dossier.uuid());
        let accepted_at = accepted.at.unwrap_or(ctx.now());
        let (day, online) = (local::day(accepted_at), accepted.channel == Channel::Online);
        let filed = Filed { version, case: accepted.case, channel: accepted.channel, day };
        let answers = async |fields| self.intake.answers(ctx, accepted.dossier, fields).await;
        let charges = self.charges(ctx, &filed, answers).await?;
        if charges.lines.is_empty() {
            // Noted, so that an examiner sees that it was heard.
            self.store.write(ctx, id.uuid(), async |_| Ok(())).await?;
            return Ok(());
        }
        let agency = self.catalog.agency(ctx, accepted.receiving.agency()).await?;
        let mut lines = Vec::with_capacity(charges.lines.len());
        for (mut line, shares) in charges.lines {
            for share in shares {
                let agency = match &share.agency {
                    Some(code) => self.catalog.agency_by_code(ctx, code).await?.path,
                    None => accepted.competent.clone(),
                };
                if agency != accepted.receiving {
                    line.shares.push(Share { agency, percent: share.percent });
                }
            }
            lines.push(line);
        }
        let facts = Facts {
            dossier: accepted.dossier,
            code: accepted.code,
            procedure_version: version,
            procedure: charges.procedure,
            collecting: accepted.receiving,
            collecting_code: agency.code,
            competent: accepted.competent,
            payer: accepted.applicant,
            online,
            accepted_at,
        };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                if self.orders.is_there(tx.db(), id).await? {
                    return Ok(());
                }
                let due_at = ctx.now() + self.config.due();
                let mut order = Order::open(facts.clone(), lines.clone(), ctx.now(), due_at);
                self.keep(tx, ctx, &mut order).await
            })
            .await?;
        Ok(())
    }
}
