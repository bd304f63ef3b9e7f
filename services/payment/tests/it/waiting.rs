//! An order whose time to pay is over, while money may be on its way.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_proto::payment::v1::{FeeOrderState, PaymentLapsed, PaymentMethod, PaymentState};
use motcua_testkit::Database;
use serde_json::Value;

use crate::support::{ALL, Office, on_both, open, reason, said, terminal};

on_both! {
    a_transfer_in_time_is_waited_for;
    a_gateway_is_heard_out;
}

impl Office {
    /// Waits until the timer of the time to pay was looked at, and is set for later than now.
    async fn still_waits(&self) {
        let sql = "SELECT count(*) AS n FROM due WHERE name = 'payment-lapse' AND at > $1";
        let store = &self.env.store;
        let later = async || store.count(sql, [self.env.now().into()]).await.unwrap() == 1;
        self.env.until(async || later().await.then_some(())).await;
        assert_eq!(self.order(1).await.state(), FeeOrderState::Due);
    }

    async fn until_state(&self, state: FeeOrderState) {
        self.env.until(async || (self.order(1).await.state() == state).then_some(())).await;
    }

    /// Moves the clock on to an instant.
    fn come_to(&self, at: &str) {
        let at: DateTime<Utc> = at.parse().unwrap();
        self.env.clock.advance(at - self.env.now());
    }
}

/// Accepted on Monday the 2nd, due on Thursday the 12th; the code that is made on Tuesday the 10th
/// is taken until Friday the 13th. Behind the weekend is a day off: Tuesday's statement is waited for.
async fn a_transfer_in_time_is_waited_for(database: Database) {
    for paid in [true, false] {
        let office = open(database).await;
        office.accepted(1, "fixed").await;
        office.come_to("2026-03-10T03:00:00Z");
        let begun = office.begin(1, PaymentMethod::BankTransfer).await.unwrap();
        office.come_to("2026-03-12T02:00:01Z");
        office.still_waits().await;
        office.come_to("2026-03-13T03:00:01Z");
        let over = async || office.order(1).await.payments[0].state() == PaymentState::Expired;
        office.env.until(async || over().await.then_some(())).await;
        let again = office.begin(1, PaymentMethod::BankTransfer).await;
        assert_eq!(reason(again), "ORDER_ENDED", "or it would never end");
        office.come_to("2026-03-17T16:59:59Z");
        office.still_waits().await;
        if paid {
            office.import(&[("12/03/2026", ALL, "FT1", &begun.reference)]).await;
            assert_eq!(office.order(1).await.state(), FeeOrderState::Paid);
            office.env.clock.advance(TimeDelta::days(9));
            assert!(office.env.said::<PaymentLapsed>().await.is_empty());
        } else {
            office.come_to("2026-03-17T17:00:01Z");
            office.until_state(FeeOrderState::Lapsed).await;
            assert_eq!(office.env.said::<PaymentLapsed>().await.len(), 1);
        }
        office.env.stop().await;
    }
}

/// Begun five minutes before the time is over; the gateway does not answer, then knows; or never does.
async fn a_gateway_is_heard_out(database: Database) {
    let stands = |status: &'static str| {
        move |body: &Value| {
            let mut notice = said(body["vnp_TxnRef"].as_str().unwrap_or_default(), ALL, "00");
            notice.status = status.to_owned();
            terminal().answered("r", false, &notice)
        }
    };
    for paid in [true, false] {
        let office = open(database).await;
        office.accepted(1, "fixed").await;
        office.come_to("2026-03-12T01:55:00Z");
        office.begin(1, PaymentMethod::Gateway).await.unwrap();
        office.come_to("2026-03-12T02:00:01Z");
        office.still_waits().await;
        office.env.clock.advance(TimeDelta::minutes(30));
        office.env.until(async || (!office.api.asked().is_empty()).then_some(())).await;
        office.still_waits().await;
        office.api.answers(stands(if paid { "00" } else { "01" }));
        if paid {
            office.env.clock.advance(TimeDelta::hours(2));
            office.until_state(FeeOrderState::Paid).await;
        } else {
            // It is asked for two days, and then it is over.
            office.env.clock.advance(TimeDelta::days(3));
            let over = async || office.order(1).await.payments[0].state() == PaymentState::Expired;
            office.env.until(async || over().await.then_some(())).await;
            office.env.clock.advance(TimeDelta::days(4));
            office.until_state(FeeOrderState::Lapsed).await;
        }
        office.env.stop().await;
    }
}
