//! A citizen's online dossier, from its draft to its acceptance.

use bytes::Bytes;
use motcua::demo::world::request_id;
use motcua_proto::intake::v1::{
    AcceptDossierRequest, DiscardDossierRequest, Dossier, DownloadPaperRequest, GetDossierRequest,
    GetReceiptRequest, ListDossierEventsRequest, ListDossiersRequest, ListReusablePapersRequest,
    ListTimelineRequest, LookUpDossierRequest, Paper, PaperHeader, RemovePaperRequest,
    SubmitDossierRequest, UpdateDossierRequest, UploadPaperRequest, upload_paper_request::Part,
};
use prost::Message;
use prost_types::FieldMask;
use tonic::Code;

use super::Stage;

/// As much of a PDF as its kind is known by.
const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

impl Stage<'_> {
    /// Answers the dossier, accepted.
    pub(super) async fn filing(&mut self) -> Dossier {
        let procedure = self.story.search().await.unwrap();
        let draft = self.story.draft(&procedure).await.unwrap();
        self.draft(&draft).await;
        self.papers(&draft.name).await;
        let draft = self.story.dossier(&self.story.citizen, &draft.name).await.unwrap();
        let filled = self.story.fill(draft).await.unwrap();
        self.submit(&filled.name).await;
        self.seen_after_filing(&filled.name).await;
        self.accept(&filled.name).await;
        let discarded = self.story.draft(&procedure).await.unwrap();
        self.discard(&discarded.name).await;
        self.story.dossier(&self.story.citizen, &filled.name).await.unwrap()
    }

    fn watch_dossier(&mut self, name: &str) {
        let read = GetDossierRequest { name: name.to_owned() };
        self.bench.watch("IntakeService/GetDossier", &self.story.citizen, &read);
    }

    /// A draft is its writer's alone, the desk's officers included.
    async fn draft(&mut self, draft: &Dossier) {
        self.watch_dossier(&draft.name);
        let Self { bench, story, others } = self;
        let all = [&others.citizen, &others.organisation, &story.desk, &others.desk];
        let read = GetDossierRequest { name: draft.name.clone() };
        bench.twin("IntakeService/GetDossier", &story.citizen, &all, &read).await;
        let changed = Dossier {
            name: draft.name.clone(),
            etag: draft.etag.clone(),
            subject: "Hỗ trợ hòa giải viên".to_owned(),
            ..Dossier::default()
        };
        let update = UpdateDossierRequest {
            request_id: request_id(),
            dossier: Some(changed),
            update_mask: Some(FieldMask { paths: vec!["subject".to_owned()] }),
        };
        bench.twin("IntakeService/UpdateDossier", &story.citizen, &all, &update).await;
    }

    async fn papers(&mut self, dossier: &str) {
        let Self { bench, story, others } = self;
        let all = [&others.citizen, &others.organisation, &story.desk, &others.desk];
        let upload = upload(dossier, "giay-to-thu-nhap");
        let method = "IntakeService/UploadPaper";
        let answer = bench.twins(method, &story.citizen, &all, upload.clone()).await;
        let paper: Paper = answer.read();

        let malformed = vec![upload[0].clone(), Bytes::from_static(&[0x1a, 0xff])];
        let answer = bench.call(method, &story.citizen, malformed).await;
        assert_eq!(
            (answer.code, answer.reason.as_str()),
            (Code::InvalidArgument, "MESSAGE_MALFORMED")
        );

        let download = DownloadPaperRequest { name: paper.name.clone(), timeout: None };
        bench.twin("IntakeService/DownloadPaper", &story.citizen, &all, &download).await;
        let remove = RemovePaperRequest { request_id: request_id(), name: paper.name };
        bench.twin("IntakeService/RemovePaper", &story.citizen, &all, &remove).await;
    }

    async fn discard(&mut self, dossier: &str) {
        self.watch_dossier(dossier);
        let Self { bench, story, others } = self;
        let all = [&others.citizen, &others.organisation, &story.desk];
        let discard = DiscardDossierRequest { request_id: request_id(), name: dossier.to_owned() };
        bench.twin("IntakeService/DiscardDossier", &story.citizen, &all, &discard).await;
    }

    async fn submit(&mut self, name: &str) {
        self.watch_dossier(name);
        let Self { bench, story, others } = self;
        let strangers = [&others.citizen, &others.organisation];
        let submit = SubmitDossierRequest {
            request_id: request_id(),
            name: name.to_owned(),
            ..SubmitDossierRequest::default()
        };
        let method = "IntakeService/SubmitDossier";
        let filed: Dossier = bench.twin(method, &story.citizen, &strangers, &submit).await.read();

        let look = |digits: &str| LookUpDossierRequest {
            code: filed.code.clone(),
            last_digits: digits.to_owned(),
        };
        bench.refuse("IntakeService/LookUpDossier", &others.citizen, &look("0000")).await;
        bench.twin("IntakeService/LookUpDossier", &story.citizen, &[], &look("5678")).await;

        let used = filed.papers[0].name.as_str();
        let list = ListReusablePapersRequest::default();
        let method = "IntakeService/ListReusablePapers";
        bench.listed(method, &story.citizen, &strangers, &list, used).await;
    }

    /// Once it is filed, the officers who have to do with it see it, and no others.
    async fn seen_after_filing(&mut self, name: &str) {
        let Self { bench, story, others } = self;
        let strangers = [&others.citizen, &others.organisation];
        let far = [&others.desk, &others.head, &others.specialist, &others.leader, &others.auditor];
        let all = [&strangers[..], &far[..]].concat();
        let dossier = story.dossier(&story.citizen, name).await.unwrap();
        let filed = dossier.code.clone();
        let read = GetDossierRequest { name: name.to_owned() };
        let timeline = ListTimelineRequest { dossier: name.to_owned(), ..Default::default() };
        let paper = dossier.papers[0].name.clone();
        let download = DownloadPaperRequest { name: paper, timeout: None };
        for owner in [&story.citizen, &story.desk, &story.specialist, &story.head, &story.leader] {
            bench.twin("IntakeService/GetDossier", owner, &all, &read).await;
            bench.twin("IntakeService/ListTimeline", owner, &all, &timeline).await;
            bench.twin("IntakeService/DownloadPaper", owner, &all, &download).await;
        }
        let mine = ListDossiersRequest::default();
        let method = "IntakeService/ListDossiers";
        bench.listed(method, &story.citizen, &strangers, &mine, name).await;
        let desks = ListDossiersRequest { agency: story.ward.name.clone(), ..Default::default() };
        bench.listed(method, &story.desk, &far, &desks, name).await;
        let found = ListDossiersRequest { phone: "0912345678".to_owned(), ..Default::default() };
        bench.listed(method, &story.desk, &all, &found, name).await;

        // Another system works for an agency, as an officer does.
        let (owner, twin) = (&others.near_system, [&others.far_system]);
        bench.twin("IntakeService/GetDossier", owner, &twin, &read).await;
        bench.twin("IntakeService/ListTimeline", owner, &twin, &timeline).await;
        bench.listed(method, owner, &twin, &mine, name).await;
        let happened = ListDossierEventsRequest { page_size: 100, ..Default::default() };
        bench.listed("IntakeService/ListDossierEvents", owner, &twin, &happened, &filed).await;
    }

    async fn accept(&mut self, name: &str) {
        self.watch_dossier(name);
        let Self { bench, story, others } = self;
        let accept = AcceptDossierRequest { request_id: request_id(), name: name.to_owned() };
        bench.twin("IntakeService/AcceptDossier", &story.desk, &[&others.desk], &accept).await;
        let receipt = GetReceiptRequest { name: name.to_owned() };
        let method = "IntakeService/GetReceipt";
        let strangers = [&others.citizen, &others.organisation];
        let far = [&others.desk, &others.leader, &others.auditor];
        let all = [&strangers[..], &far[..]].concat();
        bench.twin(method, &story.citizen, &all, &receipt).await;
        bench.twin(method, &story.desk, &all, &receipt).await;
    }
}

/// The messages of an upload.
pub(super) fn upload(dossier: &str, code: &str) -> Vec<Bytes> {
    let header = PaperHeader {
        dossier: dossier.to_owned(),
        code: code.to_owned(),
        file_name: format!("{code}.pdf"),
        ..PaperHeader::default()
    };
    let part = |request_id, part| {
        Bytes::from(UploadPaperRequest { request_id, part: Some(part) }.encode_to_vec())
    };
    vec![part(request_id(), Part::Header(header)), part(String::new(), Part::Chunk(PDF.into()))]
}
