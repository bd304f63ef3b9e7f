//! Whose dossier is it: the allowed call succeeds, its twin with a wrong caller fails.

use motcua_context::{Actor, Role};
use motcua_proto::{access::v1::PersonalDataRead, intake::v1 as proto};
use motcua_testkit::Database;

use crate::{
    office::{
        COMMUNE, OTHER, OTHER_UNIT, PROVINCE, Province, UNIT, account, citizen, desk, officer,
        procedure,
    },
    support::{Answer, Client, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    those_who_have_to_do_with_it_read_it,
    nobody_changes_what_is_not_theirs,
    those_who_take_part_read_it_once_it_is_accepted,
    readings_are_recorded,
    our_own_service_reads_for_whom_it_acts_alone,
    only_notification_asks_whom_to_tell,
    only_payment_asks_for_single_answers,
);

async fn those_who_have_to_do_with_it_read_it(database: Database) {
    let province = Province::open(database).await;
    let dossier = province.accepted(&citizen(1)).await;
    let read = async |actor: &Actor| {
        let request = proto::GetDossierRequest { name: dossier.name.clone() };
        province.client(actor).get_dossier(request).await
    };
    for (role, at) in [
        (Role::DeskOfficer, COMMUNE),
        (Role::Specialist, COMMUNE),
        (Role::Specialist, UNIT),
        (Role::HeadOfUnit, UNIT),
        (Role::Leader, COMMUNE),
        (Role::Leader, PROVINCE),
        (Role::Auditor, PROVINCE),
    ] {
        let seen = read(&officer(80, role, at)).await.done();
        assert_eq!(seen.applicant.unwrap().full_name, "Nguyễn Thị Hoa", "{role} at {at}");
    }
    for (role, at) in [
        (Role::DeskOfficer, OTHER),
        (Role::DeskOfficer, PROVINCE),
        (Role::Specialist, OTHER),
        (Role::Leader, OTHER),
        (Role::Auditor, OTHER),
    ] {
        assert_eq!(read(&officer(81, role, at)).await.reason(), "NOT_FOUND", "{role} at {at}");
    }
    assert_eq!(read(&officer(82, Role::CatalogEditor, PROVINCE)).await.reason(), "NOT_PERMITTED");
    assert_eq!(read(&citizen(2)).await.reason(), "NOT_FOUND");
    assert_eq!(read(&Actor::Anonymous).await.reason(), "SIGN_IN_REQUIRED");
}

/// The reason each command of the filer answers to this caller.
async fn filers_commands(client: &mut Client, name: &str, paper: &str) -> Vec<String> {
    let id = request_id;
    let name = || name.to_owned();
    let update = proto::UpdateDossierRequest {
        request_id: id(),
        dossier: Some(proto::Dossier { name: name(), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["subject".into()] }),
    };
    let attach = proto::AttachPaperRequest {
        request_id: id(),
        dossier: name(),
        paper: paper.to_owned(),
        code: "chung-sinh".into(),
    };
    let discard = proto::DiscardDossierRequest { request_id: id(), name: name() };
    let remove = proto::RemovePaperRequest { request_id: id(), name: paper.to_owned() };
    let provide =
        proto::ProvideSupplementRequest { request_id: id(), name: name(), ..Default::default() };
    let withdraw =
        proto::RequestWithdrawalRequest { request_id: id(), name: name(), reason: String::new() };
    vec![
        client.update_dossier(update).await.reason(),
        client.upload_paper(upload(&name(), "chung-sinh", &pdf("x"))).await.reason(),
        client.attach_paper(attach).await.reason(),
        client.discard_dossier(discard).await.reason(),
        client.remove_paper(remove).await.reason(),
        client.provide_supplement(provide).await.reason(),
        client.request_withdrawal(withdraw).await.reason(),
    ]
}

/// The reason each command of the desk answers to this caller.
async fn desks_commands(client: &mut Client, name: &str) -> Vec<String> {
    let id = request_id;
    let (name, reason) = (|| name.to_owned(), || "vì".to_owned());
    let receive =
        proto::ReceiveDossierRequest { request_id: id(), name: name(), ..Default::default() };
    let accept = proto::AcceptDossierRequest { request_id: id(), name: name() };
    let ask = proto::RequestSupplementRequest {
        request_id: id(),
        name: name(),
        reason: reason(),
        ..Default::default()
    };
    let decline =
        proto::DeclineSupplementRequest { request_id: id(), name: name(), reason: reason() };
    let reject = proto::RejectDossierRequest { request_id: id(), name: name(), reason: reason() };
    let notice = proto::IssueStopNoticeRequest { request_id: id(), name: name(), reason: reason() };
    let give = proto::ReturnResultRequest { request_id: id(), name: name(), ..Default::default() };
    let close = proto::CloseDossierRequest { request_id: id(), name: name() };
    vec![
        client.receive_dossier(receive).await.reason(),
        client.accept_dossier(accept).await.reason(),
        client.request_supplement(ask).await.reason(),
        client.decline_supplement(decline).await.reason(),
        client.reject_dossier(reject).await.reason(),
        client.issue_stop_notice(notice).await.reason(),
        client.return_result(give).await.reason(),
        client.close_dossier(close).await.reason(),
    ]
}

async fn nobody_changes_what_is_not_theirs(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let (name, paper) = (filed.name.as_str(), filed.papers[0].name.as_str());
    for stranger in [citizen(2), officer(83, Role::DeskOfficer, OTHER)] {
        let mut client = province.client(&stranger);
        for reason in filers_commands(&mut client, name, paper).await {
            assert_eq!(reason, "NOT_FOUND");
        }
    }
    let mut stranger = province.client(&officer(83, Role::DeskOfficer, OTHER));
    for reason in desks_commands(&mut stranger, name).await {
        assert_eq!(reason, "NOT_FOUND");
    }
    for wrong in [citizen(1), officer(84, Role::Leader, PROVINCE)] {
        for reason in desks_commands(&mut province.client(&wrong), name).await {
            assert_eq!(reason, "NOT_PERMITTED");
        }
    }
    let submit = proto::SubmitDossierRequest {
        request_id: request_id(),
        name: province.ready_draft(&citizen(1)).await.name,
        ..Default::default()
    };
    let theirs = province.client(&citizen(2)).submit_dossier(submit).await;
    assert_eq!(theirs.reason(), "NOT_FOUND");
    let receipt = proto::GetReceiptRequest { name: name.to_owned() };
    assert_eq!(province.client(&citizen(2)).get_receipt(receipt).await.reason(), "NOT_FOUND");
    let timeline = proto::ListTimelineRequest { dossier: name.to_owned(), ..Default::default() };
    assert_eq!(province.client(&citizen(2)).list_timeline(timeline).await.reason(), "NOT_FOUND");
}

async fn those_who_take_part_read_it_once_it_is_accepted(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let asking = proto::Dossier { procedure: procedure(3), ..Province::filled() };
    let draft = province.create(&me, asking).await.done();
    let mut client = province.client(&me);
    client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("x"))).await.done();
    let submit = proto::SubmitDossierRequest {
        request_id: request_id(),
        name: draft.name.clone(),
        ..Default::default()
    };
    client.submit_dossier(submit).await.done();
    let read = async |actor: &Actor| {
        let request = proto::GetDossierRequest { name: draft.name.clone() };
        province.client(actor).get_dossier(request).await
    };
    let asked = [
        officer(91, Role::Specialist, OTHER),
        officer(92, Role::Specialist, OTHER_UNIT),
        officer(93, Role::HeadOfUnit, OTHER_UNIT),
        officer(94, Role::Leader, OTHER),
    ];
    for officer in &asked {
        assert_eq!(read(officer).await.reason(), "NOT_FOUND", "it is nobody's to process yet");
    }
    province.accept(&desk(), &draft.name).await.done();
    for officer in &asked {
        read(officer).await.done();
    }
    for (role, at) in [(Role::DeskOfficer, OTHER), (Role::Auditor, OTHER), (Role::Leader, UNIT)] {
        assert_eq!(read(&officer(95, role, at)).await.reason(), "NOT_FOUND", "{role} at {at}");
    }
}

