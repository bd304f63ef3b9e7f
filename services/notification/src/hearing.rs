//! What those outside say by themselves, on its way to the use cases.

use std::sync::Arc;

use crate::{
    app::{App, Arrivals, Ear},
    providers::{self, Asker, Listener, Stopper},
};

/// What providers say later is heard by those who hold no provider: a session ends with them.
pub(crate) fn listener(arrivals: &Arrivals) -> Listener {
    let arrivals = arrivals.clone();
    Arc::new(move |receipt| {
        let arrivals = arrivals.clone();
        Box::pin(async move {
            providers::heard(&receipt.provider, receipt.arrival);
            arrivals.hear(&receipt).await
        })
    })
}

/// What people send us is kept, to be answered.
pub(crate) fn asker(ear: &Ear) -> Asker {
    let ear = ear.clone();
    Arc::new(move |said| {
        let ear = ear.clone();
        Box::pin(async move { ear.hear(&said).await })
    })
}

/// Whoever got a letter and wants no more like it is heard.
pub(crate) fn stopper(app: &App) -> Stopper {
    let app = app.clone();
    Arc::new(move |message| {
        let app = app.clone();
        Box::pin(async move { app.unsubscribe(message).await })
    })
}
