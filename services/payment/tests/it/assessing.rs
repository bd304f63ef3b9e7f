//! What is owed, from acceptance to the end.

use chrono::TimeDelta;
use motcua_context::Role;
use motcua_ids::AgencyId;
use motcua_proto::{
    intake::v1 as intake,
    payment::v1::{
        AssessFeesRequest, AssessedFee, ChargeKind, DecideRefundRequest, EndFeePolicyRequest,
        EstimateFeesRequest, FeeOrderState, FeePolicy, ListBalancesRequest, ListFeePoliciesRequest,
        PaymentLapsed, PaymentRequested, PaymentSettled, PublishFeePolicyRequest,
        RequestRefundRequest,
    },
};
use motcua_testkit::Database;

use crate::support::{
    ALL, Office, accountant, desk, dossier, leader, officer, on_both, open, order_name, province,
    reason, stranger, unit, ward,
};

on_both! {
    what_the_procedure_charges_is_asked_for_at_acceptance;
    a_table_says_how_much_by_the_answers;
    an_officer_says_how_much;
    a_policy_takes_off_what_is_filed_on_its_days;
    a_policy_is_ended;
    what_is_not_paid_in_time_lapses;
}

fn assess(office: &Office, n: u128, amount_vnd: i64, reduction_vnd: i64) -> AssessFeesRequest {
    let basis = if reduction_vnd > 0 { "Luật Người khuyết tật" } else { "" };
    AssessFeesRequest {
        request_id: office.env.request_id(),
        name: order_name(n),
        fees: vec![AssessedFee {
            fee_code: "le-phi".into(),
            amount_vnd,
            reduction_vnd,
            reduction_basis: basis.into(),
        }],
        reason: "Người nộp thuộc hộ nghèo".into(),
        ..Default::default()
    }
}

async fn what_the_procedure_charges_is_asked_for_at_acceptance(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    let order = office.order(1).await;
    assert_eq!((order.state(), order.payable_vnd), (FeeOrderState::Due, ALL));
    assert_eq!(order.collecting_agency, crate::support::ward().name());
    assert!(order.due_time.is_some());
    let [asked] = &office.env.said::<PaymentRequested>().await[..] else { panic!("one") };
    assert_eq!((asked.amount_vnd, asked.dossier.as_str()), (ALL, dossier(1).name().as_str()));
    let books = office.books().await;
    assert_eq!((books["receivable"], books["income"]), (ALL, -ALL));

    // The same acceptance again is the same order; what is free has none.
    office.accepted(1, "fixed").await;
    assert_eq!(office.env.said::<PaymentRequested>().await.len(), 1);
    office.accepted(2, "free").await;
    assert_eq!(reason(office.order_as(2, &desk()).await), "NOT_FOUND");
    office.env.stop().await;
}

async fn a_table_says_how_much_by_the_answers(database: Database) {
    let office = open(database).await;
    let mut elsewhere = crate::support::accepted(1, "copies");
    let department = format!("/{}/{}/", province().uuid(), unit().uuid());
    elsewhere.competent_path.clone_from(&department);
    office.env.tell(dossier(1).uuid(), &elsewhere).await;
    let order = office.order(1).await;
    assert_eq!((order.state(), order.payable_vnd), (FeeOrderState::Due, 20_000));

    // Paid, it is shared; given back, it is shared no more.
    let paid = office.collect(1, 20_000).await.unwrap();
    let income = async || {
        let asked =
            ListBalancesRequest { page_size: 100, agency: province().name(), ..Default::default() };
        let answer = office.client(&accountant()).list_balances(asked).await.unwrap().into_inner();
        let income = answer.balances.into_iter().filter(|balance| balance.account == "income");
        let mut income: Vec<_> =
            income.map(|one| (one.agency, one.credit_vnd - one.debit_vnd)).collect();
        income.sort();
        income
    };
    let [ward, other, unit] = [ward(), crate::support::elsewhere(), unit()].map(AgencyId::name);
    let shares = [(ward.clone(), 11_000), (other.clone(), 3_000), (unit.clone(), 6_000)];
    assert_eq!(income().await, shares);
    let asked = RequestRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        payment: paid.payments[0].name.clone(),
        amount_vnd: 10_000,
        reason: "Thu thừa".into(),
        fee_code: String::new(),
    };
    let asked = office.client(&desk()).request_refund(asked).await.unwrap().into_inner();
    let decided = DecideRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        refund: asked.refunds[0].name.clone(),
        approve: true,
    };
    office.client(&leader()).decide_refund(decided).await.unwrap();
    assert_eq!(income().await, [(ward, 5_500), (other, 1_500), (unit, 3_000)]);

    let line = &paid.lines[0];
    let formula = "trang < 1000: ban * min(200000, 4000 + 1000 * (trang - 2))";
    assert_eq!((line.table_row.as_str(), line.table_basis.as_str()), (formula, ""));

    // Where nobody said how many, an officer does.
    office.accepted(2, "copies").await;
    assert_eq!(office.order(2).await.state(), FeeOrderState::ToAssess);
    let books = office.books().await;
    assert_eq!((books["income"], books["cash"]), (-10_000, 20_000));
    office.env.stop().await;
}

