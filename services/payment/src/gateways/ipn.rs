//! Where gateways tell us by themselves that money was moved: `GET /payment/vnpay/ipn`, and
//! `POST /payment/national/confirm`.

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    routing::{get, post},
};
use serde_json::Value;

use crate::{app::App, domain::Via};

/// What is served over HTTP, below `/payment`.
pub(crate) fn routes(app: App) -> Router {
    Router::new()
        .route("/vnpay/ipn", get(vnpay))
        .route("/national/confirm", post(national))
        .with_state(app)
}

async fn vnpay(State(app): State<App>, RawQuery(query): RawQuery) -> Json<Value> {
    Json(app.hear_notice(Via::Vnpay, &query.unwrap_or_default()).await)
}

async fn national(State(app): State<App>, body: String) -> Json<Value> {
    Json(app.hear_notice(Via::National, &body).await)
}
