//! What happens at its time, and again and again.

use std::time::Duration;

use motcua_bus::DueJob;
use motcua_service::Chore;

use crate::app::{self, App, Ear};

/// How often changes are numbered.
const NUMBER_EVERY: Duration = Duration::from_secs(1);
/// How often receipts without a message are looked at, and forgotten what need not be known any more.
pub(crate) const TIDY_EVERY: Duration = Duration::from_secs(10);

/// Every timer of messages and questions.
pub(crate) fn timers(app: &App) -> Vec<DueJob> {
    let (deliverer, waiting) = (app.clone(), app.arrivals.clone());
    let (reminding, telling, answering) = (app.clone(), app.clone(), app.clone());
    vec![
        DueJob::new(app::DELIVERY, move |ctx, message| {
            let app = deliverer.clone();
            async move { app.deliver(&ctx, message).await }
        }),
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
    ]
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