/// What costs nothing says by which text; of what no source says how much, an officer does.
#[tokio::test]
async fn nothing_is_free_without_a_word() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "exempt").await;
    let order = office.order(1).await;
    assert_eq!((order.state(), order.payable_vnd), (FeeOrderState::NothingDue, 0));
    let basis = "Nghị quyết 12/2025/NQ-HĐND";
    for line in [&order.lines[0], &order.assessments[0].lines[0]] {
        assert_eq!((line.assessed, line.table_row.as_str()), (true, "trang > 2: 0"));
        assert_eq!(line.table_basis, basis);
    }
    // What an officer says of it is not the table's word any more; the record keeps both.
    let fees =
        vec![AssessedFee { fee_code: "phi".into(), amount_vnd: 4_000, ..AssessedFee::default() }];
    let asked = AssessFeesRequest { fees, ..assess(&office, 1, 0, 0) };
    let changed = office.client(&desk()).assess_fees(asked).await.unwrap().into_inner();
    assert_eq!((changed.state(), &*changed.lines[0].table_row), (FeeOrderState::Due, ""));
    assert_eq!(changed.assessments[0].lines[0].table_basis, basis);

    office.accepted(2, "unknown").await;
    assert_eq!(office.order(2).await.state(), FeeOrderState::ToAssess);
    let said = office.client(&desk()).assess_fees(assess(&office, 2, 30_000, 0)).await;
    assert_eq!(said.unwrap().into_inner().payable_vnd, 30_000);
    office.env.stop().await;
}

#[tokio::test]
async fn anybody_may_ask_what_it_would_cost() {
    let office = open(Database::Sqlite).await;
    let number =
        |number| prost_types::Value { kind: Some(prost_types::value::Kind::NumberValue(number)) };
    let copies = |fields: &[(&str, f64)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), number(*value)));
        let inner = prost_types::Struct { fields: fields.collect() };
        let inner = prost_types::Value { kind: Some(prost_types::value::Kind::StructValue(inner)) };
        prost_types::Struct { fields: [("ban_sao".to_owned(), inner)].into() }
    };
    let ask = |case: &str, answers| EstimateFeesRequest {
        procedure_version: format!("procedureVersions/{}", crate::support::id(7)),
        case_code: case.into(),
        answers,
        ..EstimateFeesRequest::default()
    };
    let estimate = async |asked| {
        let answer = office.client(&motcua_context::Actor::Anonymous).estimate_fees(asked).await;
        answer.map(tonic::Response::into_inner)
    };
    let found =
        estimate(ask("copies", Some(copies(&[("trang", 2.0), ("ban", 3.0)])))).await.unwrap();
    assert_eq!((found.payable_vnd, found.complete), (12_000, true));
    for some in
        [None, Some(copies(&[("trang", 2.0)])), Some(copies(&[("trang", 2e6), ("ban", 1.0)]))]
    {
        let found = estimate(ask("copies", some)).await.unwrap();
        assert_eq!((found.payable_vnd, found.complete, found.lines.len()), (0, false, 1));
    }
    let found = estimate(ask("fixed", None)).await.unwrap();
    assert_eq!((found.payable_vnd, found.complete), (ALL, true));
    let long = "x".repeat(40_000);
    let long = prost_types::Value { kind: Some(prost_types::value::Kind::StringValue(long)) };
    let long = prost_types::Struct { fields: [("a".to_owned(), long)].into() };
    assert_eq!(reason(estimate(ask("copies", Some(long))).await), "INVALID_ARGUMENT");
    office.env.stop().await;
}

