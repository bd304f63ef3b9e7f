//! The main job, from the search to the closed dossier.

use motcua::demo::{story, teller::Teller};
use motcua_tests::sandbox::{Sandbox, Topology};

/// Steps of the story, so that none is lost by accident.
const STEPS: usize = 20;

async fn the_main_job(topology: Topology) -> Sandbox {
    let sandbox = Sandbox::start(topology).await.unwrap();
    let world = sandbox.world().unwrap();
    let mut teller = Teller::silent();
    let ending = story::tell(&world, sandbox.administrator(), &mut teller).await.unwrap();
    assert_eq!(ending.state, "DOSSIER_STATE_CLOSED");
    assert!(teller.steps() >= STEPS, "{} steps", teller.steps());
    assert!(ending.timeline.len() >= 8, "{:#?}", ending.timeline);
    assert!(ending.messages.len() >= 5, "{:#?}", ending.messages);
    sandbox
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job() {
        super::the_main_job(Topology::OneProcess).await;
    }
}

mod processes {
    use std::collections::BTreeSet;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job() {
        let sandbox = super::the_main_job(Topology::Processes).await;
        let pids: BTreeSet<_> = sandbox.pids().into_values().collect();
        assert_eq!(pids.len(), 5, "each service is a process of its own");
        let backends = sandbox.backends().unwrap();
        let logins = backends.logins().await.unwrap();
        assert_eq!(logins.len(), 5, "each service has a login of its own: {logins:?}");
        assert!(backends.may_read("intake", "intake.dossiers").await.unwrap());
        assert!(!backends.may_read("workflow", "intake.dossiers").await.unwrap());
        let files: Vec<_> = walk(sandbox.dir());
        assert!(!files.iter().any(|file| file.contains(".db")), "no SQLite file: {files:?}");
    }

    fn walk(dir: &std::path::Path) -> Vec<String> {
        std::fs::read_dir(dir)
            .unwrap()
            .flat_map(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] }
            })
            .collect()
    }
}
