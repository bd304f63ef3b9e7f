use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_files::{Limits, MediaType, Stored};
use motcua_ids::{FileId, ProcessId, ResultId};
use motcua_quarantine::Scan;

use super::{App, FILE, OnTask, permit};
use crate::domain::{Outcome, Refusal, ResultRecord, ResultWords};

/// A specialist's draft, before its bytes.
#[derive(Debug, Clone)]
pub(crate) struct DraftResult {
    /// The task.
    pub(crate) on: OnTask,
    /// What it decides.
    pub(crate) outcome: Outcome,
    /// Its text and its file's name.
    pub(crate) words: ResultWords,
    /// How long the upload may take.
    pub(crate) time_limit: Duration,
}

impl App {
    /// The holder of a step that drafts puts a draft in the place of the one before.
    ///
    /// The bytes are kept first and forgotten if the draft is refused. The same request with
    /// other bytes is another request.
    pub(crate) async fn draft_result(
        &self,
        ctx: &Ctx,
        draft: DraftResult,
        bytes: impl Stream<Item = Result<Bytes, Fault>> + Send,
    ) -> Result<ResultRecord, Fault> {
        let officer = ctx.officer()?;
        let process = self.processes.of_task(self.store.reader(), draft.on.task).await?;
        let present = self.processes.get(self.store.reader(), process).await?;
        permit::works(officer, present.task(draft.on.task)?)?;
        let file: FileId = ctx.new_id();
        self.expect_file(ctx, file, draft.time_limit).await?;
        let upload = self.receive(file, Box::pin(bytes));
        let stored = tokio::time::timeout(draft.time_limit, upload)
            .await
            .unwrap_or_else(|_| Err(too_slow()))?;
        let ctx = &motcua_rpc::with_content(ctx, &stored.sha256);
        let kept = self.keep_draft(ctx, process, draft, file, stored).await;
        if !matches!(&kept, Ok(record) if record.file == file)
            && let Err(fault) = self.unused_file(file).await
        {
            tracing::warn!(%fault, %file, "a refused draft's file is left until its timer");
        }
        kept
    }

    async fn receive(
        &self,
        file: FileId,
        mut bytes: impl Stream<Item = Result<Bytes, Fault>> + Unpin,
    ) -> Result<Stored, Fault> {
        let types = &self.config.result_media_types;
        let accept = types.iter().filter_map(|name| MediaType::parse(name)).collect();
        let limits = Limits { max_bytes: self.config.result_max_bytes, accept: Cow::Owned(accept) };
        let mut upload = self.files.create(file, limits).await?;
        while let Some(piece) = bytes.next().await {
            upload.write(piece?).await?;
        }
        upload.finish().await
    }

    async fn keep_draft(
        &self,
        ctx: &Ctx,
        process: ProcessId,
        draft: DraftResult,
        file: FileId,
        stored: Stored,
    ) -> Result<ResultRecord, Fault> {
        let verdict = self.quarantine.examine(file).await?;
        if let Some(unfit) = Scan::of(&verdict).unfit() {
            self.quarantine.hold(ctx, file, process.uuid(), &verdict, FILE).await?;
            return Err(Refusal::FileUnfit(unfit).into());
        }
        let officer = ctx.officer()?;
        let id: ResultId = ctx.new_id();
        let DraftResult { on, outcome, words, .. } = draft;
        let record = ResultRecord {
            id,
            process,
            task: on.task,
            outcome,
            words,
            file,
            media_type: stored.media_type.to_string(),
            size_bytes: stored.size,
            sha256: stored.sha256.to_vec(),
            scan: Scan::of(&verdict),
            drafted_by: officer.account,
            drafted_at: ctx.now(),
            approved: None,
        };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, process).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let (by, now) = (officer.account, ctx.now());
                let events = held.process.draft(on.task, by, id, outcome, now)?;
                self.results.insert(tx, &record).await?;
                tx.unschedule(FILE, file.uuid()).await?;
                self.quarantine.keep(tx, file, process.uuid(), &verdict, now).await?;
                self.settle(tx, ctx, &held, &events, None).await?;
                Ok(record)
            })
            .await?
            .or_reload(async |id| self.results.get(self.store.reader(), ResultId::new(id)).await)
            .await
    }
}

fn too_slow() -> Fault {
    Fault::new(
        Kind::DeadlineExceeded,
        "UPLOAD_TOO_SLOW",
        "Tệp chưa gửi xong trong thời gian cho phép, vui lòng gửi lại.",
    )
}
