//! The RPCs: one method, one use case.

use std::sync::Arc;

use bytes::Bytes;
use futures::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use motcua_fault::{Fault, Kind, both};
use motcua_ids::{DossierId, PaperId};
use motcua_post::LogPlace;
use motcua_proto::intake::v1::{self as proto, intake_service_server::IntakeService};
use motcua_rpc::{Page, json, mutation, query, reply, status};
use tokio::time::{Instant, timeout_at};
use tonic::{Request, Response, Status, Streaming};

use super::{read, show};
use crate::app::{App, Download};

/// The path of a method, as readings are recorded under it.
macro_rules! path {
    ($method:literal) => {
        concat!("/motcua.intake.v1.IntakeService/", $method)
    };
}

type Answer<T> = Result<Response<T>, Status>;

/// What is served.
pub(crate) struct IntakeRpc {
    app: Arc<App>,
}

impl IntakeRpc {
    pub(crate) const fn new(app: Arc<App>) -> Self {
        Self { app }
    }
}

#[async_trait::async_trait]
impl IntakeService for IntakeRpc {
    async fn create_dossier(
        &self,
        request: Request<proto::CreateDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let most = self.app.most_answers();
        let (ctx, new) = mutation(request, |_, message| read::create(message.dossier, most))?;
        reply(self.app.create(&ctx, new, path!("CreateDossier")).await.map(show::dossier))
    }

    async fn update_dossier(
        &self,
        request: Request<proto::UpdateDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let most = self.app.most_answers();
        let (ctx, (id, edit)) = mutation(request, |_, message| read::update(message, most))?;
        reply(self.app.update(&ctx, id, edit, path!("UpdateDossier")).await.map(show::dossier))
    }

    async fn discard_dossier(
        &self,
        request: Request<proto::DiscardDossierRequest>,
    ) -> Answer<proto::DiscardDossierResponse> {
        let (ctx, id) = mutation(request, |_, message| read::dossier("name", &message.name))?;
        reply(self.app.discard(&ctx, id).await.map(|()| proto::DiscardDossierResponse {}))
    }

    async fn upload_paper(
        &self,
        request: Request<Streaming<proto::UploadPaperRequest>>,
    ) -> Answer<proto::Paper> {
        use proto::upload_paper_request::Part;
        let header = |first: proto::UploadPaperRequest| match first.part {
            Some(Part::Header(header)) => read::header(Some(header)),
            _ => read::header(None),
        };
        let (ctx, header, rest) = motcua_rpc::upload(request, header).await?;
        let pieces = rest.map(|message| match message.map_err(motcua_rpc::unread)?.part {
            Some(Part::Chunk(chunk)) => Ok(Bytes::from(chunk)),
            _ => Err(second_header()),
        });
        reply(self.app.upload_paper(&ctx, header, pieces).await.map(show::paper))
    }

    async fn offer_paper(
        &self,
        request: Request<Streaming<proto::OfferPaperRequest>>,
    ) -> Answer<proto::PaperOffer> {
        use proto::offer_paper_request::Part;
        let header = |first: proto::OfferPaperRequest| match first.part {
            Some(Part::Header(header)) => read::dossier("header.dossier", &header.dossier),
            _ => read::dossier("header.dossier", ""),
        };
        let (ctx, dossier, rest) = motcua_rpc::upload(request, header).await?;
        let pieces = rest.map(|message| match message.map_err(motcua_rpc::unread)?.part {
            Some(Part::Chunk(chunk)) => Ok(Bytes::from(chunk)),
            _ => Err(second_header()),
        });
        reply(self.app.offer_paper(&ctx, dossier, pieces).await.map(show::offer))
    }

    async fn get_paper_offer(
        &self,
        request: Request<proto::GetPaperOfferRequest>,
    ) -> Answer<proto::PaperOffer> {
        let (ctx, message) = query(request);
        let id = read::paper_offer(&message.name).map_err(status)?;
        reply(self.app.paper_offer(&ctx, id).await.map(show::offer))
    }

    async fn answer_paper_offers(
        &self,
        request: Request<proto::AnswerPaperOffersRequest>,
    ) -> Answer<proto::AnswerPaperOffersResponse> {
        let (ctx, answer) = mutation(request, |_, message| read::answer_offers(&message))?;
        reply(self.app.answer_offers(&ctx, answer).await.map(show::answered))
    }

    type DownloadPaperStream = BoxStream<'static, Result<proto::DownloadPaperResponse, Status>>;

