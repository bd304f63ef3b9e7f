use std::sync::Arc;

use futures::future::BoxFuture;

type Ask = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// Something outside that a service needs for a part of its work: without it the
/// rest goes on, and readiness says so.
#[derive(Clone)]
pub struct Need {
    /// As readiness and metrics name it.
    pub name: &'static str,
    ask: Ask,
}

impl Need {
    /// `ask` tells whether it answers now.
    pub fn new<F, R>(name: &'static str, ask: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = bool> + Send + 'static,
    {
        Self { name, ask: Arc::new(move || Box::pin(ask())) }
    }

    pub(crate) async fn answers(&self) -> bool {
        (self.ask)().await
    }
}
