use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use motcua_context::Role;
use motcua_ids::{AccountId, AgencyId};

use super::{Change, Contacts, Credential, Event, Granted, Holder, Kind, Officer, Refusal};

/// Somebody, or something, that may sign in (tài khoản).
///
/// Each command bumps the version by one, so that a stale writer is found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    id: AccountId,
    holder: Holder,
    state: State,
    credential: Credential,
    tokens_revoked_at: Option<DateTime<Utc>>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Whether the account may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It may.
    Active,
    /// It may not, until it is enabled.
    Disabled {
        /// Since when.
        at: DateTime<Utc>,
        /// Which administrator barred it.
        by: AccountId,
        /// Why.
        reason: String,
    },
}

impl Account {
    /// Opens an account.
    pub fn open(
        id: AccountId,
        holder: Holder,
        credential: Credential,
        now: DateTime<Utc>,
    ) -> (Self, Event) {
        let kind = holder.kind();
        let account = Self {
            id,
            holder,
            state: State::Active,
            credential,
            tokens_revoked_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        (account, Event::Registered { account: id, version: 1, kind, at: now })
    }

    /// As stored.
    pub fn stored(
        id: AccountId,
        holder: Holder,
        state: State,
        credential: Credential,
        tokens_revoked_at: Option<DateTime<Utc>>,
        version: i64,
        [created_at, updated_at]: [DateTime<Utc>; 2],
    ) -> Self {
        Self { id, holder, state, credential, tokens_revoked_at, version, created_at, updated_at }
    }

    /// Whether a right password lets the holder in. Who has not shown one must not be told.
    pub fn may_sign_in(&self) -> Result<(), Refusal> {
        self.may_change_password()?;
        if self.credential.change_required() {
            return Err(Refusal::PasswordChangeRequired);
        }
        Ok(())
    }

    /// Whether a right password lets the holder replace it.
    pub fn may_change_password(&self) -> Result<(), Refusal> {
        match self.state {
            State::Active if self.kind() != Kind::System => Ok(()),
            State::Active | State::Disabled { .. } => Err(Refusal::SignInRefused),
        }
    }

    /// The other system, where one holds the account.
    pub fn system(&self) -> Result<&super::SystemClient, Refusal> {
        match &self.holder {
            Holder::System(system) => Ok(system),
            _ => Err(Refusal::NotASystem),
        }
    }

    /// Whether a right secret gives another system a token.
    pub fn system_may_sign_in(&self) -> Result<&super::SystemClient, Refusal> {
        match (&self.holder, &self.state) {
            (Holder::System(system), State::Active) => Ok(system),
            _ => Err(Refusal::SignInRefused),
        }
    }

    /// Keeps the hash of a password that the holder chose; tokens given before no longer count.
    pub fn replace_password(&mut self, hash: String, now: DateTime<Utc>) {
        self.credential = Credential::own(hash);
        self.revoke_tokens(now);
    }

    /// Keeps the same password hashed at another cost.
    pub fn rehash(&mut self, hash: String, now: DateTime<Utc>) {
        self.credential = self.credential.rehashed(hash);
        self.touch(now);
    }

    /// Makes the tokens given before no longer count.
    pub fn revoke_tokens(&mut self, now: DateTime<Utc>) {
        self.date_revocation(now);
        self.touch(now);
    }

    /// When a token given out at `now` says it was: tokens know whole seconds, and one of the
    /// second in which others were taken back would be refused with them.
    pub fn issue_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let revoked = self.tokens_revoked_at.map(|at| at.trunc_subsecs(0) + TimeDelta::seconds(1));
        revoked.map_or(now, |first| first.max(now))
    }

    /// Keeps the hash of a password that an administrator chose for whoever forgot theirs.
    pub fn reset_password(&mut self, hash: String, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.require_password()?;
        self.credential = Credential::temporary(hash);
        self.revoke_tokens(now);
        Ok(())
    }

    /// Gives a citizen's account to whom a provider has proved to be that citizen. Its password and
    /// contacts may be somebody else's, who had only said to be: they go, with all tokens.
    pub fn claim(&mut self, contacts: Contacts, now: DateTime<Utc>) -> Result<(), Refusal> {
        let Holder::Citizen(citizen) = &mut self.holder else {
            return Err(Refusal::AccountNotFound);
        };
        citizen.contacts = contacts;
        self.credential = Credential::none();
        self.revoke_tokens(now);
        Ok(())
    }

    /// Refuses a system, which has a secret and no password.
    pub fn require_password(&self) -> Result<(), Refusal> {
        if self.kind() == Kind::System { Err(Refusal::NoPassword) } else { Ok(()) }
    }

    /// Keeps the hash of a system's next secret. The old one stays good until `old_until`; without
    /// such a time it ends now, and the tokens given before with it.
    pub fn rotate_secret(
        &mut self,
        hash: String,
        old_until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.system()?;
        self.credential = self.credential.rotated(hash, old_until);
        if old_until.is_none() {
            self.date_revocation(now);
        }
        self.touch(now);
        Ok(())
    }

