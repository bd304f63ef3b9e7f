use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use serde_json::json;
use tokio::{fs::OpenOptions, io::AsyncWriteExt, sync::Mutex};

use crate::domain::{Address, Message};

/// A file of handed-over messages in clear, one JSON object a line.
pub(crate) struct SpoolFile {
    path: PathBuf,
    /// One line at a time.
    turn: Mutex<()>,
}

impl SpoolFile {
    /// `spool.jsonl` in a folder, which is made when it is needed.
    pub(crate) fn new(dir: &Path) -> Self {
        Self { path: dir.join("spool.jsonl"), turn: Mutex::default() }
    }

    /// Appends a message.
    pub(crate) async fn append(&self, at: DateTime<Utc>, message: &Message) -> Result<(), Fault> {
        let to = match &message.written.address {
            Address::Inbox(account) => account.name(),
            Address::Sms(phone) => phone.national(),
            Address::Email(address) => address.reveal().to_owned(),
        };
        let mut line = json!({
            "message": message.id.name(),
            "dossier": message.origin.dossier.name(),
            "code": message.origin.code,
            "channel": message.written.address.channel(),
            "to": to,
            "title": message.written.title,
            "text": message.written.text,
            "at": at,
        })
        .to_string();
        line.push('\n');
        let _turn = self.turn.lock().await;
        self.write(line.as_bytes())
            .await
            .map_err(|error| Fault::unavailable("spool file").because(error))
    }

    /// For its owner's eyes alone, and on the disk before the message counts as handed over.
    async fn write(&self, line: &[u8]) -> std::io::Result<()> {
        if let Some(dir) = self.path.parent() {
            tokio::fs::create_dir_all(dir).await?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&self.path).await?;
        file.write_all(line).await?;
        file.sync_data().await
    }
}
