//! Requests → commands. Everything wrong with a request is noted at once, by
//! the path a form shows: `applicant.phone`.

use std::time::Duration;

use chrono::NaiveDate;
use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyId, DossierId, PaperId, PaperOfferId, ProcedureId, TypedId};
use motcua_proto::intake::v1 as proto;
use motcua_rpc::json;
use motcua_vn::{CitizenNumber, DossierCode, EmailAddress, PhoneNumber, text::tidy};

use super::words;
use crate::{
    app::{
        AnswerOffers, AttachPaper, Edit, HandedIn, ListDossiers, LookUp, LookUpByTelephone,
        NewDossier, PaperHeader, Representation, RequestSupplement, ReturnResult,
    },
    domain::{Delivery, Filter, Party, Persons, Representative},
};

const LINE: usize = 250;
const PARAGRAPH: usize = 4000;
/// What a list in a request may hold.
const ITEMS: usize = 200;
/// Pictures answered at once.
const MOST_OFFERS: usize = 100;

/// Reads a request, noting what is wrong with it.
#[derive(Default)]
pub(super) struct Reader {
    wrong: Violations,
}

impl Reader {
    fn add(&mut self, field: &str, reason: &str, text: impl Into<String>) {
        self.wrong.add(field, reason, text);
    }

    /// A resource name.
    fn name<T: TypedId>(&mut self, field: &str, name: &str) -> T {
        let id = name
            .strip_prefix(T::COLLECTION)
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(|id| motcua_ids::Uuid::try_parse(id).ok());
        if id.is_none() {
            let text = format!("Cần tên tài nguyên dạng «{}/<mã UUID>».", T::COLLECTION);
            self.add(field, if name.is_empty() { "REQUIRED" } else { "NAME_INVALID" }, text);
        }
        T::from(id.unwrap_or_default())
    }

    fn maybe_name<T: TypedId>(&mut self, field: &str, name: &str) -> Option<T> {
        (!name.is_empty()).then(|| self.name(field, name))
    }

    /// A text in one form, not longer than `most` characters.
    fn text(&mut self, field: &str, text: &str, most: usize) -> String {
        let text = tidy(text);
        if text.chars().count() > most {
            self.add(field, "TOO_LONG", format!("Dài quá {most} ký tự."));
        }
        text
    }

    fn required_text(&mut self, field: &str, text: &str, most: usize) -> String {
        let text = self.text(field, text, most);
        if text.is_empty() {
            self.add(field, "REQUIRED", "Vui lòng không để trống.");
        }
        text
    }

    fn count(&mut self, field: &str, count: i32) -> u32 {
        u32::try_from(count).ok().filter(|n| *n <= 1000).unwrap_or_else(|| {
            self.add(field, "OUT_OF_RANGE", "Số lượng phải từ 0 đến 1000.");
            0
        })
    }

    fn not_more_than(&mut self, field: &str, given: usize) {
        if given > ITEMS {
            self.add(field, "TOO_MANY", format!("Không được quá {ITEMS} mục."));
        }
    }

    fn finish<T>(self, value: T) -> Result<T, Fault> {
        self.wrong.finish().map(|()| value)
    }

    fn party(&mut self, field: &str, message: &proto::Party) -> Party {
        let at = |name: &str| format!("{field}.{name}");
        let birth_date = message.birth_date.trim();
        if !birth_date.is_empty() && birth_date.parse::<NaiveDate>().is_err() {
            self.add(&at("birth_date"), "DATE_INVALID", "Ngày sinh cần dạng năm-tháng-ngày.");
        }
        let phone = (!message.phone.trim().is_empty())
            .then(|| self.wrong.take(at("phone"), PhoneNumber::parse(&message.phone)))
            .flatten();
        let email = (!message.email.trim().is_empty())
            .then(|| self.wrong.take(at("email"), EmailAddress::parse(&message.email)))
            .flatten();
        let citizen = (!message.citizen_number.trim().is_empty())
            .then(|| {
                let number = CitizenNumber::parse(&message.citizen_number);
                self.wrong.take(at("citizen_number"), number)
            })
            .flatten();
        Party {
            kind: words::to_party_kind(message.kind).unwrap_or_default(),
            full_name: self.text(&at("full_name"), &message.full_name, LINE),
            citizen_number: citizen.map(|n| n.reveal().to_owned()).unwrap_or_default(),
            organisation_number: self.text(
                &at("organisation_number"),
                &message.organisation_number,
                20,
            ),
            phone: phone.map(|p| p.national()).unwrap_or_default(),
            email: email.map(|e| e.reveal().to_owned()).unwrap_or_default(),
            birth_date: birth_date.to_owned(),
            address: self.text(&at("address"), &message.address, 500),
            account: None,
        }
    }

