//! What happens at its time, and again and again.

use std::time::Duration;

use motcua_bus::DueJob;
use motcua_service::Chore;

use crate::{
    app::{self, App, Ear},
    domain::Channel,
};

/// Messages of a channel that are handed over at once.
const AT_ONCE: usize = 16;
/// How often changes are numbered.
const NUMBER_EVERY: Duration = Duration::from_secs(1);
/// How often receipts without a message are looked at, and forgotten what need not be known any more.
const TIDY_EVERY: Duration = Duration::from_secs(10);

/// Every timer of messages and questions. A session with a centre of short messages takes a `window`
/// of them at once.
pub(crate) fn timers(app: &App, window: u16) -> Vec<DueJob> {
    let waiting = app.arrivals.clone();
    let (reminding, telling, answering) = (app.clone(), app.clone(), app.clone());
    let others = vec![
        DueJob::new(app::ARRIVAL, move |ctx, message| {
            let arrivals = waiting.clone();
            async move { arrivals.expire(&ctx, message).await }
        }),
        DueJob::new(app::REMINDER, move |ctx, reminder| {
            let app = reminding.clone();
            async move { app.remind(&ctx, reminder).await }
        }),
        DueJob::new(app::INQUIRY, move |ctx, inquiry| {
            let app = answering.clone();
            async move { app.answer(&ctx, inquiry).await }
        }),
        DueJob::new(app::WEBHOOK_OFF, move |ctx, webhook| {
            let app = telling.clone();
            async move { app.tell_off(&ctx, webhook).await }
        }),
    ];
    Channel::ALL.into_iter().map(|channel| delivery(app, channel, window)).chain(others).collect()
}

/// Whoever carries messages of a channel is waited for in its own lanes.
fn delivery(app: &App, channel: Channel, window: u16) -> DueJob {
    let app = app.clone();
    let job = DueJob::new(app::delivery(channel), move |ctx, message| {
        let app = app.clone();
        async move { app.deliver(&ctx, message).await }
    });
    match channel {
        // Nobody carries these: it is what releases without such lanes left behind.
        Channel::Inbox => job,
        Channel::Sms => job.apart(AT_ONCE.max(window.into())),
        Channel::Email | Channel::Zalo | Channel::Webhook => job.apart(AT_ONCE),
    }
}

/// What is looked after without being asked for.
pub(crate) fn chores(app: &App, ear: Ear) -> [Chore; 3] {
    let (providers, arrivals) = (app.providers.clone(), app.arrivals.clone());
    let store = app.store.clone();
    [
        Chore::new("receipts", TIDY_EVERY, move |now| {
            providers.listen();
            let arrivals = arrivals.clone();
            async move { arrivals.tidy(now).await }
        }),
        Chore::new("inquiries", TIDY_EVERY, move |now| {
            let ear = ear.clone();
            async move { ear.tidy(now).await }
        }),
        Chore::new("statuses", NUMBER_EVERY, move |now| {
            let store = store.clone();
            async move { app::number(&store, now).await }
        }),
    ]
}
