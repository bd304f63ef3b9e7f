//! `files`: what is in quarantine is shown, and looked at again on a person's word.

use std::path::Path;

use motcua::settings;
use motcua_context::{Actor, Cause, Clock, Ctx, System, SystemClock};
use motcua_files::{Unfit, Verdict};
use motcua_ids::{FileId, Uuid};
use motcua_service::Host;

use crate::motcua;

/// A file that intake holds back.
async fn held(data: &Path) -> FileId {
    assert!(motcua(data, &["migrate"]).well);
    let settings = settings::only(&[format!("server.data={}", data.display())]).unwrap();
    let all = motcua::roles::ALL;
    let host = Host::new(settings, &all, &all, std::sync::Arc::new(SystemClock)).unwrap();
    let env = host.env_of::<motcua_intake::Intake>().await.unwrap();
    let quarantine = motcua_quarantine::Quarantine::new(&env);
    let ctx = Ctx::new(Actor::System(System::service("intake")), SystemClock.now());
    let file = ctx.new_id::<FileId>();
    let ctx = ctx.with_cause(Cause::Command { id: file.uuid() });
    let verdict = Verdict::Unfit(Unfit::Infected, "Test.Eicar".to_owned());
    let subject = Uuid::from_u128(7);
    let keep = async |tx: &motcua_store::Tx| {
        quarantine.keep(tx, file, subject, &verdict, SystemClock.now()).await
    };
    env.store.write(&ctx, subject, keep).await.unwrap();
    file
}

#[tokio::test]
async fn what_is_held_back_is_listed_and_examined_again_by_somebody_for_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let file = held(dir.path()).await;
    let listed = motcua(dir.path(), &["files", "list"]);
    let line: serde_json::Value = serde_json::from_str(listed.good()).unwrap();
    for (key, expected) in [
        ("service", "intake".to_owned()),
        ("file", file.name()),
        ("problem", "infected".to_owned()),
        ("signature", "Test.Eicar".to_owned()),
        ("dossier", format!("dossiers/{}", Uuid::from_u128(7))),
    ] {
        assert_eq!(line[key], expected, "{key}");
    }
    assert!(line["rescan_at"].is_null());
    let name = file.name();
    let nameless = motcua(dir.path(), &["files", "rescan", &name, "--by", " ", "--reason", "x"]);
    assert!(!nameless.well && nameless.err.contains("--by"), "{}", nameless.err);
    let why = ["--by", "an operator", "--reason", "newer signatures"];
    let asked = motcua(dir.path(), &[&["files", "rescan", &name][..], &why].concat());
    assert!(asked.good().contains("intake"), "{}", asked.out);
    let listed = motcua(dir.path(), &["files", "list"]);
    let line: serde_json::Value = serde_json::from_str(listed.good()).unwrap();
    assert!(line["rescan_at"].is_string());
    let unknown = FileId::new(Uuid::from_u128(9)).name();
    let unknown = motcua(dir.path(), &[&["files", "rescan", &unknown][..], &why].concat());
    assert!(!unknown.well && unknown.err.contains("no such file"), "{}", unknown.err);
}
