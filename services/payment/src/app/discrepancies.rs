use std::collections::HashMap;

use chrono::NaiveDate;
use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, AgencyPath, DiscrepancyId, PaymentId, StatementEntryId};
use motcua_rpc::Page;
use motcua_store::Tx;
use motcua_vn::{Vnd, local};

use super::{App, match_entries::book};
use crate::{
    domain::{
        Account, Attempt, Discrepancy, Kind, Method, Order, Outcome, Refusal, Resolution,
        StatementEntry, What,
    },
    store::{Fate, Reckoned},
};

/// Somebody says what became of a discrepancy.
#[derive(Debug, Clone)]
pub(crate) struct Resolve {
    pub(crate) id: DiscrepancyId,
    pub(crate) outcome: Outcome,
    /// Whose the money is, where it is a payment's.
    pub(crate) payment: Option<PaymentId>,
    /// In whose books the money was that a bank has now; none: in those of the discrepancy.
    pub(crate) agency: Option<AgencyId>,
    pub(crate) words: String,
}

/// A page of discrepancies, what was written with the money of each, and whether there is more.
pub(crate) type Listed = (Vec<(Discrepancy, String)>, bool);

impl App {
    /// A page of what does not fit, newest first. People write their names into transfers, so
    /// the reading is recorded before it is answered.
    pub(crate) async fn discrepancy_page(
        &self,
        ctx: &Ctx,
        open_only: bool,
        page: Page<DiscrepancyId>,
    ) -> Result<Listed, Fault> {
        let officer = ctx.officer()?;
        let roles = [Role::Accountant, Role::Auditor];
        let below: Vec<_> = roles.into_iter().flat_map(|role| officer.agencies(role)).collect();
        let db = self.store.reader();
        let (found, more) = self.discrepancies.page(db, &below, open_only, page).await?;
        let mut memos = self.memos(found.iter().filter_map(|one| one.entry)).await?;
        if !memos.is_empty() {
            let dossiers = found.iter().filter_map(|one| one.order);
            let dossiers: Vec<_> = dossiers.map(|order| order.uuid().into()).collect();
            let method = "/motcua.payment.v1.PaymentService/ListDiscrepancies";
            self.store.record_reading(ctx, method, &[], &dossiers, "reconcile_payments").await?;
        }
        let found = found.into_iter().map(|one| {
            let memo = one.entry.and_then(|entry| memos.remove(&entry)).unwrap_or_default();
            (one, memo)
        });
        Ok((found.collect(), more))
    }

    /// Says what became of a discrepancy; what the bank booked is booked where it belongs.
    pub(crate) async fn resolve_discrepancy(
        &self,
        ctx: &Ctx,
        command: Resolve,
    ) -> Result<Discrepancy, Fault> {
        let officer = ctx.officer()?;
        let id = command.id;
        let agency = match command.agency {
            Some(agency) => Some(self.catalog.agency(ctx, agency).await?.path),
            None => None,
        };
        if agency.as_ref().is_some_and(|agency| !officer.may(Role::Accountant, agency)) {
            let text = "Tài khoản không ghi được vào sổ sách của cơ quan này.";
            return Err(Fault::denied("NOT_YOUR_AGENCY", text));
        }
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut found = self.discrepancies.lock(tx, id).await?;
                if !officer.may(Role::Accountant, &found.agency) {
                    return Err(Refusal::DiscrepancyUnknown.into());
                }
                found.resolve(Resolution {
                    by: Some(officer.account),
                    at: ctx.now(),
                    outcome: command.outcome,
                    words: command.words.clone(),
                })?;
                if let (Outcome::Assigned, Some(payment)) = (command.outcome, command.payment) {
                    found.payment = Some(payment);
                    found.order = Some(self.orders.of_payment(tx.db(), payment).await?);
                }
                if let Some(entry) = found.entry {
                    self.book_elsewhere(tx, ctx, &found, entry, agency.clone()).await?;
                }
                if let Some(payment) = found.payment.filter(|_| found.at_gateway()) {
                    let lost = found.written_off();
                    let today = (&found.agency, local::day(ctx.now()));
                    book(tx, ctx, found.order, today, What::Identified, lost);
                    self.orders.confirm(tx, payment, ctx.now()).await?;
                }
                self.discrepancies.keep(tx, &found).await?;
                Ok(found)
            })
            .await?
            .or_reload(async |_| self.discrepancies.get(self.store.reader(), id).await)
            .await
    }

    async fn book_elsewhere(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        found: &Discrepancy,
        entry: StatementEntryId,
        agency: Option<AgencyPath>,
    ) -> Result<(), Fault> {
        let entry = self.statements.lock(tx, entry).await?;
        let outcome = found.resolution.as_ref().map(|resolution| resolution.outcome);
        let Some(account) = outcome.and_then(Outcome::account) else { return Ok(()) };
        let known = entry.known_to_be(account, agency);
        let today = local::day(ctx.now());
        book(tx, ctx, None, (&found.agency, today), What::Identified, known);
        let fate = if account == Account::Bank {
            self.assign(tx, ctx, found, &entry).await?
        } else {
            Fate::Said(None)
        };
        self.statements.settle(tx, entry.id, fate).await
    }

    /// The money is a payment's after all, or went back of one: as if its reference had been there,
    /// but of today, as it was booked on the bank's day when nobody knew whose it was.
    async fn assign(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        found: &Discrepancy,
        entry: &StatementEntry,
    ) -> Result<Fate, Fault> {
        let (Some(payment), Some(order)) = (found.payment, found.order) else {
            return Err(Refusal::PaymentUnknown.into());
        };
        let (named, today) = ((order, payment), local::day(ctx.now()));
        let method = self.orders.lock(tx, order).await?.attempt(payment)?.method;
        if method != Method::BankTransfer {
            return Err(Refusal::OutcomeInvalid.into());
        }
        if entry.amount < Vnd::ZERO {
            let shown = self.refund_shown(tx, ctx, named, entry, today).await?;
            return shown.ok_or_else(|| Refusal::OutcomeInvalid.into());
        }
        self.transferred(tx, ctx, named, entry, today).await?;
        Ok(Fate::Said(Some(payment)))
    }

    /// What the bank, the gateway and the books say of a day.
    pub(crate) async fn reckon(&self, ctx: &Ctx, day: NaiveDate) -> Result<Reckoned, Fault> {
        let officer = ctx.officer()?;
        let roles = [Role::Leader, Role::Accountant, Role::Auditor];
        self.of_the_whole_province(ctx, officer, &roles).await?;
        self.statements.reckon(self.store.reader(), day).await
    }

    async fn memos(
        &self,
        entries: impl Iterator<Item = StatementEntryId>,
    ) -> Result<HashMap<StatementEntryId, String>, Fault> {
        let entries = self.statements.entries(self.store.reader(), entries).await?;
        Ok(entries.into_iter().map(|entry| (entry.id, entry.memo)).collect())
    }
}

/// A sum of an attempt that is not as it was expected.
pub(super) fn about(
    ctx: &Ctx,
    order: &Order,
    attempt: &Attempt,
    expected: Vnd,
    actual: Vnd,
) -> Discrepancy {
    let bank_reference = attempt.transaction().unwrap_or_default().to_owned();
    Discrepancy {
        id: ctx.new_id(),
        kind: Kind::Amount,
        agency: order.facts.collecting.clone(),
        entry: None,
        order: Some(order.id),
        payment: Some(attempt.id),
        refund: None,
        statement: None,
        expected,
        actual,
        day: local::day(ctx.now()),
        bank_reference,
        found_at: ctx.now(),
        resolution: None,
    }
}
