use std::time::{Duration, SystemTime};

use motcua_rpc::Tls;
use tokio_util::sync::CancellationToken;

/// How often the files are looked at. They are few and small.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A certificate that ends within this time should have been renewed.
pub const RENEW_BEFORE: Duration = Duration::from_hours(7 * 24);
/// How often it is said that a certificate ends soon.
const SAY_EVERY: Duration = Duration::from_hours(1);

/// Takes up certificates that were renewed, and says in time that one ends.
pub(crate) async fn keep_certificates(tls: Tls, stop: CancellationToken) {
    let (mut said, mut told) = (None, String::new());
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => return,
        }
        match look(&tls).await {
            Ok(true) => {
                tracing::info!("certificates were renewed: new connections are made by them");
            }
            Ok(false) => {}
            // While one file is new and the next is not yet.
            Err(error) if error == told => continue,
            Err(error) => {
                tracing::warn!(%error, "new certificates cannot be used; those before stay");
                told = error;
                continue;
            }
        }
        told.clear();
        let is_time = |at: &tokio::time::Instant| at.elapsed() >= SAY_EVERY;
        if ends_within(&tls, RENEW_BEFORE) && said.as_ref().is_none_or(is_time) {
            tracing::warn!("a certificate ends soon: renew it (`motcua doctor` says which)");
            said = Some(tokio::time::Instant::now());
        }
    }
}

/// Files are read where waiting for them holds nobody up.
async fn look(tls: &Tls) -> Result<bool, String> {
    let tls = tls.clone();
    let looked = tokio::task::spawn_blocking(move || tls.reload().map_err(|e| e.to_string()));
    looked.await.map_err(|error| error.to_string())?
}

#[expect(clippy::disallowed_methods, reason = "certificates count by the machine's clock")]
fn ends_within(tls: &Tls, time: Duration) -> bool {
    SystemTime::now() + time >= tls.ends()
}
