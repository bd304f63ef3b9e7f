//! Every row that names a file has its bytes, and every stored file its row; what is in
//! quarantine lies there and nowhere else.

use std::collections::{HashMap, HashSet};

use futures::StreamExt;
use motcua_fault::Fault;
use motcua_files::Shelf;
use motcua_ids::{FileId, Uuid};
use motcua_intake::consistency as intake;
use motcua_quarantine::{self as quarantine, State};
use motcua_sealing::sealed_len;
use motcua_spine::Spine;
use motcua_store::Store;
use motcua_workflow::consistency as workflow;

use super::{BATCH, Report, Stores};

/// A row that names a file: the row's name, the file, its length.
struct Row {
    name: String,
    file: FileId,
    size: u64,
}

pub(super) async fn prove(
    stores: &Stores,
    spine: &Spine,
    report: &mut Report,
) -> Result<(), Fault> {
    let shelves = [shelf(spine, "intake")?, shelf(spine, "workflow")?];
    let mut after = Uuid::nil();
    loop {
        let batch = intake::papers(stores.intake.reader(), after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = last.id;
        let rows = batch.iter().map(|paper| row("papers", paper.id, paper.file, paper.size));
        bytes(&stores.intake, shelves[0].as_ref(), rows.collect(), report).await?;
    }
    after = Uuid::nil();
    loop {
        let batch = workflow::results(stores.workflow.reader(), after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = last.id;
        let rows = batch.iter().map(|it| row("results", it.id, it.file, it.size_bytes));
        bytes(&stores.workflow, shelves[1].as_ref(), rows.collect(), report).await?;
    }
    held(&stores.intake, shelves[0].as_ref(), report).await?;
    held(&stores.workflow, shelves[1].as_ref(), report).await?;
    // Services may share one folder; each file is looked at once.
    let same = spine.files_url("intake") == spine.files_url("workflow");
    for shelf in shelves.iter().take(if same { 1 } else { 2 }).flatten() {
        let mut batches = Box::pin(shelf.all().ready_chunks(usize::try_from(BATCH).unwrap_or(1)));
        while let Some(batch) = batches.next().await {
            let files = batch.into_iter().collect::<Result<Vec<_>, _>>()?;
            report.count("stored files", files.len());
            nameless(stores, &files, report).await?;
        }
    }
    Ok(())
}

async fn bytes(
    store: &Store,
    shelf: Option<&Shelf>,
    mut rows: Vec<Row>,
    report: &mut Report,
) -> Result<(), Fault> {
    report.count("rows with files", rows.len());
    let files: Vec<_> = rows.iter().map(|row| row.file).collect();
    let states = quarantine::states(store.reader(), &files).await?;
    let sizes = match shelf {
        Some(shelf) => shelf.sizes(&files).await?,
        None => HashMap::new(),
    };
    // What is in quarantine is looked at there.
    rows.retain(|row| states.get(&row.file).is_none_or(|state| *state == State::Waiting));
    for row in rows {
        let place = row.file.name();
        match sizes.get(&row.file) {
            None => report.wrong(
                row.name,
                "FILE_MISSING",
                format!("its {place} is missing: restore it from a backup"),
            ),
            Some(size) if *size != sealed_len(row.size) => report.wrong(
                row.name,
                "FILE_LENGTH",
                format!(
                    "its {place} has {size} octets, sealed it has {}: restore it from a backup",
                    sealed_len(row.size)
                ),
            ),
            Some(_) => {}
        }
    }
    Ok(())
}

/// What is in quarantine has its bytes there, and none where files are served from.
async fn held(store: &Store, shelf: Option<&Shelf>, report: &mut Report) -> Result<(), Fault> {
    let Some(shelf) = shelf else { return Ok(()) };
    let mut after = None;
    loop {
        let of = [State::Held, State::Gone];
        let batch = quarantine::list(store, &of, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.file);
        report.count("files in quarantine", batch.len());
        let files: Vec<_> = batch.iter().map(|held| held.file).collect();
        let (served, aside) = (shelf.sizes(&files).await?, shelf.sizes_aside(&files).await?);
        for held in batch {
            if served.contains_key(&held.file) {
                report.wrong(
                    held.file.name(),
                    "FILE_SERVED",
                    "it lies where files are served from: rescan it",
                );
            } else if held.state == State::Held && !aside.contains_key(&held.file) {
                report.wrong(
                    held.file.name(),
                    "FILE_NOT_HELD",
                    "it is not in quarantine any more: restore it",
                );
            } else if held.state == State::Gone && aside.contains_key(&held.file) {
                report.wrong(
                    held.file.name(),
                    "FILE_KEPT_ON",
                    "its time in quarantine is over: delete it",
                );
            }
        }
    }
}

/// Files that no row names, and that no timer looks at later either.
async fn nameless(stores: &Stores, files: &[FileId], report: &mut Report) -> Result<(), Fault> {
    let ids: Vec<_> = files.iter().map(|file| file.uuid()).collect();
    // The timers first: a timer goes when the row comes.
    let mut expected = HashSet::new();
    for store in [&stores.intake, &stores.workflow] {
        expected.extend(store.timers([intake::FILE], &ids).await?.into_keys());
    }
    let mut named: HashSet<_> =
        intake::named(stores.intake.reader(), files).await?.into_iter().collect();
    named.extend(workflow::named(stores.workflow.reader(), files).await?);
    for store in [&stores.intake, &stores.workflow] {
        named.extend(quarantine::states(store.reader(), files).await?.into_keys());
    }
    for file in files {
        if !named.contains(file) && !expected.contains(&file.uuid()) {
            report.wrong(file.name(), "FILE_NAMELESS", "no row names it: it may be deleted");
        }
    }
    Ok(())
}

fn shelf(spine: &Spine, service: &str) -> Result<Option<Shelf>, Fault> {
    Shelf::at(&spine.files_url(service)).map_err(Fault::internal)
}

fn row(kind: &str, id: Uuid, file: Uuid, size: i64) -> Row {
    Row {
        name: format!("{kind}/{id}"),
        file: file.into(),
        size: u64::try_from(size).unwrap_or_default(),
    }
}