    fn representative(&mut self, message: &proto::Representative) -> Option<Representative> {
        let party = message.party.clone().unwrap_or_default();
        let party = self.party("represented_by.party", &party);
        let basis = words::to_basis(message.basis);
        if basis.is_none() {
            let text = "Vui lòng chọn căn cứ đại diện: ủy quyền, pháp luật hoặc người thân.";
            self.add("represented_by.basis", "REQUIRED", text);
        }
        basis.map(|basis| Representative { party, basis })
    }

    fn delivery(&mut self, message: &proto::Delivery) -> Delivery {
        let phone = message.receiver_phone.trim();
        let phone = (!phone.is_empty())
            .then(|| self.wrong.take("delivery.receiver_phone", PhoneNumber::parse(phone)))
            .flatten();
        Delivery {
            way: words::to_return_way(message.way).unwrap_or_default(),
            address: self.text("delivery.address", &message.address, 500),
            receiver_name: self.text("delivery.receiver_name", &message.receiver_name, LINE),
            receiver_phone: phone.map(|p| p.national()).unwrap_or_default(),
        }
    }

    fn answers(&mut self, message: Option<prost_types::Struct>, most: usize) -> serde_json::Value {
        let Some(message) = message else { return serde_json::Value::Null };
        if prost::Message::encoded_len(&message) > most {
            let text = format!("Nội dung tờ khai vượt quá {} KB.", most / 1024);
            self.add("answers", "TOO_LONG", text);
        }
        json::from_struct(message)
    }

    fn handed_in(&mut self, messages: Vec<proto::HandedInPaper>) -> Vec<HandedIn> {
        self.not_more_than("handed_in", messages.len());
        messages
            .into_iter()
            .enumerate()
            .map(|(i, paper)| HandedIn {
                originals: self.count(&format!("handed_in.{i}.originals"), paper.originals),
                copies: self.count(&format!("handed_in.{i}.copies"), paper.copies),
                code: paper.code,
            })
            .collect()
    }
}

pub(super) fn create(
    message: Option<proto::Dossier>,
    most_answers: usize,
) -> Result<NewDossier, Fault> {
    let mut reader = Reader::default();
    let message = message.unwrap_or_default();
    let channel = words::to_channel(message.filing_channel);
    if channel.is_none() {
        reader.add("filing_channel", "REQUIRED", "Vui lòng chọn cách nộp hồ sơ.");
    }
    let new = NewDossier {
        procedure: reader.name::<ProcedureId>("procedure", &message.procedure),
        case: message.case_code,
        channel: channel.unwrap_or(crate::domain::Channel::Online),
        receiving: reader.maybe_name("receiving_agency", &message.receiving_agency),
        competent: reader.name::<AgencyId>("competent_agency", &message.competent_agency),
        persons: Persons {
            applicant: reader.party("applicant", &message.applicant.unwrap_or_default()),
            represented_by: message.represented_by.and_then(|r| reader.representative(&r)),
            delivery: reader.delivery(&message.delivery.unwrap_or_default()),
            subject: reader.text("subject", &message.subject, 1000),
            ..Persons::default()
        },
        answers: reader.answers(message.answers, most_answers),
    };
    reader.finish(new)
}

pub(super) fn update(
    request: proto::UpdateDossierRequest,
    most_answers: usize,
) -> Result<(DossierId, Edit), Fault> {
    let mut reader = Reader::default();
    let message = request.dossier.unwrap_or_default();
    let id = reader.name::<DossierId>("name", &message.name);
    let mut edit = Edit { etag: message.etag, ..Edit::default() };
    let paths = request.update_mask.unwrap_or_default().paths;
    if paths.is_empty() {
        reader.add("update_mask", "REQUIRED", "Cần nêu những mục được sửa.");
    }
    for path in paths {
        match path.as_str() {
            "applicant" => {
                let applicant = message.applicant.clone().unwrap_or_default();
                edit.applicant = Some(reader.party("applicant", &applicant));
            }
            "represented_by" => {
                edit.represented_by = match &message.represented_by {
                    None => Representation::Ends,
                    Some(given) => reader
                        .representative(given)
                        .map_or(Representation::Stays, Representation::By),
                };
            }
            "answers" => {
                edit.answers = Some(reader.answers(message.answers.clone(), most_answers));
            }
            "delivery" => {
                let delivery = message.delivery.clone().unwrap_or_default();
                edit.delivery = Some(reader.delivery(&delivery));
            }
            "subject" => edit.subject = Some(reader.text("subject", &message.subject, 1000)),
            "case_code" => edit.case = Some(message.case_code.clone()),
            "receiving_agency" => {
                let name = &message.receiving_agency;
                edit.receiving = Some(reader.name("receiving_agency", name));
            }
            "competent_agency" => {
                let name = &message.competent_agency;
                edit.competent = Some(reader.name("competent_agency", name));
            }
            other => {
                let text = format!("Mục «{other}» không sửa được bằng cách này.");
                reader.add("update_mask", "FIELD_NOT_EDITABLE", text);
            }
        }
    }
    reader.finish((id, edit))
}

