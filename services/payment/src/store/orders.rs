use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, FeeOrderId, PaymentId, ReceiptId, RefundId, Uuid};
use motcua_rpc::Page;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};

use super::{
    entity::{assessment, fee_order, payment, receipt, refund},
    rows, series,
};
use crate::domain::{Bill, Method, Order, Refusal, Series, State, Via};

/// More references that begin alike are nobody's: eight letters tell a billion apart.
const ALIKE: u64 = 100;

/// The orders with all that hangs on them.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    keyring: Arc<Keyring>,
}

/// Where an order stands in a list: by when its dossier was accepted, the oldest first, or by its
/// id alone, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) accepted_at: DateTime<Utc>,
    pub(crate) id: FeeOrderId,
}

impl From<&Order> for Placed {
    fn from(order: &Order) -> Self {
        Self { accepted_at: order.facts.accepted_at, id: order.id }
    }
}

/// Which orders a list shows.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The agencies in which a role reaches what is below, and those in which it does not.
    pub(crate) below: Vec<AgencyId>,
    pub(crate) at: Vec<AgencyId>,
    /// One state's, or all.
    pub(crate) state: Option<State>,
    /// The one that was accepted longest ago, or the newest.
    pub(crate) oldest_first: bool,
}

/// Whose a reference is of which a bank has kept the beginning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// No other attempt ever had one that begins so, and this one waits for just this sum.
    Only(FeeOrderId, PaymentId),
    /// The only one of these that was not paid and is of this sum: for a person to look at.
    Perhaps(PaymentId),
    /// None, or there are several.
    Nobodys,
}

