use chrono::TimeDelta;
use motcua_proto::{
    intake::v1::{self as proto, DossierState, DossierStopped, WithdrawalRequested},
    workflow::v1 as workflow,
};
use motcua_testkit::Database;

use crate::{
    office::{Province, citizen, desk, key},
    support::{Answer, on_both_databases, request_id},
};

on_both_databases!(
    before_acceptance_it_ends_at_once,
    during_processing_workflow_answers_and_the_desk_gives_notice,
    a_refused_withdrawal_goes_on_where_it_stood,
    after_the_decision_it_is_too_late,
);

async fn before_acceptance_it_ends_at_once(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    assert_eq!(province.withdraw(&me, &draft.name).await.reason(), "NOT_SUBMITTED");
    let filed = province.submitted(&me).await;
    province.ask_citizen(&filed.name, "Thiếu").await.done();
    let stopped = province.withdraw(&me, &filed.name).await.done();
    assert_eq!(stopped.state(), DossierState::Stopped);
    assert_eq!(stopped.end_reason, "Khai nhầm nơi đăng ký");
    assert_eq!(stopped.supplements[0].state(), proto::SupplementState::Cancelled);
    let said = province.env.said::<DossierStopped>().await;
    assert!(said[0].before_acceptance);
    assert!(province.env.said::<WithdrawalRequested>().await.is_empty());
    assert_eq!(province.withdraw(&me, &filed.name).await.reason(), "DOSSIER_ENDED");
}

async fn during_processing_workflow_answers_and_the_desk_gives_notice(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    let notice = || proto::IssueStopNoticeRequest {
        request_id: request_id(),
        name: dossier.name.clone(),
        reason: "Theo yêu cầu của người nộp.".to_owned(),
    };
    let mut client = province.client(&desk());
    assert_eq!(client.issue_stop_notice(notice()).await.reason(), "PROCESS_NOT_STOPPED");
    let asked = province.withdraw(&me, &dossier.name).await.done();
    assert_eq!(asked.state(), DossierState::WithdrawalRequested);
    assert_eq!(asked.clock(), proto::ClockRunning::Stopped);
    assert_eq!(province.withdraw(&me, &dossier.name).await.reason(), "WITHDRAWAL_PENDING");
    let said = province.env.said::<WithdrawalRequested>().await;
    assert_eq!(said.len(), 1);

    let stopped = workflow::ProcessStopped {
        dossier: dossier.name.clone(),
        version: 2,
        cause: workflow::StopCause::Withdrawn.into(),
        ..Default::default()
    };
    assert_eq!(province.env.tell(key(&dossier.name), &stopped).await, None);
    assert_eq!(province.state(&dossier.name).await, DossierState::Stopping);
    let ended = client.issue_stop_notice(notice()).await.done();
    assert_eq!(ended.state(), DossierState::Stopped);
    assert_eq!(ended.national_status(), proto::NationalStatus::Stopped);
    assert_eq!(ended.end_reason, "Theo yêu cầu của người nộp.");
    let said = province.env.said::<DossierStopped>().await;
    assert_eq!((said[0].cause(), said[0].before_acceptance), (proto::StopCause::Withdrawn, false));
}

async fn a_refused_withdrawal_goes_on_where_it_stood(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    province.needed(&dossier.name, 2).await;
    let asked = province.ask_citizen(&dossier.name, "").await.done();
    province.withdraw(&me, &dossier.name).await.done();
    province.env.clock.advance(TimeDelta::minutes(90));
    let refused =
        workflow::StopRefused { dossier: dossier.name.clone(), version: 3, ..Default::default() };
    assert_eq!(province.env.tell(key(&dossier.name), &refused).await, None);
    let resumed = province.get(&me, &dossier.name).await;
    assert_eq!(resumed.state(), DossierState::AwaitingSupplement);
    let deadline = |of: &proto::Dossier| of.supplements[0].deadline.unwrap().seconds;
    assert_eq!(deadline(&resumed) - deadline(&asked), 90 * 60, "the wait is given back");
}

async fn after_the_decision_it_is_too_late(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    let crossed = province.processing(&me).await;
    province.approved(&dossier.name, 2).await;
    assert_eq!(province.withdraw(&me, &dossier.name).await.reason(), "ALREADY_DECIDED");
    // Both were on their way at once: the result wins.
    province.withdraw(&me, &crossed.name).await.done();
    province.approved(&crossed.name, 2).await;
    assert_eq!(province.state(&crossed.name).await, DossierState::ResultReady);
}
