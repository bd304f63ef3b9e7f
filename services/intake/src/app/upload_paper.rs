//! A paper is streamed in: stored sealed, known by its content, examined.

use std::{pin::pin, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_files::{Limits, Stored};
use motcua_ids::{DossierId, FileId, PaperId};
use motcua_store::Once;

use super::{App, authority, timer};
use crate::{
    domain::{By, Content, Denial, Dossier, Paper, Scan, Source, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

/// What opens an upload.
pub(crate) struct PaperHeader {
    pub(crate) dossier: DossierId,
    pub(crate) code: String,
    pub(crate) file_name: String,
    /// Checked where given.
    pub(crate) sha256: Option<Vec<u8>>,
    pub(crate) timeout: Option<Duration>,
}

impl App {
    /// Stores a paper.
    pub(crate) async fn upload_paper(
        &self,
        ctx: &Ctx,
        header: PaperHeader,
        pieces: impl Stream<Item = Result<Bytes, Fault>>,
    ) -> Result<Paper, Fault> {
        let known = dossiers::find(self.store.reader(), header.dossier).await?.dossier;
        self.may_add(ctx, &known, &header.code).await?;
        let file = ctx.new_id::<FileId>();
        self.expect_file(ctx, file).await?;
        let time = self.config.transfer_time(header.timeout);
        let limits = Limits::papers(self.config.max_paper_bytes());
        let stored = self.store_file(file, pieces, limits, time).await?;
        // The same request with other bytes is another request.
        let ctx = &motcua_rpc::with_content(ctx, &stored.sha256);
        match self.keep_file(ctx, &header, file, stored).await {
            Ok(Once::Done(paper)) => Ok(paper),
            Ok(Once::Already(first)) => {
                self.files.delete(file).await?;
                papers::find(self.store.reader(), &self.keyring, first.into()).await
            }
            Err(fault) => {
                // Whatever else is wrong, nothing may be left behind.
                self.unused_file(file).await?;
                Err(fault)
            }
        }
    }

    /// Whether the caller may add a paper of this component now.
    pub(super) async fn may_add(
        &self,
        ctx: &Ctx,
        dossier: &Dossier,
        code: &str,
    ) -> Result<By, Fault> {
        let by = authority::filer_or_desk(ctx, dossier)?;
        dossier.may(Command::Edit)?;
        let published = self.catalog.version(ctx, dossier.filing.version).await?;
        published.procedure.case(&dossier.filing.case)?.paper(code)?;
        Ok(by)
    }

    /// Whether there is room for one more.
    pub(super) fn has_room(&self, given: &[Paper], code: &str) -> Result<(), Denial> {
        let most = self.config.max_papers as usize;
        if given.len() >= most {
            return Err(Denial::DossierFull { most });
        }
        let most = self.config.max_files_per_paper as usize;
        let of_code = given.iter().filter(|paper| paper.code == code && paper.counts());
        if of_code.count() >= most {
            return Err(Denial::TooManyPapers { most });
        }
        Ok(())
    }

    /// Writes what comes in time and within limits, sealed.
    pub(super) async fn store_file(
        &self,
        file: FileId,
        pieces: impl Stream<Item = Result<Bytes, Fault>>,
        limits: Limits,
        time: Duration,
    ) -> Result<Stored, Fault> {
        let stored = tokio::time::timeout(time, async {
            let mut upload = self.files.create(file, limits).await?;
            let mut pieces = pin!(pieces);
            while let Some(piece) = pieces.next().await {
                upload.write(piece?).await?;
            }
            upload.finish().await
        });
        stored.await.map_err(|_| too_slow())?
    }

    async fn keep_file(
        &self,
        ctx: &Ctx,
        header: &PaperHeader,
        file: FileId,
        stored: Stored,
    ) -> Result<Once<Paper>, Fault> {
        if header.sha256.as_ref().is_some_and(|sent| sent != stored.sha256.as_slice()) {
            return Err(Denial::ChecksumMismatch.into());
        }
        let verdict = self.quarantine.examine(file).await?;
        let subject = header.dossier.uuid();
        if let Some(unfit) = Scan::of(&verdict).unfit() {
            self.quarantine.hold(ctx, file, subject, &verdict, timer::FILE).await?;
            return Err(Denial::FileUnfit(unfit).into());
        }
        let id = ctx.new_id::<PaperId>();
        let paper = Paper {
            id,
            dossier: header.dossier,
            code: header.code.clone(),
            source: Source::Uploaded,
            content: Some(Content {
                file,
                file_name: header.file_name.clone(),
                media_type: stored.media_type.to_string(),
                size: stored.size,
                sha256: stored.sha256.to_vec(),
                scan: Scan::of(&verdict),
            }),
            originals: 0,
            copies: 0,
            filed: false,
            created_at: ctx.now(),
        };
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, header.dossier).await?.dossier;
                authority::filer_or_desk(ctx, &dossier)?;
                dossier.edit()?;
                let given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
                self.has_room(&given, &header.code)?;
                let account = dossier.filing.account;
                papers::insert(tx, &self.keyring, account, std::slice::from_ref(&paper)).await?;
                tx.unschedule(timer::FILE, file.uuid()).await?;
                self.quarantine.keep(tx, file, subject, &verdict, ctx.now()).await?;
                self.keep(tx, &mut dossier, Changed::default()).await?;
                Ok(paper)
            })
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
