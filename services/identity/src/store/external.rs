use std::sync::Arc;

use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, EventId, SessionId};
use motcua_keys::{Blinded, SealedColumn};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};

use super::entity::{external_link as link, external_sign_in as spent};

/// Who at which provider has which account, and what has opened a session there.
#[derive(Debug, Clone)]
pub(crate) struct ExternalSignIns {
    keyring: Arc<Keyring>,
}

/// What is sealed of a link, as stored JSON. Its field names are an agreement with old rows.
#[derive(Serialize, Deserialize)]
struct Person {
    issuer: String,
    subject: String,
}

const LABEL: &str = "identity/external-link";

impl ExternalSignIns {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The account of a person at a provider, if one is linked.
    pub(crate) async fn account(
        &self,
        db: &impl ConnectionTrait,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<AccountId>, Fault> {
        let indexes = self.keyring.blind_all("identity/external", &whole(issuer, subject));
        let found = link::Entity::find().filter(link::Column::SubjectIndex.is_in(indexes));
        Ok(found.one(db).await.or_fault()?.map(|row| AccountId::new(row.account)))
    }

    /// Whether somebody at a provider has this account.
    pub(crate) async fn is_linked(
        &self,
        db: &impl ConnectionTrait,
        issuer: &str,
        account: AccountId,
    ) -> Result<bool, Fault> {
        let found = link::Entity::find()
            .filter(link::Column::Issuer.eq(issuer))
            .filter(link::Column::Account.eq(account.uuid()));
        Ok(found.count(db).await.or_fault()? > 0)
    }

    /// Links an account to a person at a provider.
    pub(crate) async fn link(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        account: AccountId,
        issuer: &str,
        subject: &str,
    ) -> Result<(), Fault> {
        let id = ctx.new_id::<EventId>().uuid();
        let person = Person { issuer: issuer.to_owned(), subject: subject.to_owned() };
        let row = link::ActiveModel {
            id: Set(id),
            account: Set(account.uuid()),
            issuer: Set(person.issuer.clone()),
            subject_index: Set(self.keyring.blind("identity/external", &whole(issuer, subject))),
            sealed: Set(self.keyring.seal_json(&format!("{LABEL}/{id}"), &person)?),
            linked_at: Set(ctx.now()),
        };
        link::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// The session that this ticket or token has opened, if it has.
    pub(crate) async fn opened(
        &self,
        db: &impl ConnectionTrait,
        hash: &[u8; 32],
    ) -> Result<Option<SessionId>, Fault> {
        let row = spent::Entity::find_by_id(hash.to_vec()).one(db).await.or_fault()?;
        Ok(row.map(|row| SessionId::new(row.session)))
    }

    /// Remembers that this ticket or token opens `session`; false if it has opened one before.
    pub(crate) async fn spend(
        &self,
        tx: &Tx,
        hash: &[u8; 32],
        session: SessionId,
        forget_at: Timestamp,
    ) -> Result<bool, Fault> {
        let row = spent::ActiveModel {
            spent: Set(hash.to_vec()),
            session: Set(session.uuid()),
            forget_at: Set(forget_at),
        };
        let first = spent::Entity::insert(row)
            .on_conflict_do_nothing_on([spent::Column::Spent])
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Ok(matches!(first, sea_orm::TryInsertResult::Inserted(1)))
    }

    /// Forgets tickets and tokens that could open no session any more.
    pub(crate) async fn prune(&self, tx: &Tx, now: Timestamp) -> Result<u64, Fault> {
        let over = spent::Column::ForgetAt.lt(now);
        let pruned = spent::Entity::delete_many().filter(over).exec(tx.db()).await.or_fault()?;
        Ok(pruned.rows_affected)
    }
}

/// What is sealed of links, with the index made of it.
pub(super) const SEALED: SealedColumn =
    SealedColumn::of("external_link", "sealed", LABEL).with(blind);

fn blind(keyring: &Keyring, _: &str, plain: &[u8]) -> Result<Blinded, Fault> {
    // The parser's message may quote the value, which is personal data: it is dropped.
    let person: Person =
        serde_json::from_slice(plain).map_err(|_| Fault::internal("a sealed link is no JSON"))?;
    let index = keyring.blind("identity/external", &whole(&person.issuer, &person.subject));
    Ok(vec![("subject_index", Some(index))])
}

/// A subject is one at its issuer alone; an address holds no line end.
fn whole(issuer: &str, subject: &str) -> String {
    format!("{issuer}\n{subject}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_sealed_anew_is_found_as_before() {
        let keyring = Keyring::generate();
        let person = Person { issuer: "https://a".into(), subject: "1".into() };
        let blinded = blind(&keyring, "", &serde_json::to_vec(&person).unwrap()).unwrap();
        let sought = keyring.blind("identity/external", &whole("https://a", "1"));
        assert_eq!(blinded, [("subject_index", Some(sought))]);
        assert!(blind(&keyring, "", b"?").is_err());
    }
}
