//! What the catalog tells us: that what we remember of it is old.

use std::sync::Arc;

use motcua_bus::{Subscription, on};
use motcua_proto::catalog::v1 as catalog;
use prost::{Message, Name};

use crate::app::App;

/// Everything listened to.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    vec![
        forget_upon::<catalog::ProcedureVersionPublished>(app.clone()),
        forget_upon::<catalog::ProcedureAbolished>(app.clone()),
        forget_upon::<catalog::CalendarChanged>(app.clone()),
        forget_upon::<catalog::AgencyChanged>(app.clone()),
    ]
}

/// Other processes of this service forget by the clock, a minute later at most.
fn forget_upon<E: Message + Name + Default + 'static>(app: Arc<App>) -> Subscription {
    on(move |_, _: E| {
        let app = app.clone();
        async move {
            app.forget_catalog();
            Ok(())
        }
    })
}
