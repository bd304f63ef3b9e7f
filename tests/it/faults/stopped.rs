//! An operator tells each process to stop (SIGTERM).

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use motcua_tests::sandbox::Sandbox;

/// `server.grace_s`, which the tests leave as it is.
const GRACE: Duration = Duration::from_secs(20);

/// Each ends by itself, in time, and says that it ended well.
pub(super) async fn all_end_well(sandbox: &mut Sandbox) -> Result<()> {
    for name in sandbox.names() {
        let begun = Instant::now();
        ensure!(sandbox.stop(name).await?, "{name} did not end with exit code 0");
        let took = begun.elapsed();
        ensure!(took < GRACE, "{name} took {took:?} to stop");
    }
    Ok(())
}
