//! What the service says and what it listens to.

mod on_personal_data;
mod publish;

use motcua_bus::Subscription;
pub(crate) use publish::publish;

use crate::app::App;

/// What is listened to.
pub(crate) fn subscriptions(app: &App) -> Vec<Subscription> {
    vec![on_personal_data::subscription(app.clone())]
}
