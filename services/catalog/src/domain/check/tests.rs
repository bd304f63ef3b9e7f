use motcua_fees::{Answer, AnswerKind, Row, Share, Table};
use motcua_vn::LimitUnit;

use super::*;
use crate::domain::{
    Channel, Consultation, Fee, FeeKind, FeeRule, FormTemplate, FrontDoor, Limit, LimitRule,
    PaperNeed, QuotaGroup, ServiceLevel, Step, StepRole,
    samples::{content, number, process, step, way},
};

fn around() -> Surroundings {
    let (department, commune) = (agency(1), agency(2));
    Surroundings {
        identifiers: [("H53.01".into(), department), ("H53.12".into(), commune)].into(),
        units: [
            ("tu-phap".into(), [department, commune].into()),
            ("kinh-te".into(), [commune].into()),
        ]
        .into(),
    }
}

fn agency(n: u128) -> AgencyId {
    AgencyId::new(motcua_ids::Uuid::from_u128(n))
}

fn found(bend: impl FnOnce(&mut Content)) -> Findings {
    let mut content = content();
    bend(&mut content);
    check(&number(), &content, &around())
}

/// Every problem as `path REASON`.
fn problems(bend: impl FnOnce(&mut Content)) -> Vec<String> {
    found(bend).problems.iter().map(|p| format!("{} {}", p.path, p.reason)).collect()
}

fn flags(bend: impl FnOnce(&mut Content)) -> Vec<String> {
    found(bend).flags.iter().map(|p| format!("{} {}", p.path, p.reason)).collect()
}

fn fee(rule: FeeRule) -> Fee {
    let (code, name) = ("le-phi".into(), "Lệ phí".into());
    Fee { code, name, kind: FeeKind::Fee, rule, note: None, shares: Vec::new() }
}

fn steps(bend: impl FnOnce(&mut crate::domain::Process)) -> Vec<String> {
    problems(|c| {
        let mut process = process();
        bend(&mut process);
        c.process = Some(process);
    })
}

#[test]
fn a_sound_version_is_complete() {
    let found = found(|_| {});
    assert_eq!(found, Findings::default());
    assert!(found.complete("").is_ok());
}

#[test]
fn everything_is_answered_at_once_with_its_path() {
    let found = found(|c| {
        c.name.clear();
        c.form = None;
        c.cases[0].ways[0].fees = vec![fee(FeeRule::Fixed { amount_vnd: 50_000 })];
        c.process.as_mut().unwrap().steps[1].next = vec!["khong-co".into()];
    });
    let violations = found.complete("content.").unwrap_err();
    let paths: Vec<_> = violations.as_slice().iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        paths,
        [
            "content.display_name",
            "content.form",
            "content.cases.default.ways.online.online_payment",
            "content.process.steps.tham-dinh.next",
            "content.process.steps.phan-cong",
            "content.process.steps.tham-dinh",
            "content.process.steps.ky",
        ]
    );
}

#[test]
fn each_level_promises_what_the_law_says() {
    let no_templates = |c: &mut Content| {
        c.form = None;
        c.cases[0].papers[0].form = None;
        c.service_level = ServiceLevel::InformationOnly;
        c.legacy_level = Some(2);
    };
    assert_eq!(problems(no_templates), ["cases.default.papers TEMPLATE_MISSING"]);
    assert_eq!(
        problems(|c| c.cases[0].papers[0].form = None),
        ["cases.default.papers TEMPLATE_MISSING"],
        "an e-form is no template to take along"
    );
    assert_eq!(
        problems(|c| {
            c.cases[0].papers[0].form = None;
            c.cases[0].papers[0].need = PaperNeed::Shown;
        }),
        [""; 0],
        "nobody has anything to write but the e-form"
    );
    assert_eq!(
        problems(|c| {
            no_templates(c);
            c.legacy_level = Some(1);
        }),
        [""; 0]
    );
    assert_eq!(
        problems(|c| {
            c.form = None;
            c.legacy_level = Some(3);
        }),
        ["form FORM_MISSING"]
    );
    assert_eq!(
        problems(|c| c.cases[0].ways = vec![way(Channel::Desk)]),
        ["cases ONLINE_WAY_MISSING"]
    );
    assert_eq!(problems(|c| c.legacy_level = Some(5)), ["legacy_level LEVEL_INVALID"]);
}

