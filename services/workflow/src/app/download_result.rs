use bytes::Bytes;
use futures::stream::BoxStream;
use motcua_context::{Actor, Ctx};
use motcua_fault::Fault;
use motcua_ids::ResultId;

use super::{App, permit};
use crate::domain::{Process, Refusal, ResultRecord, State};

type Pieces = BoxStream<'static, Result<Bytes, Fault>>;

impl App {
    /// A result with its bytes.
    pub(crate) async fn download_result(
        &self,
        ctx: &Ctx,
        id: ResultId,
    ) -> Result<(ResultRecord, Pieces), Fault> {
        let record = self.results.get(self.store.reader(), id).await?;
        let process = self.processes.get(self.store.reader(), record.process).await?;
        may_download(ctx, &process, id)?;
        record.readable(!self.quarantine.scans())?;
        self.record_reading(ctx, "DownloadResult", &process).await?;
        let pieces = self.files.open(record.file).await?;
        Ok((record, pieces))
    }
}

/// Officers of the process see drafts too; intake and the citizen the approved
/// result alone, and the citizen once it was returned.
fn may_download(ctx: &Ctx, process: &Process, id: ResultId) -> Result<(), Refusal> {
    let decided = process.progress.decision.is_some_and(|decision| decision.result == id);
    let returned = matches!(process.state(), State::Returned { .. } | State::Closed { .. });
    let allowed = match ctx.actor().principal() {
        Actor::Officer(officer) if permit::sees(officer, process).is_ok() => true,
        _ if ctx.actor().is_service("intake") => decided,
        Actor::Person(person) => {
            decided && returned && process.filing.applicant == Some(person.account)
        }
        _ => false,
    };
    if allowed { Ok(()) } else { Err(Refusal::ResultUnknown) }
}
