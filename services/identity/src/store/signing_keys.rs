use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::entity::signing_key;
use crate::domain::SigningKey;

/// The keys of the database. There are two or three at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SigningKeys;

/// A key with its private half, sealed.
#[derive(Debug, Clone)]
pub(crate) struct SealedKey {
    pub(crate) key: SigningKey,
    pub(crate) sealed: Vec<u8>,
}

impl SigningKeys {
    /// All keys, the newest first.
    pub(crate) async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<SealedKey>, Fault> {
        let rows = signing_key::Entity::find()
            .order_by_desc(signing_key::Column::Generation)
            .all(db)
            .await
            .or_fault()?;
        rows.into_iter().map(from_row).collect()
    }

    /// The newest key, held until the write ends.
    pub(crate) async fn lock_newest(self, tx: &Tx) -> Result<Option<SealedKey>, Fault> {
        let row = signing_key::Entity::find()
            .order_by_desc(signing_key::Column::Generation)
            .lock_exclusive()
            .one(tx.db())
            .await
            .or_fault()?;
        row.map(from_row).transpose()
    }

    /// Keeps a new key. A second one of the same generation is a conflict.
    pub(crate) async fn insert(self, tx: &Tx, sealed: &SealedKey) -> Result<(), Fault> {
        let SealedKey { key, sealed } = sealed;
        let row = signing_key::ActiveModel {
            kid: Set(key.kid.clone()),
            generation: Set(key.generation),
            public: Set(key.public.to_vec()),
            sealed: Set(sealed.clone()),
            sign_from: Set(key.sign_from),
            retire_at: Set(key.retire_at),
        };
        signing_key::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Keeps when a key retires.
    pub(crate) async fn retire(self, tx: &Tx, key: &SigningKey) -> Result<(), Fault> {
        signing_key::Entity::update_many()
            .col_expr(signing_key::Column::RetireAt, Expr::value(key.retire_at))
            .filter(signing_key::Column::Kid.eq(&key.kid))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Destroys keys that retired before `before`, private halves and all.
    pub(crate) async fn destroy(self, tx: &Tx, before: Timestamp) -> Result<u64, Fault> {
        let destroyed = signing_key::Entity::delete_many()
            .filter(signing_key::Column::RetireAt.lt(before))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(destroyed.rows_affected)
    }
}

fn from_row(row: signing_key::Model) -> Result<SealedKey, Fault> {
    let public = row.public.try_into().map_err(|_| Fault::internal("a public key has 32 bytes"))?;
    let key = SigningKey {
        kid: row.kid,
        generation: row.generation,
        public,
        sign_from: row.sign_from,
        retire_at: row.retire_at,
    };
    Ok(SealedKey { key, sealed: row.sealed })
}
