//! Another agency's opinion, with a procedure that asks for one: a building permit
//! of a ward, beside whose appraisal the department of construction is heard.

use motcua::demo::{
    cast::Signed,
    world::{refused, request_id, until},
};
use motcua_proto::{
    access::v1::Role,
    catalog::v1::{Agency, GetProcedureRequest},
    intake::v1::{
        CreateDossierRequest, Dossier, FilingChannel, HandedInPaper, ReceiveDossierRequest,
        UpdateDossierRequest,
    },
    workflow::v1::{
        AnswerConsultRequest, ForwardTaskRequest, GetProcessRequest, ListTasksRequest,
        TakeTaskRequest, Task, TaskEnd, TaskFilter, WithdrawConsultRequest,
    },
};
use prost_types::FieldMask;
use tonic::Code;

use super::{Stage, processing::process, results::draft};
use crate::access::callers::agency;

const NUMBER: &str = "1.013225";
const CONSULT: &str = "hoi-so-xay-dung";

/// Who takes part beside the people of the story.
struct Builders {
    /// Of the ward's unit for the economy.
    head: Signed,
    /// Of the department of construction.
    asked: Signed,
    ward_unit: String,
    asked_unit: String,
}

fn unit(of: &Agency, code: &str) -> String {
    of.units.iter().find(|unit| unit.unit_code == code).unwrap().name.clone()
}

