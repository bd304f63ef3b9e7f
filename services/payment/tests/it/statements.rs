//! Banks' statements: what they settle, and what does not fit.

use std::fmt::Write;

use chrono::TimeDelta;
use motcua_context::{Actor, Role};
use motcua_ids::AgencyId;
use motcua_payment::consistency;
use motcua_proto::payment::v1::{
    CompleteRefundRequest, DecideRefundRequest, Discrepancy, DiscrepancyKind, DiscrepancyOutcome,
    FeeOrderState, GetReconciliationRequest, GetStatementRequest, ListBalancesRequest,
    ListDiscrepanciesRequest, PaymentMethod, PaymentState, Reconciliation, Refund, RefundState,
    RequestRefundRequest, ResolveDiscrepancyRequest, Statement,
};
use motcua_testkit::Database;

use crate::support::{
    ALL, Office, accountant, desk, id, leader, officer, on_both, open, order_name, province,
    reason, ward,
};

on_both! {
    a_transfer_settles_what_is_owed_once;
    other_sums_are_taken_and_looked_at;
    what_nobody_expects_is_somebodys_in_the_end;
    refunds_show_in_statements;
    refunds_of_one_sum_each_show_once;
    what_was_paid_in_is_of_the_agency_that_had_it;
    a_cut_reference_that_can_be_nobody_elses_settles;
    a_page_holds_what_the_role_reaches;
}

/// A row of a bank's table: when, how much, its number, what was written.
pub(crate) type Row<'a> = (&'a str, i64, &'a str, &'a str);

