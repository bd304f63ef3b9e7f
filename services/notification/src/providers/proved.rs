use std::sync::Arc;

use motcua_ids::{MessageId, Uuid};
use motcua_sealing::Keyring;

/// Octets of a message's id, and of the proof that we wrote the token.
const ID: usize = 16;
const PROOF: usize = 8;
/// Signs of both in hexadecimal: whoever hands a token on may write letters of any case.
pub(super) const TOKEN: usize = 2 * (ID + PROOF);

/// Names messages to those outside by tokens that prove themselves: whoever was not sent one has none.
#[derive(Clone)]
pub(super) struct Proved {
    label: &'static str,
    keyring: Arc<Keyring>,
}

impl Proved {
    /// Tokens for one use; those for another are none here.
    pub(super) const fn new(label: &'static str, keyring: Arc<Keyring>) -> Self {
        Self { label, keyring }
    }

    /// The one of a message.
    pub(super) fn of(&self, message: MessageId) -> String {
        let id = message.uuid();
        let mut token = id.as_bytes().to_vec();
        token.extend(proof(&self.keyring.blind(self.label, &id.to_string())));
        hex::encode(token)
    }

    /// The message, if the token is one of ours.
    pub(super) fn read(&self, token: &str) -> Option<MessageId> {
        let mut octets = [0; ID + PROOF];
        hex::decode_to_slice(token, &mut octets).ok()?;
        let (id, given) = octets.split_first_chunk::<ID>()?;
        let id = Uuid::from_bytes(*id);
        // Keys that are being exchanged count both: letters lie for days before anybody acts on them.
        let known = self.keyring.blind_all(self.label, &id.to_string());
        known.iter().any(|mac| proof(mac) == given).then(|| MessageId::new(id))
    }
}

/// What of a code goes into a token: 64 bits, of which nobody is told how near a guess was.
fn proof(mac: &[u8]) -> &[u8] {
    mac.get(..PROOF).unwrap_or(mac)
}
