//! Processes that die, stop and are away: nothing is lost, nothing happens twice.

#![expect(clippy::large_futures, reason = "a test awaits a whole story, once")]

mod away;
mod between_commit_and_publish;
mod chaos;
mod consistency;
mod killed;
mod killed_telling;
mod schema;
mod stopped;

use anyhow::{Context, Result};
use motcua::demo::{story::Story, teller::Teller};
use motcua_tests::sandbox::{Sandbox, Topology};

/// In one process all services die together; in many, the others go on.
async fn survives(topology: Topology) -> Result<()> {
    let mut sandbox = Sandbox::start(topology).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    between_commit_and_publish::starts_once(&mut sandbox, &mut story)
        .await
        .context("killed between commit and publish")?;
    for service in ["workflow", "notification", "intake"] {
        killed::amid_events(&mut sandbox, &mut story, service)
            .await
            .with_context(|| format!("{service} is killed while events flow"))?;
    }
    if topology == Topology::Processes {
        away::the_others_answer(&mut sandbox, &mut story).await.context("workflow is away")?;
    }
    schema::is_refused(&mut sandbox).await.context("a schema of another version")?;
    stopped::all_end_well(&mut sandbox).await.context("told to stop")
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn survives() -> Result<()> {
        super::survives(Topology::OneProcess).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn tells() -> Result<()> {
        killed_telling::loses_no_message(Topology::OneProcess).await
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn survive() -> Result<()> {
        super::survives(Topology::Processes).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn tell() -> Result<()> {
        killed_telling::loses_no_message(Topology::Processes).await
    }
}
