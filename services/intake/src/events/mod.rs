//! What this service says, and what it listens to.

mod on_workflow;
pub(crate) mod publish;

pub(crate) use on_workflow::subscriptions;
