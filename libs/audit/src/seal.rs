use std::fmt;

use chrono::TimeDelta;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use motcua_context::Timestamp;
use motcua_database::OrFault;
use motcua_fault::Fault;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use crate::{
    Audit,
    entry::feed,
    tables::{chained, seal as table},
};

/// How often the chain is sealed: after so many rows, or so long after a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealEvery {
    /// Rows.
    pub rows: i64,
    /// Time.
    pub time: TimeDelta,
}

/// Where a chain stands: enough to tell later that nothing before was touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last position.
    pub position: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// A signature over the chain up to a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Counted from one.
    pub number: i64,
    /// What was sealed.
    pub head: Head,
    /// When.
    pub at: Timestamp,
    /// Whose key signed: Ed25519, 32 bytes.
    pub signer: Vec<u8>,
    /// 64 bytes.
    pub signature: Vec<u8>,
}

impl fmt::Display for Head {
    /// `12 3f…`: the position and the hash in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.position, hex::encode(&self.hash))
    }
}

impl Seal {
    /// What is signed: the seal before is part of it, so that none can be left out.
    fn digest(&self, service: &str, before: Option<&Self>) -> [u8; 32] {
        let mut hash = Sha256::new();
        feed(&mut hash, b"motcua audit seal v1");
        feed(&mut hash, service.as_bytes());
        feed(&mut hash, &self.number.to_be_bytes());
        feed(&mut hash, &self.head.position.to_be_bytes());
        feed(&mut hash, &self.head.hash);
        feed(&mut hash, &self.at.timestamp_micros().to_be_bytes());
        feed(&mut hash, before.map_or(&[][..], |seal| &seal.signature));
        hash.finalize().into()
    }

    /// Whether one of `keys` made this seal, behind the one `before`.
    pub(crate) fn holds(&self, service: &str, before: Option<&Self>, keys: &[[u8; 32]]) -> bool {
        let Ok(signature) = Signature::from_slice(&self.signature) else { return false };
        let digest = self.digest(service, before);
        keys.iter()
            .filter(|key| key[..] == self.signer)
            .filter_map(|key| VerifyingKey::from_bytes(key).ok())
            .any(|key| key.verify_strict(&digest, &signature).is_ok())
    }
}

impl Audit {
    /// Seals the chain if it is time; the seal, if one was made.
    pub async fn seal(
        &self,
        key: &SigningKey,
        every: SealEvery,
        now: Timestamp,
    ) -> Result<Option<Seal>, Fault> {
        let last = self.last_seal().await?;
        let (position, hash) = self.head(self.reader()).await?;
        let sealed = last.as_ref().map_or(0, |seal| seal.head.position);
        let fresh = position - sealed;
        if fresh <= 0 || (fresh < every.rows && !self.is_stale(sealed, every.time, now).await?) {
            return Ok(None);
        }
        let mut seal = Seal {
            number: last.as_ref().map_or(0, |seal| seal.number) + 1,
            head: Head { position, hash },
            at: now,
            signer: key.verifying_key().as_bytes().to_vec(),
            signature: Vec::new(),
        };
        let digest = seal.digest(self.service(), last.as_ref());
        seal.signature = key.sign(&digest).to_bytes().to_vec();
        let row = table::ActiveModel {
            number: Set(seal.number),
            position: Set(seal.head.position),
            hash: Set(seal.head.hash.clone()),
            at: Set(seal.at),
            signer: Set(seal.signer.clone()),
            signature: Set(seal.signature.clone()),
        };
        table::Entity::insert(row)
            .exec_without_returning(self.database.writer())
            .await
            .or_fault()?;
        Ok(Some(seal))
    }

    /// The newest seal.
    pub async fn last_seal(&self) -> Result<Option<Seal>, Fault> {
        let row = table::Entity::find()
            .order_by_desc(table::Column::Number)
            .limit(1)
            .one(self.reader())
            .await
            .or_fault()?;
        Ok(row.map(seal))
    }

    pub(crate) async fn seals(&self, db: &impl ConnectionTrait) -> Result<Vec<Seal>, Fault> {
        let rows =
            table::Entity::find().order_by_asc(table::Column::Number).all(db).await.or_fault()?;
        Ok(rows.into_iter().map(seal).collect())
    }

    /// Whether the first row behind the last seal has waited for as long as may be.
    async fn is_stale(&self, sealed: i64, time: TimeDelta, now: Timestamp) -> Result<bool, Fault> {
        let first = chained::Entity::find_by_id(sealed + 1).one(self.reader()).await.or_fault()?;
        Ok(first.is_none_or(|row| now - row.at >= time))
    }
}

fn seal(row: table::Model) -> Seal {
    Seal {
        number: row.number,
        head: Head { position: row.position, hash: row.hash },
        at: row.at,
        signer: row.signer,
        signature: row.signature,
    }
}
