use motcua_fault::Fault;
use motcua_ids::{DossierId, Uuid};
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
};

use super::entity::reminder::{self, Column};
use crate::domain::{Awaited, Reminder};

/// What people are reminded of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reminders;

impl Reminders {
    /// The reminder, unless another took its place.
    pub(crate) async fn get(
        self,
        db: &impl ConnectionTrait,
        id: Uuid,
    ) -> Result<Option<Reminder>, Fault> {
        let row = reminder::Entity::find_by_id(id).one(db).await.or_fault()?;
        row.map(from_row).transpose()
    }

    /// What is, or was last, awaited about a dossier.
    pub(crate) async fn of(
        self,
        db: &impl ConnectionTrait,
        dossier: DossierId,
        awaited: Awaited,
    ) -> Result<Option<Reminder>, Fault> {
        let row = about(dossier, awaited).one(db).await.or_fault()?;
        row.map(from_row).transpose()
    }

    /// The same, held until the write ends.
    pub(crate) async fn lock(
        self,
        tx: &Tx,
        dossier: DossierId,
        awaited: Awaited,
    ) -> Result<Option<Reminder>, Fault> {
        about(dossier, awaited)
            .lock_exclusive()
            .one(tx.db())
            .await
            .or_fault()?
            .map(from_row)
            .transpose()
    }

    /// Keeps a reminder in the place of `former`.
    pub(crate) async fn put(
        self,
        tx: &Tx,
        former: Option<&Reminder>,
        reminder: &Reminder,
    ) -> Result<(), Fault> {
        if let Some(former) = former {
            reminder::Entity::delete_by_id(former.id).exec(tx.db()).await.or_fault()?;
        }
        let row = reminder::ActiveModel {
            id: Set(reminder.id),
            awaited: Set(reminder.awaited.as_str().to_owned()),
            dossier: Set(reminder.dossier.uuid()),
            code: Set(reminder.code.clone()),
            version: Set(reminder.version),
            amount_vnd: Set(reminder.amount.dong()),
            before_acceptance: Set(reminder.before_acceptance),
            due_at: Set(reminder.due),
            open: Set(reminder.open),
        };
        reminder::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }
}

fn about(dossier: DossierId, awaited: Awaited) -> Select<reminder::Entity> {
    reminder::Entity::find()
        .filter(Column::Dossier.eq(dossier.uuid()))
        .filter(Column::Awaited.eq(awaited.as_str()))
}

fn from_row(row: reminder::Model) -> Result<Reminder, Fault> {
    let awaited = Awaited::ALL.into_iter().find(|awaited| awaited.as_str() == row.awaited);
    Ok(Reminder {
        id: row.id,
        awaited: awaited.ok_or_else(|| Fault::internal("a reminder of what nobody knows"))?,
        dossier: DossierId::new(row.dossier),
        code: row.code,
        version: row.version,
        amount: Vnd::new(row.amount_vnd),
        before_acceptance: row.before_acceptance,
        due: row.due_at,
        open: row.open,
    })
}
