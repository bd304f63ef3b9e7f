//! From a document to the text of a version.

use motcua_ids::{AgencyId, FieldId};

use super::document::{
    CaseDoc, FeeDoc, FeeWord, LimitDoc, LimitWord, PaperDoc, ProcedureDoc, ProcessDoc, StepDoc,
    WayDoc,
};
use crate::domain::{
    Case, Consultation, Contact, Content, Fee, FeeRule, Finding, FormTemplate, LegalBasis, Limit,
    LimitRule, Outcome, Paper, Process, Publication, QuotaGroup, ServiceLevel, Step, Supplement,
    Way,
};

/// What the codes of a document stand for.
pub(super) struct References {
    pub field: FieldId,
    pub agencies: Vec<AgencyId>,
}

/// The text, and what was suspicious in how it was written; or why it makes none.
pub(super) fn content(
    doc: ProcedureDoc,
    refs: References,
) -> Result<(Content, Vec<Finding>), String> {
    let mut flags = Vec::new();
    let mut cases = Vec::new();
    for case in doc.cases {
        cases.push(case_of(case, &mut flags)?);
    }
    let process = doc.process.map(process_of).transpose()?;
    let mut unknown = doc.unknown;
    if doc.service_level == ServiceLevel::Unspecified {
        list(&mut unknown, SERVICE_LEVEL);
    }
    let content = Content {
        name: motcua_vn::text::tidy(&doc.name),
        field: refs.field,
        level: doc.level,
        audiences: doc.audience.into_iter().collect(),
        publication: Publication {
            decision: doc.publication.decision,
            effective_from: doc.publication.effective_from,
            url: doc.publication.url,
        },
        service_level: doc.service_level,
        legacy_level: doc.legacy_level,
        front_door: doc.front_door,
        summary: doc.summary.unwrap_or_default(),
        steps: doc.steps,
        cases,
        results: doc.results.into_iter().map(|r| Outcome { code: r.code, name: r.name }).collect(),
        legal_bases: doc
            .legal_bases
            .into_iter()
            .map(|b| LegalBasis { number: b.number, name: b.name })
            .collect(),
        conditions: doc.conditions,
        contact: Contact { email: doc.contact.email, telephone: doc.contact.telephone },
        keywords: doc.keywords,
        supplement: Supplement { regime: doc.supplement.regime, days: doc.supplement.days },
        form: doc.form.map(|schema| schema.0),
        process,
        sources: doc.sources,
        unknown,
        agencies: refs.agencies,
        notes: doc.flags,
    };
    Ok((content, flags))
}

/// Where an unknown service level is listed.
pub(super) const SERVICE_LEVEL: &str = "service_level";

/// Lists a path that no source answers, once.
pub(super) fn list(unknown: &mut Vec<String>, path: &str) {
    if unknown.iter().all(|listed| listed != path) {
        unknown.push(path.to_owned());
    }
}

fn case_of(doc: CaseDoc, flags: &mut Vec<Finding>) -> Result<Case, String> {
    let mut ways = Vec::new();
    for way in doc.ways {
        let path = format!("cases.{}.ways.{}", doc.code, way.channel);
        ways.push(way_of(way, &path, flags)?);
    }
    Ok(Case {
        code: doc.code,
        name: doc.name,
        papers: doc.papers.into_iter().map(paper_of).collect(),
        ways,
    })
}

fn paper_of(doc: PaperDoc) -> Paper {
    Paper {
        code: doc.code,
        name: doc.name,
        originals: doc.originals,
        copies: doc.copies,
        need: doc.required,
        condition: doc.condition,
        form: doc.form.map(|form| FormTemplate { name: form.name, url: form.url }),
        result_code: doc.result_code,
    }
}

fn way_of(doc: WayDoc, path: &str, flags: &mut Vec<Finding>) -> Result<Way, String> {
    let fees = doc.fees.into_iter().map(fee_of).collect::<Result<_, _>>()?;
    Ok(Way {
        channel: doc.channel,
        limit: limit_of(doc.limit, path, flags),
        fees,
        online_payment: doc.online_payment,
        note: doc.note,
    })
}