    async fn download_paper(
        &self,
        request: Request<proto::DownloadPaperRequest>,
    ) -> Answer<Self::DownloadPaperStream> {
        let (ctx, message) = query(request);
        let id = read::paper(&message.name).map_err(status)?;
        let end = Instant::now() + self.app.transfer_time(read::duration(message.timeout));
        let download = self.app.download_paper(&ctx, id, path!("DownloadPaper")).await;
        reply(download.map(|download| messages(download, end).boxed()))
    }

    async fn attach_paper(
        &self,
        request: Request<proto::AttachPaperRequest>,
    ) -> Answer<proto::Paper> {
        let (ctx, attach) = mutation(request, |_, message| read::attach(&message))?;
        reply(self.app.attach_paper(&ctx, attach).await.map(show::paper))
    }

    async fn remove_paper(
        &self,
        request: Request<proto::RemovePaperRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, id) = mutation(request, |_, message| read::paper(&message.name))?;
        reply(self.app.remove_paper(&ctx, id, path!("RemovePaper")).await.map(show::dossier))
    }

    async fn list_reusable_papers(
        &self,
        request: Request<proto::ListReusablePapersRequest>,
    ) -> Answer<proto::ListReusablePapersResponse> {
        let (ctx, message) = query(request);
        let filter =
            proto::ListReusablePapersRequest { code: message.code.clone(), ..Default::default() };
        let page: Page<PaperId> = self
            .app
            .pages
            .open(&ctx, &filter, message.page_size, &message.page_token)
            .map_err(status)?;
        let found = self.app.reusable_papers(&ctx, &message.code, page.after, page.size).await;
        let (papers, last) = cut(found.map_err(status)?, page.size, |paper| paper.id);
        let token = last.map_or(Ok(String::new()), |id| self.app.pages.token(&ctx, &filter, &id));
        reply(token.map(|next_page_token| proto::ListReusablePapersResponse {
            papers: papers.into_iter().map(show::paper).collect(),
            next_page_token,
        }))
    }

    async fn submit_dossier(
        &self,
        request: Request<proto::SubmitDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, etag)) = mutation(request, |_, message| {
            Ok((read::dossier("name", &message.name)?, message.etag))
        })?;
        reply(self.app.submit(&ctx, id, &etag).await.map(show::dossier))
    }

    async fn receive_dossier(
        &self,
        request: Request<proto::ReceiveDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, etag, sheets)) = mutation(request, |_, message| {
            read::with_sheets(&message.name, message.etag, message.handed_in)
        })?;
        let received = self.app.receive(&ctx, id, &etag, sheets, path!("ReceiveDossier")).await;
        reply(received.map(show::dossier))
    }

    async fn accept_dossier(
        &self,
        request: Request<proto::AcceptDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, id) = mutation(request, |_, message| read::dossier("name", &message.name))?;
        reply(self.app.accept(&ctx, id, path!("AcceptDossier")).await.map(show::dossier))
    }

    async fn request_supplement(
        &self,
        request: Request<proto::RequestSupplementRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, asked) = mutation(request, |_, message| read::supplement(message))?;
        let path = path!("RequestSupplement");
        reply(self.app.request_supplement(&ctx, asked, path).await.map(show::dossier))
    }

    async fn decline_supplement(
        &self,
        request: Request<proto::DeclineSupplementRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, reason)) =
            mutation(request, |_, message| read::with_reason(&message.name, &message.reason))?;
        let path = path!("DeclineSupplement");
        reply(self.app.decline_supplement(&ctx, id, reason, path).await.map(show::dossier))
    }

    async fn provide_supplement(
        &self,
        request: Request<proto::ProvideSupplementRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, etag, sheets)) = mutation(request, |_, message| {
            read::with_sheets(&message.name, message.etag, message.handed_in)
        })?;
        let path = path!("ProvideSupplement");
        let provided = self.app.provide_supplement(&ctx, id, &etag, sheets, path).await;
        reply(provided.map(show::dossier))
    }

    async fn reject_dossier(
        &self,
        request: Request<proto::RejectDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, reason)) =
            mutation(request, |_, message| read::with_reason(&message.name, &message.reason))?;
        reply(self.app.reject(&ctx, id, reason, path!("RejectDossier")).await.map(show::dossier))
    }

    async fn request_withdrawal(
        &self,
        request: Request<proto::RequestWithdrawalRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, reason)) = mutation(request, |_, message| {
            read::with_maybe_reason(&message.name, &message.reason)
        })?;
        let path = path!("RequestWithdrawal");
        reply(self.app.withdraw(&ctx, id, reason, path).await.map(show::dossier))
    }

    async fn issue_stop_notice(
        &self,
        request: Request<proto::IssueStopNoticeRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, (id, reason)) = mutation(request, |_, message| {
            read::with_maybe_reason(&message.name, &message.reason)
        })?;
        let path = path!("IssueStopNotice");
        reply(self.app.issue_stop_notice(&ctx, id, reason, path).await.map(show::dossier))
    }

    async fn return_result(
        &self,
        request: Request<proto::ReturnResultRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, returned) = mutation(request, |_, message| read::return_result(&message))?;
        let path = path!("ReturnResult");
        reply(self.app.return_result(&ctx, returned, path).await.map(show::dossier))
    }

    async fn close_dossier(
        &self,
        request: Request<proto::CloseDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, id) = mutation(request, |_, message| read::dossier("name", &message.name))?;
        reply(self.app.close(&ctx, id, path!("CloseDossier")).await.map(show::dossier))
    }

    async fn get_dossier(
        &self,
        request: Request<proto::GetDossierRequest>,
    ) -> Answer<proto::Dossier> {
        let (ctx, message) = query(request);
        let id = read::dossier("name", &message.name).map_err(status)?;
        reply(self.app.get(&ctx, id, path!("GetDossier")).await.map(show::dossier))
    }

    async fn list_dossiers(
        &self,
        request: Request<proto::ListDossiersRequest>,
    ) -> Answer<proto::ListDossiersResponse> {
        let (ctx, message) = query(request);
        let asked = read::list(&message);
        let (page_size, page_token) = (message.page_size, message.page_token.clone());
        let filter =
            proto::ListDossiersRequest { page_size: 0, page_token: String::new(), ..message };
        let page = self.app.pages.open::<DossierId>(&ctx, &filter, page_size, &page_token);
        let (page, asked) = both(page, asked).map_err(status)?;
        let method = path!("ListDossiers");
        let found = self.app.list(&ctx, asked, page.after, page.size, method).await;
        let found = found.map_err(status)?;
        let (lines, last) = cut(found.lines, page.size, |line| line.id);
        let token = last.map_or(Ok(String::new()), |id| self.app.pages.token(&ctx, &filter, &id));
        reply(token.map(|next_page_token| proto::ListDossiersResponse {
            dossiers: lines.into_iter().map(|l| show::summary(l, found.viewer)).collect(),
            next_page_token,
        }))
    }

    async fn list_timeline(
        &self,
        request: Request<proto::ListTimelineRequest>,
    ) -> Answer<proto::ListTimelineResponse> {
        let (ctx, message) = query(request);
        let filter =
            proto::ListTimelineRequest { dossier: message.dossier.clone(), ..Default::default() };
        let (size, token) = (message.page_size, &message.page_token);
        let page = self.app.pages.open::<i64>(&ctx, &filter, size, token);
        let id = read::dossier("dossier", &message.dossier);
        let (page, id) = both(page, id).map_err(status)?;
        let path = path!("ListTimeline");
        let found = self.app.timeline(&ctx, id, page.after, page.size, path).await;
        let (viewer, acts) = found.map_err(status)?;
        let (acts, last) = cut(acts, page.size, |act| act.version);
        let token = last.map_or(Ok(String::new()), |at| self.app.pages.token(&ctx, &filter, &at));
        reply(token.map(|next_page_token| proto::ListTimelineResponse {
            acts: acts.into_iter().filter_map(|act| show::act(act, viewer)).collect(),
            next_page_token,
        }))
    }

    async fn list_dossier_events(
        &self,
        request: Request<proto::ListDossierEventsRequest>,
    ) -> Answer<proto::ListDossierEventsResponse> {
        let (ctx, message) = query(request);
        let filter = proto::ListDossierEventsRequest {
            dossier: message.dossier.clone(),
            ..Default::default()
        };
        let (size, token) = (message.page_size, &message.page_token);
        let page = self.app.pages.open::<LogPlace>(&ctx, &filter, size, token);
        let dossier = read::maybe_dossier("dossier", &message.dossier);
        let (page, dossier) = both(page, dossier).map_err(status)?;
        let found = self.app.events_of(&ctx, dossier, page.after, page.size).await;
        let found = found.map_err(status)?;
        let token = self.app.pages.token(&ctx, &filter, &found.place);
        reply(token.map(|next_page_token| proto::ListDossierEventsResponse {
            events: found.events.into_iter().map(show::event).collect(),
            next_page_token,
            up_to_date: found.up_to_date,
        }))
    }

    async fn get_receipt(
        &self,
        request: Request<proto::GetReceiptRequest>,
    ) -> Answer<proto::Receipt> {
        let (ctx, message) = query(request);
        let id = read::dossier("name", &message.name).map_err(status)?;
        reply(self.app.receipt(&ctx, id, path!("GetReceipt")).await.map(show::receipt))
    }

    async fn look_up_dossier(
        &self,
        request: Request<proto::LookUpDossierRequest>,
    ) -> Answer<proto::LookUpDossierResponse> {
        let (ctx, message) = query(request);
        let asked = read::look_up(&message).map_err(status)?;
        reply(self.app.look_up(&ctx, asked).await.map(show::public))
    }

    async fn look_up_by_telephone(
        &self,
        request: Request<proto::LookUpByTelephoneRequest>,
    ) -> Answer<proto::LookUpByTelephoneResponse> {
        let (ctx, message) = query(request);
        let asked = read::look_up_by_telephone(&message).map_err(status)?;
        let method = path!("LookUpByTelephone");
        let found = self.app.look_up_by_telephone(&ctx, asked, method).await;
        reply(found.map(|found| show::by_telephone(&found)))
    }

    async fn get_contact(
        &self,
        request: Request<proto::GetContactRequest>,
    ) -> Answer<proto::DossierContact> {
        let (ctx, message) = query(request);
        let id = read::dossier("dossier", &message.dossier).map_err(status)?;
        reply(self.app.contact(&ctx, id, path!("GetContact")).await.map(show::contact))
    }

    async fn batch_get_contacts(
        &self,
        request: Request<proto::BatchGetContactsRequest>,
    ) -> Answer<proto::BatchGetContactsResponse> {
        let (ctx, message) = query(request);
        let ids = read::dossiers(&message.dossiers).map_err(status)?;
        let found = self.app.contacts(&ctx, &ids, path!("BatchGetContacts")).await;
        reply(found.map(|parties| proto::BatchGetContactsResponse {
            contacts: parties.into_iter().map(show::contact).collect(),
        }))
    }

    async fn get_answers(
        &self,
        request: Request<proto::GetAnswersRequest>,
    ) -> Answer<proto::GetAnswersResponse> {
        let (ctx, message) = query(request);
        let (id, fields) = read::single_answers(message).map_err(status)?;
        let found = self.app.single_answers(&ctx, id, fields, path!("GetAnswers")).await;
        reply(found.map(|answers| proto::GetAnswersResponse {
            answers: answers.into_iter().map(|(at, value)| (at, json::to_value(value))).collect(),
        }))
    }
}

