//! Answers → messages.

use chrono::{DateTime, Utc};
use motcua_clockwire::instant_message;
use motcua_ids::{AccountId, SupplementId};
use motcua_post::Envelope;
use motcua_proto::intake::v1 as proto;
use motcua_rpc::json;

use super::words;
use crate::{
    app::{Answered, Offered, PublicView, Receipt, Round, View, Viewer},
    domain::{
        Act, Delivery, Dossier, Paper, Party, Representative, Source, Summary, Supplement, masked,
        public_text,
    },
};

/// An event as it is told, by its CloudEvents attributes.
pub(super) fn event(envelope: Envelope) -> proto::DossierEvent {
    proto::DossierEvent {
        id: envelope.id.uuid().to_string(),
        source: format!("/motcua/{}", envelope.source),
        data: Some(prost_types::Any {
            type_url: format!("type.googleapis.com/{}", envelope.event_type),
            value: envelope.payload,
        }),
        r#type: envelope.event_type,
        subject: envelope.key.to_string(),
        event_time: Some(instant_message(envelope.occurred_at)),
    }
}

pub(super) fn dossier(view: View) -> proto::Dossier {
    let View { dossier, persons, answers, papers: given, mut rounds, end_reason } = view;
    let filing = &dossier.filing;
    let acceptance = dossier.acceptance.as_ref();
    let supplements = dossier
        .rounds
        .iter()
        .map(|round| supplement(round, rounds.remove(&round.id).unwrap_or_default()))
        .collect();
    proto::Dossier {
        name: dossier.id.name(),
        etag: dossier.etag(),
        code: dossier.code.clone().unwrap_or_default(),
        state: words::state(dossier.state).into(),
        national_status: words::national(dossier.state).into(),
        clock: words::clock(dossier.state).into(),
        finance_state: words::finance(filing.finance).into(),
        payment_due_time: dossier.payment.as_ref().map(|wait| instant_message(wait.due_at)),
        delivery_state: words::delivery(dossier.delivery).into(),
        sync_state: proto::SyncState::NotSent.into(),
        procedure: filing.procedure.name(),
        procedure_version: filing.version.name(),
        procedure_number: filing.number.clone(),
        procedure_name: filing.name.clone(),
        case_code: filing.case.clone(),
        filing_channel: words::channel(filing.channel).into(),
        applicant: Some(party(persons.applicant)),
        represented_by: persons.represented_by.map(representative),
        answers: (!answers.is_null()).then(|| json::to_struct(answers)),
        papers: given.into_iter().map(paper).collect(),
        delivery: Some(delivery(persons.delivery)),
        receiving_agency: filing.receiving.agency().name(),
        competent_agency: filing.competent.agency().name(),
        supplements,
        subject: persons.subject,
        create_time: Some(instant_message(dossier.created_at)),
        submit_time: time(dossier.submitted_at),
        reply_due_time: time(dossier.reply_due_at),
        accept_time: time(acceptance.map(|a| a.at)),
        legal_due_time: time(acceptance.and_then(|a| a.legal_due_at)),
        promised_due_time: time(acceptance.and_then(|a| a.promised_due_at)),
        finish_time: time(dossier.result.map(|(_, at)| at)),
        return_time: time(dossier.returned.as_ref().map(|r| r.at)),
        end_time: time(dossier.ended_at),
        result: dossier.result.map(|(result, _)| result.name()).unwrap_or_default(),
        end_reason,
    }
}

fn party(party: Party) -> proto::Party {
    proto::Party {
        kind: words::party_kind(party.kind).into(),
        full_name: party.full_name,
        citizen_number: party.citizen_number,
        organisation_number: party.organisation_number,
        phone: party.phone,
        email: party.email,
        birth_date: party.birth_date,
        address: party.address,
        account: party.account.map(AccountId::name).unwrap_or_default(),
    }
}

fn representative(representative: Representative) -> proto::Representative {
    proto::Representative {
        party: Some(party(representative.party)),
        basis: words::basis(representative.basis).into(),
    }
}

