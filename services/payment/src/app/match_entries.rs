use chrono::{Days, NaiveDate, NaiveTime};
use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{AgencyPath, EntryId, FeeOrderId, PaymentId, StatementId, Uuid};
use motcua_store::Tx;
use motcua_vn::{Vnd, local};

use super::{App, keep::receipt_ids, timer};
use crate::{
    domain::{
        Account, Arrival, Came, Discrepancy, Entry, Kind, Outlook, RefundState, Statement,
        StatementEntry, Transfer, What, named,
    },
    store::{Books, Cut, Fate},
};

/// What is looked at before the job comes again.
const AT_ONCE: u64 = 500;

/// Whom the memo of an entry names.
#[derive(Debug, Clone, Copy, Default)]
struct Named {
    /// By a whole reference, or by one that was cut and can be nobody else's.
    surely: Option<(FeeOrderId, PaymentId)>,
    /// By the beginning of one, with the sum that is asked for.
    perhaps: Option<PaymentId>,
}

impl App {
    /// Looks at what a statement brought, entry by entry, each in a write of its own.
    pub(crate) async fn match_entries(&self, ctx: &Ctx, statement: Uuid) -> Result<(), Fault> {
        let id = StatementId::new(statement);
        let db = self.store.reader();
        let statement = self.statements.get(db, id).await?;
        let entries = self.statements.unseen(db, id, AT_ONCE).await?;
        let more = u64::try_from(entries.len()).unwrap_or_default() == AT_ONCE;
        let mut failed = None;
        for entry in entries {
            let cause = Cause::Command { id: entry.id.uuid() };
            let done = self.match_entry(&ctx.clone().with_cause(cause), &statement, &entry).await;
            // One that cannot be looked at keeps nobody else waiting.
            if let Err(fault) = done {
                tracing::warn!(%fault, entry = %entry.id, "an entry of a statement waits");
                failed = Some(fault);
            }
        }
        match failed {
            Some(fault) => return Err(fault),
            None if more => {}
            None => self.miss_refunds(ctx, &statement).await?,
        }
        self.store
            .write(ctx, id.uuid(), async |tx| {
                if more {
                    tx.schedule(timer::STATEMENT, id.uuid(), ctx.now()).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    async fn match_entry(
        &self,
        ctx: &Ctx,
        statement: &Statement,
        entry: &StatementEntry,
    ) -> Result<(), Fault> {
        let named = self.named(entry).await?;
        self.store
            .write(ctx, entry.id.uuid(), async |tx| {
                let entry = self.statements.lock(tx, entry.id).await?;
                if entry.outlook != Outlook::New {
                    return Ok(());
                }
                if let Some((order, payment)) = named.surely.filter(|_| !entry.reversal) {
                    // Held, so that two statements do not both take it for the first.
                    self.orders.lock(tx, order).await?;
                    if self.statements.has_twin(tx, &entry, payment).await? {
                        return self.statements.settle(tx, entry.id, Fate::Known(payment)).await;
                    }
                }
                let fate = match named.surely {
                    Some((order, payment)) if entry.amount > Vnd::ZERO && !entry.reversal => {
                        self.transferred(tx, ctx, (order, payment), &entry, entry.day).await?;
                        Fate::Payment(payment)
                    }
                    Some(whose) => {
                        match self.refund_shown(tx, ctx, whose, &entry, entry.day).await? {
                            Some(refund) => refund,
                            None => self.nobodys(tx, ctx, &statement.agency, &entry, named).await?,
                        }
                    }
                    None => self.nobodys(tx, ctx, &statement.agency, &entry, named).await?,
                };
                self.statements.settle(tx, entry.id, fate).await
            })
            .await?;
        Ok(())
    }

    /// Whom a memo names. Of several references, the first that is known counts; of those that were
    /// cut, the first that may be somebody's.
    async fn named(&self, entry: &StatementEntry) -> Result<Named, Fault> {
        let db = self.store.reader();
        let (whole, cut) = named(&entry.memo);
        for reference in whole {
            let surely = self.orders.by_reference(db, &reference, None).await?;
            if surely.is_some() {
                return Ok(Named { surely, perhaps: None });
            }
        }
        for begin in cut {
            match self.orders.beginning_with(db, &begin, entry.amount).await? {
                Cut::Only(order, payment) => {
                    return Ok(Named { surely: Some((order, payment)), perhaps: None });
                }
                Cut::Perhaps(payment) => {
                    return Ok(Named { surely: None, perhaps: Some(payment) });
                }
                Cut::Nobodys => {}
            }
        }
        Ok(Named::default())
    }

    /// Money came under the reference of an attempt; it is booked on a `day`.
    pub(super) async fn transferred(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        (order, payment): (FeeOrderId, PaymentId),
        entry: &StatementEntry,
        day: NaiveDate,
    ) -> Result<(), Fault> {
        let mut order = self.orders.lock(tx, order).await?;
        let asked = order.attempt(payment)?.amount;
        let came = Came { amount: entry.amount, transaction: &entry.bank_reference, at: ctx.now() };
        let arrival = order.transferred(payment, &came, ctx.new_id(), receipt_ids(ctx))?;
        let expected = if arrival == Arrival::Paid { asked } else { Vnd::ZERO };
        self.over(tx, ctx, order.attempt(payment)?).await?;
        self.keep_on(tx, ctx, &mut order, day).await?;
        if expected == entry.amount {
            return Ok(());
        }
        let found = Discrepancy {
            order: Some(order.id),
            payment: Some(payment),
            expected,
            ..about(ctx, Kind::Amount, &order.facts.collecting, entry)
        };
        self.discrepancies.raise(tx, &found).await
    }

    /// Money went under the reference of a payment: a refund, where the sum is one's. It is booked on a
    /// `day`, unless somebody had said before that it had gone.
    pub(super) async fn refund_shown(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        (order, payment): (FeeOrderId, PaymentId),
        entry: &StatementEntry,
        day: NaiveDate,
    ) -> Result<Option<Fate>, Fault> {
        let mut order = self.orders.lock(tx, order).await?;
        let sum = Vnd::new(-entry.amount.dong());
        let sent = order.refunds_sent(payment, sum).map(|refund| (refund.id, refund.state));
        let mut not_shown = None;
        for (refund, state) in sent {
            if !self.statements.shows(tx.db(), refund).await? {
                not_shown = Some((refund, state));
                break;
            }
        }
        let Some((refund, state)) = not_shown else { return Ok(None) };
        if matches!(state, RefundState::Approved { .. }) {
            order.complete_refund(refund, None, ctx.now())?;
            self.keep_on(tx, ctx, &mut order, day).await?;
        }
        let missing = Kind::MissingThere;
        self.discrepancies.found(tx, missing, refund.uuid(), ctx.now()).await?;
        Ok(Some(Fate::Refund(refund)))
    }

    /// Nobody knows what for: it is booked as that, and a person has to look at it.
    async fn nobodys(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        agency: &AgencyPath,
        entry: &StatementEntry,
        named: Named,
    ) -> Result<Fate, Fault> {
        let transfer = entry.against(Account::Unidentified);
        book(tx, ctx, None, (agency, entry.day), What::Unidentified, transfer);
        let found =
            Discrepancy { payment: named.perhaps, ..about(ctx, Kind::MissingHere, agency, entry) };
        self.discrepancies.raise(tx, &found).await?;
        Ok(Fate::Nobodys)
    }

    /// Refunds that were said to have gone well before the statement ended, and did not show.
    async fn miss_refunds(&self, ctx: &Ctx, statement: &Statement) -> Result<(), Fault> {
        let Some(before) = statement.days.and_then(|(_, last)| last.checked_sub_days(Days::new(1)))
        else {
            return Ok(());
        };
        let before = local::instant(before.and_time(NaiveTime::MIN));
        let db = self.store.reader();
        for (refund, order) in self.statements.refunds_not_shown(db, before).await? {
            let order = self.orders.get(db, order.into()).await?;
            let gone = order.refund(refund)?.clone();
            let RefundState::Refunded { at, .. } = gone.state else { continue };
            let found = Discrepancy {
                id: ctx.new_id(),
                kind: Kind::MissingThere,
                agency: order.facts.collecting.clone(),
                entry: None,
                order: Some(order.id),
                payment: Some(gone.payment),
                refund: Some(refund),
                statement: None,
                expected: Vnd::new(-gone.amount.dong()),
                actual: Vnd::ZERO,
                day: local::day(at),
                bank_reference: String::new(),
                found_at: ctx.now(),
                resolution: None,
            };
            let cause = Cause::Command { id: refund.uuid() };
            let ctx = ctx.clone().with_cause(cause.step("missing"));
            self.store
                .write(&ctx, refund.uuid(), async |tx| self.discrepancies.raise(tx, &found).await)
                .await?;
        }
        Ok(())
    }
}

/// A discrepancy about an entry, before it is known what belongs to it.
fn about(ctx: &Ctx, kind: Kind, agency: &AgencyPath, entry: &StatementEntry) -> Discrepancy {
    Discrepancy {
        id: ctx.new_id(),
        kind,
        agency: agency.clone(),
        entry: Some(entry.id),
        order: None,
        payment: None,
        refund: None,
        statement: None,
        expected: Vnd::ZERO,
        actual: entry.amount,
        day: entry.day,
        bank_reference: entry.bank_reference.clone(),
        found_at: ctx.now(),
        resolution: None,
    }
}

/// Writes a movement of one transfer down, in the books of an agency and of a day.
pub(super) fn book(
    tx: &Tx,
    ctx: &Ctx,
    order: Option<FeeOrderId>,
    of: (&AgencyPath, NaiveDate),
    what: What,
    transfer: Option<Transfer>,
) {
    let entry = Entry { what, at: ctx.now(), transfers: transfer.into_iter().collect() };
    Books::write(tx, ctx.new_id::<EntryId>().uuid(), order, of, &entry);
}