#[test]
fn an_online_way_beside_a_level_without_one_is_flagged() {
    let rated = |service_level, legacy_level| {
        flags(|c| {
            c.service_level = service_level;
            c.legacy_level = legacy_level;
        })
    };
    assert_eq!(
        rated(ServiceLevel::InformationOnly, Some(2)),
        ["service_level ONLINE_BESIDE_INFORMATION", "legacy_level ONLINE_BESIDE_LOW_LEVEL"]
    );
    assert_eq!(rated(ServiceLevel::Unspecified, None), ["service_level SERVICE_LEVEL_UNKNOWN"]);
    assert_eq!(rated(ServiceLevel::PartlyOnline, Some(3)), [""; 0]);
    assert_eq!(
        flags(|c| {
            c.service_level = ServiceLevel::InformationOnly;
            c.legacy_level = Some(1);
            c.cases[0].ways.remove(0);
        }),
        [""; 0]
    );
}

#[test]
fn online_payment_is_asked_for_where_something_may_cost() {
    let with = |rule, paid_online| {
        problems(|c| {
            let way = &mut c.cases[0].ways[0];
            way.fees = vec![Fee { note: Some("Theo trang".into()), ..fee(rule) }];
            way.online_payment = paid_online;
        })
    };
    let missing = ["cases.default.ways.online.online_payment ONLINE_PAYMENT_MISSING"];
    assert_eq!(with(FeeRule::Fixed { amount_vnd: 8_000 }, false), missing);
    assert_eq!(with(FeeRule::SetByProvince, false), missing);
    assert_eq!(with(FeeRule::SeeNote, false), missing);
    assert_eq!(with(FeeRule::Fixed { amount_vnd: 8_000 }, true), [""; 0]);
    assert_eq!(with(FeeRule::Free, false), [""; 0]);
    let unknown = "cases.default.ways.online.fees.le-phi FEE_UNKNOWN";
    assert_eq!(with(FeeRule::Unknown, true), [unknown], "nobody can promise what it is");
    assert_eq!(with(FeeRule::Unknown, false), [unknown, missing[0]], "it may cost something");
}

#[test]
fn the_national_portal_brings_its_own_form_and_payment() {
    assert_eq!(
        problems(|c| {
            c.front_door = FrontDoor::National;
            c.form = None;
            c.cases[0].ways[0].fees = vec![fee(FeeRule::Fixed { amount_vnd: 8_000 })];
        }),
        [""; 0]
    );
    assert_eq!(
        flags(|c| c.front_door = FrontDoor::National),
        ["publication.url PORTAL_LINK_MISSING"]
    );
}

#[test]
fn codes_are_sound_and_unique() {
    assert_eq!(
        problems(|c| {
            let again = c.cases[0].papers[0].clone();
            c.cases[0].papers.push(again);
            c.cases[0].ways.push(way(Channel::Desk));
        }),
        ["cases.default.ways.desk WAY_TWICE", "cases.default.papers CODE_TWICE"]
    );
    assert_eq!(
        problems(|c| c.cases[0].papers[0].code = "tờ khai".into()),
        ["cases.default.papers CODE_INVALID"]
    );
    assert_eq!(problems(|c| c.cases.clear()), ["cases CASE_MISSING", "cases ONLINE_WAY_MISSING"]);
}

#[test]
fn slips_in_sums_and_limits_are_flagged_and_impossible_ones_refused() {
    let fee_flag =
        |amount_vnd| flags(|c| c.cases[0].ways[1].fees = vec![fee(FeeRule::Fixed { amount_vnd })]);
    let path = "cases.default.ways.desk.fees.le-phi.amount_vnd";
    assert_eq!(fee_flag(100), [format!("{path} FEE_TOO_SMALL")]);
    assert_eq!(fee_flag(0), [format!("{path} FEE_ZERO")]);
    assert_eq!(fee_flag(8_050), [format!("{path} FEE_UNEVEN")]);
    assert_eq!(fee_flag(900_000_000), [format!("{path} FEE_TOO_LARGE")]);
    assert_eq!(fee_flag(100_000), [""; 0]);
    assert_eq!(
        problems(|c| c.cases[0].ways[1].fees = vec![fee(FeeRule::Fixed { amount_vnd: -1 })]),
        [format!("{path} FEE_NEGATIVE")]
    );
    let limit = |amount, unit| {
        move |c: &mut Content| c.cases[0].ways[0].limit = Limit::counted(amount, unit)
    };
    let path = "cases.default.ways.online.limit";
    assert_eq!(problems(limit(0, LimitUnit::WorkingDays)), [format!("{path} LIMIT_INVALID")]);
    assert_eq!(problems(limit(2, LimitUnit::SameDay)), [format!("{path} LIMIT_INVALID")]);
    assert_eq!(flags(limit(500, LimitUnit::CalendarDays)), [format!("{path} LIMIT_SUSPICIOUS")]);
    assert_eq!(
        flags(|c| c.unknown = vec![format!("{path}.unit")]),
        [format!("{path}.unit LIMIT_UNIT_ASSUMED")]
    );
}