fn limit_of(doc: LimitDoc, path: &str, flags: &mut Vec<Finding>) -> Limit {
    match doc {
        LimitDoc::Word(LimitWord::None) => Limit { rule: LimitRule::NoDueDate, note: None },
        LimitDoc::Word(LimitWord::Unknown) => Limit { rule: LimitRule::Unknown, note: None },
        LimitDoc::Amount { amount, unit: Some(unit), note } => {
            Limit { rule: LimitRule::Counted { amount, unit }, note }
        }
        LimitDoc::Amount { amount, unit: None, note } => {
            flags.push(Finding {
                path: format!("{path}.limit"),
                reason: "LIMIT_WITHOUT_UNIT",
                text: format!("Thời hạn ghi «{amount}» mà mất đơn vị: cần người xác định."),
            });
            let lost = format!("Nguồn ghi «{amount}», mất đơn vị.");
            let note = note.map_or(lost.clone(), |note| format!("{note} {lost}"));
            Limit { rule: LimitRule::Unknown, note: Some(note) }
        }
    }
}

fn fee_of(doc: FeeDoc) -> Result<Fee, String> {
    let rule = match (doc.rule, doc.amount_vnd) {
        (FeeWord::Fixed, Some(amount_vnd)) => FeeRule::Fixed { amount_vnd },
        (FeeWord::Fixed, None) => {
            return Err(format!("Khoản thu «{}» ghi mức cố định mà thiếu amount_vnd.", doc.code));
        }
        (FeeWord::Table, _) => match doc.table {
            Some(table) => FeeRule::Table { table },
            None => {
                return Err(format!("Khoản thu «{}» ghi theo biểu mà thiếu table.", doc.code));
            }
        },
        (FeeWord::Free, _) => FeeRule::Free,
        (FeeWord::SetByProvince, _) => FeeRule::SetByProvince,
        (FeeWord::SeeNote, _) => FeeRule::SeeNote,
        (FeeWord::Unknown, _) => FeeRule::Unknown,
    };
    let FeeDoc { code, name, kind, note, shares, .. } = doc;
    Ok(Fee { code, name, kind, rule, note, shares })
}

fn process_of(doc: ProcessDoc) -> Result<Process, String> {
    let groups = doc
        .quota_groups
        .into_iter()
        .map(|(code, hours)| Ok(QuotaGroup { quota_minutes: minutes(hours, &code)?, code }))
        .collect::<Result<_, String>>()?;
    let steps = doc.steps.into_iter().map(step_of).collect::<Result<_, _>>()?;
    Ok(Process { source: doc.source, steps, groups })
}

fn step_of(doc: StepDoc) -> Result<Step, String> {
    let quota_minutes =
        doc.quota_hours.map(|hours| minutes(hours, &doc.code)).transpose()?.unwrap_or(0);
    let mut consults = Vec::new();
    for consult in doc.consults {
        consults.push(Consultation {
            quota_minutes: minutes(consult.quota_hours, &consult.code)?,
            name: consult.name.unwrap_or_else(|| "Lấy ý kiến".to_owned()),
            code: consult.code,
            agency: consult.agency,
            role: consult.role,
            unit: consult.unit,
        });
    }
    Ok(Step {
        name: doc.name.unwrap_or_else(|| doc.code.clone()),
        code: doc.code,
        role: doc.role,
        unit: doc.unit,
        agency: doc.agency,
        quota_minutes,
        group: doc.quota_group,
        next: doc.next,
        consults,
        drafts_result: doc.drafts_result,
        approves: doc.approves,
    })
}

/// Hours with at most whole minutes in them.
fn minutes(hours: f64, code: &str) -> Result<i64, String> {
    let minutes = hours * 60.0;
    if !(0.0..=1_000_000.0).contains(&minutes) || minutes.fract() != 0.0 {
        return Err(format!("Thời gian của «{code}» phải là số giờ chẵn đến phút, ghi {hours}."));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most a million")]
    let whole = minutes as i64;
    Ok(whole)
}
