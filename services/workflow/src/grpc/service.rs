//! What we serve: one method, one use case.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt, TryStreamExt};
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind, both};
use motcua_proto::workflow::v1 as proto;
use motcua_proto::workflow::v1::workflow_service_server::WorkflowService;
use motcua_rpc::{Pages, mutation, query, reply, status, upload};
use tokio::time::{Instant, timeout_at};
use tonic::{Request, Response, Status, Streaming};

use super::fields::Fields;
use super::requests::{self, Requests};
use super::{convert, requests::id};
use crate::app::{App, ProcessView};
use crate::domain::TaskView;

/// The contract's methods over the use cases.
#[derive(Clone)]
pub(crate) struct WorkflowRpc {
    pub(crate) app: Arc<App>,
    pub(crate) pages: Pages,
}

type Answer<T> = Result<Response<T>, Status>;

impl WorkflowRpc {
    fn requests(&self) -> Requests {
        Requests { text_max_chars: self.app.config().text_max_chars }
    }
}

fn task(ctx: &Ctx) -> impl FnOnce(TaskView) -> proto::Task {
    let now = ctx.now();
    move |view| convert::task(&view, now)
}

fn process(ctx: &Ctx) -> impl FnOnce(ProcessView) -> proto::Process {
    let now: DateTime<Utc> = ctx.now();
    move |view| convert::process(&view, now)
}

#[tonic::async_trait]
impl WorkflowService for WorkflowRpc {
    type DownloadResultStream = BoxStream<'static, Result<proto::DownloadResultResponse, Status>>;

    async fn list_tasks(
        &self,
        request: Request<proto::ListTasksRequest>,
    ) -> Answer<proto::ListTasksResponse> {
        let (ctx, mut m) = query(request);
        let (size, token) = (std::mem::take(&mut m.page_size), std::mem::take(&mut m.page_token));
        let listed = async {
            let page = self.pages.open(&ctx, &m, size, &token);
            let (page, list) = both(page, requests::list_tasks(&m))?;
            let rows = self.app.list_tasks(&ctx, list, page.after, page.size + 1).await?;
            let (rows, next_page_token) = self.cut(&ctx, &m, rows, page.size)?;
            let tasks = rows.iter().map(|view| convert::task(view, ctx.now())).collect();
            Ok(proto::ListTasksResponse { tasks, next_page_token })
        };
        reply(listed.await)
    }

    async fn get_task(&self, request: Request<proto::GetTaskRequest>) -> Answer<proto::Task> {
        let (ctx, m) = query(request);
        let got = async { self.app.get_task(&ctx, id("name", &m.name)?).await };
        reply(got.await.map(task(&ctx)))
    }

    async fn take_task(&self, request: Request<proto::TakeTaskRequest>) -> Answer<proto::Task> {
        let (ctx, on) = mutation(request, |_, m| self.requests().on_task(&m.name, &m.etag, ""))?;
        reply(self.app.take_task(&ctx, on).await.map(task(&ctx)))
    }

    async fn assign_task(&self, request: Request<proto::AssignTaskRequest>) -> Answer<proto::Task> {
        let (ctx, assign) = mutation(request, |_, m| self.requests().assign(&m))?;
        reply(self.app.assign_task(&ctx, assign).await.map(task(&ctx)))
    }

    async fn release_task(
        &self,
        request: Request<proto::ReleaseTaskRequest>,
    ) -> Answer<proto::Task> {
        let (ctx, on) =
            mutation(request, |_, m| self.requests().on_task(&m.name, &m.etag, &m.reason))?;
        reply(self.app.release_task(&ctx, on).await.map(task(&ctx)))
    }

    async fn forward_task(
        &self,
        request: Request<proto::ForwardTaskRequest>,
    ) -> Answer<proto::Process> {
        let (ctx, forward) = mutation(request, |_, m| self.requests().forward(&m))?;
        reply(self.app.forward_task(&ctx, forward).await.map(process(&ctx)))
    }

