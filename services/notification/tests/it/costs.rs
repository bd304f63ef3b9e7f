//! What messages cost: counted by those who took them, priced by their contracts.

use chrono::TimeDelta;
use motcua_context::{Actor, Role};
use motcua_ids::AgencyId;
use motcua_proto::{
    intake::v1::{DossierContact, SupplementRequested},
    notification::v1::{ListMessageCostsRequest, MessageChannel, MessageCost, MessageState},
};
use motcua_testkit::Database;
use tonic::Code;

use crate::{
    counterpart::Counterpart,
    gateways::viettel,
    support::{
        Env, accepted, builder, client, commune, contact, dossier, elsewhere, officer, on_both,
        province, ready, settled, spool, submitted,
    },
};

on_both! {
    what_was_taken_is_counted_once_by_the_price_of_its_day;
    sums_are_of_an_agency_and_those_below_it;
}

/// The frozen day on which tests begin is the second of March.
const PRICES: &str = r#"notification.prices=[
    {provider = "viettel", valid_from = "2026-01-01", per = "segment", vnd = "385.5"},
    {provider = "viettel", valid_from = "2026-03-03", per = "message", vnd = "400"},
]"#;

fn asked(agency: AgencyId) -> ListMessageCostsRequest {
    ListMessageCostsRequest {
        agency: agency.name(),
        from_day: "2026-03-01".into(),
        to_day: "2026-03-31".into(),
        ..Default::default()
    }
}

async fn costs(env: &Env, by: &Actor, agency: AgencyId) -> Vec<MessageCost> {
    client(env, by).list_message_costs(asked(agency)).await.unwrap().into_inner().costs
}

fn auditor() -> Actor {
    officer(Role::Auditor, province())
}

async fn what_was_taken_is_counted_once_by_the_price_of_its_day(database: Database) {
    let mut gateway = Counterpart::gateways().await;
    let only_sms = DossierContact { account: String::new(), email: String::new(), ..contact() };
    let mut builder = builder(database, move || Ok(only_sms.clone())).set(PRICES.to_owned());
    for pair in viettel(gateway.port).iter().chain(&["first_wait_s=1".to_owned()]) {
        builder = builder.set(format!("notification.{pair}"));
    }
    let env = builder.start().await;
    ready(&env).await;
    let told = async |n: u128| {
        assert_eq!(env.tell(dossier(n).uuid(), &accepted(n)).await, None);
        env.until(async || {
            env.clock.advance(TimeDelta::seconds(2));
            let done = |m: &motcua_proto::notification::v1::Message| {
                m.dossier == dossier(n).name() && m.state() == MessageState::Delivered
            };
            spool(&env).await.into_iter().find(done)
        })
        .await
    };
    // The first is not taken at once, and the same again makes no second one.
    gateway.told(r#"plan ["status:500"]"#).await;
    assert!(told(1).await.attempts > 1);
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    told(2).await;
    env.clock.advance(TimeDelta::days(1));
    told(3).await;
    let of = |day: &str, messages, thousandths| MessageCost {
        day: day.into(),
        agency: commune().name(),
        provider: "viettel".into(),
        channel: MessageChannel::Sms.into(),
        messages,
        segments: messages,
        cost_vnd_thousandths: thousandths,
        priced: true,
    };
    let all = [of("2026-03-02", 2, 771_000), of("2026-03-03", 1, 400_000)];
    assert_eq!(costs(&env, &auditor(), province()).await, all);
    let mut page = ListMessageCostsRequest { page_size: 1, ..asked(commune()) };
    let mut by = client(&env, &auditor());
    let first = by.list_message_costs(page.clone()).await.unwrap().into_inner();
    assert_eq!(first.costs, all[..1]);
    page.page_token = first.next_page_token;
    let second = by.list_message_costs(page.clone()).await.unwrap().into_inner();
    assert_eq!((&second.costs[..], &*second.next_page_token), (&all[1..], ""));
    // A token is good for its own days alone.
    page.to_day = "2026-03-30".into();
    assert_eq!(by.list_message_costs(page).await.unwrap_err().code(), Code::InvalidArgument);
    env.stop().await;
}

async fn sums_are_of_an_agency_and_those_below_it(database: Database) {
    let env = builder(database, || Ok(contact())).start().await;
    ready(&env).await;
    // Of somebody whose dossier was not filed yet: nowhere so far.
    let early = SupplementRequested {
        dossier: dossier(1).name(),
        version: 1,
        before_acceptance: true,
        ..Default::default()
    };
    env.tell(dossier(1).uuid(), &early).await;
    env.until(async || {
        let taken = crate::support::count(&env, "message WHERE provider IS NOT NULL").await;
        (taken == 2).then_some(())
    })
    .await;
    // It is nobody's, and the province pays it all the same.
    let nobodys = costs(&env, &auditor(), province()).await;
    assert!(nobodys.len() == 2 && nobodys.iter().all(|cost| cost.agency.is_empty()));
    assert_eq!(costs(&env, &auditor(), commune()).await, []);
    // A ministry's branch has nothing above it either, and pays nothing of the province's.
    let branch = officer(Role::Auditor, elsewhere());
    assert_eq!(costs(&env, &branch, elsewhere()).await, []);
    env.tell(dossier(1).uuid(), &submitted(1)).await;
    settled(&env, 3).await;
    let of_all = costs(&env, &auditor(), province()).await;
    let sums: Vec<_> = of_all.iter().map(|cost| (cost.channel(), cost.messages)).collect();
    assert_eq!(sums, [(MessageChannel::Email, 2), (MessageChannel::Sms, 1)]);
    // Nobody carries them: there is no price.
    assert!(of_all.iter().all(|cost| {
        let told = (&*cost.provider, &*cost.agency, cost.cost_vnd_thousandths, cost.priced);
        told == ("spool", &*commune().name(), 0, false)
    }));
    for role in [Role::Leader, Role::Administrator, Role::Auditor] {
        assert_eq!(costs(&env, &officer(role, province()), commune()).await, of_all);
        assert_eq!(costs(&env, &officer(role, commune()), commune()).await, of_all);
        for (held, agency) in [(commune(), province()), (elsewhere(), commune())] {
            let mut by = client(&env, &officer(role, held));
            let refused = by.list_message_costs(asked(agency)).await.unwrap_err();
            let fault = motcua_rpc::fault(refused);
            assert_eq!(fault.reason(), "NOT_YOUR_AGENCY");
        }
        assert_eq!(costs(&env, &officer(role, elsewhere()), elsewhere()).await, []);
    }
    let nowhere = asked(AgencyId::new(motcua_ids::Uuid::from_u128(999)));
    let refused = client(&env, &auditor()).list_message_costs(nowhere).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    env.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_request_is_told_at_once() {
    let env = builder(Database::Sqlite, || Ok(contact())).start().await;
    ready(&env).await;
    for (from, to, wrong) in [("", "x", 3), ("2026-03-02", "2026-03-01", 2)] {
        let asked = ListMessageCostsRequest {
            agency: "agencies/x".into(),
            from_day: from.into(),
            to_day: to.into(),
            ..Default::default()
        };
        let refused = client(&env, &auditor()).list_message_costs(asked).await.unwrap_err();
        assert_eq!(motcua_rpc::fault(refused).violations().len(), wrong, "{from} {to}");
    }
    env.stop().await;
}
