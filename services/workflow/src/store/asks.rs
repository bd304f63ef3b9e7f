use std::sync::Arc;

use motcua_fault::Fault;
use motcua_ids::{AccountId, ProcessId, SupplementId, TaskId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entity::ask;
use super::words::{from_word, word};
use crate::domain::{Ask, AskState, Refusal};

/// The asks for supplements.
#[derive(Debug, Clone)]
pub(crate) struct Asks {
    keyring: Arc<Keyring>,
}

impl Asks {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Keeps a new ask.
    pub(crate) async fn insert(&self, tx: &Tx, ask: &Ask) -> Result<(), Fault> {
        let id = ask.id.uuid();
        let row = ask::ActiveModel {
            id: Set(id),
            process: Set(ask.process.uuid()),
            task: Set(ask.task.uuid()),
            words: Set(self.keyring.seal_json(&label(id), &ask.words)?),
            asked_by: Set(ask.by.uuid()),
            asked_at: Set(ask.at),
            state: Set(word(&ask.state)?),
        };
        ask::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// The ask, or `ASK_NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: SupplementId,
    ) -> Result<Ask, Fault> {
        let found = ask::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        let row = found.ok_or(Refusal::AskUnknown)?;
        Ok(Ask {
            id,
            process: ProcessId::new(row.process),
            task: TaskId::new(row.task),
            words: self.keyring.open_json(&label(row.id), &row.words)?,
            by: AccountId::new(row.asked_by),
            at: row.asked_at,
            state: from_word(&row.state)?,
        })
    }

    /// Notes what became of an ask.
    pub(crate) async fn turn(
        &self,
        tx: &Tx,
        id: SupplementId,
        state: AskState,
    ) -> Result<(), Fault> {
        ask::Entity::update_many()
            .col_expr(ask::Column::State, Expr::value(word(&state)?))
            .filter(ask::Column::Id.eq(id.uuid()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// The process ended before these were decided.
    pub(crate) async fn cancel(&self, tx: &Tx, process: ProcessId) -> Result<(), Fault> {
        ask::Entity::update_many()
            .col_expr(ask::Column::State, Expr::value(word(&AskState::Cancelled)?))
            .filter(ask::Column::Process.eq(process.uuid()))
            .filter(
                ask::Column::State.is_in([word(&AskState::Pending)?, word(&AskState::Requested)?]),
            )
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }
}

fn label(id: Uuid) -> String {
    format!("workflow/ask/words/{id}")
}
