use std::sync::Arc;

use motcua_context::{Role, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::{
    entity::{account, role_grant},
    identifiers, rows,
};
use crate::domain::{Account, Identifier, Kind, Refusal};

/// The accounts of the database.
#[derive(Debug, Clone)]
pub(crate) struct Accounts {
    keyring: Arc<Keyring>,
}

/// Which accounts a list shows; newest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) agency: Option<AgencyId>,
    pub(crate) kind: Option<Kind>,
    pub(crate) disabled: Option<bool>,
    /// Any of these; none means all.
    pub(crate) identifiers: Option<Vec<Identifier>>,
    /// Behind this one.
    pub(crate) after: Option<(Timestamp, Uuid)>,
}

impl Accounts {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The account, if there is one.
    pub(crate) async fn find(
        &self,
        db: &impl ConnectionTrait,
        id: AccountId,
    ) -> Result<Option<Account>, Fault> {
        self.one(db, account::Entity::find_by_id(id.uuid())).await
    }

    /// The account, or `ACCOUNT_NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: AccountId,
    ) -> Result<Account, Fault> {
        Ok(self.find(db, id).await?.ok_or(Refusal::AccountNotFound)?)
    }

    /// The account, held until the write ends.
    pub(crate) async fn lock(&self, tx: &Tx, id: AccountId) -> Result<Account, Fault> {
        let held = account::Entity::find_by_id(id.uuid()).lock_exclusive();
        Ok(self.one(tx.db(), held).await?.ok_or(Refusal::AccountNotFound)?)
    }

    /// The account that has this identifier, if there is one.
    pub(crate) async fn by_identifier(
        &self,
        db: &impl ConnectionTrait,
        identifier: &Identifier,
    ) -> Result<Option<Account>, Fault> {
        let found = identifiers::any_of(&self.keyring, std::slice::from_ref(identifier));
        self.one(db, account::Entity::find().filter(found)).await
    }

    /// Keeps a new account; `ACCOUNT_EXISTS` if somebody has one of its identifiers.
    pub(crate) async fn insert(&self, tx: &Tx, account: &Account) -> Result<(), Fault> {
        self.require_unique(tx, account).await?;
        let row = rows::to_row(&self.keyring, account)?;
        account::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Self::insert_grants(tx, account).await
    }

    /// Keeps a changed account: one command after it was locked.
    pub(crate) async fn save(&self, tx: &Tx, account: &Account) -> Result<(), Fault> {
        self.require_unique(tx, account).await?;
        let row = rows::to_row(&self.keyring, account)?;
        let updated = account::Entity::update_many()
            .set(row)
            .filter(account::Column::Id.eq(account.id().uuid()))
            .filter(account::Column::Version.eq(account.version() - 1))
            .exec(tx.db())
            .await
            .or_fault()?;
        if updated.rows_affected != 1 {
            return Err(Refusal::EtagStale.into());
        }
        role_grant::Entity::delete_many()
            .filter(role_grant::Column::Account.eq(account.id().uuid()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Self::insert_grants(tx, account).await
    }

    /// A page of accounts, newest first.
    pub(crate) async fn page(
        &self,
        db: &impl ConnectionTrait,
        filter: &Filter,
        limit: u64,
    ) -> Result<Vec<Account>, Fault> {
        let mut query = account::Entity::find();
        if let Some(agency) = filter.agency {
            query = query.filter(account::Column::Agency.eq(agency.uuid()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(account::Column::Kind.eq(kind.as_str()));
        }
        if let Some(disabled) = filter.disabled {
            query = query.filter(account::Column::State.eq(rows::state_word(disabled)));
        }
        if let Some(wanted) = &filter.identifiers {
            if wanted.is_empty() {
                return Ok(Vec::new());
            }
            query = query.filter(identifiers::any_of(&self.keyring, wanted));
        }
        if let Some((at, id)) = filter.after {
            let same_instant = Condition::all()
                .add(account::Column::CreatedAt.eq(at))
                .add(account::Column::Id.lt(id));
            query = query
                .filter(Condition::any().add(account::Column::CreatedAt.lt(at)).add(same_instant));
        }
        let found = query
            .order_by_desc(account::Column::CreatedAt)
            .order_by_desc(account::Column::Id)
            .limit(limit)
            .all(db)
            .await
            .or_fault()?;
        self.with_grants(db, found).await
    }

    /// How many active administrators of an agency there are besides this account. All their
    /// grants are held, so that two of them cannot take each other away at once.
    pub(crate) async fn other_administrators(
        &self,
        tx: &Tx,
        than: AccountId,
        agency: AgencyId,
    ) -> Result<u64, Fault> {
        let grants = role_grant::Entity::find()
            .filter(role_grant::Column::Role.eq(Role::Administrator.as_str()))
            .filter(role_grant::Column::Agency.eq(agency.uuid()))
            .order_by_asc(role_grant::Column::Account)
            .lock_exclusive()
            .all(tx.db())
            .await
            .or_fault()?;
        let holders = grants.into_iter().map(|grant| grant.account);
        let holders: Vec<Uuid> = holders.filter(|holder| *holder != than.uuid()).collect();
        account::Entity::find()
            .filter(account::Column::Id.is_in(holders))
            .filter(account::Column::State.eq(rows::state_word(false)))
            .count(tx.db())
            .await
            .or_fault()
    }

    async fn require_unique(&self, tx: &Tx, account: &Account) -> Result<(), Fault> {
        let identifiers = Identifier::of(account.holder());
        if identifiers.is_empty() {
            return Ok(());
        }
        let taken = account::Entity::find()
            .filter(identifiers::any_of(&self.keyring, &identifiers))
            .filter(account::Column::Id.ne(account.id().uuid()))
            .count(tx.db())
            .await
            .or_fault()?;
        if taken == 0 { Ok(()) } else { Err(Refusal::AccountExists.into()) }
    }

    async fn insert_grants(tx: &Tx, account: &Account) -> Result<(), Fault> {
        let grants = rows::to_grants(account);
        if !grants.is_empty() {
            role_grant::Entity::insert_many(grants)
                .exec_without_returning(tx.db())
                .await
                .or_fault()?;
        }
        Ok(())
    }

    async fn one(
        &self,
        db: &impl ConnectionTrait,
        query: Select<account::Entity>,
    ) -> Result<Option<Account>, Fault> {
        let found = query.one(db).await.or_fault()?;
        Ok(self.with_grants(db, found.into_iter().collect()).await?.pop())
    }

    async fn with_grants(
        &self,
        db: &impl ConnectionTrait,
        found: Vec<account::Model>,
    ) -> Result<Vec<Account>, Fault> {
        let officers: Vec<Uuid> = found
            .iter()
            .filter(|row| row.kind == Kind::Officer.as_str())
            .map(|row| row.id)
            .collect();
        let mut grants = Vec::new();
        if !officers.is_empty() {
            grants = role_grant::Entity::find()
                .filter(role_grant::Column::Account.is_in(officers))
                .order_by_asc(role_grant::Column::GrantedAt)
                .order_by_asc(role_grant::Column::Role)
                .all(db)
                .await
                .or_fault()?;
        }
        found
            .into_iter()
            .map(|row| {
                let own = grants.iter().filter(|grant| grant.account == row.id).cloned();
                let own: Vec<_> = own.collect();
                rows::from_row(&self.keyring, row, &own)
            })
            .collect()
    }
}