pub(super) fn header(message: Option<proto::PaperHeader>) -> Result<PaperHeader, Fault> {
    let mut reader = Reader::default();
    let message = message.unwrap_or_default();
    let sha256 = hex::decode(&message.sha256).ok().filter(|h| matches!(h.len(), 0 | 32));
    if sha256.is_none() {
        let text = "Mã SHA-256 cần 64 chữ số thập lục phân.";
        reader.add("header.sha256", "SHA256_INVALID", text);
    }
    let header = PaperHeader {
        dossier: reader.name("header.dossier", &message.dossier),
        code: reader.required_text("header.code", &message.code, LINE),
        file_name: reader.required_text("header.file_name", &message.file_name, 255),
        sha256: sha256.filter(|hash| !hash.is_empty()),
        timeout: duration(message.timeout),
    };
    reader.finish(header)
}

/// A duration asked for; one that makes no sense is none.
pub(super) fn duration(message: Option<prost_types::Duration>) -> Option<Duration> {
    message.and_then(|duration| duration.try_into().ok())
}

pub(super) fn attach(request: &proto::AttachPaperRequest) -> Result<AttachPaper, Fault> {
    let mut reader = Reader::default();
    let attach = AttachPaper {
        dossier: reader.name("dossier", &request.dossier),
        paper: reader.name("paper", &request.paper),
        code: reader.required_text("code", &request.code, LINE),
    };
    reader.finish(attach)
}

/// What was said to offers; the list is looked at as a whole.
pub(super) fn answer_offers(
    request: &proto::AnswerPaperOffersRequest,
) -> Result<AnswerOffers, Fault> {
    let mut reader = Reader::default();
    if request.offers.is_empty() || request.offers.len() > MOST_OFFERS {
        let text = format!("Cần từ 1 đến {MOST_OFFERS} ảnh.");
        reader.add("offers", "COUNT_OUT_OF_RANGE", text);
    }
    let offers = request.offers.iter().take(MOST_OFFERS).enumerate();
    let offers = offers.map(|(i, name)| reader.name(&format!("offers.{i}"), name)).collect();
    let code = reader.text("paper_code", &request.paper_code, LINE);
    let answer = AnswerOffers {
        dossier: reader.name("dossier", &request.dossier),
        offers,
        code: (!code.is_empty()).then_some(code),
    };
    reader.finish(answer)
}

pub(super) fn paper_offer(name: &str) -> Result<PaperOfferId, Fault> {
    let mut reader = Reader::default();
    let id = reader.name("name", name);
    reader.finish(id)
}

pub(super) fn dossier(field: &str, name: &str) -> Result<DossierId, Fault> {
    let mut reader = Reader::default();
    let id = reader.name(field, name);
    reader.finish(id)
}

/// Several, each once.
pub(super) fn dossiers(names: &[String]) -> Result<Vec<DossierId>, Fault> {
    let mut reader = Reader::default();
    if names.is_empty() {
        reader.add("dossiers", "REQUIRED", "Cần ít nhất một hồ sơ.");
    }
    reader.not_more_than("dossiers", names.len());
    let mut ids = Vec::with_capacity(names.len());
    for (n, name) in names.iter().enumerate() {
        let field = format!("dossiers[{n}]");
        let id = reader.name(&field, name);
        if ids.contains(&id) {
            reader.add(&field, "REPEATED", "Mỗi hồ sơ chỉ nêu một lần.");
        }
        ids.push(id);
    }
    reader.finish(ids)
}

pub(super) fn maybe_dossier(field: &str, name: &str) -> Result<Option<DossierId>, Fault> {
    let mut reader = Reader::default();
    let id = reader.maybe_name(field, name);
    reader.finish(id)
}

pub(super) fn paper(name: &str) -> Result<PaperId, Fault> {
    let mut reader = Reader::default();
    let id = reader.name("name", name);
    reader.finish(id)
}

/// A dossier as it was seen, and what was brought to the desk for it.
pub(super) fn with_sheets(
    name: &str,
    etag: String,
    handed_in: Vec<proto::HandedInPaper>,
) -> Result<(DossierId, String, Vec<HandedIn>), Fault> {
    let mut reader = Reader::default();
    let read = (reader.name("name", name), etag, reader.handed_in(handed_in));
    reader.finish(read)
}