#[test]
fn without_a_limit_nothing_is_filed_online_here() {
    let unknown =
        |way: usize| move |c: &mut Content| c.cases[0].ways[way].limit.rule = LimitRule::Unknown;
    assert_eq!(problems(unknown(0)), ["cases.default.ways.online.limit LIMIT_UNKNOWN"]);
    assert_eq!(problems(unknown(1)), [""; 0]);
    assert_eq!(flags(unknown(1)), ["cases.default.ways.desk.limit LIMIT_UNKNOWN"]);
    let elsewhere = |c: &mut Content| {
        unknown(0)(c);
        c.front_door = FrontDoor::National;
        c.publication.url = Some("https://example.org".into());
    };
    assert_eq!(problems(elsewhere), [""; 0], "the national portal takes it");
    assert_eq!(flags(elsewhere), ["cases.default.ways.online.limit LIMIT_UNKNOWN"]);
}

#[test]
fn papers_without_count_condition_or_address_are_flagged() {
    assert_eq!(
        flags(|c| {
            let paper = &mut c.cases[0].papers[0];
            paper.need = PaperNeed::Conditional;
            paper.originals = 0;
            paper.form = Some(FormTemplate { name: "Mẫu số 1".into(), url: None });
        }),
        [
            "cases.default.papers.to-khai.originals COUNT_MISSING",
            "cases.default.papers.to-khai.condition CONDITION_MISSING",
            "cases.default.papers.to-khai.form.url TEMPLATE_WITHOUT_ADDRESS",
        ]
    );
}

#[test]
fn a_process_is_reachable_and_ends() {
    assert_eq!(
        steps(|p| p.steps.push(step("bo-quen", 1, &[]))),
        ["process.steps.bo-quen STEP_UNREACHABLE"]
    );
    // A loop with a way out is sent back for correction; a loop without one is dead.
    assert_eq!(steps(|p| p.steps[2].next = vec!["tham-dinh".into()]).len(), 3);
    assert_eq!(
        steps(|p| {
            p.steps[1].next = vec!["ky".into(), "xac-minh".into()];
            p.steps.push(step("xac-minh", 1, &["tham-dinh"]));
        }),
        [""; 0]
    );
    assert_eq!(
        steps(|p| {
            p.steps[1].next = vec!["ky".into(), "quan-quanh".into()];
            p.steps.push(step("quan-quanh", 1, &["quan-quanh"]));
        }),
        ["process.steps.quan-quanh STEP_NEVER_ENDS"]
    );
}

#[test]
fn no_way_to_the_result_avoids_draft_and_approval() {
    assert_eq!(
        steps(|p| p.steps[0].next = vec!["tham-dinh".into(), "ky".into()]),
        ["process.steps.ky DRAFT_SKIPPED"]
    );
    assert_eq!(
        steps(
            |p| p.steps = vec![Step { drafts_result: true, approves: true, ..step("ky", 2, &[]) }]
        ),
        [""; 0],
        "one step may do both"
    );
    assert_eq!(
        steps(|p| {
            p.steps[1].next = vec!["ky".into(), "van-thu".into()];
            p.steps.push(step("van-thu", 1, &[]));
        }),
        ["process.steps APPROVAL_MISSING"]
    );
    assert_eq!(steps(|p| p.steps[1].drafts_result = false), ["process.steps DRAFT_MISSING"]);
}

