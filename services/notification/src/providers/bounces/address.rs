use std::{ops::Range, sync::Arc};

use motcua_ids::{MessageId, Uuid};
use motcua_sealing::Keyring;

use crate::config::BouncesConfig;

const LABEL: &str = "notification/return";
/// Octets of a message's id, and of the proof that we wrote the address.
const ID: usize = 16;
const PROOF: usize = 8;
/// Signs of both in hexadecimal: mail servers may write an address in letters of any case.
const TOKEN: usize = 2 * (ID + PROOF);

/// Where letters come back to: `local+token@domain`, another for each. The token names the message
/// and proves itself, so that nobody who was not sent a letter can say that it came back.
#[derive(Clone)]
pub(crate) struct ReturnAddress {
    local: String,
    domain: String,
    keyring: Arc<Keyring>,
}

impl ReturnAddress {
    /// Below the address of the settings, if there is one.
    pub(crate) fn new(config: &BouncesConfig, keyring: &Arc<Keyring>) -> Option<Self> {
        let (local, domain) = config.address.as_ref()?.split_once('@')?;
        let [local, domain] = [local, domain].map(str::to_ascii_lowercase);
        Some(Self { local, domain, keyring: keyring.clone() })
    }

    /// The one of a message.
    pub(in crate::providers) fn of(&self, message: MessageId) -> String {
        let id = message.uuid();
        let mut token = id.as_bytes().to_vec();
        token.extend(proof(&self.keyring.blind(LABEL, &id.to_string())));
        format!("{}+{}@{}", self.local, hex::encode(token), self.domain)
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
            rest.starts_with(&end).then(|| self.proved(token)).flatten()
        })
    }

    fn proved(&self, token: &str) -> Option<MessageId> {
        let mut octets = [0; ID + PROOF];
        hex::decode_to_slice(token, &mut octets).ok()?;
        let (id, given) = octets.split_first_chunk::<ID>()?;
        let id = Uuid::from_bytes(*id);
        // Keys that are being exchanged count both: letters come back for days.
        let known = self.keyring.blind_all(LABEL, &id.to_string());
        known.iter().any(|mac| proof(mac) == given).then(|| MessageId::new(id))
    }
}

/// What of a code goes into an address. Whoever guesses has a mailbox's pace to do so.
fn proof(mac: &[u8]) -> &[u8] {
    mac.get(..PROOF).unwrap_or(mac)
}
