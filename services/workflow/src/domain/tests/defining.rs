use super::support::{agency, consulting_plan, places, plan};
use crate::domain::{Definition, Plan, Quota, Refusal, Role};

fn flaw(change: impl FnOnce(&mut Definition)) -> Option<String> {
    let mut definition = plan().place(&places(), Some(1440));
    change(&mut definition);
    match definition.check() {
        Err(Refusal::DefinitionUnusable { flaw }) => Some(flaw),
        _ => None,
    }
}

#[test]
fn a_definition_that_leads_nowhere_is_refused() {
    assert_eq!(flaw(|_| ()), None);
    let said = |change: fn(&mut Definition)| flaw(change).unwrap();
    assert_eq!(said(|d| d.steps.clear()), "no_steps");
    assert_eq!(said(|d| d.steps[1].code = "phan-cong".into()), "step_repeated");
    assert_eq!(said(|d| d.steps[0].next = vec!["x".into()]), "next_unknown:phan-cong:x");
    assert_eq!(said(|d| d.steps[0].quota = Quota::Shared("x".into())), "group_unknown:phan-cong:x");
    assert_eq!(said(|d| d.steps[2].next.clear()), "unreachable:van-thu");
    assert_eq!(said(|d| d.steps[3].next = vec!["ky".into()]), "no_end");
    assert_eq!(said(|d| d.steps[1].drafts = false), "no_draft");
    assert_eq!(said(|d| d.steps[2].approves = false), "no_approval");
}

#[test]
fn steps_stand_at_the_unit_the_agency_the_other_agency_or_the_desk() {
    let mut plan = consulting_plan();
    plan.steps[2].unit = Some("khong-co".into());
    plan.steps[3].agency = Some("H53.01".into());
    let posts = |plan: &Plan| -> Vec<_> {
        plan.place(&places(), None).steps.iter().map(|step| step.post.agency()).collect()
    };
    assert_eq!(plan.agencies().into_iter().collect::<Vec<_>>(), ["H53.01"]);
    assert_eq!(
        posts(&plan),
        [agency(3), agency(3), agency(2), agency(4)],
        "unit, unit, the agency where the unit is missing, another agency"
    );
    plan.steps[0].role = Role::DeskOfficer;
    plan.steps[0].unit = None;
    assert_eq!(posts(&plan)[0], agency(5), "a desk's step is the receiving desk's");
    let definition = plan.place(&places(), None);
    assert!(definition.posts().any(|post| post.agency() == agency(4)));
}

#[test]
fn the_plain_process_leads_to_a_result() {
    let plain = Plan::plain().unwrap();
    let definition = plain.place(&places(), Some(960));
    definition.check().unwrap();
    let minutes: Vec<_> = definition.steps.iter().map(|step| definition.quota_of(step)).collect();
    assert_eq!(minutes, [96, 672, 192], "shares of the dossier's own limit");
}

#[test]
fn all_quotas_together_never_exceed_the_limit() {
    let definition = plan().place(&places(), Some(1000));
    assert_eq!(definition.quota_of(&definition.steps[0]), 83, "120 × 1000 ÷ 1440");
    for limit in 60..2000 {
        let definition = plan().place(&places(), Some(limit));
        let quotas: Vec<_> = definition.steps.iter().map(|s| definition.quota_of(s)).collect();
        assert!(quotas.iter().sum::<i64>() <= limit, "{quotas:?} for {limit}");
        assert!(quotas.iter().all(|minutes| *minutes > 0), "{quotas:?} for {limit}");
    }
}
