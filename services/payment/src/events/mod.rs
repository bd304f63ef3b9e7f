//! What we hear and what we say.

mod on_intake;
pub(crate) mod publish;

pub(crate) use on_intake::subscriptions;
