//! Barring an account takes effect within a minute, and can be taken back.

use motcua_fault::Fault;
use motcua_proto::identity::v1::{
    Account, AccountDisabled, AccountEnabled, AccountState, DisableAccountRequest,
    EnableAccountRequest, GetAccountRequest, ListRevocationsRequest,
    auth_service_client::AuthServiceClient,
};
use motcua_testkit::Database;

use crate::support::{PASSWORD, Province, Verifier, answer, refused, violations};

pub(crate) async fn disable(province: &Province, name: &str) -> Result<Account, Fault> {
    let asked = DisableAccountRequest {
        request_id: province.id(),
        name: name.into(),
        reason: "Theo đề nghị của công an".into(),
    };
    answer(province.as_admin().await.disable_account(asked).await)
}

async fn enable(province: &Province, name: &str) -> Result<Account, Fault> {
    let asked = EnableAccountRequest { request_id: province.id(), name: name.into() };
    answer(province.as_admin().await.enable_account(asked).await)
}

async fn a_barred_account_is_out_at_the_next_poll_and_in_again_when_enabled(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let verifier = Verifier::of(&province).await;
    let pair = province.sign_in("0912345678", PASSWORD).await.unwrap();
    let barred = disable(&province, &account.name).await.unwrap();
    assert_eq!(barred.state(), AccountState::Disabled);
    assert_eq!(barred.disabled_by, province.admin.name());
    assert!(barred.masked, "a command upon another's account shows it masked");
    let read = GetAccountRequest { name: account.name.clone() };
    let read = answer(province.as_admin().await.get_account(read).await).unwrap();
    assert_eq!(read.disable_reason, "Theo đề nghị của công an");
    verifier.poll().await;
    let shown = verifier.actor(&pair.access_token, province.now()).await;
    assert_eq!(refused(shown), "TOKEN_REVOKED");
    assert_eq!(refused(province.refresh(&pair.refresh_token).await), "REFRESH_REFUSED");
    assert_eq!(refused(province.sign_in("0912345678", PASSWORD).await), "SIGN_IN_REFUSED");
    assert_eq!(refused(disable(&province, &account.name).await), "ACCOUNT_DISABLED");

    let enabled = enable(&province, &account.name).await.unwrap();
    assert_eq!(enabled.state(), AccountState::Active);
    assert_eq!((enabled.disable_reason.as_str(), enabled.disable_time), ("", None));
    assert_eq!(refused(enable(&province, &account.name).await), "ACCOUNT_ACTIVE");
    assert_eq!(refused(province.refresh(&pair.refresh_token).await), "REFRESH_REFUSED");
    let fresh = province.sign_in("0912345678", PASSWORD).await.unwrap();
    verifier.poll().await;
    assert!(verifier.actor(&fresh.access_token, province.now()).await.is_ok());
    assert!(verifier.actor(&pair.access_token, province.now()).await.is_err(), "old ones stay out");

    let disabled = province.env.said::<AccountDisabled>().await;
    let enabled = province.env.said::<AccountEnabled>().await;
    assert_eq!((disabled.len(), enabled.len()), (1, 1));
    assert!(disabled[0].version < enabled[0].version);
    province.env.stop().await;
}

async fn a_reason_is_required(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let asked = DisableAccountRequest {
        request_id: province.id(),
        name: account.name,
        reason: "  ".into(),
    };
    let answered = answer(province.as_admin().await.disable_account(asked.clone()).await);
    assert_eq!(violations(answered), [("reason".into(), "REASON_MISSING".into())]);
    let asked = DisableAccountRequest { request_id: province.id(), name: "hoa".into(), ..asked };
    let both = violations(answer(province.as_admin().await.disable_account(asked).await));
    let both: Vec<&str> = both.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(both, ["ACCOUNT_INVALID", "REASON_MISSING"]);
    province.env.stop().await;
}

async fn a_token_given_by_a_later_call_that_was_served_earlier_is_taken_back_too(
    database: Database,
) {
    // Seen from the token: whoever bars the account came first and was served last.
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let verifier = Verifier::of(&province).await;
    let first = province.sign_in("0912345678", PASSWORD).await.unwrap();
    province.env.clock.advance(chrono::TimeDelta::seconds(5));
    let late = province.refresh(&first.refresh_token).await.unwrap();
    province.env.clock.advance(chrono::TimeDelta::seconds(-5));
    disable(&province, &account.name).await.unwrap();
    province.env.clock.advance(chrono::TimeDelta::seconds(5));
    verifier.poll().await;
    let shown = verifier.actor(&late.access_token, province.now()).await;
    assert_eq!(refused(shown), "TOKEN_REVOKED");
    province.env.stop().await;
}

async fn the_feed_misses_nothing_and_forgets_what_no_longer_matters(database: Database) {
    let province = Province::start(database).await;
    let account = province.hoa().await;
    let mut feed = AuthServiceClient::new(province.env.service("workflow"));
    let mut read = async |cursor: &str| {
        let asked = ListRevocationsRequest { cursor: cursor.into() };
        answer(feed.list_revocations(asked).await).unwrap()
    };
    let empty = read("").await;
    assert!(empty.revocations.is_empty() && !empty.more);
    disable(&province, &account.name).await.unwrap();
    let news = read(&empty.next_cursor).await;
    assert_eq!(news.revocations.len(), 1);
    let overlap = read(&news.next_cursor).await;
    assert_eq!(overlap.revocations.len(), 1, "what is recent is answered again");
    province.minutes(5);
    let later = read(&overlap.next_cursor).await;
    assert_eq!(read(&later.next_cursor).await.revocations.len(), 0);
    assert_eq!(read("").await.revocations.len(), 1, "a new reader hears of it still");
    province.minutes(7);
    assert_eq!(read("").await.revocations.len(), 0, "every such token has expired");
    let wrong = ListRevocationsRequest { cursor: "hôm qua".into() };
    let wrong = answer(feed.list_revocations(wrong).await);
    assert_eq!(violations(wrong), [("cursor".into(), "CURSOR_INVALID".into())]);
    province.env.stop().await;
}

crate::on_both!(
    a_barred_account_is_out_at_the_next_poll_and_in_again_when_enabled,
    a_reason_is_required,
    a_token_given_by_a_later_call_that_was_served_earlier_is_taken_back_too,
    the_feed_misses_nothing_and_forgets_what_no_longer_matters,
);
