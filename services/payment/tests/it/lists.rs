//! What officers find without knowing its name.

use chrono::TimeDelta;
use motcua_context::{Actor, Role};
use motcua_proto::payment::v1::{
    CloseTillRequest, FeeOrderState, ListFeeOrdersRequest, ListFeeOrdersResponse,
    ListStatementsRequest, ListStatementsResponse, ListTillClosingsRequest,
};
use motcua_testkit::Database;

use crate::support::{
    ALL, Office, accountant, desk, elsewhere, leader, officer, on_both, open, order_name, province,
    reason, ward,
};

on_both! {
    what_waits_to_be_assessed_is_found_oldest_first;
    imported_statements_are_found;
    closed_days_are_found;
}

impl Office {
    async fn to_assess(&self, by: &Actor, page_token: &str) -> ListFeeOrdersResponse {
        let asked = ListFeeOrdersRequest {
            page_size: 2,
            page_token: page_token.to_owned(),
            state: FeeOrderState::ToAssess.into(),
            oldest_first: true,
        };
        self.client(by).list_fee_orders(asked).await.unwrap().into_inner()
    }

    async fn statements(&self, by: &Actor, page_token: &str) -> ListStatementsResponse {
        let asked = ListStatementsRequest { page_size: 2, page_token: page_token.to_owned() };
        self.client(by).list_statements(asked).await.unwrap().into_inner()
    }
}

/// The desk that collects and whoever oversees it see the same; an assessed one is gone.
async fn what_waits_to_be_assessed_is_found_oldest_first(database: Database) {
    let office = open(database).await;
    // Drafts that were begun later are accepted earlier; of two at once the first begun.
    office.accepted(3, "open").await;
    office.env.clock.advance(TimeDelta::minutes(1));
    for (n, case) in [(2, "copies"), (4, "fixed"), (1, "unknown")] {
        office.accepted(n, case).await;
    }
    let names = |page: &ListFeeOrdersResponse| {
        page.fee_orders.iter().map(|order| order.name.clone()).collect::<Vec<_>>()
    };
    for by in [desk(), leader(), accountant()] {
        let first = office.to_assess(&by, "").await;
        assert_eq!(names(&first), [order_name(3), order_name(1)], "{by:?}");
        let rest = office.to_assess(&by, &first.next_page_token).await;
        assert_eq!(names(&rest), [order_name(2)]);
        assert_eq!(rest.next_page_token, "");
    }
    let far = officer(41, Role::Accountant, elsewhere());
    assert!(office.to_assess(&far, "").await.fee_orders.is_empty());
    // Of one list the token is nothing to the other.
    let token = office.to_assess(&desk(), "").await.next_page_token;
    let asked = ListFeeOrdersRequest {
        page_token: token,
        state: FeeOrderState::ToAssess.into(),
        ..Default::default()
    };
    assert_eq!(reason(office.client(&desk()).list_fee_orders(asked).await), "INVALID_ARGUMENT");
    office.env.stop().await;
}

async fn imported_statements_are_found(database: Database) {
    let office = open(database).await;
    let mut expected = Vec::new();
    for (day, number) in [("02/03/2026", "FT1"), ("03/03/2026", "FT2"), ("04/03/2026", "FT3")] {
        expected.insert(0, office.import(&[(day, 1_000, number, "khong ro")]).await);
        office.env.clock.advance(TimeDelta::hours(1));
    }
    let auditor = officer(62, Role::Auditor, province());
    for by in [accountant(), auditor] {
        let first = office.statements(&by, "").await;
        let rest = office.statements(&by, &first.next_page_token).await;
        assert_eq!(rest.next_page_token, "");
        assert_eq!([first.statements, rest.statements].concat(), expected, "with what was found");
    }
    let of_ward = officer(61, Role::Accountant, ward());
    assert!(office.statements(&of_ward, "").await.statements.is_empty());
    let refused = office.client(&desk()).list_statements(ListStatementsRequest::default()).await;
    assert_eq!(reason(refused), "NOT_PERMITTED");
    office.env.stop().await;
}

async fn closed_days_are_found(database: Database) {
    let office = open(database).await;
    let other = officer(24, Role::DeskOfficer, ward());
    office.accepted(1, "fixed").await;
    office.collect(1, ALL).await.unwrap();
    let mut expected = Vec::new();
    for counted_vnd in [ALL, 0] {
        let mut day = Vec::new();
        for by in [other.clone(), desk()] {
            let close = CloseTillRequest {
                request_id: office.env.request_id(),
                agency: ward().name(),
                counted_vnd: if by == desk() { counted_vnd } else { 0 },
            };
            day.push(office.client(&by).close_till(close).await.unwrap().into_inner());
        }
        expected.splice(0..0, day);
        office.env.clock.advance(TimeDelta::days(1));
    }
    assert_eq!(expected[3].expected_vnd, ALL);
    let list = |agency: String, page_token: &str| ListTillClosingsRequest {
        page_size: 3,
        page_token: page_token.to_owned(),
        agency,
    };
    for by in [accountant(), leader()] {
        let mut client = office.client(&by);
        let asked = list(ward().name(), "");
        let first = client.list_till_closings(asked).await.unwrap().into_inner();
        let asked = list(ward().name(), &first.next_page_token);
        let rest = client.list_till_closings(asked).await.unwrap().into_inner();
        assert_eq!(rest.next_page_token, "");
        assert_eq!([first.till_closings, rest.till_closings].concat(), expected);
    }
    let none = office.client(&accountant()).list_till_closings(list(elsewhere().name(), "")).await;
    assert!(none.unwrap().into_inner().till_closings.is_empty());
    let far = officer(41, Role::Accountant, elsewhere());
    let refused = office.client(&far).list_till_closings(list(ward().name(), "")).await;
    assert_eq!(reason(refused), "NOT_YOUR_AGENCY");
    let unnamed = office.client(&accountant()).list_till_closings(list(String::new(), "")).await;
    assert_eq!(reason(unnamed), "INVALID_ARGUMENT");
    office.env.stop().await;
}