#[test]
fn quotas_fit_the_longest_limit_and_groups_are_counted_once() {
    let exceeded = ["process QUOTAS_EXCEED_LIMIT"];
    assert_eq!(steps(|p| p.steps[1].quota_minutes = 12 * 60), [""; 0], "2 + 12 + 2 = 16 hours");
    assert_eq!(steps(|p| p.steps[1].quota_minutes = 12 * 60 + 1), exceeded);
    let shared = |minutes| {
        move |p: &mut crate::domain::Process| {
            p.groups = vec![QuotaGroup { code: "ubnd".into(), quota_minutes: minutes }];
            for step in &mut p.steps[1..] {
                step.group = Some("ubnd".into());
                step.quota_minutes = 0;
            }
        }
    };
    assert_eq!(steps(shared(14 * 60)), [""; 0], "2 + 14 hours");
    assert_eq!(steps(shared(14 * 60 + 1)), exceeded);
    // Of two branches the longer counts, not their sum.
    assert_eq!(
        steps(|p| {
            p.steps[1].quota_minutes = 6 * 60;
            p.steps[0].next = vec!["tham-dinh".into(), "xac-minh".into()];
            p.steps.push(Step { drafts_result: true, ..step("xac-minh", 12, &["ky"]) });
        }),
        [""; 0]
    );
}

#[test]
fn a_way_shorter_than_the_process_is_flagged() {
    assert_eq!(
        flags(|c| {
            c.cases[0].ways[0].limit = Limit::counted(1, LimitUnit::WorkingHours);
        }),
        ["cases.default.ways.online.limit QUOTAS_SHRINK"]
    );
}

#[test]
fn a_process_that_no_limit_measures_is_flagged() {
    let flagged = flags(|c| {
        for way in &mut c.cases[0].ways {
            way.limit.rule = LimitRule::NoDueDate;
        }
    });
    assert_eq!(flagged, ["process QUOTAS_UNMEASURED"]);
}

#[test]
fn quotas_groups_places_and_consultations_hold_together() {
    assert_eq!(
        steps(|p| {
            p.steps[0].quota_minutes = 0;
            p.steps[1].group = Some("khong-co".into());
            p.groups = vec![QuotaGroup { code: "thua".into(), quota_minutes: 0 }];
            p.steps[2].unit = Some("phong-la".into());
            p.steps[2].agency = Some("H99".into());
        }),
        [
            "process.steps.phan-cong.quota_minutes QUOTA_MISSING",
            "process.steps.tham-dinh.quota_minutes QUOTA_TWICE",
            "process.steps.ky.agency_code AGENCY_UNKNOWN",
            "process.steps.ky.unit_code UNIT_UNKNOWN",
            "process.quota_groups.thua QUOTA_MISSING",
            "process.quota_groups.thua GROUP_UNUSED",
        ]
    );
    let consult = |hours: i64| {
        steps(|p| {
            p.steps[1].consults = vec![Consultation {
                code: "y-kien".into(),
                name: "Lấy ý kiến".into(),
                agency: "H53.01".into(),
                role: StepRole::Specialist,
                unit: Some("tu-phap".into()),
                quota_minutes: hours * 60,
            }];
        })
    };
    assert_eq!(consult(4), [""; 0]);
    assert_eq!(
        consult(5),
        ["process.steps.tham-dinh.consults.y-kien.quota_minutes CONSULTATION_TOO_LONG"]
    );
}

#[test]
fn a_unit_is_one_of_the_agency_that_does_the_step() {
    let unit_of = |unit: &str, agency: Option<&str>, competent: &[u128]| {
        problems(|c| {
            c.agencies = competent.iter().map(|n| self::agency(*n)).collect();
            let step = &mut c.process.as_mut().unwrap().steps[1];
            (step.unit, step.agency) = (Some(unit.into()), agency.map(Into::into));
        })
    };
    let elsewhere = ["process.steps.tham-dinh.unit_code UNIT_ELSEWHERE"];
    assert_eq!(unit_of("kinh-te", Some("H53.12"), &[]), [""; 0]);
    assert_eq!(unit_of("kinh-te", Some("H53.01"), &[]), elsewhere);
    assert_eq!(unit_of("kinh-te", None, &[2]), [""; 0]);
    assert_eq!(unit_of("kinh-te", None, &[2, 1]), elsewhere, "each that decides");
    assert_eq!(unit_of("kinh-te", Some("H53.12"), &[1]), [""; 0], "the step's own");
    assert_eq!(unit_of("kinh-te", None, &[]), [""; 0], "any agency of the level");
    assert_eq!(
        problems(|c| {
            c.process.as_mut().unwrap().steps[1].consults = vec![Consultation {
                code: "y-kien".into(),
                name: "Lấy ý kiến".into(),
                agency: "H53.01".into(),
                role: StepRole::Specialist,
                unit: Some("kinh-te".into()),
                quota_minutes: 60,
            }];
        }),
        ["process.steps.tham-dinh.consults.y-kien.unit_code UNIT_ELSEWHERE"]
    );
}