impl Orders {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The order, or `NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: FeeOrderId,
    ) -> Result<Order, Fault> {
        self.one(db, fee_order::Entity::find_by_id(id.uuid())).await
    }

    /// The order, held until the write ends, or `NOT_FOUND`.
    pub(crate) async fn lock(&self, tx: &Tx, id: FeeOrderId) -> Result<Order, Fault> {
        self.one(tx.db(), fee_order::Entity::find_by_id(id.uuid()).lock_exclusive()).await
    }

    /// Whether there is one already.
    pub(crate) async fn is_there(
        &self,
        db: &impl ConnectionTrait,
        id: FeeOrderId,
    ) -> Result<bool, Fault> {
        Ok(fee_order::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?.is_some())
    }

    /// The order and the attempt that the outside knows by a reference: one that went through the
    /// gateway `via`, or by transfer where that is none. A gateway's attempt is nothing to a bank nor to
    /// another gateway, nor a transfer to a gateway: their money lies elsewhere.
    pub(crate) async fn by_reference(
        &self,
        db: &impl ConnectionTrait,
        reference: &str,
        via: Option<Via>,
    ) -> Result<Option<(FeeOrderId, PaymentId)>, Fault> {
        let method = via.map_or(Method::BankTransfer, |_| Method::Gateway);
        let found = payment::Entity::find()
            .filter(payment::Column::Reference.eq(reference))
            .filter(payment::Column::Method.eq(method.as_str()))
            .one(db)
            .await
            .or_fault()?;
        let went = found.filter(|row| rows::via(method, row.gateway.as_deref()) == via);
        Ok(went.map(|row| (row.fee_order.into(), row.id.into())))
    }

    /// Whose a reference is that begins so, when so much came: see [`Cut`].
    pub(crate) async fn beginning_with(
        &self,
        db: &impl ConnectionTrait,
        begin: &str,
        amount: Vnd,
    ) -> Result<Cut, Fault> {
        use payment::Column as C;
        let alike = payment::Entity::find()
            .filter(C::Method.eq(Method::BankTransfer.as_str()))
            .filter(C::Reference.starts_with(begin))
            .limit(ALIKE)
            .all(db)
            .await
            .or_fault()?;
        if let [one] = &alike[..]
            && one.state == rows::PENDING
            && one.amount == amount.dong()
        {
            return Ok(Cut::Only(one.fee_order.into(), one.id.into()));
        }
        let mut fits =
            alike.iter().filter(|one| one.settled_at.is_none() && one.amount == amount.dong());
        Ok(match (fits.next(), fits.next()) {
            (Some(one), None) => Cut::Perhaps(one.id.into()),
            _ => Cut::Nobodys,
        })
    }

    /// The gateway was found to see an attempt as we do.
    pub(crate) async fn confirm(
        &self,
        tx: &Tx,
        id: PaymentId,
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let row = payment::ActiveModel {
            id: Set(id.uuid()),
            confirmed_at: Set(Some(at)),
            ..Default::default()
        };
        payment::Entity::update(row).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// The order of an attempt.
    pub(crate) async fn of_payment(
        &self,
        db: &impl ConnectionTrait,
        id: PaymentId,
    ) -> Result<FeeOrderId, Fault> {
        let row = payment::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        Ok(row.ok_or(Refusal::PaymentUnknown)?.fee_order.into())
    }

    /// The order of a refund.
    pub(crate) async fn of_refund(
        &self,
        db: &impl ConnectionTrait,
        id: RefundId,
    ) -> Result<FeeOrderId, Fault> {
        let row = refund::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        Ok(row.ok_or(Refusal::RefundUnknown)?.fee_order.into())
    }

    /// The order of a receipt.
    pub(crate) async fn of_receipt(
        &self,
        db: &impl ConnectionTrait,
        id: ReceiptId,
    ) -> Result<FeeOrderId, Fault> {
        let row = receipt::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        Ok(row.ok_or(Refusal::ReceiptUnknown)?.fee_order.into())
    }

    /// What a receipt says, as far as it was kept when it was issued.
    pub(crate) async fn bill(
        &self,
        db: &impl ConnectionTrait,
        id: ReceiptId,
    ) -> Result<Option<Bill>, Fault> {
        let row = receipt::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        rows::bill(&self.keyring, &row.ok_or(Refusal::ReceiptUnknown)?)
    }

    /// Keeps what a receipt says.
    pub(crate) async fn note_bill(&self, tx: &Tx, id: ReceiptId, bill: &Bill) -> Result<(), Fault> {
        let row = rows::bill_row(&self.keyring, id.uuid(), bill)?;
        receipt::Entity::update(row).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// A page of orders, newest or oldest first, without what hangs on them but what was paid; and
    /// whether there is more.
    pub(crate) async fn page(
        &self,
        db: &impl ConnectionTrait,
        listed: &Listed,
        page: Page<Placed>,
    ) -> Result<(Vec<Order>, bool), Fault> {
        let Some(query) = page_of(listed, page) else { return Ok(Default::default()) };
        let mut found = query.all(db).await.or_fault()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
        let mut paid: HashMap<Uuid, Vec<payment::Model>> = HashMap::new();
        let attempts = payment::Entity::find().filter(payment::Column::FeeOrder.is_in(ids));
        for row in attempts.all(db).await.or_fault()? {
            paid.entry(row.fee_order).or_default().push(row);
        }
        let orders = found.into_iter().map(|row| {
            let attempts = paid.remove(&row.id).unwrap_or_default();
            let mut order = rows::order(row)?;
            order.attempts = attempts.into_iter().map(rows::attempt).collect::<Result<_, _>>()?;
            Ok(order)
        });
        Ok((orders.collect::<Result<_, Fault>>()?, more))
    }

    /// Keeps an order with all that hangs on it. Receipts get their numbers here, so this comes
    /// last of what locks.
    pub(crate) async fn keep(&self, tx: &Tx, order: &mut Order) -> Result<(), Fault> {
        let row = rows::order_row(order)?;
        if order.stored_version() == 0 {
            fee_order::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        } else {
            fee_order::Entity::update(row).exec(tx.db()).await.or_fault()?;
        }
        let id = order.id;
        let assessments = order.assessments.iter().filter(|a| a.version > order.stored_version());
        for one in assessments {
            let row = rows::assessment_row(&self.keyring, id, one)?;
            assessment::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        }
        let attempts: Vec<_> = order.attempts.iter().map(|a| rows::attempt_row(id, a)).collect();
        if !attempts.is_empty() {
            use payment::Column as C;
            let changed = [C::State, C::SettledAt, C::TransactionNo, C::Owed, C::Declined];
            payment::Entity::insert_many(attempts)
                .on_conflict(OnConflict::column(C::Id).update_columns(changed).to_owned())
                .exec_without_returning(tx.db())
                .await
                .or_fault()?;
        }
        for one in &order.refunds {
            use refund::Column as C;
            let row = rows::refund_row(&self.keyring, id, one)?;
            let decided = [C::State, C::Parts, C::DecidedBy, C::DecidedAt];
            let sent = [C::TakenAt, C::Refused, C::RefundedAt];
            let changed = decided.into_iter().chain(sent);
            refund::Entity::insert(row)
                .on_conflict(OnConflict::column(C::Id).update_columns(changed).to_owned())
                .exec_without_returning(tx.db())
                .await
                .or_fault()?;
        }
        self.keep_receipts(tx, order).await
    }

    async fn keep_receipts(&self, tx: &Tx, order: &mut Order) -> Result<(), Fault> {
        for receipt in &mut order.receipts {
            if let Some((series, number)) = &receipt.number {
                use receipt::Column as C;
                let number = (series, *number);
                let row = rows::receipt_row(&self.keyring, order.id, receipt, number)?;
                receipt::Entity::update_many()
                    .set(receipt::ActiveModel {
                        cancelled_at: row.cancelled_at,
                        cancelled_by: row.cancelled_by,
                        cancel_reason: row.cancel_reason,
                        replaced_by: row.replaced_by,
                        ..Default::default()
                    })
                    .filter(C::Id.eq(receipt.id.uuid()))
                    .exec(tx.db())
                    .await
                    .or_fault()?;
                continue;
            }
            let code = &order.facts.collecting_code;
            let series = Series::of(code, receipt.kind, receipt.issued_at);
            let number = series::next(tx, &series).await?;
            let row = rows::receipt_row(&self.keyring, order.id, receipt, (&series, number))?;
            receipt::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
            receipt.number = Some((series, number));
        }
        Ok(())
    }

    async fn one(
        &self,
        db: &impl ConnectionTrait,
        query: Select<fee_order::Entity>,
    ) -> Result<Order, Fault> {
        let row = query.one(db).await.or_fault()?.ok_or(Refusal::OrderUnknown)?;
        let mut order = rows::order(row)?;
        let id = order.id.uuid();
        let attempts = payment::Entity::find()
            .filter(payment::Column::FeeOrder.eq(id))
            .order_by_asc(payment::Column::CreatedAt)
            .order_by_asc(payment::Column::Id)
            .all(db)
            .await
            .or_fault()?;
        order.attempts = attempts.into_iter().map(rows::attempt).collect::<Result<_, _>>()?;
        let assessments = assessment::Entity::find()
            .filter(assessment::Column::FeeOrder.eq(id))
            .order_by_asc(assessment::Column::Version)
            .all(db)
            .await
            .or_fault()?;
        let opened = assessments.iter().map(|row| rows::assessment(&self.keyring, row));
        order.assessments = opened.collect::<Result<_, _>>()?;
        if order.attempts.is_empty() {
            return Ok(order);
        }
        let receipts = receipt::Entity::find()
            .filter(receipt::Column::FeeOrder.eq(id))
            .order_by_asc(receipt::Column::IssuedAt)
            .order_by_asc(receipt::Column::Kind)
            .order_by_asc(receipt::Column::Number)
            .all(db)
            .await
            .or_fault()?;
        let receipts = receipts.into_iter().map(|row| rows::receipt(&self.keyring, row));
        order.receipts = receipts.collect::<Result<_, _>>()?;
        let refunds = refund::Entity::find()
            .filter(refund::Column::FeeOrder.eq(id))
            .order_by_asc(refund::Column::RequestedAt)
            .order_by_asc(refund::Column::Id)
            .all(db)
            .await
            .or_fault()?;
        let opened = refunds.iter().map(|row| rows::refund(&self.keyring, row));
        order.refunds = opened.collect::<Result<_, _>>()?;
        Ok(order)
    }
}

/// One row more than the page has; none where no agency is reached.
pub(super) fn page_of(listed: &Listed, page: Page<Placed>) -> Option<Select<fee_order::Entity>> {
    use fee_order::Column as C;
    let own = listed.at.iter().chain(&listed.below).map(|agency| agency.uuid());
    let mut reach = Condition::any();
    if !listed.at.is_empty() || !listed.below.is_empty() {
        reach = reach.add(C::Collecting.is_in(own));
    }
    for agency in &listed.below {
        reach = reach.add(C::CollectingPath.contains(format!("/{}/", agency.uuid())));
    }
    if reach.is_empty() {
        return None;
    }
    let mut query = fee_order::Entity::find().filter(reach);
    if let Some(state) = listed.state {
        // Said and not bound, since only so do databases see that an index of this state's rows
        // alone has all of them.
        let state = Expr::cust(format!("'{}'", state.as_str()));
        query = query.filter(C::State.into_expr().eq(state));
    }
    if let Some(after) = page.after {
        query = query.filter(if listed.oldest_first {
            let place = Expr::tuple([Expr::col(C::AcceptedAt), Expr::col(C::Id)]);
            let last = [Expr::val(after.accepted_at), Expr::val(after.id.uuid())];
            place.gt(Expr::tuple(last))
        } else {
            C::Id.lt(after.id.uuid())
        });
    }
    let query = if listed.oldest_first {
        query.order_by_asc(C::AcceptedAt).order_by_asc(C::Id)
    } else {
        query.order_by_desc(C::Id)
    };
    Some(query.limit(page.size + 1))
}
