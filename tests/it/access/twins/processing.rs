//! The officers' side up to the drafted result: the queue, the task, the ask.

use bytes::Bytes;
use motcua::demo::{
    cast::Signed,
    world::{refused, request_id, until},
};
use motcua_proto::{
    access::v1::Role,
    intake::v1::{DeclineSupplementRequest, Dossier, DossierState},
    workflow::v1::{
        AskSupplementRequest, AssignTaskRequest, ForwardTaskRequest, GetProcessRequest,
        GetSupplementAskRequest, GetTaskRequest, ListTasksRequest, Process, RecallTaskRequest,
        ReleaseTaskRequest, SupplementAsk, TakeTaskRequest, Task, TaskFilter, TaskState,
    },
};
use prost::Message;

use super::Stage;

/// A process bears its dossier's UUID.
pub(super) fn process(dossier: &Dossier) -> String {
    dossier.name.replace("dossiers/", "processes/")
}

/// A message's bytes, with the fields of a task's act.
pub(super) fn bytes(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

impl Stage<'_> {
    /// The dossier's open task in a queue, once it is there.
    pub(super) async fn task(&self, who: &Signed, role: Role, dossier: &str) -> Task {
        let list = self.queue(role, TaskFilter::Open);
        until(&format!("a task of {}", role.as_str_name()), async || {
            let mut workflow = self.story.world.workflow(who);
            let page = workflow.list_tasks(list.clone()).await.map_err(refused)?.into_inner();
            Ok(page.tasks.into_iter().find(|task| task.dossier == dossier))
        })
        .await
        .unwrap()
    }

    fn queue(&self, role: Role, filter: TaskFilter) -> ListTasksRequest {
        let unit = || self.story.ward.units.iter().find(|unit| unit.unit_code == "tu-phap");
        let agency = match role {
            Role::Leader => self.story.ward.name.clone(),
            _ => unit().unwrap().name.clone(),
        };
        let (role, filter) = (role.into(), filter.into());
        ListTasksRequest { role, agency, filter, page_size: 100, ..Default::default() }
    }

    pub(super) async fn processing(&mut self, dossier: &Dossier) {
        let watched = GetProcessRequest { name: process(dossier) };
        let task = self.task(&self.story.head, Role::HeadOfUnit, &dossier.name).await;
        self.bench.watch("WorkflowService/GetProcess", &self.story.head, &watched);
        self.in_the_queue(&task).await;
        self.assigned(&task).await;
        let task = self.task(&self.story.specialist, Role::Specialist, &dossier.name).await;
        self.asked(&task, &dossier.name).await;
    }

    async fn in_the_queue(&mut self, task: &Task) {
        let list = self.queue(Role::HeadOfUnit, TaskFilter::Waiting);
        let Self { bench, story, others } = self;
        let far = [
            &others.head,
            &others.specialist,
            &others.leader,
            &others.auditor,
            &others.desk,
            &others.colleague,
        ];
        bench.twin("WorkflowService/ListTasks", &story.head, &far, &list).await;
        let below = ListTasksRequest {
            agency: story.ward.name.clone(),
            filter: TaskFilter::Below.into(),
            ..ListTasksRequest::default()
        };
        let overseers = [&others.leader, &others.auditor, &story.head, &story.specialist];
        bench.twin("WorkflowService/ListTasks", &story.leader, &overseers, &below).await;
        let get = GetTaskRequest { name: task.name.clone() };
        bench.twin("WorkflowService/GetTask", &story.head, &far, &get).await;
        // The specialist of the same unit sees it, and does not do a head's work.
        bench.twin("WorkflowService/GetTask", &story.specialist, &far, &get).await;
        let workers =
            [&others.head, &others.leader, &others.desk, &others.colleague, &story.specialist];
        let take = TakeTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            ..TakeTaskRequest::default()
        };
        bench.twin("WorkflowService/TakeTask", &story.head, &workers, &take).await;
        let release = ReleaseTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            ..ReleaseTaskRequest::default()
        };
        bench.twin("WorkflowService/ReleaseTask", &story.head, &workers, &release).await;
    }

    async fn assigned(&mut self, task: &Task) {
        let Self { bench, story, others } = self;
        let assign = AssignTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            assignee: story.head.account.clone(),
            ..AssignTaskRequest::default()
        };
        let heads = [&others.head, &others.leader];
        bench.twin("WorkflowService/AssignTask", &story.leader, &heads, &assign).await;
        let forward = |task: &str, assignee: &str| ForwardTaskRequest {
            request_id: request_id(),
            name: task.to_owned(),
            assignee: assignee.to_owned(),
            ..ForwardTaskRequest::default()
        };
        let workers = [&others.head, &others.leader, &others.specialist, &others.colleague];
        let method = "WorkflowService/ForwardTask";
        bench.twin(method, &story.head, &workers, &forward(&task.name, "")).await;
        // The leader could have done it; it was the head who did.
        let recall = RecallTaskRequest {
            request_id: request_id(),
            name: task.name.clone(),
            reason: "Chuyển nhầm bước.".to_owned(),
            ..RecallTaskRequest::default()
        };
        let workers = [&others.head, &others.leader, &others.specialist, &story.specialist];
        let process: Process =
            bench.twin("WorkflowService/RecallTask", &story.head, &workers, &recall).await.read();
        let again = process.tasks.iter().find(|task| task.state() == TaskState::Held).unwrap();
        let forward = forward(&again.name, &story.specialist.account);
        story.world.workflow(&story.head).forward_task(forward).await.map_err(refused).unwrap();
    }

    /// The specialist asks for a supplement, the desk declines.
    async fn asked(&mut self, task: &Task, dossier: &str) {
        let Self { bench, story, others } = self;
        let workers = [&others.specialist, &others.colleague, &others.leader, &others.desk];
        let ask = AskSupplementRequest {
            request_id: request_id(),
            name: task.name.clone(),
            reasons: "Chưa có giấy tờ về thu nhập.".to_owned(),
            ..AskSupplementRequest::default()
        };
        let method = "WorkflowService/AskSupplement";
        let ask: SupplementAsk = bench.twin(method, &story.specialist, &workers, &ask).await.read();
        let get = GetSupplementAskRequest { name: ask.name };
        let method = "WorkflowService/GetSupplementAsk";
        bench.twin(method, &story.desk, &workers, &get).await;
        story.until_state(&story.desk, dossier, DossierState::SupplementNeeded).await.unwrap();
        let decline = DeclineSupplementRequest {
            request_id: request_id(),
            name: dossier.to_owned(),
            reason: "Đã có trong hồ sơ trước.".to_owned(),
        };
        let method = "IntakeService/DeclineSupplement";
        bench.twin(method, &story.desk, &[&others.desk], &decline).await;
        story.until_state(&story.desk, dossier, DossierState::Processing).await.unwrap();
    }
}
