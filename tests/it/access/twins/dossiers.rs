//! What else happens to a dossier: a supplement before acceptance, a rejection,
//! one that was brought to the desk, a withdrawal.

use motcua::demo::world::request_id;
use motcua_proto::intake::v1::{
    AttachPaperRequest, CreateDossierRequest, Dossier, DossierState, FilingChannel,
    GetDossierRequest, HandedInPaper, IssueStopNoticeRequest, Paper, ProvideSupplementRequest,
    ReceiveDossierRequest, RejectDossierRequest, RemovePaperRequest, RequestSupplementRequest,
    RequestWithdrawalRequest, UpdateDossierRequest,
};
use prost_types::FieldMask;

use super::{Stage, filing::upload};

impl Stage<'_> {
    fn watch_as(&mut self, desk: bool, name: &str) {
        let who = if desk { &self.story.desk } else { &self.story.citizen };
        let read = GetDossierRequest { name: name.to_owned() };
        self.bench.watch("IntakeService/GetDossier", who, &read);
    }

    /// A second dossier: a paper is used again, then asked for, then all is rejected.
    pub(super) async fn before_acceptance(&mut self) {
        let procedure = self.story.search().await.unwrap();
        let draft = self.story.draft(&procedure).await.unwrap();
        self.attach(&draft).await;
        let draft = self.story.dossier(&self.story.citizen, &draft.name).await.unwrap();
        let name = self.story.fill(draft).await.unwrap().name;
        self.story.submit(&name).await.unwrap();
        self.watch_as(false, &name);
        let Self { bench, story, others } = self;
        let strangers = [&others.citizen, &others.organisation];
        let ask = RequestSupplementRequest {
            request_id: request_id(),
            name: name.clone(),
            reason: "Đề nghị nộp giấy tờ về thu nhập.".to_owned(),
            papers: vec!["giay-to-thu-nhap".to_owned()],
            ..RequestSupplementRequest::default()
        };
        bench.twin("IntakeService/RequestSupplement", &story.desk, &[&others.desk], &ask).await;
        let upload = upload(&name, "giay-to-thu-nhap");
        bench.twins("IntakeService/UploadPaper", &story.citizen, &strangers, upload).await;
        let provide = ProvideSupplementRequest {
            request_id: request_id(),
            name: name.clone(),
            ..ProvideSupplementRequest::default()
        };
        let all = [&others.citizen, &others.organisation, &others.desk];
        bench.twin("IntakeService/ProvideSupplement", &story.citizen, &all, &provide).await;
        let reject = RejectDossierRequest {
            request_id: request_id(),
            name,
            reason: "Không thuộc thẩm quyền giải quyết.".to_owned(),
        };
        bench.twin("IntakeService/RejectDossier", &story.desk, &[&others.desk], &reject).await;
    }

    /// A paper filed before joins a draft, if both are the caller's.
    async fn attach(&mut self, draft: &Dossier) {
        self.watch_as(false, &draft.name);
        let Self { bench, story, others } = self;
        let list = motcua_proto::intake::v1::ListReusablePapersRequest::default();
        let mut intake = story.world.intake(&story.citizen);
        let filed = intake.list_reusable_papers(list).await.unwrap().into_inner().papers;
        let paper = filed.iter().find(|paper| paper.code == "giay-ra-vien").unwrap();
        let attach = |dossier: &str| AttachPaperRequest {
            request_id: request_id(),
            dossier: dossier.to_owned(),
            paper: paper.name.clone(),
            code: paper.code.clone(),
        };
        let method = "IntakeService/AttachPaper";
        let strangers = [&others.citizen, &others.organisation, &story.desk];
        let attached: Paper =
            bench.twin(method, &story.citizen, &strangers, &attach(&draft.name)).await.read();
        // A stranger's own draft does not open somebody else's paper.
        let own = CreateDossierRequest {
            request_id: request_id(),
            dossier: Some(Dossier {
                procedure: draft.procedure.clone(),
                filing_channel: FilingChannel::Online.into(),
                competent_agency: story.ward.name.clone(),
                ..Dossier::default()
            }),
        };
        let mut intake = story.world.intake(&others.citizen);
        let own = intake.create_dossier(own).await.unwrap().into_inner();
        bench.refuse(method, &others.citizen, &attach(&own.name)).await;
        let remove = RemovePaperRequest { request_id: request_id(), name: attached.name };
        bench.twin("IntakeService/RemovePaper", &story.citizen, &strangers, &remove).await;
    }

    /// What was brought to a desk is that desk's.
    pub(super) async fn at_the_desk(&mut self) {
        let procedure = self.story.search().await.unwrap();
        let draft = self.story.draft(&procedure).await.unwrap();
        let filled = self.story.fill(draft).await.unwrap();
        let create = CreateDossierRequest {
            request_id: request_id(),
            dossier: Some(Dossier {
                procedure: procedure.name,
                filing_channel: FilingChannel::Desk.into(),
                receiving_agency: self.story.ward.name.clone(),
                competent_agency: self.story.ward.name.clone(),
                ..Dossier::default()
            }),
        };
        let far = [&self.others.desk];
        let method = "IntakeService/CreateDossier";
        let brought: Dossier =
            self.bench.twin(method, &self.story.desk, &far, &create).await.read();
        self.watch_as(true, &brought.name);
        let Self { bench, story, others } = self;
        let all = [&others.desk, &others.citizen, &story.citizen];
        let read = GetDossierRequest { name: brought.name.clone() };
        bench.twin("IntakeService/GetDossier", &story.desk, &all, &read).await;
        let update = UpdateDossierRequest {
            request_id: request_id(),
            dossier: Some(Dossier { name: brought.name.clone(), etag: brought.etag, ..filled }),
            update_mask: Some(FieldMask {
                paths: ["applicant", "answers"].map(ToOwned::to_owned).into(),
            }),
        };
        bench.twin("IntakeService/UpdateDossier", &story.desk, &all, &update).await;
        let paper = |code: &str| HandedInPaper { code: code.to_owned(), originals: 1, copies: 1 };
        let receive = ReceiveDossierRequest {
            request_id: request_id(),
            name: brought.name,
            handed_in: ["giay-de-nghi", "bien-ban-tai-nan", "giay-ra-vien"].map(paper).into(),
            ..ReceiveDossierRequest::default()
        };
        bench.twin("IntakeService/ReceiveDossier", &story.desk, &[&others.desk], &receive).await;
    }

    /// A dossier withdrawn while it is worked on.
    pub(super) async fn withdrawal(&mut self) {
        let filed = self.story.submitted().await.unwrap();
        let name = self.story.accept(&filed).await.unwrap().name;
        let state = DossierState::Processing;
        self.story.until_state(&self.story.citizen, &name, state).await.unwrap();
        self.watch_as(false, &name);
        let Self { bench, story, others } = self;
        let withdraw = RequestWithdrawalRequest {
            request_id: request_id(),
            name: name.clone(),
            reason: "Tôi tự thu xếp được.".to_owned(),
        };
        let all = [&others.citizen, &others.organisation, &others.desk];
        bench.twin("IntakeService/RequestWithdrawal", &story.citizen, &all, &withdraw).await;
        story.until_state(&story.citizen, &name, DossierState::Stopping).await.unwrap();
        let notice = IssueStopNoticeRequest {
            request_id: request_id(),
            name,
            reason: "Dừng theo yêu cầu của người nộp.".to_owned(),
        };
        bench.twin("IntakeService/IssueStopNotice", &story.desk, &[&others.desk], &notice).await;
    }
}
