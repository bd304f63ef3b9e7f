//! The result: drafted, sent back, approved, returned, closed.

use motcua::demo::world::{refused, request_id, until};
use motcua_proto::{
    access::v1::Role,
    intake::v1::{CloseDossierRequest, Dossier, DossierState, ReturnResultRequest, ReturnWay},
    workflow::v1::{
        ApproveResultRequest, DownloadResultRequest, DraftResultHead, DraftResultRequest,
        ExplainDueDateRequest, ExtendDueDateRequest, ForwardTaskRequest, GetProcessRequest,
        GetResultRequest, ListActsRequest, Outcome, Result as Decision, SendBackTaskRequest,
        TakeTaskRequest, draft_result_request::Part,
    },
};
use tonic::Code;

use super::{
    Stage,
    processing::{bytes, process},
};

const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// The messages of a draft in a task.
pub(super) fn draft(task: &str) -> Vec<bytes::Bytes> {
    let head = DraftResultHead {
        task: task.to_owned(),
        outcome: Outcome::Granted.into(),
        text: "Hỗ trợ 6.750.000 đồng.".to_owned(),
        file_name: "quyet-dinh.pdf".to_owned(),
        ..DraftResultHead::default()
    };
    let part = |request_id, part| bytes(&DraftResultRequest { request_id, part: Some(part) });
    vec![part(request_id(), Part::Head(head)), part(String::new(), Part::Chunk(PDF.into()))]
}