    /// Bars the account, unless it is the province's last administrator's.
    pub fn disable(
        &mut self,
        by: AccountId,
        reason: String,
        last_administrator: bool,
        now: DateTime<Utc>,
    ) -> Result<Event, Refusal> {
        if by == self.id {
            return Err(Refusal::OwnAccount);
        }
        if matches!(self.state, State::Disabled { .. }) {
            return Err(Refusal::AccountDisabled);
        }
        if last_administrator {
            return Err(Refusal::LastAdministrator);
        }
        self.state = State::Disabled { at: now, by, reason };
        self.revoke_tokens(now);
        Ok(Event::Disabled { account: self.id, version: self.version, at: now })
    }

    /// Lets the account sign in again.
    pub fn enable(&mut self, now: DateTime<Utc>) -> Result<Event, Refusal> {
        if self.state == State::Active {
            return Err(Refusal::AccountActive);
        }
        self.state = State::Active;
        self.touch(now);
        Ok(Event::Enabled { account: self.id, version: self.version, at: now })
    }

    /// Gives an officer a role.
    pub fn grant(
        &mut self,
        role: Role,
        agency: AgencyId,
        by: Option<AccountId>,
        now: DateTime<Utc>,
    ) -> Result<Event, Refusal> {
        self.officer_mut()?.grant(Granted { role, agency, at: now, by })?;
        self.roles_changed(now)
    }

    /// Takes a role from an officer, unless it makes the province's last administrator.
    pub fn revoke(
        &mut self,
        role: Role,
        agency: AgencyId,
        last_administrator: bool,
        now: DateTime<Utc>,
    ) -> Result<Event, Refusal> {
        self.officer_mut()?.revoke(role, agency, last_administrator)?;
        self.date_revocation(now);
        self.roles_changed(now)
    }

    /// Makes all the changes, or none: `managing` where an administrator does it for the holder.
    /// A system's tokens say for which agency it works: those given before count no longer.
    pub fn change(
        &mut self,
        changes: Vec<Change>,
        managing: bool,
        now: DateTime<Utc>,
    ) -> Result<(), motcua_fault::Fault> {
        let mut holder = self.holder.clone();
        let moves = changes.iter().any(|change| matches!(change, Change::WorksFor(_)));
        for change in changes {
            change.apply(&mut holder, managing)?;
        }
        super::change::require_contact(&holder)?;
        self.holder = holder;
        if moves {
            self.date_revocation(now);
        }
        self.touch(now);
        Ok(())
    }

    /// Refuses a writer who saw another version than this.
    pub fn expect_etag(&self, etag: &str) -> Result<(), Refusal> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Refusal::EtagStale) }
    }

    /// The officer, where one holds the account.
    pub fn officer(&self) -> Result<&Officer, Refusal> {
        match &self.holder {
            Holder::Officer(officer) => Ok(officer),
            _ => Err(Refusal::NotAnOfficer),
        }
    }

    /// Whether it is an officer's who administers this agency.
    pub fn administers(&self, agency: AgencyId) -> bool {
        self.officer().is_ok_and(|officer| officer.holds_at(Role::Administrator, agency))
    }

    /// The roles of an officer who has some, as a fact to be told.
    pub fn roles_held(&self) -> Option<Event> {
        let grants = self.officer().ok()?.grants().to_vec();
        let told = Event::RolesChanged {
            account: self.id,
            version: self.version,
            grants,
            at: self.updated_at,
        };
        self.officer().is_ok_and(|officer| !officer.grants().is_empty()).then_some(told)
    }

    /// The account's id.
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// What holds it.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// What kind of holder.
    pub fn kind(&self) -> Kind {
        self.holder.kind()
    }

    /// Whether it may sign in.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What proves the holder.
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Until when given tokens no longer count.
    pub fn tokens_revoked_at(&self) -> Option<DateTime<Utc>> {
        self.tokens_revoked_at
    }

    /// One at first, one more with every command.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The version, for callers.
    pub fn etag(&self) -> String {
        self.version.to_string()
    }

    /// When it was opened.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it last changed.
    pub fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn officer_mut(&mut self) -> Result<&mut Officer, Refusal> {
        match &mut self.holder {
            Holder::Officer(officer) => Ok(officer),
            _ => Err(Refusal::NotAnOfficer),
        }
    }

    fn roles_changed(&mut self, now: DateTime<Utc>) -> Result<Event, Refusal> {
        self.touch(now);
        let grants = self.officer()?.grants().to_vec();
        Ok(Event::RolesChanged { account: self.id, version: self.version, grants, at: now })
    }

    /// A second revocation within a second covers the tokens that were dated after the first.
    fn date_revocation(&mut self, now: DateTime<Utc>) {
        self.tokens_revoked_at = Some(self.issue_at(now));
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests;
