//! What this service says, and what it listens to.

mod on_catalog;
mod on_payment;
mod on_workflow;
pub(crate) mod publish;

use std::sync::Arc;

use motcua_bus::Subscription;

use crate::app::App;

/// Everything listened to.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    let (catalog, workflow) = (on_catalog::subscriptions(app), on_workflow::subscriptions(app));
    [catalog, workflow, on_payment::subscriptions(app)].concat()
}