/// The paper first, then its bytes, until the time is over.
fn messages(
    (paper, bytes): Download,
    end: Instant,
) -> impl Stream<Item = Result<proto::DownloadPaperResponse, Status>> {
    use proto::download_paper_response::Part;
    let first = Part::Paper(show::paper(paper));
    let rest = stream::try_unfold(bytes, move |mut bytes| async move {
        // What is always ready in time is late all the same once the time is over.
        if Instant::now() >= end {
            return Err(too_slow());
        }
        match timeout_at(end, bytes.next()).await {
            Ok(Some(piece)) => Ok(Some((Part::Chunk(piece?.into()), bytes))),
            Ok(None) => Ok(None),
            Err(_) => Err(too_slow()),
        }
    });
    stream::once(async { Ok(first) })
        .chain(rest)
        .map_ok(|part| proto::DownloadPaperResponse { part: Some(part) })
        .map_err(status)
}

/// The rows of a page, and the cursor of its last one where there are more.
fn cut<T, C>(mut rows: Vec<T>, size: u64, cursor: impl Fn(&T) -> C) -> (Vec<T>, Option<C>) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| more).map(cursor);
    (rows, last)
}

fn second_header() -> Fault {
    Fault::new(
        Kind::InvalidArgument,
        "CHUNK_EXPECTED",
        "Sau thông điệp đầu tiên chỉ được gửi nội dung tệp.",
    )
}

fn too_slow() -> Fault {
    Fault::new(
        Kind::DeadlineExceeded,
        "DOWNLOAD_TOO_SLOW",
        "Tệp chưa tải xong trong thời gian cho phép, vui lòng tải lại.",
    )
}
