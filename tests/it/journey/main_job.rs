//! The main job, from the search to the closed dossier.

use motcua::demo::{story, teller::Teller};
use motcua_proto::intake::v1::DossierState;
use motcua_tests::sandbox::{Sandbox, Topology};

/// Steps of the story, so that none is lost by accident.
const STEPS: usize = 20;

async fn the_main_job(sandbox: &Sandbox) {
    let world = sandbox.world().unwrap();
    let mut teller = Teller::silent();
    let ending = story::tell(&world, sandbox.administrator(), &mut teller).await.unwrap();
    assert_eq!(ending.state, DossierState::Closed);
    assert!(teller.steps() >= STEPS, "{} steps", teller.steps());
    assert!(ending.timeline.len() >= 8, "{:#?}", ending.timeline);
    assert!(ending.messages.len() >= 5, "{:#?}", ending.messages);
    assert!(ending.spool.len() > ending.messages.len(), "{:#?}", ending.spool);
    let masked = |line: &String| line.contains("09****5678") || line.contains("n***@example.vn");
    assert!(ending.spool.iter().all(masked), "{:#?}", ending.spool);
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job() {
        super::the_main_job(&Sandbox::start(Topology::OneProcess).await.unwrap()).await;
    }

    /// Whatever the day: in the holidays of Tết nobody works and the clock stands still.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job_in_the_holidays() {
        the_main_job_at("2027-02-07T10:00:00+07:00").await;
    }

    /// Longer than any calendar that is published today.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job_in_years_to_come() {
        the_main_job_at("2030-05-06T16:00:00+07:00").await;
    }

    async fn the_main_job_at(begin: &str) {
        let begin = begin.parse().unwrap();
        super::the_main_job(&Sandbox::start_at(Topology::OneProcess, begin).await.unwrap()).await;
    }
}

mod processes {
    use std::collections::BTreeSet;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job() {
        let sandbox = Sandbox::start(Topology::Processes).await.unwrap();
        super::the_main_job(&sandbox).await;
        let pids: BTreeSet<_> = sandbox.pids().into_values().collect();
        assert_eq!(pids.len(), 6, "each service is a process of its own");
        let backends = sandbox.backends().unwrap();
        let logins = backends.logins().await.unwrap();
        assert_eq!(logins.len(), 6, "each service has a login of its own: {logins:?}");
        assert!(backends.may_read("intake", "intake.dossiers").await.unwrap());
        assert!(!backends.may_read("workflow", "intake.dossiers").await.unwrap());
        let files: Vec<_> = walk(sandbox.dir());
        assert!(!files.iter().any(|file| file.contains(".db")), "no SQLite file: {files:?}");
    }

    /// `--only intake,workflow`: what is here is asked here, the rest over the network.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_main_job_where_two_share_the_services() {
        let sandbox = Sandbox::start(Topology::TwoProcesses).await.unwrap();
        super::the_main_job(&sandbox).await;
        let pids: BTreeSet<_> = sandbox.pids().into_values().collect();
        assert_eq!(pids.len(), 2);
        assert_eq!(sandbox.backends().unwrap().logins().await.unwrap().len(), 6);
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