impl Stage<'_> {
    /// Nobody but the agency that was asked answers, nobody but who asks
    /// withdraws, and the step waits for the one or the other.
    pub(super) async fn consults(&mut self, like: &Dossier) {
        let department = agency(self.story.world, "H53.04").await;
        let (ward_unit, asked_unit) =
            (unit(&self.story.ward, "kinh-te"), unit(&department, "xay-dung"));
        let appoint = async |role, at: &str, login: &str, name: &str| {
            self.story.appoint(role, at, login, name).await.unwrap()
        };
        let builders = Builders {
            head: appoint(Role::HeadOfUnit, &ward_unit, "kinhte.nam", "Võ Văn Nam").await,
            asked: appoint(Role::Specialist, &asked_unit, "sxd.khoa", "Lý Đăng Khoa").await,
            ward_unit,
            asked_unit,
        };
        self.answered(like, &builders).await;
        self.withdrawn(like, &builders).await;
    }

    async fn answered(&mut self, like: &Dossier, builders: &Builders) {
        let (dossier, step) = self.appraised(like, builders).await;
        let asked = self.question(&dossier, builders).await;
        let take =
            TakeTaskRequest { request_id: request_id(), name: asked.name, ..Default::default() };
        let mut workflow = self.story.world.workflow(&builders.asked);
        let asked = workflow.take_task(take).await.map_err(refused).unwrap().into_inner();
        assert_eq!(asked.consult_code, CONSULT);
        let Self { bench, story, others } = self;
        let strangers = [&others.colleague, &others.specialist, &story.specialist, &others.leader];
        let answer = AnswerConsultRequest {
            request_id: request_id(),
            name: asked.name,
            answer: "Phù hợp quy hoạch, thống nhất cấp phép.".to_owned(),
            ..AnswerConsultRequest::default()
        };
        let method = "WorkflowService/AnswerConsult";
        let done: Task = bench.twin(method, &builders.asked, &strangers, &answer).await.read();
        assert_eq!(done.end(), TaskEnd::Answered);
        self.goes_on(&step).await;
    }

    async fn withdrawn(&mut self, like: &Dossier, builders: &Builders) {
        let (dossier, step) = self.appraised(like, builders).await;
        let asked = self.question(&dossier, builders).await;
        let Self { bench, story, others } = self;
        let strangers = [&others.specialist, &others.desk, &story.specialist, &others.leader];
        let withdraw = WithdrawConsultRequest {
            request_id: request_id(),
            name: asked.name,
            reason: "Đã có văn bản chung của Sở.".to_owned(),
            ..WithdrawConsultRequest::default()
        };
        // Of the story's people the specialist is of another unit of the same ward.
        let method = "WorkflowService/WithdrawConsult";
        let done: Task = bench.twin(method, &others.colleague, &strangers, &withdraw).await.read();
        assert_eq!(done.end(), TaskEnd::Withdrawn);
        self.goes_on(&step).await;
    }

    /// A permit asked for at the desk, up to the appraisal with its draft.
    async fn appraised(&mut self, like: &Dossier, builders: &Builders) -> (String, Task) {
        let dossier = self.received(like).await;
        let read = GetProcessRequest { name: process(&dossier) };
        let task =
            self.open(&builders.head, Role::HeadOfUnit, &builders.ward_unit, &dossier.name).await;
        self.bench.watch("WorkflowService/GetProcess", &builders.head, &read);
        let mut workflow = self.story.world.workflow(&builders.head);
        let take = TakeTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            ..TakeTaskRequest::default()
        };
        workflow.take_task(take).await.map_err(refused).unwrap();
        let forward = ForwardTaskRequest {
            request_id: request_id(),
            name: task.name,
            assignee: self.others.colleague.account.clone(),
            ..ForwardTaskRequest::default()
        };
        workflow.forward_task(forward).await.map_err(refused).unwrap();
        let specialist = &self.others.colleague;
        let step =
            self.open(specialist, Role::Specialist, &builders.ward_unit, &dossier.name).await;
        let drafted = draft(&step.name);
        let answer = self.bench.call("WorkflowService/DraftResult", specialist, drafted).await;
        assert_eq!(answer.code, Code::Ok, "{}", answer.reason);
        // Drafted, and the step waits all the same.
        let mut workflow = self.story.world.workflow(specialist);
        let early = workflow.forward_task(onward(&step)).await.unwrap_err();
        let fault = motcua_rpc::fault(early);
        assert_eq!(fault.reason(), "CONSULT_PENDING");
        assert_eq!(fault.metadata(), [("consults".to_owned(), CONSULT.to_owned())]);
        (dossier.name, step)
    }

    async fn received(&self, like: &Dossier) -> Dossier {
        let story = &self.story;
        let request = GetProcedureRequest { number: NUMBER.to_owned(), ..Default::default() };
        let found = story.world.catalog().get_procedure(request).await.map_err(refused).unwrap();
        let mut intake = story.world.intake(&story.desk);
        let brought = Dossier {
            procedure: found.into_inner().name,
            case_code: "nha-o-rieng-le".to_owned(),
            filing_channel: FilingChannel::Desk.into(),
            receiving_agency: story.ward.name.clone(),
            competent_agency: story.ward.name.clone(),
            ..Dossier::default()
        };
        let create = CreateDossierRequest { request_id: request_id(), dossier: Some(brought) };
        let draft = intake.create_dossier(create).await.map_err(refused).unwrap().into_inner();
        let update = UpdateDossierRequest {
            request_id: request_id(),
            dossier: Some(Dossier { applicant: like.applicant.clone(), ..draft.clone() }),
            update_mask: Some(FieldMask { paths: vec!["applicant".to_owned()] }),
        };
        intake.update_dossier(update).await.map_err(refused).unwrap();
        let paper = |code: &str| HandedInPaper { code: code.to_owned(), originals: 2, copies: 2 };
        let receive = ReceiveDossierRequest {
            request_id: request_id(),
            name: draft.name,
            handed_in: ["don-de-nghi", "giay-to-dat", "ban-ve"].map(paper).into(),
            ..ReceiveDossierRequest::default()
        };
        intake.receive_dossier(receive).await.map_err(refused).unwrap().into_inner()
    }

    /// The question, in the queue of the agency that is asked.
    async fn question(&self, dossier: &str, builders: &Builders) -> Task {
        self.open(&builders.asked, Role::Specialist, &builders.asked_unit, dossier).await
    }

    /// The dossier's open task in a unit's queue, once it is there.
    async fn open(&self, who: &Signed, role: Role, unit: &str, dossier: &str) -> Task {
        let list = ListTasksRequest {
            role: role.into(),
            agency: unit.to_owned(),
            filter: TaskFilter::Open.into(),
            page_size: 100,
            ..ListTasksRequest::default()
        };
        until(&format!("a task of {}", who.login), async || {
            let mut workflow = self.story.world.workflow(who);
            let page = workflow.list_tasks(list.clone()).await.map_err(refused)?.into_inner();
            Ok(page.tasks.into_iter().find(|task| task.dossier == dossier))
        })
        .await
        .unwrap()
    }

    async fn goes_on(&self, step: &Task) {
        let mut workflow = self.story.world.workflow(&self.others.colleague);
        workflow.forward_task(onward(step)).await.map_err(refused).unwrap();
    }
}

fn onward(step: &Task) -> ForwardTaskRequest {
    ForwardTaskRequest { request_id: request_id(), name: step.name.clone(), ..Default::default() }
}