async fn readings_are_recorded(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    province.get(&me, &filed.name).await;
    assert!(province.env.said::<PersonalDataRead>().await.is_empty(), "one's own is not recorded");
    province.get(&desk(), &filed.name).await;
    let read = province.env.said::<PersonalDataRead>().await;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].reader, account(51).name());
    assert_eq!(read[0].subjects, [account(1).name()]);
    assert_eq!(read[0].method, "/motcua.intake.v1.IntakeService/GetDossier");
}

async fn our_own_service_reads_for_whom_it_acts_alone(database: Database) {
    let province = Province::open(database).await;
    let request = proto::GetDossierRequest { name: province.submitted(&citizen(1)).await.name };
    let mut identity = Client::new(province.env.service("identity"));
    assert_eq!(identity.get_dossier(request.clone()).await.reason(), "NOT_A_PERSON");
    let mut catalog = Client::new(province.env.service("catalog"));
    assert_eq!(catalog.get_dossier(request).await.reason(), "NOT_PERMITTED");
}

async fn only_notification_asks_whom_to_tell(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let request = proto::GetContactRequest { dossier: filed.name.clone() };
    let mut notification = Client::new(province.env.service("notification"));
    let contact = notification.get_contact(request.clone()).await.done();
    assert_eq!((contact.account, contact.phone), (account(1).name(), "0912345678".to_owned()));
    assert_eq!(contact.full_name, "Nguyễn Thị Hoa");
    let read = province.env.said::<PersonalDataRead>().await;
    assert_eq!(
        (read[0].system.as_str(), read[0].purpose.as_str()),
        ("notification", "deliver_message",)
    );
    let other = province.submitted(&citizen(2)).await.name;
    let ask = |names: &[&String]| proto::BatchGetContactsRequest {
        dossiers: names.iter().map(ToString::to_string).collect(),
    };
    let both = notification.batch_get_contacts(ask(&[&other, &filed.name])).await.done().contacts;
    let of: Vec<_> = both.iter().map(|contact| contact.account.as_str()).collect();
    assert_eq!(of, [account(2).name(), account(1).name()], "in the order asked for");
    let read = province.env.said::<PersonalDataRead>().await;
    assert_eq!(read.len(), 2, "one reading for both");
    assert_eq!(read[1].dossiers.len(), 2);
    assert_eq!(read[1].subjects.len(), 2);
    let nobodys = format!("dossiers/{}", uuid::Uuid::from_u128(9));
    let refused = notification.batch_get_contacts(ask(&[&other, &nobodys])).await.reason();
    assert_eq!(refused, "NOT_FOUND");
    assert_eq!(province.env.said::<PersonalDataRead>().await.len(), 2, "all or none");
    let wrong = notification.batch_get_contacts(ask(&[&other, &other])).await.wrong();
    assert_eq!(wrong[0].0, "dossiers[1]");
    assert_eq!(notification.batch_get_contacts(ask(&[])).await.wrong()[0].0, "dossiers");
    let mut workflow = Client::new(province.env.service("workflow"));
    assert_eq!(workflow.batch_get_contacts(ask(&[&other])).await.reason(), "NOT_PERMITTED");
    assert_eq!(workflow.get_contact(request.clone()).await.reason(), "NOT_PERMITTED");
    assert_eq!(province.client(&desk()).get_contact(request).await.reason(), "NOT_PERMITTED");
}

async fn only_payment_asks_for_single_answers(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let ask = |fields: &[&str]| proto::GetAnswersRequest {
        dossier: filed.name.clone(),
        fields: fields.iter().map(ToString::to_string).collect(),
    };
    let mut payment = Client::new(province.env.service("payment"));
    let fields = ["child.weight", "child", "father.age"];
    let found = payment.get_answers(ask(&fields)).await.done().answers;
    let found: Vec<_> = found
        .into_iter()
        .map(|(field, value)| format!("{field} {}", motcua_rpc::json::from_value(value)))
        .collect();
    assert_eq!(found, ["child.weight 3200"], "nothing that has fields of its own");
    let read = province.env.said::<PersonalDataRead>().await;
    assert_eq!((read[0].system.as_str(), read[0].purpose.as_str()), ("payment", "assess_fees"));
    let many = vec!["x"; 201];
    assert_eq!(payment.get_answers(ask(&many)).await.reason(), "INVALID_ARGUMENT");
    let mut notification = Client::new(province.env.service("notification"));
    assert_eq!(notification.get_answers(ask(&fields)).await.reason(), "NOT_PERMITTED");
    assert_eq!(province.client(&desk()).get_answers(ask(&fields)).await.reason(), "NOT_PERMITTED");
}
