//! How people want to be told.

use motcua_proto::notification::v1::{
    ChannelUse, GetPreferencesRequest, Language, Message, MessageChannel, MessageState,
    Preferences, UpdatePreferencesRequest,
};
use motcua_testkit::Database;
use tonic::Code;

use crate::support::{
    CODE, Env, accepted, account, builder, client, contact, dossier, inbox, on_both, owner, ready,
    settled, spool, start, submitted,
};

on_both! {
    preferences_are_kept_and_followed;
    who_prefers_english_is_told_in_english;
    a_lost_update_is_refused;
    one_channel_is_told_first_by_choice;
}

fn update(env: &Env, preferences: Preferences, paths: &[&str]) -> UpdatePreferencesRequest {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    UpdatePreferencesRequest {
        request_id: env.request_id(),
        preferences: Some(preferences),
        update_mask: Some(prost_types::FieldMask { paths }),
    }
}

async fn preferences_are_kept_and_followed(database: Database) {
    let env = start(database).await;
    let mut client = client(&env, &owner());
    let before = client.get_preferences(GetPreferencesRequest {}).await.unwrap().into_inner();
    assert_eq!(before.name, format!("{}/preferences", account().name()));
    assert_eq!((before.sms(), before.email()), (ChannelUse::RequiredOnly, ChannelUse::All));

    let wanted =
        Preferences { email: ChannelUse::Off.into(), sms: ChannelUse::Off.into(), ..before };
    let changed = client.update_preferences(update(&env, wanted, &["email"])).await.unwrap();
    let changed = changed.into_inner();
    // Only what the mask names.
    assert_eq!((changed.sms(), changed.email()), (ChannelUse::RequiredOnly, ChannelUse::Off));

    env.tell(dossier(1).uuid(), &submitted(1)).await;
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    let [sms] = &settled(&env, 1).await[..] else { panic!("one short message") };
    assert_eq!(sms.channel(), MessageChannel::Sms);
    assert_eq!(inbox(&env).await.len(), 2);
    env.stop().await;
}

async fn who_prefers_english_is_told_in_english(database: Database) {
    let env = start(database).await;
    let mut client = client(&env, &owner());
    let before = client.get_preferences(GetPreferencesRequest {}).await.unwrap().into_inner();
    assert_eq!(before.language(), Language::Vi);
    let english = Preferences { language: Language::En.into(), ..before.clone() };
    let changed = client.update_preferences(update(&env, english, &["language"])).await.unwrap();
    let changed = changed.into_inner();
    assert_eq!((changed.language(), changed.sms()), (Language::En, before.sms()));
    // Whoever knows of no languages changes none.
    let older = Preferences { language: 0, ..changed };
    let changed = client.update_preferences(update(&env, older, &[])).await.unwrap().into_inner();
    assert_eq!(changed.language(), Language::En);

    env.tell(dossier(1).uuid(), &accepted(1)).await;
    let [inside] = &inbox(&env).await[..] else { panic!("one in the inbox") };
    assert_eq!(inside.title, format!("Dossier {CODE} has been accepted"));
    assert_eq!(inside.template, "templates/dossier-accepted.en.v1");
    assert_eq!(inside.language(), Language::En);
    for message in settled(&env, 2).await {
        assert_eq!(message.language(), Language::En);
        if message.channel() == MessageChannel::Sms {
            assert_eq!(message.template, "templates/dossier-accepted.sms-en.v1");
            let text = format!("Dossier {CODE} has been accepted. Result due: 17:00 06/03/2026.");
            assert_eq!(message.text, text);
        }
    }
    env.stop().await;
}

async fn a_lost_update_is_refused(database: Database) {
    let env = start(database).await;
    let mut client = client(&env, &owner());
    let known = client.get_preferences(GetPreferencesRequest {}).await.unwrap().into_inner();
    let off = Preferences { sms: ChannelUse::Off.into(), ..known.clone() };
    let first = update(&env, off.clone(), &["sms"]);
    let done = client.update_preferences(first.clone()).await.unwrap().into_inner();
    assert_ne!(done.etag, known.etag);
    // The same request is the same answer; another with the old etag is too late.
    assert_eq!(client.update_preferences(first).await.unwrap().into_inner(), done);
    let late = client.update_preferences(update(&env, off, &["sms"])).await.unwrap_err();
    assert_eq!(late.code(), Code::Aborted);
    assert_eq!(motcua_rpc::fault(late).reason(), "ETAG_MISMATCH");
    env.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_all_at_once() {
    let env = start(Database::Sqlite).await;
    let asked = update(&env, Preferences::default(), &["sms", "email", "colour"]);
    let refused = client(&env, &owner()).update_preferences(asked).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let fault = motcua_rpc::fault(refused);
    let fields: Vec<_> = fault.violations().iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["update_mask", "preferences.sms", "preferences.email"]);
    env.stop().await;
}

async fn one_channel_is_told_first_by_choice(database: Database) {
    let builder = builder(database, || Ok(contact()));
    let env = builder.set("notification.classes.required.in_turn=true").start().await;
    ready(&env).await;
    let mut client = client(&env, &owner());
    let with = |first: MessageChannel| Preferences { first: first.into(), ..Default::default() };
    let wrong = update(&env, with(MessageChannel::Inbox), &["first"]);
    let refused = client.update_preferences(wrong).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let wanted = update(&env, with(MessageChannel::Email), &["first"]);
    let changed = client.update_preferences(wanted).await.unwrap().into_inner();
    assert_eq!(changed.first(), MessageChannel::Email);
    env.tell(dossier(1).uuid(), &accepted(1)).await;
    let state = async |channel| {
        let all = spool(&env).await;
        all.iter().find(|message| message.channel() == channel).map(Message::state)
    };
    env.until(async || {
        let told = state(MessageChannel::Email).await == Some(MessageState::Delivered);
        told.then_some(())
    })
    .await;
    let behind = async || state(MessageChannel::Sms).await == Some(MessageState::Spared);
    env.until(async || behind().await.then_some(())).await;
    let none = update(&env, Preferences::default(), &["first"]);
    let changed = client.update_preferences(none).await.unwrap().into_inner();
    assert_eq!(changed.first(), MessageChannel::Unspecified);
    env.stop().await;
}