pub(crate) fn table(rows: &[Row<'_>]) -> Vec<u8> {
    let mut table = "Số tài khoản;1234567890\n\
                     Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Nội dung\n"
        .to_owned();
    for (day, amount, reference, memo) in rows {
        let (debit, credit) = if *amount < 0 { (-amount, 0) } else { (0, *amount) };
        let cell = |sum: i64| if sum == 0 { String::new() } else { sum.to_string() };
        let (debit, credit) = (cell(debit), cell(credit));
        writeln!(table, "{day};{reference};{debit};{credit};{memo}").unwrap();
    }
    table.into_bytes()
}

impl Office {
    pub(crate) async fn import_as(
        &self,
        actor: &Actor,
        content: Vec<u8>,
    ) -> Result<Statement, tonic::Status> {
        self.import_of(actor, content, "").await
    }

    /// Imports a table and waits until all of it was looked at.
    pub(crate) async fn import(&self, rows: &[Row<'_>]) -> Statement {
        self.import_file(table(rows)).await
    }

    /// Imports a statement in whichever form, and waits until all of it was looked at.
    pub(crate) async fn import_file(&self, content: Vec<u8>) -> Statement {
        let name = self.import_as(&accountant(), content).await.unwrap().name;
        self.env
            .until(async || {
                let asked = GetStatementRequest { name: name.clone() };
                let known = self.client(&accountant()).get_statement(asked).await.unwrap();
                Some(known.into_inner()).filter(|statement| statement.waiting_count == 0)
            })
            .await
    }

    /// The open ones, by the bank's numbers: of those found at once none is the newer.
    pub(crate) async fn discrepancies(&self) -> Vec<Discrepancy> {
        self.discrepancies_of(&accountant()).await
    }

    async fn discrepancies_of(&self, actor: &Actor) -> Vec<Discrepancy> {
        let asked = ListDiscrepanciesRequest { open_only: true, ..Default::default() };
        let page = self.client(actor).list_discrepancies(asked).await.unwrap().into_inner();
        let mut found = page.discrepancies;
        found.sort_by(|a, b| a.bank_reference.cmp(&b.bank_reference));
        found
    }

    /// Ends one; `whose` is the payment or the agency whose the money is.
    /// Part of what was paid for a dossier is to be given back: asked for and approved.
    pub(crate) async fn gives_back(&self, n: u128, amount_vnd: i64) -> String {
        let name = order_name(n);
        let asked = RequestRefundRequest {
            request_id: self.env.request_id(),
            name: name.clone(),
            payment: self.order(n).await.payments[0].name.clone(),
            amount_vnd,
            reason: "Thu thừa".into(),
            fee_code: String::new(),
        };
        let asked = self.client(&desk()).request_refund(asked).await.unwrap().into_inner();
        let refund = asked.refunds.last().unwrap().name.clone();
        let decide = DecideRefundRequest {
            request_id: self.env.request_id(),
            name,
            refund: refund.clone(),
            approve: true,
        };
        self.client(&leader()).decide_refund(decide).await.unwrap();
        refund
    }

    pub(crate) async fn resolve(
        &self,
        found: &Discrepancy,
        outcome: DiscrepancyOutcome,
        whose: &str,
    ) -> Result<Discrepancy, tonic::Status> {
        let assigned = outcome == DiscrepancyOutcome::Assigned;
        let (payment, agency) = if assigned { (whose, "") } else { ("", whose) };
        let asked = ResolveDiscrepancyRequest {
            request_id: self.env.request_id(),
            name: found.name.clone(),
            outcome: outcome.into(),
            payment: payment.to_owned(),
            agency: agency.to_owned(),
            resolution: "Đã đối chiếu với ngân hàng".into(),
        };
        Ok(self.client(&accountant()).resolve_discrepancy(asked).await?.into_inner())
    }

    pub(crate) async fn reckoned(&self, day: &str) -> Reconciliation {
        let asked = GetReconciliationRequest { day: day.into() };
        self.client(&accountant()).get_reconciliation(asked).await.unwrap().into_inner()
    }

    /// An order that waits for a transfer: its reference and its name.
    pub(crate) async fn awaits(&self, n: u128) -> (String, String) {
        self.accepted(n, "fixed").await;
        let begun = self.begin(n, PaymentMethod::BankTransfer).await.unwrap();
        (begun.reference, begun.name)
    }

    pub(crate) async fn balanced(&self) {
        let db = self.env.store.reader();
        assert_eq!(consistency::misbanked(db).await.unwrap(), None);
        assert!(consistency::unbalanced(db).await.unwrap().is_empty());
        assert!(consistency::disowned(db).await.unwrap().is_empty());
        assert!(consistency::unreturned(db).await.unwrap().is_empty());
        assert!(consistency::misheld(db).await.unwrap().is_empty());
        assert!(consistency::unbooked(db).await.unwrap().is_empty());
    }
}

async fn a_transfer_settles_what_is_owed_once(database: Database) {
    let office = open(database).await;
    let (reference, _) = office.awaits(1).await;
    let memo = format!("MBVCB.123.{}.CT tu 0011 toi 1234567890", reference.to_lowercase());
    let rows = [("02/03/2026", ALL, "FT1", &*memo)];
    let imported = office.import(&rows).await;
    assert_eq!((imported.entry_count, imported.new_count, imported.matched_count), (1, 1, 1));
    assert_eq!((&*imported.first_day, &*imported.last_day), ("2026-03-02", "2026-03-02"));
    let paid = office.order(1).await;
    assert_eq!((paid.state(), paid.paid_vnd), (FeeOrderState::Paid, ALL));
    assert_eq!(paid.payments[0].transaction, "FT1");

    // The day's next statement has it again, and one more.
    let (other, _) = office.awaits(2).await;
    let rows = [rows[0], ("02/03/2026", ALL, "FT2", &*other)];
    let again = office.import(&rows).await;
    assert_eq!((again.entry_count, again.new_count, again.matched_count), (2, 1, 1));
    assert_eq!(office.order(1).await, paid);
    assert_eq!(office.order(2).await.state(), FeeOrderState::Paid);
    assert_eq!(office.books().await["bank"], 2 * ALL);
    let day = office.reckoned("2026-03-02").await;
    assert_eq!((day.bank_vnd, day.explained_vnd, day.difference_vnd), (2 * ALL, 2 * ALL, 0));
    assert_eq!(day.open_count, 0);
    office.balanced().await;
    office.env.stop().await;
}

async fn other_sums_are_taken_and_looked_at(database: Database) {
    let office = open(database).await;
    let (less, _) = office.awaits(1).await;
    let (more, _) = office.awaits(2).await;
    let (twice, _) = office.awaits(3).await;
    office
        .import(&[
            ("02/03/2026", ALL - 1_000, "FT1", &less),
            ("02/03/2026", ALL + 5_000, "FT2", &more),
            ("02/03/2026", ALL, "FT3", &twice),
            ("02/03/2026", ALL, "FT4", &twice),
        ])
        .await;
    let sums = |order: motcua_proto::payment::v1::FeeOrder| {
        (order.state(), order.paid_vnd, order.surplus_vnd)
    };
    assert_eq!(sums(office.order(1).await), (FeeOrderState::Due, 0, ALL - 1_000));
    assert_eq!(sums(office.order(2).await), (FeeOrderState::Paid, ALL, 5_000));
    assert_eq!(sums(office.order(3).await), (FeeOrderState::Paid, ALL, ALL));
    let found = office.discrepancies().await;
    let seen: Vec<_> = found
        .iter()
        .map(|one| (one.kind(), one.expected_vnd, one.actual_vnd, &*one.bank_reference))
        .collect();
    let amount = DiscrepancyKind::Amount;
    let expected = [
        (amount, 0, ALL - 1_000, "FT1"),
        (amount, ALL, ALL + 5_000, "FT2"),
        (amount, 0, ALL, "FT4"),
    ];
    assert_eq!(seen, expected);
    assert!(found.iter().all(|one| one.agency == ward().name() && !one.fee_order.is_empty()));
    let assigned = office.resolve(&found[0], DiscrepancyOutcome::Assigned, &found[0].payment);
    assert_eq!(reason(assigned.await), "OUTCOME_INVALID");
    let noted = office.resolve(&found[0], DiscrepancyOutcome::Noted, "").await.unwrap();
    assert_eq!(noted.outcome(), DiscrepancyOutcome::Noted);
    let again = office.resolve(&found[0], DiscrepancyOutcome::Noted, "").await;
    assert_eq!(reason(again), "ALREADY_RESOLVED");
    assert_eq!(office.discrepancies().await.len(), 2);
    office.balanced().await;
    office.env.stop().await;
}

async fn what_nobody_expects_is_somebodys_in_the_end(database: Database) {
    let office = open(database).await;
    let (reference, payment) = office.awaits(1).await;
    let cut = &reference[..10];
    // Its attempt is over: what its beginning names is for a person to say.
    office.env.clock.advance(TimeDelta::days(4));
    office
        .env
        .until(async || {
            let over = office.order(1).await.payments[0].state() == PaymentState::Expired;
            over.then_some(())
        })
        .await;
    office
        .import(&[
            ("02/03/2026", ALL, "FT1", cut),
            ("02/03/2026", 900_000, "FT2", "VNPAY tat toan"),
            ("02/03/2026", -11_000, "", "Phi quan ly tai khoan"),
            ("02/03/2026", -11_000, "", "Phi quan ly tai khoan"),
        ])
        .await;
    let mut found = office.discrepancies().await;
    found.rotate_left(2);
    assert_eq!(found.len(), 4, "two without a number are two: {found:?}");
    assert!(found.iter().all(|one| one.kind() == DiscrepancyKind::MissingHere));
    assert!(found.iter().all(|one| one.agency == province().name()));
    assert_eq!((&*found[0].payment, &*found[0].memo), (&*payment, cut), "the one it may be for");
    assert_eq!((found[1].payment.as_str(), found[1].actual_vnd), ("", 900_000));
    let books = office.books().await;
    assert_eq!((books["bank"], books["unidentified"]), (ALL + 878_000, -ALL - 878_000));
    let day = office.reckoned("2026-03-02").await;
    assert_eq!((day.difference_vnd, day.open_count), (ALL + 922_000, 4));

    let noted = office.resolve(&found[0], DiscrepancyOutcome::Noted, "").await;
    assert_eq!(reason(noted), "OUTCOME_INVALID", "money has to be somewhere");
    let nowhere = office.resolve(&found[0], DiscrepancyOutcome::Assigned, &order_name(1)).await;
    assert_eq!(reason(nowhere), "INVALID_ARGUMENT");
    office.resolve(&found[0], DiscrepancyOutcome::Assigned, &payment).await.unwrap();
    office.resolve(&found[1], DiscrepancyOutcome::GatewayPayout, "").await.unwrap();
    for charge in &found[2..] {
        office.resolve(charge, DiscrepancyOutcome::WrittenOff, "").await.unwrap();
    }
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    let books = office.books().await;
    assert_eq!((books["bank"], books["unidentified"]), (ALL + 878_000, 0));
    assert_eq!((books["gateway"], books["difference"]), (-900_000, 22_000));
    let day = office.reckoned("2026-03-02").await;
    assert_eq!((day.difference_vnd, day.open_count), (0, 0));
    office.balanced().await;
    office.env.stop().await;
}

async fn a_cut_reference_that_can_be_nobody_elses_settles(database: Database) {
    let office = open(database).await;
    let (reference, _) = office.awaits(1).await;
    let (other, payment) = office.awaits(2).await;
    let (memo, odd) = (format!("{}.CT tu 0011 toi UBND", &reference[..9]), &other[..13]);
    office.import(&[("02/03/2026", ALL, "FT1", &memo), ("02/03/2026", ALL - 1, "FT2", odd)]).await;
    assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
    // Of another sum it is no sign, however much of it is there.
    assert_eq!(office.order(2).await.state(), FeeOrderState::Due);
    let [found] = &office.discrepancies().await[..] else { panic!("one") };
    assert_eq!((found.kind(), &*found.payment), (DiscrepancyKind::MissingHere, ""));
    office.resolve(found, DiscrepancyOutcome::Assigned, &payment).await.unwrap();
    office.balanced().await;
    office.env.stop().await;
}

async fn what_was_paid_in_is_of_the_agency_that_had_it(database: Database) {
    let office = open(database).await;
    office.accepted(1, "fixed").await;
    office.collect(1, ALL).await.unwrap();
    let rows = [
        ("03/03/2026", ALL, "FT1", "UBND xa nop tien mat"),
        ("03/03/2026", 30_000, "FT2", "Buu dien chuyen tien thu ho"),
        ("03/03/2026", 20_000, "FT3", "VNPAY tat toan"),
    ];
    office.import(&rows).await;
    let found = office.discrepancies().await;
    let [deposit, postal, payout] = &found[..] else { panic!("three: {found:?}") };
    let nowhere = office.resolve(deposit, DiscrepancyOutcome::CashDeposit, "").await;
    assert_eq!(reason(nowhere), "INVALID_ARGUMENT", "whose cash it was has to be said");
    let far = AgencyId::new(id(999)).name();
    let unknown = office.resolve(deposit, DiscrepancyOutcome::CashDeposit, &far).await;
    assert_eq!(reason(unknown), "NOT_FOUND");
    for (found, outcome) in [
        (deposit, DiscrepancyOutcome::CashDeposit),
        (postal, DiscrepancyOutcome::PostalPayout),
        (payout, DiscrepancyOutcome::GatewayPayout),
    ] {
        let settled = office.resolve(found, outcome, &ward().name()).await.unwrap();
        assert_eq!(settled.outcome(), outcome);
    }
    let asked =
        ListBalancesRequest { page_size: 100, agency: province().name(), ..Default::default() };
    let page = office.client(&accountant()).list_balances(asked).await.unwrap().into_inner();
    let held = |account: &str| {
        let own = page.balances.iter().filter(|one| one.account == account);
        own.map(|one| (one.agency.clone(), one.debit_vnd - one.credit_vnd)).collect::<Vec<_>>()
    };
    assert_eq!(held("cash"), [(ward().name(), 0)]);
    assert_eq!(held("postal"), [(ward().name(), -30_000)]);
    assert_eq!(held("gateway"), [(ward().name(), -20_000)]);
    assert_eq!(held("bank"), [(province().name(), ALL + 50_000)]);
    assert_eq!(held("unidentified"), [(province().name(), 0)]);
    assert_eq!(office.reckoned("2026-03-03").await.difference_vnd, 0);
    office.balanced().await;
    office.env.stop().await;
}

async fn refunds_show_in_statements(database: Database) {
    let office = open(database).await;
    let mut references = Vec::new();
    for n in 1..=3 {
        references.push(office.awaits(n).await.0);
    }
    let paid: Vec<_> = (1..=3)
        .zip(["FT1", "FT2", "FT3"])
        .map(|(n, number)| ("02/03/2026", ALL, number, &*references[n - 1]))
        .collect();
    office.import(&paid).await;
    for n in 1..=3 {
        let refund = office.gives_back(n, 20_000).await;
        // The first one the statement tells of; the others somebody says were sent.
        if n > 1 {
            let complete = CompleteRefundRequest {
                request_id: office.env.request_id(),
                name: order_name(n),
                refund,
                in_cash: false,
            };
            office.client(&accountant()).complete_refund(complete).await.unwrap();
        }
    }
    let back = |n: usize, number| ("03/03/2026", -20_000, number, &*references[n - 1]);
    office.env.clock.advance(TimeDelta::days(1));
    office.import(&[back(1, "FT4"), back(2, "FT5")]).await;
    assert_eq!(office.order(1).await.refunds[0].state(), RefundState::Refunded);
    assert_eq!(office.books().await["bank"], 3 * ALL - 60_000);
    assert!(office.discrepancies().await.is_empty(), "the third may still come");

    office.env.clock.advance(TimeDelta::days(1));
    let fee = ("04/03/2026", 1_000, "FT6", "Lai tien gui");
    office.import(&[fee]).await;
    let missing: Vec<_> = office
        .env
        .until(async || {
            let found = office.discrepancies().await;
            let missing = |one: &Discrepancy| one.kind() == DiscrepancyKind::MissingThere;
            Some(found.into_iter().filter(missing).collect::<Vec<_>>()).filter(|one| one.len() == 1)
        })
        .await;
    assert_eq!((missing[0].expected_vnd, missing[0].actual_vnd), (-20_000, 0));
    // It comes after all; a fourth of the same sum is nobody's.
    office.import(&[back(3, "FT7"), back(3, "FT8")]).await;
    let left = office.discrepancies().await;
    let left: Vec<_> = left.iter().map(|one| &*one.bank_reference).collect();
    assert_eq!(left, ["FT6", "FT8"]);
    office.balanced().await;
    office.env.stop().await;
}

async fn refunds_of_one_sum_each_show_once(database: Database) {
    let office = open(database).await;
    let (reference, _) = office.awaits(1).await;
    office.import(&[("02/03/2026", ALL, "FT1", &reference)]).await;
    for _ in 0..3 {
        office.gives_back(1, 20_000).await;
    }
    office.env.clock.advance(TimeDelta::days(1));
    let back = |number, memo| ("03/03/2026", -20_000, number, memo);
    office.import(&[back("FT2", &*reference), back("FT3", &*reference)]).await;
    let states =
        async || -> Vec<_> { office.order(1).await.refunds.iter().map(Refund::state).collect() };
    let (gone, waits) = (RefundState::Refunded, RefundState::Approved);
    assert_eq!(states().await, [gone, gone, waits]);
    let in_cash = CompleteRefundRequest {
        request_id: office.env.request_id(),
        name: order_name(1),
        refund: office.order(1).await.refunds[2].name.clone(),
        in_cash: true,
    };
    let refused = office.client(&accountant()).complete_refund(in_cash).await;
    assert_eq!(reason(refused), "METHOD_NOT_OFFERED", "the bank's word is awaited");
    assert!(office.discrepancies().await.is_empty());
    // The third without the reference: a person says what it was.
    office.import(&[back("FT4", "hoan tra"), back("FT5", "hoan tra")]).await;
    let found = office.discrepancies().await;
    let payment = office.order(1).await.payments[0].name.clone();
    office.resolve(&found[0], DiscrepancyOutcome::Assigned, &payment).await.unwrap();
    assert_eq!(states().await, [gone; 3]);
    let fourth = office.resolve(&found[1], DiscrepancyOutcome::Assigned, &payment).await;
    assert_eq!(reason(fourth), "OUTCOME_INVALID");
    assert_eq!(office.books().await["bank"], ALL - 80_000, "one of them is still nobody's");
    assert_eq!(office.discrepancies().await.len(), 1);
    office.balanced().await;
    office.env.stop().await;
}

async fn a_page_holds_what_the_role_reaches(database: Database) {
    let office = open(database).await;
    let (less, _) = office.awaits(1).await;
    office
        .import(&[("02/03/2026", 1_000, "FT1", &less), ("02/03/2026", 5, "FT2", "khong ro")])
        .await;
    let of_ward = officer(61, Role::Accountant, ward());
    let numbers = |found: Vec<Discrepancy>| {
        found.into_iter().map(|one| one.bank_reference).collect::<Vec<_>>()
    };
    assert_eq!(numbers(office.discrepancies().await), ["FT1", "FT2"]);
    assert_eq!(numbers(office.discrepancies_of(&of_ward).await), ["FT1"]);
    let asked = ListDiscrepanciesRequest { page_size: 1, ..Default::default() };
    let mut client = office.client(&accountant());
    let first = client.list_discrepancies(asked.clone()).await.unwrap().into_inner();
    let asked = ListDiscrepanciesRequest { page_token: first.next_page_token.clone(), ..asked };
    let second = client.list_discrepancies(asked).await.unwrap().into_inner();
    let mut both = numbers(first.discrepancies);
    both.extend(numbers(second.discrepancies));
    both.sort_unstable();
    assert_eq!(both, ["FT1", "FT2"]);
    assert_eq!(second.next_page_token, "");
    let foreign = office.discrepancies().await.remove(1);
    let asked = ResolveDiscrepancyRequest {
        request_id: office.env.request_id(),
        name: foreign.name,
        outcome: DiscrepancyOutcome::WrittenOff.into(),
        resolution: "Không rõ".into(),
        ..Default::default()
    };
    assert_eq!(reason(office.client(&of_ward).resolve_discrepancy(asked).await), "NOT_FOUND");
    office.env.stop().await;
}

/// Its money is the gateway's to tell of, and lies there.
#[tokio::test]
async fn a_gateways_attempt_is_nothing_to_a_bank() {
    let office = open(Database::Sqlite).await;
    office.accepted(1, "fixed").await;
    let begun = office.begin(1, PaymentMethod::Gateway).await.unwrap();
    let imported = office.import(&[("02/03/2026", ALL, "FT1", &begun.reference)]).await;
    assert_eq!((imported.matched_count, imported.open_count), (0, 1));
    assert_eq!(office.order(1).await.state(), FeeOrderState::Due);
    office.balanced().await;
    office.env.stop().await;
}
