use std::{ops::Range, sync::Arc};

use motcua_ids::MessageId;
use motcua_sealing::Keyring;

use crate::{
    config::BouncesConfig,
    providers::proved::{Proved, TOKEN},
};

const LABEL: &str = "notification/return";

/// Where letters come back to: `local+token@domain`, another for each. The token names the message
/// and proves itself, so that nobody who was not sent a letter can say that it came back.
#[derive(Clone)]
pub(crate) struct ReturnAddress {
    local: String,
    domain: String,
    tokens: Proved,
}

impl ReturnAddress {
    /// Below the address of the settings, if there is one.
    pub(crate) fn new(config: &BouncesConfig, keyring: &Arc<Keyring>) -> Option<Self> {
        let (local, domain) = config.address.as_ref()?.split_once('@')?;
        let [local, domain] = [local, domain].map(str::to_ascii_lowercase);
        Some(Self { local, domain, tokens: Proved::new(LABEL, keyring.clone()) })
    }

    /// The one of a message.
    pub(in crate::providers) fn of(&self, message: MessageId) -> String {
        format!("{}+{}@{}", self.local, self.tokens.of(message), self.domain)
    }

    /// The message whose address stands anywhere in a letter. Where mail servers write it differs:
    /// as the recipient, in what they add, in the letter that they return.
    pub(super) fn find(&self, letter: &[u8]) -> Option<MessageId> {
        let text = String::from_utf8_lossy(letter).to_ascii_lowercase();
        let begin = format!("{}+", self.local);
        let end = format!("@{}", self.domain);
        let mut places = text.match_indices(&begin).map(|(at, found)| at + found.len());
        places.find_map(|at| {
            let token = text.get(Range { start: at, end: at + TOKEN })?;
            let rest = text.get(at + TOKEN..)?;
            rest.starts_with(&end).then(|| self.tokens.read(token)).flatten()
        })
    }
}
