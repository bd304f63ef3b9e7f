//! The keys that seal personal data are exchanged while people work: no call fails, a
//! killed process loses nothing, and in the end the old keys are nobody's.

use std::{
    collections::BTreeMap,
    io::Read,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use futures::future::join_all;
use motcua::demo::{
    cast::{self, Signed},
    story::Story,
    teller::Teller,
    world::{World, refused, until},
};
use motcua_proto::{
    identity::v1::Citizen,
    intake::v1::{
        DownloadPaperRequest, GetDossierRequest, ListDossiersRequest, download_paper_response::Part,
    },
};
use motcua_sealing::{Keyring, MARK, Rotation};
use motcua_tests::sandbox::{Sandbox, Topology};
use tokio::sync::RwLock;
use tokio_util::task::TaskTracker;

use crate::journey::submitted;

/// Longer than a process takes to look at its key file, in seconds.
const SETTLE: &str = "6";
/// Each with two papers.
const DRAFTS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_processes_are_exchanged_while_people_work() -> Result<()> {
    let mut sandbox = Sandbox::start(Topology::Processes).await?;
    let world = sandbox.world()?;
    let mut teller = Teller::silent();
    let mut story = Story::begin(&world, sandbox.administrator(), &mut teller).await?;
    let filed = submitted(&mut story).await?;
    let accepted = story.accept(&filed).await?;
    story.finish(&accepted.name).await?;
    let procedure = story.search().await?;
    let mut names = vec![accepted.name.clone()];
    for _ in 0..DRAFTS {
        let draft = story.draft(&procedure).await?;
        names.push(story.fill(draft).await?.name);
    }
    let before = papers(&world, &story.citizen, &names).await.context("papers before")?;
    ensure!(before.len() >= 2 * DRAFTS, "{} papers", before.len());

    // Its old rows wait until it is back.
    ensure!(sandbox.stop("workflow").await?, "workflow did not end in order");
    let load = Arc::new(Load::default());
    let callers = load.clone().begin(&world, &story, &names);
    let exchanged = sandbox.command(&["keys", "rotate", "--settle", SETTLE], "");
    let pid = sandbox.pids()["intake"];
    let amid = kill_amid_files(sandbox.dir(), pid, &load.intake);
    let (told, amid) = tokio::join!(exchanged, amid);
    let (resealed, all, quiet) = amid.context("intake is killed while it seals anew")?;
    println!("intake was killed when {resealed} of {all} files were sealed anew");
    for service in ["identity", "intake", "notification"] {
        ensure!(told.as_ref().is_ok_and(|t| t.contains(&format!("{service}: the new data key"))));
    }
    // The killed one has to be waited for before another takes its place.
    sandbox.kill("intake").await?;
    sandbox.restart("intake").await?;
    drop(quiet);

    let refused = sandbox.command(&["keys", "retire", "--only", "workflow"], "").await;
    let said = refused.err().map(|error| format!("{error:#}")).unwrap_or_default();
    ensure!(said.contains("workflow: the old keys stay: needed for "), "{said}");
    let status = sandbox.command(&["keys", "status", "--only", "workflow"], "").await?;
    ensure!(status.contains("rows of result.words"), "{status}");
    let again = sandbox.command(&["keys", "rotate"], "").await;
    ensure!(again.is_err_and(|e| format!("{e:#}").contains("motcua keys retire")));
    sandbox.restart("workflow").await?;
    // The killed one's lease has to end first.
    until_long("nothing needs the old keys", async || {
        let told = sandbox.command(&["keys", "status"], "").await?;
        Ok(told.lines().all(|line| line.ends_with("nothing needs the old keys")))
    })
    .await?;
    let told = sandbox.command(&["keys", "retire"], "").await?;
    ensure!(told.lines().all(|line| line.ends_with("the old keys are gone")), "{told}");
    for name in ["intake", "identity"] {
        until("the old keys are forgotten", async || Ok((told_of(&sandbox, name)?).then_some(())))
            .await?;
    }

    load.ends.store(true, Ordering::SeqCst);
    join_all(callers).await;
    let (calls, lost) = (load.calls.load(Ordering::SeqCst), load.lost.lock().unwrap().clone());
    println!("{calls} calls while keys were exchanged, {} lost", lost.len());
    ensure!(lost.is_empty() && calls > 100, "{calls} calls, lost: {lost:#?}");

    // Everything is there and found, by the new keys alone.
    ensure!(papers(&world, &story.citizen, &names).await? == before, "papers have changed");
    story.sign_in_again().await.context("signing in by telephone and name")?;
    story.look_up(&accepted).await.context("looked up by code and telephone")?;
    let status = sandbox.command(&["keys", "status"], "").await?;
    ensure!(status.lines().all(|line| line.ends_with("; one key")), "{status}");
    sandbox.command(&["doctor", "--consistency"], "").await?;
    let asked = ["audit", "list", "--service", "intake", "--limit", "10000"];
    let told = sandbox.command(&asked, "").await?;
    ensure!(told.contains("seal dossiers.person anew"), "the exchange is not on the record");
    sandbox.command(&["audit", "verify"], "").await?;
    Ok(())
}

/// Whether a process has taken up the last change of its keys.
fn told_of(sandbox: &Sandbox, name: &str) -> Result<bool> {
    let log = std::fs::read_to_string(sandbox.dir().join(format!("{name}.log")))?;
    let last = log.lines().rfind(|line| line.contains("keys changed")).unwrap_or_default();
    Ok(last.contains("\"None\""))
}

/// Kills the process as soon as the first file of `intake` is sealed anew, while nobody
/// calls it. Answers how many were, of how many, and keeps the callers away.
async fn kill_amid_files<'a>(
    dir: &Path,
    pid: u32,
    intake: &'a RwLock<()>,
) -> Result<(usize, usize, tokio::sync::RwLockWriteGuard<'a, ()>)> {
    let path = dir.join("keys/intake.keyring");
    until_long("the new data key seals", async || {
        Ok(Keyring::load(&path)?.rotation() == Rotation::Changed)
    })
    .await?;
    let ring = Keyring::load(&path)?;
    let counted = || sealed_by(&ring, &dir.join("files/intake"));
    until_long("a file is sealed anew", async || Ok(counted()?.0 > 0)).await?;
    let quiet = intake.write().await;
    ensure!(Command::new("kill").args(["-9", &pid.to_string()]).status()?.success());
    let (new, all) = counted()?;
    Ok((new, all, quiet))
}

