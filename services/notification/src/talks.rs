//! What makes the talk by Zalo's official account part of the service, where the settings want it.

use std::{sync::Arc, time::Duration};

use axum::Router;
use motcua_bus::DueJob;
use motcua_service::{Chore, Env};

use crate::{
    app::{self, Talks},
    config::NotificationConfig,
    domain::TALK,
    grpc,
    providers::{self, Hearer, Holder, Listener},
    store,
};

/// How often it is looked for what need not be known any more.
const TIDY_EVERY: Duration = Duration::from_mins(10);

/// The talk, if there is one.
pub(crate) fn talks(
    config: &NotificationConfig,
    env: &Env,
    holder: Option<&Arc<dyn Holder>>,
) -> anyhow::Result<Option<Talks>> {
    let own = config.zalo.as_ref().zip(holder);
    let Some((own, holder, photos)) =
        own.and_then(|(own, holder)| Some((own, holder, own.photos.clone()?)))
    else {
        return Ok(None);
    };
    let tariff = config.tariffs().remove(TALK).unwrap_or_default();
    Ok(Some(Talks {
        store: env.store.clone(),
        senders: store::Senders::new(env.keyring.clone()),
        pictures: store::Pictures::new(env.keyring.clone()),
        replies: store::Replies::new(env.keyring.clone()),
        intake: grpc::Intake::new(env.peers.wire("intake")),
        talk: Arc::new(providers::Talk::new(own, photos, holder.clone(), tariff)?),
        clock: env.clock.clone(),
    }))
}

/// What Zalo tells by itself.
pub(crate) fn routes(
    config: &NotificationConfig,
    listener: Listener,
    talks: Option<&Talks>,
) -> Router {
    let hearer = talks.cloned().map(|talks| -> Hearer {
        Arc::new(move |spoken| {
            let talks = talks.clone();
            Box::pin(async move { talks.hear(&spoken).await })
        })
    });
    providers::zalo_events(config.zalo.as_ref(), listener, hearer)
}

/// What happens at its time.
pub(crate) fn timers(talks: &Talks) -> Vec<DueJob> {
    let (pictures, answers, replies) = (talks.clone(), talks.clone(), talks.clone());
    vec![
        DueJob::new(app::PICTURE, move |ctx, picture| {
            let talks = pictures.clone();
            async move { talks.take(&ctx, picture).await }
        }),
        DueJob::new(app::ANSWER, move |ctx, answer| {
            let talks = answers.clone();
            async move { talks.file(&ctx, answer).await }
        }),
        DueJob::new(app::REPLY, move |ctx, reply| {
            let talks = replies.clone();
            async move { talks.say(&ctx, reply).await }
        }),
    ]
}

/// What is seen to all the while, also where the settings want no talk any more.
pub(crate) fn chore(env: &Env) -> Chore {
    let leftovers = Arc::new(app::Leftovers {
        store: env.store.clone(),
        senders: store::Senders::new(env.keyring.clone()),
        pictures: store::Pictures::new(env.keyring.clone()),
        replies: store::Replies::new(env.keyring.clone()),
    });
    Chore::new("zalo-leftovers", TIDY_EVERY, move |now| {
        let leftovers = leftovers.clone();
        async move { leftovers.tidy(now).await }
    })
}