fn delivery(delivery: Delivery) -> proto::Delivery {
    proto::Delivery {
        way: words::return_way(delivery.way).into(),
        address: delivery.address,
        receiver_name: delivery.receiver_name,
        receiver_phone: delivery.receiver_phone,
    }
}

fn supplement(round: &Supplement, said: Round) -> proto::Supplement {
    proto::Supplement {
        name: round.id.name(),
        round: i32::try_from(round.round).unwrap_or(i32::MAX),
        state: words::round_state(round.state).into(),
        before_acceptance: round.before_acceptance,
        reason: said.reason,
        changed_answers: said.changed,
        papers: round.papers.clone(),
        answers: round.answers.clone(),
        ask: round.ask.map(SupplementId::name).unwrap_or_default(),
        request_time: Some(instant_message(round.requested_at)),
        deadline: Some(instant_message(round.deadline)),
        provide_time: time(round.ended_at),
    }
}

pub(super) fn paper(paper: Paper) -> proto::Paper {
    let (source, reused_from) = match paper.source {
        Source::Uploaded => (proto::PaperSource::Uploaded, String::new()),
        Source::Reused(from) => (proto::PaperSource::Reused, from.name()),
        Source::HandedIn => (proto::PaperSource::HandedIn, String::new()),
    };
    let mut message = proto::Paper {
        name: paper.id.name(),
        code: paper.code,
        source: source.into(),
        reused_from,
        originals: i32::try_from(paper.originals).unwrap_or(i32::MAX),
        copies: i32::try_from(paper.copies).unwrap_or(i32::MAX),
        create_time: Some(instant_message(paper.created_at)),
        ..proto::Paper::default()
    };
    if let Some(content) = paper.content {
        message.file_name = content.file_name;
        message.media_type = content.media_type;
        message.size_bytes = i64::try_from(content.size).unwrap_or(i64::MAX);
        message.sha256 = hex::encode(content.sha256);
        message.scan_state = words::scan(content.scan).into();
        if let Some(unfit) = content.scan.unfit() {
            message.problem = motcua_quarantine::problem(unfit).into();
            message.problem_text = unfit.to_string();
        }
    }
    message
}

/// A picture that nobody has confirmed yet.
pub(super) fn offer(offered: Offered) -> proto::PaperOffer {
    let Offered { offer, code, choices } = offered;
    let unfit = offer.content.scan.unfit();
    proto::PaperOffer {
        name: offer.id.name(),
        dossier: offer.dossier.name(),
        code: code.unwrap_or_default(),
        scan_state: words::scan(offer.content.scan).into(),
        problem_text: unfit.map(|unfit| unfit.to_string()).unwrap_or_default(),
        choices: choices
            .into_iter()
            .map(|(code, title)| proto::PaperChoice { code, title })
            .collect(),
        expire_time: Some(instant_message(offer.expires_at)),
    }
}

pub(super) fn answered(answered: Answered) -> proto::AnswerPaperOffersResponse {
    proto::AnswerPaperOffersResponse {
        bound_count: i32::try_from(answered.bound).unwrap_or(i32::MAX),
        provided: answered.provided,
        lacking: answered.lacking,
    }
}

/// A line; a word of a newer release is shown as unspecified.
pub(super) fn summary(line: Summary, viewer: Viewer) -> proto::DossierSummary {
    proto::DossierSummary {
        name: line.id.name(),
        code: line.code.unwrap_or_default(),
        state: line.state.map(words::state).unwrap_or_default().into(),
        national_status: line.state.map(words::national).unwrap_or_default().into(),
        procedure_number: line.number,
        procedure_name: line.name,
        filing_channel: line.channel.map(words::channel).unwrap_or_default().into(),
        applicant_name: match viewer {
            Viewer::Filer => line.applicant,
            Viewer::Officer => masked(&line.applicant),
        },
        receiving_agency: line.receiving.name(),
        competent_agency: line.competent.name(),
        create_time: Some(instant_message(line.created_at)),
        submit_time: time(line.submitted_at),
        reply_due_time: time(line.reply_due_at),
        promised_due_time: time(line.promised_due_at),
    }
}

