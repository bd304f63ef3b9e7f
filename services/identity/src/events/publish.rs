use motcua_proto::identity::v1 as public;
use motcua_store::Tx;

use crate::{
    domain::Event,
    grpc::convert::{grant_to_proto, kind_to_proto, time_to_proto},
};

/// Says what happened to an account, if and only if the write commits.
pub(crate) fn publish(tx: &Tx, event: Event) {
    match event {
        Event::Registered { account, version, kind, at } => tx.publish(
            account.uuid(),
            &public::AccountRegistered {
                account: account.name(),
                version,
                kind: kind_to_proto(kind).into(),
                register_time: Some(time_to_proto(at)),
            },
        ),
        Event::Disabled { account, version, at } => tx.publish(
            account.uuid(),
            &public::AccountDisabled {
                account: account.name(),
                version,
                disable_time: Some(time_to_proto(at)),
            },
        ),
        Event::Enabled { account, version, at } => tx.publish(
            account.uuid(),
            &public::AccountEnabled {
                account: account.name(),
                version,
                enable_time: Some(time_to_proto(at)),
            },
        ),
        Event::RolesChanged { account, version, grants, at } => tx.publish(
            account.uuid(),
            &public::RolesChanged {
                account: account.name(),
                version,
                grants: grants.iter().map(grant_to_proto).collect(),
                change_time: Some(time_to_proto(at)),
            },
        ),
    }
}