async fn an_officer_says_how_much(database: Database) {
    let office = open(database).await;
    office.accepted(1, "open").await;
    let order = office.order(1).await;
    assert_eq!(order.state(), FeeOrderState::ToAssess);
    assert!(office.env.said::<PaymentRequested>().await.is_empty());

    let specialist = officer(31, Role::Specialist, unit());
    let asked = assess(&office, 1, 40_000, 10_000);
    let first = office.client(&specialist).assess_fees(asked.clone()).await.unwrap().into_inner();
    assert_eq!((first.state(), first.payable_vnd), (FeeOrderState::Due, 30_000));
    assert_eq!(first.lines[0].reduction_basis, "Luật Người khuyết tật");
    assert_eq!(first.assessments.len(), 2);
    // The same request is the same answer; the payer does not read the officer's words.
    let again = office.client(&specialist).assess_fees(asked).await.unwrap().into_inner();
    assert_eq!(again, first);
    let seen = office.order_as(1, &crate::support::payer()).await.unwrap();
    assert_eq!(seen.assessments[1].reason, "");
    assert_eq!(first.assessments[1].reason, "Người nộp thuộc hộ nghèo");

    // Amended before it is paid; an old etag is too late; nothing left is settled.
    let late = AssessFeesRequest { etag: order.etag, ..assess(&office, 1, 1, 0) };
    assert_eq!(reason(office.client(&desk()).assess_fees(late).await), "ETAG_MISMATCH");
    let nothing = assess(&office, 1, 40_000, 40_000);
    let done = office.client(&desk()).assess_fees(nothing).await.unwrap().into_inner();
    assert_eq!(done.state(), FeeOrderState::NothingDue);
    let settled = office.env.said::<PaymentSettled>().await;
    assert_eq!(settled.iter().map(|e| e.amount_vnd).collect::<Vec<_>>(), [0]);
    assert_eq!(office.books().await["receivable"], 0);

    // What each of them said of the line is still there, in order.
    let said = office.order(1).await.assessments.into_iter().map(|one| {
        let [line] = &one.lines[..] else { panic!("one line") };
        assert_eq!((line.fee_code.as_str(), line.kind()), ("le-phi", ChargeKind::Fee));
        (line.assessed, line.amount_vnd, line.reduction_vnd, line.reduction_basis.clone())
    });
    let basis = || "Luật Người khuyết tật".to_owned();
    let expected = [
        (false, 0, 0, String::new()),
        (true, 40_000, 10_000, basis()),
        (true, 40_000, 40_000, basis()),
    ];
    assert_eq!(said.collect::<Vec<_>>(), expected);
    office.env.stop().await;
}

async fn a_policy_takes_off_what_is_filed_on_its_days(database: Database) {
    let office = open(database).await;
    let editor = officer(41, Role::CatalogEditor, province());
    let policy = FeePolicy {
        display_name: "Miễn lệ phí khi nộp trực tuyến".into(),
        legal_basis: "Nghị quyết 12/2025/NQ-HĐND".into(),
        valid_from: "2026-01-01".into(),
        percent: 100,
        online_only: true,
        kind: ChargeKind::Fee.into(),
        ..FeePolicy::default()
    };
    let publish = |policy| PublishFeePolicyRequest {
        request_id: office.env.request_id(),
        policy: Some(policy),
    };
    let asked = publish(policy.clone());
    let mut client = office.client(&editor);
    let published = client.publish_fee_policy(asked.clone()).await.unwrap().into_inner();
    assert_eq!(client.publish_fee_policy(asked).await.unwrap().into_inner(), published);
    let later = FeePolicy { valid_from: "2027-01-01".into(), kind: 0, ..policy };
    client.publish_fee_policy(publish(later)).await.unwrap();
    let listed = ListFeePoliciesRequest::default();
    let listed = office.client(&stranger()).list_fee_policies(listed).await.unwrap().into_inner();
    assert_eq!(listed.policies.len(), 2);

    office.accepted(1, "fixed").await;
    let order = office.order(1).await;
    assert_eq!(order.payable_vnd, 20_000, "phí is not lệ phí");
    assert_eq!(order.lines[0].reduction_basis, "Nghị quyết 12/2025/NQ-HĐND");
    let desk_filed = intake::DossierAccepted {
        filing_channel: intake::FilingChannel::Desk.into(),
        ..crate::support::accepted(2, "fixed")
    };
    office.env.tell(dossier(2).uuid(), &desk_filed).await;
    assert_eq!(office.order(2).await.payable_vnd, ALL);

    // What an officer says is reduced alike, also when he says it again; unless he says how.
    office.accepted(3, "open").await;
    let first = assess(&office, 3, 50_000, 0);
    let first = office.client(&desk()).assess_fees(first).await.unwrap().into_inner();
    assert_eq!((first.state(), first.payable_vnd), (FeeOrderState::NothingDue, 0));
    assert_eq!(first.lines[0].reduction_basis, "Nghị quyết 12/2025/NQ-HĐND");
    let again = office.client(&desk()).assess_fees(assess(&office, 1, 60_000, 0)).await.unwrap();
    assert_eq!(again.into_inner().payable_vnd, 20_000);
    let typed = office.client(&desk()).assess_fees(assess(&office, 1, 60_000, 1_000)).await;
    assert_eq!(typed.unwrap().into_inner().payable_vnd, 79_000);
    office.env.stop().await;
}