#[test]
fn a_table_speaks_of_answers_that_the_form_asks_for() {
    let form = serde_json::json!({ "type": "object", "properties": {
        "ban_sao": { "type": "object", "properties": {
            "so_trang": { "type": "integer" }, "loai": { "type": "string" },
        } },
        "nguoi_ky": { "type": "array" },
    } });
    let answer =
        |name: &str, field: &str, kind| Answer { name: name.into(), field: field.into(), kind };
    let told = |answers: Vec<Answer>, amount: &str, form: Option<serde_json::Value>, note: bool| {
        problems(|c| {
            let rows = vec![Row { when: None, amount: amount.into(), legal_basis: None }];
            let rule = FeeRule::Table { table: Table { answers, rows } };
            let note = note.then(|| "2.000 đồng một trang".into());
            c.cases[0].ways[0].fees = vec![Fee { note, ..fee(rule) }];
            c.cases[0].ways[0].online_payment = true;
            c.form = form;
        })
    };
    let at = |rest: &str| vec![format!("cases.default.ways.online.fees.le-phi.{rest}")];
    let pages = || vec![answer("trang", "ban_sao.so_trang", AnswerKind::Integer)];
    let form = Some(form);
    assert!(told(pages(), "2000 * trang", form.clone(), true).is_empty());
    let number = vec![answer("trang", "ban_sao.so_trang", AnswerKind::Number)];
    assert!(told(number, "int(trang)", form.clone(), true).is_empty(), "whole numbers are numbers");
    let people = vec![answer("nguoi", "nguoi_ky", AnswerKind::Count)];
    assert!(told(people, "10000 * nguoi", form.clone(), true).is_empty());

    assert_eq!(told(pages(), "2000 * trang", form.clone(), false), at("note NOTE_MISSING"));
    assert_eq!(
        told(pages(), "2000 * to", form.clone(), true),
        at("table.rows.0.amount FORMULA_INVALID")
    );
    let missing = vec![answer("trang", "so_trang", AnswerKind::Integer)];
    assert_eq!(
        told(missing, "1", form.clone(), true),
        at("table.answers.trang.field ANSWER_UNKNOWN")
    );
    let text = vec![answer("trang", "ban_sao.loai", AnswerKind::Integer)];
    assert_eq!(told(text, "1", form, true), at("table.answers.trang.field ANSWER_MISTYPED"));
    assert!(told(pages(), "2000 * trang", None, true).contains(&at("table FORM_MISSING")[0]));
}

#[test]
fn what_others_have_of_a_fee_is_at_most_all_of_it() {
    let told = |shares: &[(Option<&str>, u8)]| {
        problems(|c| {
            let shares = shares.iter().map(|(agency, percent)| Share {
                agency: agency.map(str::to_owned),
                percent: *percent,
            });
            let rule = FeeRule::Fixed { amount_vnd: 8_000 };
            c.cases[0].ways[1].fees = vec![Fee { shares: shares.collect(), ..fee(rule) }];
        })
    };
    let at = |rest: &str| vec![format!("cases.default.ways.desk.fees.le-phi.shares{rest}")];
    assert!(told(&[(None, 30), (Some("H53.12"), 70)]).is_empty());
    assert_eq!(told(&[(None, 31), (Some("H53.12"), 70)]), at(" SHARES_TOO_MANY"));
    assert_eq!(told(&[(None, 0)]), at(".0.percent OUT_OF_RANGE"));
    assert_eq!(told(&[(Some("H99"), 5)]), at(".0.agency_code AGENCY_UNKNOWN"));
    assert_eq!(told(&[(None, 5), (None, 6)]), at(".1.agency_code CODE_TWICE"));
}