/// An act; the one who filed sees no officer's account, and nothing that is the
/// agency's own affair.
pub(super) fn act(act: Act, viewer: Viewer) -> Option<proto::Act> {
    let text = public_text(&act.verb);
    let own = viewer == Viewer::Filer;
    if own && text.is_none() {
        return None;
    }
    let hidden = own && act.capacity != "citizen";
    Some(proto::Act {
        complete_time: Some(instant_message(act.at)),
        verb: act.verb,
        state: act.state.map(words::state).unwrap_or_default().into(),
        text: text.unwrap_or_default().to_owned(),
        actor: act.actor.filter(|_| !hidden).map(AccountId::name).unwrap_or_default(),
        capacity: act.capacity,
        reason: act.reason,
    })
}

pub(super) fn receipt(receipt: Receipt) -> proto::Receipt {
    let Receipt { dossier, acceptance, persons, receiving, competent, papers, .. } = receipt;
    let filer = persons.filer().clone();
    proto::Receipt {
        dossier: dossier.id.name(),
        code: dossier.code.unwrap_or_default(),
        receiving_agency_name: receiving.name.clone(),
        competent_agency_name: competent.name.clone(),
        applicant_name: persons.applicant.full_name,
        filed_by_name: filer.full_name,
        address: filer.address,
        phone: filer.phone,
        email: filer.email,
        procedure_number: dossier.filing.number,
        procedure_name: dossier.filing.name,
        papers: papers
            .into_iter()
            .map(|row| proto::ReceiptPaper {
                name: row.name,
                originals: i32::try_from(row.originals).unwrap_or(i32::MAX),
                copies: i32::try_from(row.copies).unwrap_or(i32::MAX),
                files: i32::try_from(row.files).unwrap_or(i32::MAX),
            })
            .collect(),
        sets: 1,
        limit: receipt.limit,
        accept_time: Some(instant_message(acceptance.at)),
        promised_due_time: time(acceptance.promised_due_at),
        return_place: receipt.return_place,
        accepted_by: acceptance.by.name(),
        fees: receipt.fees,
    }
}

pub(super) fn public(view: PublicView) -> proto::LookUpDossierResponse {
    let PublicView { dossier, receiving, acts } = view;
    let acceptance = dossier.acceptance.as_ref();
    proto::LookUpDossierResponse {
        state: words::state(dossier.state).into(),
        national_status: words::national(dossier.state).into(),
        receiving_agency_name: receiving.name.clone(),
        submit_time: time(dossier.submitted_at),
        accept_time: time(acceptance.map(|a| a.at)),
        promised_due_time: time(acceptance.and_then(|a| a.promised_due_at)),
        acts: acts
            .into_iter()
            .filter_map(|act| {
                Some(proto::PublicAct {
                    text: public_text(&act.verb)?.to_owned(),
                    complete_time: Some(instant_message(act.at)),
                    state: act.state.map(words::state).unwrap_or_default().into(),
                })
            })
            .collect(),
        code: dossier.code.unwrap_or_default(),
        procedure_number: dossier.filing.number,
        procedure_name: dossier.filing.name,
    }
}

pub(super) fn by_telephone(dossier: &Dossier) -> proto::LookUpByTelephoneResponse {
    let acceptance = dossier.acceptance.as_ref();
    proto::LookUpByTelephoneResponse {
        state: words::state(dossier.state).into(),
        promised_due_time: time(acceptance.and_then(|a| a.promised_due_at)),
        dossier: dossier.id.name(),
    }
}

pub(super) fn contact(party: Party) -> proto::DossierContact {
    proto::DossierContact {
        account: party.account.map(AccountId::name).unwrap_or_default(),
        full_name: party.full_name,
        phone: party.phone,
        email: party.email,
    }
}

fn time(at: Option<DateTime<Utc>>) -> Option<prost_types::Timestamp> {
    at.map(instant_message)
}
