//! Where gateways tell us by themselves that money was moved: `GET /payment/vnpay/ipn`.

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    routing::get,
};
use serde_json::Value;

use crate::app::App;

/// What is served over HTTP, below `/payment`.
pub(crate) fn routes(app: App) -> Router {
    Router::new().route("/vnpay/ipn", get(vnpay)).with_state(app)
}

async fn vnpay(State(app): State<App>, RawQuery(query): RawQuery) -> Json<Value> {
    Json(app.hear_notice(&query.unwrap_or_default()).await.to_json())
}
