//! What we say to others, and what we listen to.

pub(crate) mod on_identity;
pub(crate) mod on_intake;
mod publish;

use std::sync::Arc;

use motcua_bus::Subscription;

use crate::app::App;

pub(crate) use publish::{digest, publish};

/// Everything we listen to.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    let mut all = on_intake::subscriptions(app);
    all.extend(on_identity::subscriptions(app));
    all
}
