//! What happens at its time.

use motcua_bus::DueJob;

use crate::app::{self, App};

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