    async fn send_back_task(
        &self,
        request: Request<proto::SendBackTaskRequest>,
    ) -> Answer<proto::Process> {
        let (ctx, send_back) = mutation(request, |_, m| self.requests().send_back(&m))?;
        reply(self.app.send_back_task(&ctx, send_back).await.map(process(&ctx)))
    }

    async fn recall_task(
        &self,
        request: Request<proto::RecallTaskRequest>,
    ) -> Answer<proto::Process> {
        let (ctx, on) = mutation(request, |_, m| {
            self.requests().with_words(&m.name, &m.etag, "reason", &m.reason)
        })?;
        reply(self.app.recall_task(&ctx, on).await.map(process(&ctx)))
    }

    async fn answer_consult(
        &self,
        request: Request<proto::AnswerConsultRequest>,
    ) -> Answer<proto::Task> {
        let (ctx, on) = mutation(request, |_, m| {
            self.requests().with_words(&m.name, &m.etag, "answer", &m.answer)
        })?;
        reply(self.app.answer_consult(&ctx, on).await.map(task(&ctx)))
    }

    async fn withdraw_consult(
        &self,
        request: Request<proto::WithdrawConsultRequest>,
    ) -> Answer<proto::Task> {
        let (ctx, on) = mutation(request, |_, m| {
            self.requests().with_words(&m.name, &m.etag, "reason", &m.reason)
        })?;
        reply(self.app.withdraw_consult(&ctx, on).await.map(task(&ctx)))
    }

    async fn ask_supplement(
        &self,
        request: Request<proto::AskSupplementRequest>,
    ) -> Answer<proto::SupplementAsk> {
        let (ctx, ask) = mutation(request, |_, m| self.requests().ask(&m))?;
        let asked = self.app.ask_supplement(&ctx, ask).await;
        reply(asked.map(|(ask, code)| convert::ask(&ask, code)))
    }

    async fn get_supplement_ask(
        &self,
        request: Request<proto::GetSupplementAskRequest>,
    ) -> Answer<proto::SupplementAsk> {
        let (ctx, m) = query(request);
        let got = async { self.app.get_supplement_ask(&ctx, id("name", &m.name)?).await };
        reply(got.await.map(|(ask, code)| convert::ask(&ask, code)))
    }

    async fn draft_result(
        &self,
        request: Request<Streaming<proto::DraftResultRequest>>,
    ) -> Answer<proto::Result> {
        let draft = |first: proto::DraftResultRequest| match first.part {
            Some(proto::draft_result_request::Part::Head(head)) => self.requests().draft(&head),
            _ => Err(out_of_order()),
        };
        let (ctx, draft, rest) = upload(request, draft).await?;
        let drafted = self.app.draft_result(&ctx, draft, pieces(rest)).await;
        reply(drafted.map(|record| convert::result(&record, true)))
    }

    async fn approve_result(
        &self,
        request: Request<proto::ApproveResultRequest>,
    ) -> Answer<proto::Process> {
        let (ctx, approve) = mutation(request, |_, m| self.requests().approve(&m))?;
        reply(self.app.approve_result(&ctx, approve).await.map(process(&ctx)))
    }

    async fn get_result(&self, request: Request<proto::GetResultRequest>) -> Answer<proto::Result> {
        let (ctx, m) = query(request);
        let got = async { self.app.get_result(&ctx, id("name", &m.name)?).await };
        reply(got.await.map(|record| convert::result(&record, true)))
    }

    async fn download_result(
        &self,
        request: Request<proto::DownloadResultRequest>,
    ) -> Answer<Self::DownloadResultStream> {
        let (ctx, m) = query(request);
        let opened = async {
            let mut fields = Fields::default();
            let result = fields.id("name", &m.name);
            let limit = requests::time_limit(&mut fields, "time_limit", m.time_limit.as_ref());
            fields.finish()?;
            let (record, bytes) = self.app.download_result(&ctx, result).await?;
            Ok(download(convert::result(&record, false), bytes, Instant::now() + limit))
        };
        reply(opened.await)
    }

    async fn extend_due_date(
        &self,
        request: Request<proto::ExtendDueDateRequest>,
    ) -> Answer<proto::Process> {
        let (ctx, extend) = mutation(request, |_, m| self.requests().extend(&m))?;
        reply(self.app.extend_due_date(&ctx, extend).await.map(process(&ctx)))
    }

