use std::path::{Path, PathBuf};

use motcua_context::Timestamp;
use motcua_ids::DossierId;
use serde_json::json;
use tokio::{fs::OpenOptions, io::AsyncWriteExt, sync::Mutex};

use super::Provider;
use crate::domain::{Address, Answer, Message, Taken};

/// Where messages go while nobody carries them: the rows themselves, and a file in clear, one
/// JSON object a line, where a folder is given. A reader tells repeats by the message's name.
pub(super) struct Spool {
    path: Option<PathBuf>,
    /// One line at a time.
    turn: Mutex<()>,
}

impl Spool {
    /// `spool.jsonl` in a folder, which is made when it is needed.
    pub(super) fn new(dir: Option<&Path>) -> Self {
        Self { path: dir.map(|dir| dir.join("spool.jsonl")), turn: Mutex::default() }
    }

    /// For its owner's eyes alone, and on the disk before the message counts as handed over.
    async fn append(&self, path: &Path, line: &[u8]) -> std::io::Result<()> {
        let _turn = self.turn.lock().await;
        if let Some(dir) = path.parent() {
            tokio::fs::create_dir_all(dir).await?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(path).await?;
        file.write_all(line).await?;
        file.sync_data().await
    }
}

#[async_trait::async_trait]
impl Provider for Spool {
    async fn send(&self, now: Timestamp, message: &Message) -> Answer {
        let taken = Answer::Taken(Taken { id: None, segments: 1, receipt: false });
        let Some(path) = &self.path else { return taken };
        match self.append(path, line(now, message).as_bytes()).await {
            Ok(()) => taken,
            Err(error) => {
                tracing::warn!(%error, "the spool's file cannot be written");
                Answer::later("UNAVAILABLE")
            }
        }
    }
}

fn line(now: Timestamp, message: &Message) -> String {
    let to = match &message.written.address {
        Address::Inbox(account) => account.name(),
        Address::Webhook(webhook) => webhook.name(),
        Address::Sms(phone) | Address::Zalo(phone) => phone.national(),
        Address::Email(address) => address.reveal().to_owned(),
    };
    let mut line = json!({
        "message": message.id.name(),
        "dossier": message.origin.dossier.map(DossierId::name),
        "code": message.origin.code,
        "channel": message.written.address.channel(),
        "to": to,
        "title": message.written.title,
        "text": message.written.text,
        "at": now,
    })
    .to_string();
    line.push('\n');
    line
}
