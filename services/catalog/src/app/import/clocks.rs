//! Calendars and policies of a file.

use motcua_fault::Fault;

use super::{
    Outcome,
    apply::{Applied, Run},
    times::{CalendarDoc, PolicyDoc},
};
use crate::{
    app::clocks::{publish_calendar, publish_policy},
    domain::{CalendarDraft, PolicyDraft, PolicyScope},
    store::clocks,
};

impl Run<'_> {
    pub(super) async fn calendar(&self, doc: &CalendarDoc) -> Applied {
        let agencies = self.agencies_called(&doc.agencies).await?;
        let draft = CalendarDraft { code: doc.code.clone(), agencies, data: doc.data()? };
        let newest = clocks::newest_calendar(self.tx.db(), &draft.code).await?;
        let outcome = match &newest {
            Some(newest) if newest.says(&draft) => return Ok((Outcome::Unchanged, Vec::new())),
            Some(_) => Outcome::Updated,
            None => Outcome::Created,
        };
        publish_calendar(self.tx, self.ctx, self.ctx.new_id(), draft).await?;
        Ok((outcome, Vec::new()))
    }

    pub(super) async fn policy(&self, doc: &PolicyDoc) -> Applied {
        let procedures = doc
            .procedures
            .iter()
            .map(|number| number.parse())
            .collect::<Result<_, _>>()
            .map_err(Fault::from)?;
        let halving = &doc.rules.online_halving;
        let legacy_levels =
            if halving.enabled { halving.service_levels.clone() } else { Vec::new() };
        let scope = PolicyScope {
            agencies: self.agencies_called(&doc.agencies).await?,
            procedures,
            legacy_levels,
            agency_kinds: doc.agency_kinds.clone(),
            priority: doc.priority,
        };
        let draft = PolicyDraft {
            code: doc.code.clone(),
            scope,
            data: doc.data()?,
            notes: doc.flags.clone(),
        };
        let newest = clocks::newest_policy(self.tx.db(), &draft.code).await?;
        let outcome = match &newest {
            Some(newest) if newest.says(&draft) => return Ok((Outcome::Unchanged, Vec::new())),
            Some(_) => Outcome::Updated,
            None => Outcome::Created,
        };
        publish_policy(self.tx, self.ctx, self.ctx.new_id(), draft).await?;
        Ok((outcome, Vec::new()))
    }
}
