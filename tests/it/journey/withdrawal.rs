//! The citizen wants the dossier back: in time, and too late.

use anyhow::{Result, ensure};
use motcua::demo::{
    story::Story,
    world::{request_id, until},
};
use motcua_proto::{
    access::v1::Role,
    intake::v1::{DossierState, NationalStatus, RequestWithdrawalRequest},
    notification::v1::MessageTopic,
    workflow::v1::{ListTasksRequest, ProcessState, TaskFilter, TaskState},
};
use motcua_tests::sandbox::Sandbox;

use super::acts;

/// Processing stops, the desk issues the notice, and the dossier has ended.
pub(super) async fn during_processing(story: &mut Story<'_>) -> Result<()> {
    let dossier = acts::submitted(story).await?;
    let name = dossier.name.as_str();
    story.accept(&dossier).await?;
    let task = story.assign(name).await?;
    story.until_state(&story.citizen, name, DossierState::Processing).await?;
    let reason = format!("Gia đình đã tự lo được.{}", story.mark);
    let asked = story.withdraw(name, &reason).await?;
    ensure!(asked.national_status() == NationalStatus::Withdrawal, "{asked:?}");

    story.until_state(&story.desk, name, DossierState::Stopping).await?;
    let process = story.process(name).await?;
    ensure!(process.state() == ProcessState::Stopped, "{process:?}");
    let open = process.tasks.iter().filter(|task| task.state() != TaskState::Done);
    ensure!(open.count() == 0, "tasks of a stopped process are open: {:?}", process.tasks);
    let request = ListTasksRequest {
        role: Role::Specialist.into(),
        agency: task.agency.clone(),
        filter: TaskFilter::Open.into(),
        page_size: 100,
        ..ListTasksRequest::default()
    };
    let mut workflow = story.world.workflow(&story.specialist);
    let queue = workflow.list_tasks(request).await?.into_inner().tasks;
    ensure!(queue.iter().all(|task| task.dossier != name), "she still has it in her queue");

    let notice = format!("Dừng theo đề nghị của người nộp.{}", story.mark);
    let stopped = story.issue_stop_notice(name, &notice).await?;
    ensure!(stopped.state() == DossierState::Stopped, "{stopped:?}");
    let seen = story.dossier(&story.citizen, name).await?;
    ensure!(seen.national_status() == NationalStatus::Stopped, "{seen:?}");
    story.message(name, MessageTopic::DossierStopped).await?;
    Ok(())
}

/// The leader has approved, and intake does not know it yet: the withdrawal is
/// taken, refused by the process, and the dossier goes on to its result.
pub(super) async fn after_the_approval(sandbox: &Sandbox, story: &mut Story<'_>) -> Result<()> {
    let dossier = acts::submitted(story).await?;
    let name = dossier.name.as_str();
    story.accept(&dossier).await?;
    let task = story.assign(name).await?;
    story.draft_result(&task.name, "soạn quyết định").await?;
    story.until_state(&story.citizen, name, DossierState::Processing).await?;

    let workflow = sandbox.home("workflow");
    sandbox.hold_relay(workflow, true).await?;
    story.approve(name).await?;
    let asked = story.withdraw(name, &format!("Không cần nữa.{}", story.mark)).await?;
    ensure!(asked.state() == DossierState::WithdrawalRequested, "{asked:?}");
    sandbox.hold_relay(workflow, false).await?;

    let ready = story.until_state(&story.citizen, name, DossierState::ResultReady).await?;
    ensure!(ready.national_status() == NationalStatus::Done, "{ready:?}");
    story.message(name, MessageTopic::WithdrawalRefused).await?;
    let request = RequestWithdrawalRequest {
        request_id: request_id(),
        name: name.to_owned(),
        reason: "Vẫn muốn rút.".to_owned(),
    };
    let again = story.world.intake(&story.citizen).request_withdrawal(request).await;
    let fault = acts::refusal(again);
    ensure!(fault.reason() == "ALREADY_DECIDED", "{fault:?}");

    story.return_result(name).await?;
    let closed = story.close(name).await?;
    ensure!(closed.national_status() == NationalStatus::Returned, "{closed:?}");
    until("the process is closed as well", async || {
        Ok((story.process(name).await?.state() == ProcessState::Closed).then_some(()))
    })
    .await
}