    async fn get_process(
        &self,
        request: Request<proto::GetProcessRequest>,
    ) -> Answer<proto::Process> {
        let (ctx, m) = query(request);
        let got = async { self.app.get_process(&ctx, id("name", &m.name)?).await };
        reply(got.await.map(process(&ctx)))
    }

    async fn list_acts(
        &self,
        request: Request<proto::ListActsRequest>,
    ) -> Answer<proto::ListActsResponse> {
        let (ctx, mut m) = query(request);
        let (size, token) = (std::mem::take(&mut m.page_size), std::mem::take(&mut m.page_token));
        let listed = async {
            let page = self.pages.open(&ctx, &m, size, &token);
            let (page, process) = both(page, id("parent", &m.parent))?;
            let acts = self.app.list_acts(&ctx, process, page.after, page.size + 1).await?;
            let acts = acts.into_iter().map(|act| (act.version, act)).collect();
            let (acts, next_page_token) = self.cut(&ctx, &m, acts, page.size)?;
            let acts = acts.iter().map(convert::act).collect();
            Ok(proto::ListActsResponse { acts, next_page_token })
        };
        reply(listed.await)
    }

    async fn explain_due_date(
        &self,
        request: Request<proto::ExplainDueDateRequest>,
    ) -> Answer<proto::DueDateExplanation> {
        let (ctx, m) = query(request);
        let got = async { self.app.explain_due_date(&ctx, id("name", &m.name)?).await };
        reply(got.await.map(|explained| convert::explained(&explained)))
    }
}

impl WorkflowRpc {
    /// Cuts a list that asked for one row too many, and says where the next page begins.
    fn cut<C: serde::Serialize, T>(
        &self,
        ctx: &Ctx,
        filter: &impl prost::Name,
        mut rows: Vec<(C, T)>,
        size: u64,
    ) -> Result<(Vec<T>, String), Fault> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let token = match rows.last() {
            Some((position, _)) if more => self.pages.token(ctx, filter, position)?,
            _ => String::new(),
        };
        Ok((rows.into_iter().map(|(_, row)| row).collect(), token))
    }
}

fn out_of_order() -> Fault {
    Fault::new(
        Kind::InvalidArgument,
        "STREAM_OUT_OF_ORDER",
        "Thông điệp đầu tiên phải mô tả kết quả, các thông điệp sau là nội dung tệp.",
    )
}

/// The bytes of an upload.
fn pieces(
    stream: Streaming<proto::DraftResultRequest>,
) -> impl Stream<Item = Result<Bytes, Fault>> {
    stream.map(|message| match message.map_err(motcua_rpc::unread)?.part {
        Some(proto::draft_result_request::Part::Chunk(chunk)) => Ok(chunk.into()),
        _ => Err(out_of_order()),
    })
}

/// The head and the bytes of a download, cut off when its time is over.
fn download(
    head: proto::Result,
    bytes: BoxStream<'static, Result<Bytes, Fault>>,
    end: Instant,
) -> BoxStream<'static, Result<proto::DownloadResultResponse, Status>> {
    use proto::download_result_response::Part;
    let head = stream::once(async { Ok(Part::Head(head)) });
    let chunks = stream::try_unfold(bytes, move |mut bytes| async move {
        // What is always ready in time is late all the same once the time is over.
        if Instant::now() >= end {
            return Err(too_slow());
        }
        match timeout_at(end, bytes.next()).await {
            Ok(Some(chunk)) => Ok(Some((Part::Chunk(chunk?.into()), bytes))),
            Ok(None) => Ok(None),
            Err(_) => Err(too_slow()),
        }
    });
    head.chain(chunks)
        .map_ok(|part| proto::DownloadResultResponse { part: Some(part) })
        .map_err(status)
        .boxed()
}

fn too_slow() -> Fault {
    Fault::new(
        Kind::DeadlineExceeded,
        "DOWNLOAD_TOO_SLOW",
        "Tệp chưa tải xong trong thời gian cho phép, vui lòng tải lại.",
    )
}
