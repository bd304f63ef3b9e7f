use std::sync::Arc;

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, AgencyPath, DiscrepancyId, StatementId, Uuid};
use motcua_rpc::Page;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::entity::discrepancy::{self, Column};
use crate::domain::{Discrepancy, Kind, Outcome, Refusal, Resolution};

/// What does not fit, and how it ended.
#[derive(Debug, Clone)]
pub(crate) struct Discrepancies {
    keyring: Arc<Keyring>,
}

impl Discrepancies {
    pub(crate) const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Notes one, unless it was noted before.
    pub(crate) async fn raise(&self, tx: &Tx, found: &Discrepancy) -> Result<(), Fault> {
        let once = OnConflict::columns([Column::Kind, Column::Subject]).do_nothing().to_owned();
        discrepancy::Entity::insert(self.row(found)?)
            .on_conflict(once)
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        // What did fit after all, and does not any more.
        let open = discrepancy::ActiveModel {
            resolved_at: Set(None),
            outcome: Set(None),
            ..Default::default()
        };
        discrepancy::Entity::update_many()
            .set(open)
            .filter(Column::Kind.eq(found.kind.as_str()))
            .filter(Column::Subject.eq(found.subject()))
            .filter(Column::Outcome.eq(Outcome::Found.as_str()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// One of them, held until the write ends, or `NOT_FOUND`.
    pub(crate) async fn lock(&self, tx: &Tx, id: DiscrepancyId) -> Result<Discrepancy, Fault> {
        let query = discrepancy::Entity::find_by_id(id.uuid()).lock_exclusive();
        self.one(query.one(tx.db()).await.or_fault()?)
    }

    /// One of them, or `NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: DiscrepancyId,
    ) -> Result<Discrepancy, Fault> {
        self.one(discrepancy::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?)
    }

    /// Keeps how one ended.
    pub(crate) async fn keep(&self, tx: &Tx, settled: &Discrepancy) -> Result<(), Fault> {
        discrepancy::Entity::update(self.row(settled)?).exec(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// What did not fit does after all: a refund that was missing has shown, a statement in between
    /// has come.
    pub(crate) async fn found(
        &self,
        tx: &Tx,
        kind: Kind,
        subject: Uuid,
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let settled = discrepancy::ActiveModel {
            resolved_at: Set(Some(at)),
            outcome: Set(Some(Outcome::Found.as_str().to_owned())),
            ..Default::default()
        };
        discrepancy::Entity::update_many()
            .set(settled)
            .filter(Column::Kind.eq(kind.as_str()))
            .filter(Column::Subject.eq(subject))
            .filter(Column::ResolvedAt.is_null())
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Statements whose balance does not fit, and nobody has said why.
    pub(crate) async fn unbalanced(&self, tx: &Tx) -> Result<Vec<StatementId>, Fault> {
        let open = discrepancy::Entity::find()
            .filter(Column::Kind.eq(Kind::Balance.as_str()))
            .filter(Column::ResolvedAt.is_null())
            .limit(100)
            .all(tx.db())
            .await
            .or_fault()?;
        Ok(open.into_iter().filter_map(|row| row.statement).map(Into::into).collect())
    }

    /// A page of those of some agencies and all below them, newest first; and whether there is
    /// more.
    pub(crate) async fn page(
        &self,
        db: &impl ConnectionTrait,
        below: &[AgencyId],
        open_only: bool,
        page: Page<DiscrepancyId>,
    ) -> Result<(Vec<Discrepancy>, bool), Fault> {
        let mut reach = Condition::any();
        for agency in below {
            reach = reach.add(Column::AgencyPath.contains(format!("/{}/", agency.uuid())));
        }
        if reach.is_empty() {
            return Ok(Default::default());
        }
        let mut query = discrepancy::Entity::find().filter(reach);
        if open_only {
            query = query.filter(Column::ResolvedAt.is_null());
        }
        if let Some(after) = page.after {
            query = query.filter(Column::Id.lt(after.uuid()));
        }
        let rows = query.order_by_desc(Column::Id).limit(page.size + 1).all(db).await.or_fault()?;
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        let found = rows.into_iter().take(size).map(|row| self.discrepancy(row));
        Ok((found.collect::<Result<_, _>>()?, more))
    }

    fn one(&self, row: Option<discrepancy::Model>) -> Result<Discrepancy, Fault> {
        self.discrepancy(row.ok_or(Refusal::DiscrepancyUnknown)?)
    }

    fn discrepancy(&self, row: discrepancy::Model) -> Result<Discrepancy, Fault> {
        let strange = || Fault::internal(format!("discrepancy {} cannot be read", row.id));
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        let resolution = match (row.resolved_at, &row.outcome) {
            (Some(at), Some(word)) => {
                let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word);
                let words = row.words.as_deref();
                let words = words.map(|words| self.keyring.open_json(&label(row.id), words));
                Some(Resolution {
                    by: row.resolved_by.map(Into::into),
                    at,
                    outcome: outcome.ok_or_else(strange)?,
                    words: words.transpose()?.unwrap_or_default(),
                })
            }
            _ => None,
        };
        Ok(Discrepancy {
            id: row.id.into(),
            kind: kind.ok_or_else(strange)?,
            agency: AgencyPath::parse(&row.agency_path).map_err(Fault::internal)?,
            entry: row.entry.map(Into::into),
            order: row.fee_order.map(Into::into),
            payment: row.payment.map(Into::into),
            refund: row.refund.map(Into::into),
            statement: row.statement.map(Into::into),
            expected: Vnd::new(row.expected),
            actual: Vnd::new(row.actual),
            day: row.day,
            bank_reference: row.bank_reference,
            found_at: row.found_at,
            resolution,
        })
    }

    fn row(&self, found: &Discrepancy) -> Result<discrepancy::ActiveModel, Fault> {
        let id = found.id.uuid();
        let subject = found.subject();
        let resolution = found.resolution.as_ref();
        let words = resolution.map(|one| &one.words).filter(|words| !words.is_empty());
        let words = words.map(|words| self.keyring.seal_json(&label(id), words)).transpose()?;
        Ok(discrepancy::ActiveModel {
            id: Set(id),
            kind: Set(found.kind.as_str().to_owned()),
            subject: Set(subject),
            agency_path: Set(found.agency.text()),
            entry: Set(found.entry.map(Into::into)),
            fee_order: Set(found.order.map(Into::into)),
            payment: Set(found.payment.map(Into::into)),
            refund: Set(found.refund.map(Into::into)),
            statement: Set(found.statement.map(Into::into)),
            expected: Set(found.expected.dong()),
            actual: Set(found.actual.dong()),
            day: Set(found.day),
            bank_reference: Set(found.bank_reference.clone()),
            found_at: Set(found.found_at),
            resolved_at: Set(resolution.map(|one| one.at)),
            resolved_by: Set(resolution.and_then(|one| one.by).map(Into::into)),
            outcome: Set(resolution.map(|one| one.outcome.as_str().to_owned())),
            words: Set(words),
        })
    }
}

fn label(id: Uuid) -> String {
    format!("payment/discrepancy/{id}")
}
