use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{AccountId, SessionId};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use super::entity::{refresh_token, session};
use crate::domain::{End, RefreshToken, Session};

/// The sessions of the database, and the hashes of their tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sessions;

impl Sessions {
    /// The token with this hash, if it was ever given out.
    pub(crate) async fn token(
        self,
        db: &impl ConnectionTrait,
        hash: &[u8; 32],
    ) -> Result<Option<RefreshToken>, Fault> {
        let row = refresh_token::Entity::find_by_id(hash.to_vec()).one(db).await.or_fault()?;
        row.map(token).transpose()
    }

    /// The first of these refresh tokens that is kept.
    pub(crate) async fn one_of(
        self,
        db: &impl ConnectionTrait,
        hashes: &[[u8; 32]],
    ) -> Result<Option<RefreshToken>, Fault> {
        for hash in hashes {
            if let Some(found) = self.token(db, hash).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The session, if it is still kept.
    pub(crate) async fn find(
        self,
        db: &impl ConnectionTrait,
        id: SessionId,
    ) -> Result<Option<Session>, Fault> {
        let row = session::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        Ok(row.as_ref().map(from_row))
    }

    /// The session, held until the write ends, so that its chain grows at one end only.
    pub(crate) async fn lock(self, tx: &Tx, id: SessionId) -> Result<Option<Session>, Fault> {
        let held = session::Entity::find_by_id(id.uuid()).lock_exclusive();
        Ok(held.one(tx.db()).await.or_fault()?.as_ref().map(from_row))
    }

    /// Keeps a new session and its first token.
    pub(crate) async fn insert(
        self,
        tx: &Tx,
        session: &Session,
        first: &RefreshToken,
    ) -> Result<(), Fault> {
        session::Entity::insert(to_row(session))
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Self::insert_token(tx, first).await
    }

    /// Keeps the exchange of one token for the next.
    pub(crate) async fn rotate(
        self,
        tx: &Tx,
        session: &Session,
        spent: &RefreshToken,
        next: &RefreshToken,
    ) -> Result<(), Fault> {
        refresh_token::Entity::update_many()
            .col_expr(refresh_token::Column::SpentAt, Expr::value(spent.spent_at))
            .filter(refresh_token::Column::Hash.eq(spent.hash.to_vec()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Self::insert_token(tx, next).await?;
        self.save(tx, session).await
    }

    /// Keeps what became of a session.
    pub(crate) async fn save(self, tx: &Tx, session: &Session) -> Result<(), Fault> {
        session::Entity::update_many()
            .set(to_row(session))
            .filter(session::Column::Id.eq(session.id().uuid()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Ends every session of an account that has not ended.
    pub(crate) async fn end_all(
        self,
        tx: &Tx,
        account: AccountId,
        why: End,
        now: Timestamp,
    ) -> Result<(), Fault> {
        session::Entity::update_many()
            .col_expr(session::Column::EndedAt, Expr::value(now))
            .col_expr(session::Column::EndedWhy, Expr::value(why.as_str()))
            .filter(session::Column::Account.eq(account.uuid()))
            .filter(session::Column::EndedAt.is_null())
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// When the account's newest token was given out, if that was after `at`.
    pub(crate) async fn last_issue_after(
        self,
        tx: &Tx,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        let own = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .filter(session::Column::Account.eq(account.uuid()));
        let newest = refresh_token::Entity::find()
            .filter(refresh_token::Column::Session.in_subquery(own.into_query()))
            .filter(refresh_token::Column::IssuedAt.gt(at))
            .order_by_desc(refresh_token::Column::IssuedAt)
            .one(tx.db())
            .await
            .or_fault()?;
        Ok(newest.map(|token| token.issued_at))
    }

    /// Forgets sessions, and with them their tokens, that were over before `before`.
    pub(crate) async fn prune(self, tx: &Tx, before: Timestamp) -> Result<u64, Fault> {
        let over = Condition::any()
            .add(session::Column::ExpiresAt.lt(before))
            .add(session::Column::EndedAt.lt(before));
        let pruned = session::Entity::delete_many().filter(over).exec(tx.db()).await.or_fault()?;
        Ok(pruned.rows_affected)
    }

    async fn insert_token(tx: &Tx, token: &RefreshToken) -> Result<(), Fault> {
        let row = refresh_token::ActiveModel {
            hash: Set(token.hash.to_vec()),
            session: Set(token.session.uuid()),
            issued_at: Set(token.issued_at),
            spent_at: Set(token.spent_at),
        };
        refresh_token::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }
}

fn to_row(session: &Session) -> session::ActiveModel {
    let ended = session.ended();
    session::ActiveModel {
        id: Set(session.id().uuid()),
        account: Set(session.account().uuid()),
        started_at: Set(session.started_at()),
        expires_at: Set(session.expires_at()),
        ended_at: Set(ended.map(|(at, _)| at)),
        ended_why: Set(ended.map(|(_, why)| why.as_str().to_owned())),
    }
}

fn from_row(row: &session::Model) -> Session {
    // An end of a later version's making is an end all the same.
    let why = row.ended_why.as_deref().and_then(End::parse).unwrap_or(End::SignedOut);
    Session::stored(
        SessionId::new(row.id),
        AccountId::new(row.account),
        [row.started_at, row.expires_at],
        row.ended_at.map(|at| (at, why)),
    )
}

fn token(row: refresh_token::Model) -> Result<RefreshToken, Fault> {
    let hash = row.hash.try_into().map_err(|_| Fault::internal("a token's hash has 32 bytes"))?;
    Ok(RefreshToken {
        hash,
        session: SessionId::new(row.session),
        issued_at: row.issued_at,
        spent_at: row.spent_at,
    })
}