/// A dossier and a reason that must be given.
pub(super) fn with_reason(name: &str, reason: &str) -> Result<(DossierId, String), Fault> {
    let mut reader = Reader::default();
    let read = (reader.name("name", name), reader.required_text("reason", reason, PARAGRAPH));
    reader.finish(read)
}

/// A dossier and a reason that may be given.
pub(super) fn with_maybe_reason(name: &str, reason: &str) -> Result<(DossierId, String), Fault> {
    let mut reader = Reader::default();
    let read = (reader.name("name", name), reader.text("reason", reason, PARAGRAPH));
    reader.finish(read)
}

pub(super) fn supplement(
    request: proto::RequestSupplementRequest,
) -> Result<RequestSupplement, Fault> {
    let mut reader = Reader::default();
    if !(0..=365).contains(&request.days) {
        reader.add("days", "OUT_OF_RANGE", "Số ngày bổ sung phải từ 1 đến 365.");
    }
    reader.not_more_than("papers", request.papers.len());
    reader.not_more_than("answers", request.answers.len());
    let supplement = RequestSupplement {
        id: reader.name("name", &request.name),
        reason: reader.text("reason", &request.reason, PARAGRAPH),
        papers: request.papers,
        answers: request.answers,
        days: u32::try_from(request.days).ok().filter(|days| *days > 0),
    };
    reader.finish(supplement)
}

pub(super) fn return_result(request: &proto::ReturnResultRequest) -> Result<ReturnResult, Fault> {
    let mut reader = Reader::default();
    let read = ReturnResult {
        id: reader.name("name", &request.name),
        way: words::to_return_way(request.way),
        received_by: reader.text("received_by", &request.received_by, LINE),
        postal_code: reader.text("postal_code", &request.postal_code, 50),
    };
    reader.finish(read)
}

pub(super) fn single_answers(
    request: proto::GetAnswersRequest,
) -> Result<(DossierId, Vec<String>), Fault> {
    let mut reader = Reader::default();
    let id = reader.name("dossier", &request.dossier);
    reader.not_more_than("fields", request.fields.len());
    reader.finish((id, request.fields))
}

pub(super) fn look_up(request: &proto::LookUpDossierRequest) -> Result<LookUp, Fault> {
    let mut reader = Reader::default();
    let code = reader.wrong.take("code", DossierCode::parse(&request.code));
    let digits = request.last_digits.trim();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let text = "Cần bốn chữ số cuối của số điện thoại hoặc số định danh.";
        reader.add("last_digits", "DIGITS_INVALID", text);
    }
    let code = code.map(|code| code.to_string()).unwrap_or_default();
    reader.finish(LookUp { code, last_digits: digits.to_owned() })
}

pub(super) fn look_up_by_telephone(
    request: &proto::LookUpByTelephoneRequest,
) -> Result<LookUpByTelephone, Fault> {
    let mut reader = Reader::default();
    let code = reader.wrong.take("code", DossierCode::parse(&request.code));
    let phone = reader.wrong.take("phone", PhoneNumber::parse(&request.phone));
    match code.zip(phone) {
        Some((code, phone)) => reader.finish(LookUpByTelephone { code: code.to_string(), phone }),
        None => Err(reader.finish(()).err().unwrap_or_else(|| Fault::internal("nothing is wrong"))),
    }
}

pub(super) fn list(request: &proto::ListDossiersRequest) -> Result<ListDossiers, Fault> {
    let mut reader = Reader::default();
    let mut states = Vec::new();
    for state in &request.states {
        match words::to_state(*state) {
            Some(state) => states.push(state),
            None => reader.add("states", "STATE_UNKNOWN", "Trạng thái hồ sơ không hợp lệ."),
        }
    }
    let phone = (!request.phone.is_empty())
        .then(|| reader.wrong.take("phone", PhoneNumber::parse(&request.phone)))
        .flatten();
    let citizen = (!request.citizen_number.is_empty())
        .then(|| reader.wrong.take("citizen_number", CitizenNumber::parse(&request.citizen_number)))
        .flatten();
    let list = ListDossiers {
        agency: reader.maybe_name("agency", &request.agency),
        competent: request.competent,
        filter: Filter {
            states,
            procedure: reader.maybe_name("procedure", &request.procedure),
            channel: words::to_channel(request.filing_channel),
            phone: phone.map(|p| p.national()).unwrap_or_default(),
            citizen_number: citizen.map(|n| n.reveal().to_owned()).unwrap_or_default(),
        },
    };
    reader.finish(list)
}
