//! How a gateway's sandbox tells by itself what became of a payment.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use super::Magic;

/// How late a late notice is.
const LATE: Duration = Duration::from_mins(1);
/// How often a notice is tried that nobody takes over, and how long is waited between.
const TRIES: u32 = 5;
const AGAIN: Duration = Duration::from_secs(2);
/// How long a question waits that is never answered.
pub(super) const SILENCE: Duration = Duration::from_mins(2);

/// Tells as the sum says: late, twice, never; again while nobody takes it over. `code` is where the
/// answer says 99 for that.
#[expect(clippy::disallowed_methods, reason = "a sandbox's word may be lost with it")]
pub(super) fn tell(
    magic: Magic,
    code: &'static str,
    notice: impl Fn(&Client) -> RequestBuilder + Send + Sync + 'static,
) {
    let (wait, times) = match magic {
        Magic::Silent => return,
        Magic::LateNotice => (LATE, 1),
        Magic::TwiceTold => (Duration::ZERO, 2),
        _ => (Duration::ZERO, 1),
    };
    tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        for _ in 0..times {
            until_taken(code, &notice).await;
        }
    });
}

async fn until_taken(code: &str, notice: &impl Fn(&Client) -> RequestBuilder) {
    for _ in 0..TRIES {
        match answer(code, notice).await {
            Ok(code) => {
                tracing::info!(%code, "a notice was answered");
                if code != "99" {
                    return;
                }
            }
            Err(error) => tracing::warn!(%error, "nobody takes a notice"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn answer(code: &str, notice: impl Fn(&Client) -> RequestBuilder) -> anyhow::Result<String> {
    let client = Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
    let answer = notice(&client).send().await.map_err(reqwest::Error::without_url)?;
    let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
    Ok(answer[code].as_str().unwrap_or_default().to_owned())
}
