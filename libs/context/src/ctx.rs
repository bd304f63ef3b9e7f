use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use motcua_fault::{Fault, Kind};
use motcua_ids::TypedId;
use secrecy::SecretString;

use crate::{Actor, Cause, Officer, Person, Timestamp};

/// Who acts, why, when, and until when. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ctx(Arc<Facts>);

#[derive(Debug, Clone)]
struct Facts {
    actor: Actor,
    cause: Cause,
    now: Timestamp,
    deadline: Option<Instant>,
    credential: Option<SecretString>,
    traceparent: Option<String>,
    address: Option<IpAddr>,
}

impl Ctx {
    /// A context of `actor` at `now`, that may read and not write.
    pub fn new(actor: Actor, now: Timestamp) -> Self {
        Self(Arc::new(Facts {
            actor,
            cause: Cause::None,
            now,
            deadline: None,
            credential: None,
            traceparent: None,
            address: None,
        }))
    }

    /// The same with a cause, so that it may write once.
    #[must_use]
    pub fn with_cause(self, cause: Cause) -> Self {
        self.change(|facts| facts.cause = cause)
    }

    /// The same for a second write of the same cause.
    #[must_use]
    pub fn step(&self, name: &'static str) -> Self {
        let cause = self.0.cause.step(name);
        self.clone().with_cause(cause)
    }

    /// The same with an end: what is not done by then is not waited for.
    #[must_use]
    pub fn with_deadline(self, deadline: Instant) -> Self {
        self.change(|facts| facts.deadline = Some(deadline))
    }

    /// The same with the token the user showed, to be shown again to neighbours.
    #[must_use]
    pub fn with_credential(self, credential: SecretString) -> Self {
        self.change(|facts| facts.credential = Some(credential))
    }

    /// The same within a W3C trace.
    #[must_use]
    pub fn with_traceparent(self, traceparent: Option<String>) -> Self {
        self.change(|facts| facts.traceparent = traceparent)
    }

    /// The same with the address the call came from.
    #[must_use]
    pub fn with_address(self, address: Option<IpAddr>) -> Self {
        self.change(|facts| facts.address = address)
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// Why.
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// The instant of the act; it stands still for as long as the context lives.
    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    /// What is left until the deadline.
    pub fn time_left(&self) -> Option<Duration> {
        self.0.deadline.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// The token the user showed.
    pub fn credential(&self) -> Option<&SecretString> {
        self.0.credential.as_ref()
    }

    /// The W3C `traceparent` of the span this happens in.
    pub fn traceparent(&self) -> Option<&str> {
        self.0.traceparent.as_deref()
    }

    /// The address the call came from, of IPv6 the network of 64 bits; for rate limits alone.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.address
    }

    /// A new id, ordered by the instant of the act (UUIDv7).
    pub fn new_id<T: TypedId>(&self) -> T {
        let millis = u64::try_from(self.0.now.timestamp_millis()).unwrap_or_default();
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid())
    }

    /// Unpredictable bytes, for secrets and salts.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        rand::random()
    }

    /// The citizen or organisation behind the call.
    pub fn person(&self) -> Result<&Person, Fault> {
        match self.0.actor.principal() {
            Actor::Person(person) => Ok(person),
            Actor::Anonymous => Err(sign_in()),
            _ => Err(Fault::denied(
                "NOT_A_PERSON",
                "Chức năng này dành cho tài khoản công dân hoặc tổ chức.",
            )),
        }
    }

    /// The officer behind the call.
    pub fn officer(&self) -> Result<&Officer, Fault> {
        match self.0.actor.principal() {
            Actor::Officer(officer) => Ok(officer),
            Actor::Anonymous => Err(sign_in()),
            _ => Err(Fault::denied("NOT_AN_OFFICER", "Chức năng này dành cho cán bộ, công chức.")),
        }
    }

    /// The cause's key, where it may write.
    pub fn claim(&self) -> Result<crate::Key, Fault> {
        self.0
            .cause
            .key(&self.0.actor)
            .ok_or_else(|| Fault::internal("a read tried to write: it has no cause"))
    }

    fn change(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

fn sign_in() -> Fault {
    Fault::new(Kind::Unauthenticated, "SIGN_IN_REQUIRED", "Vui lòng đăng nhập để tiếp tục.")
}

#[cfg(test)]
mod tests {
    use motcua_ids::{AccountId, DossierId, Uuid};

    use super::*;
    use crate::System;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_timestamp_millis(millis).unwrap_or_default()
    }

    #[test]
    fn ids_are_ordered_by_the_instant_of_the_act() {
        let id = |millis| Ctx::new(Actor::Anonymous, at(millis)).new_id::<DossierId>();
        assert!(id(1_000) < id(2_000));
        assert_eq!(id(1_000).uuid().get_version_num(), 7);
    }

    #[test]
    fn a_service_acts_with_the_rights_of_the_person_it_stands_for() {
        let person = Person::citizen(AccountId::new(Uuid::from_u128(5)));
        let system = System {
            on_behalf_of: Some(Box::new(Actor::Person(person.clone()))),
            ..System::service("web")
        };
        let ctx = Ctx::new(Actor::System(system), at(0));
        assert_eq!(ctx.person().ok(), Some(&person));
        assert_eq!(ctx.officer().unwrap_err().reason(), "NOT_AN_OFFICER");
    }
}