async fn until_long(what: &str, mut is: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let wait = async {
        while !is().await? {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    };
    tokio::time::timeout(Duration::from_mins(2), wait).await.with_context(|| what.to_owned())?
}

/// How many files in a folder a ring's current key has sealed, of how many.
fn sealed_by(ring: &Keyring, folder: &Path) -> Result<(usize, usize)> {
    let (mut new, mut all) = (0, 0);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let (more, of) = sealed_by(ring, &path)?;
            (new, all) = (new + more, all + of);
        } else if path.extension().is_none() {
            let mut mark = [0; MARK];
            std::fs::File::open(&path)?.read_exact(&mut mark)?;
            (new, all) = (new + usize::from(ring.is_current_stream(&mark)), all + 1);
        }
    }
    Ok((new, all))
}

/// The contents of all papers of dossiers, by name.
async fn papers(
    world: &World,
    citizen: &Signed,
    dossiers: &[String],
) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for name in dossiers {
        let asked = GetDossierRequest { name: name.clone() };
        let dossier = world.intake(citizen).get_dossier(asked).await.map_err(refused)?.into_inner();
        ensure!(dossier.applicant.is_some(), "{name} has lost its applicant");
        for paper in dossier.papers {
            let content = until("a scanned paper", async || {
                match download(world, citizen, &paper.name).await {
                    Err(error) if error.to_string().contains("PAPER_NOT_SCANNED") => Ok(None),
                    content => content.map(Some),
                }
            });
            found.insert(paper.name.clone(), content.await?);
        }
    }
    Ok(found)
}