impl Stage<'_> {
    pub(super) async fn results(&mut self, dossier: &Dossier) {
        self.declined_ask_is_over(dossier).await;
        let result = self.drafted(&dossier.name).await;
        self.sent_back(&dossier.name).await;
        self.extended(dossier).await;
        self.approved(&dossier.name, &result).await;
        self.record(dossier).await;
        self.returned(&dossier.name, &result).await;
    }

    async fn declined_ask_is_over(&self, dossier: &Dossier) {
        let read = GetProcessRequest { name: process(dossier) };
        until("the ask is over", async || {
            let mut workflow = self.story.world.workflow(&self.story.specialist);
            let process = workflow.get_process(read.clone()).await.map_err(refused)?.into_inner();
            Ok(process.pending_ask.is_empty().then_some(()))
        })
        .await
        .unwrap();
    }

    async fn drafted(&mut self, dossier: &str) -> String {
        let task = self.task(&self.story.specialist, Role::Specialist, dossier).await;
        let Self { bench, story, others } = self;
        let workers = [&others.specialist, &others.colleague, &others.leader, &others.desk];
        let messages = draft(&task.name);
        let method = "WorkflowService/DraftResult";
        let malformed = vec![messages[0].clone(), bytes::Bytes::from_static(&[0x1a, 0xff])];
        let answer = bench.call(method, &story.specialist, malformed).await;
        assert_eq!(
            (answer.code, answer.reason.as_str()),
            (Code::InvalidArgument, "MESSAGE_MALFORMED")
        );
        let draft = bench.twins(method, &story.specialist, &workers, messages).await;
        let draft: Decision = draft.read();
        let get = GetResultRequest { name: draft.name.clone() };
        bench.twin("WorkflowService/GetResult", &story.specialist, &workers, &get).await;
        let download = DownloadResultRequest { name: draft.name.clone(), time_limit: None };
        let method = "WorkflowService/DownloadResult";
        // A draft is not the citizen's yet.
        let all = [&workers[..], &[&story.citizen, &others.citizen]].concat();
        bench.twin(method, &story.specialist, &all, &download).await;
        self.forward(task.name).await;
        draft.name
    }

    async fn forward(&self, task: String) {
        let forward =
            ForwardTaskRequest { request_id: request_id(), name: task, ..Default::default() };
        let mut workflow = self.story.world.workflow(&self.story.specialist);
        workflow.forward_task(forward).await.map_err(refused).unwrap();
    }

    async fn taken_by_leader(&self, dossier: &str) -> String {
        let task = self.task(&self.story.leader, Role::Leader, dossier).await;
        let take = TakeTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            ..TakeTaskRequest::default()
        };
        let mut workflow = self.story.world.workflow(&self.story.leader);
        workflow.take_task(take).await.map_err(refused).unwrap();
        task.name
    }

    async fn sent_back(&mut self, dossier: &str) {
        let name = self.taken_by_leader(dossier).await;
        let Self { bench, story, others } = self;
        let workers = [&others.leader, &others.head, &others.specialist, &story.specialist];
        let send_back = SendBackTaskRequest {
            request_id: request_id(),
            name,
            reason: "Ghi rõ căn cứ.".to_owned(),
            ..SendBackTaskRequest::default()
        };
        let method = "WorkflowService/SendBackTask";
        bench.twin(method, &story.leader, &workers, &send_back).await;
        let again = self.task(&self.story.specialist, Role::Specialist, dossier).await;
        self.forward(again.name).await;
    }

    async fn extended(&mut self, dossier: &Dossier) {
        let Self { bench, story, others } = self;
        let mut due = dossier.promised_due_time.unwrap();
        due.seconds += 14 * 24 * 3600;
        let extend = ExtendDueDateRequest {
            request_id: request_id(),
            name: process(dossier),
            new_due_time: Some(due),
            reason: "Cần xác minh thêm.".to_owned(),
            ..ExtendDueDateRequest::default()
        };
        let heads = [&others.leader, &others.head];
        // Whether that hour is an office hour is the calendar's to say.
        let method = "WorkflowService/ExtendDueDate";
        bench.twin_by_state(method, &story.leader, &heads, &extend).await;
    }

    async fn approved(&mut self, dossier: &str, result: &str) {
        let name = self.taken_by_leader(dossier).await;
        let Self { bench, story, others } = self;
        let workers = [&others.leader, &others.head, &others.specialist, &story.specialist];
        let approve = ApproveResultRequest {
            request_id: request_id(),
            name,
            result: result.to_owned(),
            ..ApproveResultRequest::default()
        };
        bench.twin("WorkflowService/ApproveResult", &story.leader, &workers, &approve).await;
    }

    async fn record(&mut self, dossier: &Dossier) {
        let Self { bench, story, others } = self;
        let far = [
            &others.desk,
            &others.head,
            &others.specialist,
            &others.leader,
            &others.auditor,
            &others.colleague,
        ];
        let read = GetProcessRequest { name: process(dossier) };
        let acts = ListActsRequest { parent: process(dossier), ..Default::default() };
        let explain = ExplainDueDateRequest { name: process(dossier) };
        let method = "WorkflowService/ExplainDueDate";
        for owner in [&story.desk, &story.specialist, &story.leader] {
            bench.twin("WorkflowService/GetProcess", owner, &far, &read).await;
            bench.twin("WorkflowService/ListActs", owner, &far, &acts).await;
            bench.twin(method, owner, &far, &explain).await;
        }
        let strangers = [&others.citizen, &others.organisation];
        bench.twin(method, &story.citizen, &strangers, &explain).await;
    }

    async fn returned(&mut self, name: &str, result: &str) {
        let Self { bench, story, others } = self;
        let far = [&others.desk];
        story.until_state(&story.desk, name, DossierState::ResultReady).await.unwrap();
        let back = ReturnResultRequest {
            request_id: request_id(),
            name: name.to_owned(),
            way: ReturnWay::Online.into(),
            ..ReturnResultRequest::default()
        };
        bench.twin("IntakeService/ReturnResult", &story.desk, &far, &back).await;
        let download = DownloadResultRequest { name: result.to_owned(), time_limit: None };
        until("the result is open to the citizen", async || {
            let mut workflow = story.world.workflow(&story.citizen);
            Ok(workflow.download_result(download.clone()).await.ok().map(|_| ()))
        })
        .await
        .unwrap();
        let all = [&others.citizen, &others.organisation, &others.desk, &others.colleague];
        let method = "WorkflowService/DownloadResult";
        bench.twin(method, &story.citizen, &all, &download).await;
        let close = CloseDossierRequest { request_id: request_id(), name: name.to_owned() };
        bench.twin("IntakeService/CloseDossier", &story.desk, &far, &close).await;
    }
}