async fn a_policy_is_ended(database: Database) {
    let office = open(database).await;
    let editor = officer(41, Role::CatalogEditor, province());
    let asked = PublishFeePolicyRequest {
        request_id: office.env.request_id(),
        policy: Some(FeePolicy {
            display_name: "Giảm lệ phí".into(),
            legal_basis: "Nghị quyết 12/2025/NQ-HĐND".into(),
            valid_from: "2026-01-01".into(),
            percent: 90,
            ..FeePolicy::default()
        }),
    };
    let mut client = office.client(&editor);
    let published = client.publish_fee_policy(asked).await.unwrap().into_inner();
    assert_eq!(published.end_time, None);
    let end = |last_day: &str| EndFeePolicyRequest {
        request_id: office.env.request_id(),
        name: published.name.clone(),
        last_day: last_day.into(),
    };
    let of_ward = office
        .client(&officer(42, Role::CatalogEditor, ward()))
        .end_fee_policy(end("2026-03-02"))
        .await;
    assert_eq!(reason(of_ward), "NOT_YOUR_AGENCY");
    assert_eq!(reason(client.end_fee_policy(end("2026-03-01")).await), "INVALID_ARGUMENT");
    let asked = end("2026-03-02");
    let ended = client.end_fee_policy(asked.clone()).await.unwrap().into_inner();
    assert_eq!((&*ended.valid_to, ended.end_time.is_some()), ("2026-03-02", true));
    assert_eq!(client.end_fee_policy(asked).await.unwrap().into_inner(), ended);
    let later = client.end_fee_policy(end("2026-03-03")).await;
    assert_eq!(reason(later), "INVALID_ARGUMENT", "it has ended: another is published");
    let listed = ListFeePoliciesRequest::default();
    let listed = office.client(&stranger()).list_fee_policies(listed).await.unwrap().into_inner();
    assert_eq!(listed.policies, [ended]);

    // It holds until the end of that day, and not on the next.
    office.accepted(1, "fixed").await;
    assert_eq!(office.order(1).await.payable_vnd, ALL / 10);
    office.env.clock.advance(TimeDelta::days(1));
    office.accepted(2, "fixed").await;
    assert_eq!(office.order(2).await.payable_vnd, ALL);
    office.env.stop().await;
}

async fn what_is_not_paid_in_time_lapses(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    office.env.clock.advance(TimeDelta::days(9));
    assert_eq!(office.order(1).await.state(), FeeOrderState::Due);
    office.env.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    office
        .env
        .until(async || {
            let state = office.order(1).await.state();
            (state == FeeOrderState::Lapsed).then_some(())
        })
        .await;
    assert_eq!(office.env.said::<PaymentLapsed>().await.len(), 1);
    assert_eq!(office.books().await["receivable"], 0);
    office.env.stop().await;
}

#[tokio::test]
async fn a_dossier_that_ends_owes_nothing_more() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let stopped = intake::DossierStopped { dossier: dossier(1).name(), ..Default::default() };
    office.env.tell(dossier(1).uuid(), &stopped).await;
    assert_eq!(office.order(1).await.state(), FeeOrderState::Cancelled);
    office.env.clock.advance(TimeDelta::days(30));
    assert_eq!(reason(office.collect(1, ALL).await), "ORDER_ENDED");
    assert_eq!(office.books().await["receivable"], 0);
    // One that charged nothing is no order; a stop of it is no fault.
    let other = intake::DossierStopped { dossier: dossier(9).name(), ..Default::default() };
    assert_eq!(office.env.tell(dossier(9).uuid(), &other).await, None);
    office.env.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_assessment_is_told_all_at_once() {
    let office = open(Database::Sqlite).await;
    let asked = AssessFeesRequest {
        request_id: office.env.request_id(),
        name: "x".into(),
        fees: vec![
            AssessedFee { amount_vnd: -1, ..AssessedFee::default() },
            AssessedFee {
                fee_code: "a".into(),
                amount_vnd: 5,
                reduction_vnd: 6,
                ..AssessedFee::default()
            },
        ],
        ..AssessFeesRequest::default()
    };
    let refused = office.client(&desk()).assess_fees(asked).await.unwrap_err();
    let fault = motcua_rpc::fault(refused);
    let fields: Vec<_> = fault.violations().iter().map(|v| v.field.as_str()).collect();
    let expected = [
        "name",
        "fees.0.fee_code",
        "fees.0.amount_vnd",
        "fees.1.reduction_vnd",
        "fees.1.reduction_basis",
    ];
    assert_eq!(fields, expected);
    office.env.stop().await;
}