async fn download(world: &World, citizen: &Signed, name: &str) -> Result<Vec<u8>> {
    let asked = DownloadPaperRequest { name: name.to_owned(), timeout: None };
    let answer = world.intake(citizen).download_paper(asked).await.map_err(refused)?;
    let (mut stream, mut content) = (answer.into_inner(), Vec::new());
    while let Some(message) = stream.message().await.map_err(refused)? {
        if let Some(Part::Chunk(chunk)) = message.part {
            content.extend(chunk);
        }
    }
    Ok(content)
}

/// People who work meanwhile.
#[derive(Default)]
struct Load {
    ends: AtomicBool,
    calls: AtomicUsize,
    lost: Mutex<Vec<String>>,
    /// Held while `intake` is called.
    intake: RwLock<()>,
}

impl Load {
    /// Somebody who signs in, people who register, an officer who looks people up, and a
    /// citizen who reads and writes.
    fn begin(
        self: Arc<Self>,
        world: &World,
        story: &Story<'_>,
        dossiers: &[String],
    ) -> Vec<tokio::task::JoinHandle<()>> {
        let (citizen, desk) = (story.citizen.clone(), story.desk.clone());
        let phone = story.applicant.phone.clone();
        let dossiers = dossiers.to_vec();
        let (tracker, mut tasks) = (TaskTracker::new(), Vec::new());
        let (load, here, who) = (self.clone(), world.clone(), citizen.clone());
        tasks.push(tracker.spawn(async move {
            while load.goes_on().await {
                let again = cast::sign_in(&here, &who.login, &who.password, &who.name).await;
                load.count("signing in", again.map(drop));
            }
        }));
        let (load, here) = (self.clone(), world.clone());
        tasks.push(tracker.spawn(async move {
            let mut n = 0;
            while load.goes_on().await && n < 100 {
                n += 1;
                load.count("registering", cast::citizen(&here, person(n)).await.map(drop));
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }));
        let (load, here) = (self.clone(), world.clone());
        tasks.push(tracker.spawn(async move {
            while load.goes_on().await {
                let _called = load.intake.read().await;
                load.count("looking up", look_up(&here, &desk, &phone).await);
            }
        }));
        let (load, here) = (self, world.clone());
        tasks.push(tracker.spawn(async move {
            let mut next = dossiers.iter().cycle();
            while load.goes_on().await
                && let Some(name) = next.next()
            {
                let _called = load.intake.read().await;
                let asked = GetDossierRequest { name: name.clone() };
                let read = here.intake(&citizen).get_dossier(asked).await;
                load.count("reading", read.map(drop).map_err(refused));
            }
        }));
        tasks
    }

    async fn goes_on(&self) -> bool {
        tokio::time::sleep(Duration::from_millis(100)).await;
        !self.ends.load(Ordering::SeqCst)
    }

    fn count(&self, what: &str, done: Result<()>) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if let Err(error) = done {
            self.lost.lock().unwrap().push(format!("{what}: {error:#}"));
        }
    }
}

/// The desk finds whoever filed by a telephone number.
async fn look_up(world: &World, desk: &Signed, phone: &str) -> Result<()> {
    let asked = ListDossiersRequest { phone: phone.to_owned(), ..ListDossiersRequest::default() };
    let found = world.intake(desk).list_dossiers(asked).await.map_err(refused)?.into_inner();
    ensure!(!found.dossiers.is_empty(), "the telephone finds nobody");
    Ok(())
}

fn person(n: usize) -> Citizen {
    Citizen {
        full_name: "Trần Thị Mai".to_owned(),
        citizen_number: format!("07218500{:04}", 3000 + n),
        phone: format!("0987002{n:03}"),
        email: format!("mai{n}@example.vn"),
    }
}
