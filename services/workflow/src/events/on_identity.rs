//! Officers' roles, as identity tells them: whom a head may give work to.

use std::sync::Arc;

use motcua_bus::{Subscription, on};
use motcua_ids::AccountId;
use motcua_proto::identity::v1 as proto;

use crate::app::App;
use crate::domain::KnownGrant;
use crate::grpc::convert::role_from_proto;
use crate::grpc::fields::Fields;

/// Identity's events, each with what is done upon it.
pub(crate) fn subscriptions(app: &Arc<App>) -> Vec<Subscription> {
    let (changed, disabled, enabled) = (app.clone(), app.clone(), app.clone());
    vec![
        on(move |ctx, event: proto::RolesChanged| {
            let app = changed.clone();
            async move {
                let mut fields = Fields::default();
                let account: AccountId = fields.id("account", &event.account);
                let grants: Vec<_> = event
                    .grants
                    .iter()
                    .filter_map(|grant| {
                        let role = role_from_proto(grant.role())?;
                        Some(KnownGrant { role, agency: fields.id("grants.agency", &grant.agency) })
                    })
                    .collect();
                fields.finish()?;
                app.learn(&ctx, account, event.version, Some(&grants), None).await
            }
        }),
        on(move |ctx, event: proto::AccountDisabled| {
            let app = disabled.clone();
            async move {
                let mut fields = Fields::default();
                let account = fields.id("account", &event.account);
                fields.finish()?;
                app.learn(&ctx, account, event.version, None, Some(true)).await
            }
        }),
        on(move |ctx, event: proto::AccountEnabled| {
            let app = enabled.clone();
            async move {
                let mut fields = Fields::default();
                let account = fields.id("account", &event.account);
                fields.finish()?;
                app.learn(&ctx, account, event.version, None, Some(false)).await
            }
        }),
    ]
}
