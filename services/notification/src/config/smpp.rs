use chrono::TimeDelta;
use motcua_config::Secret;
use motcua_context::Timestamp;
use serde::{Deserialize, Serialize};

/// How a centre writes its number of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmppIds {
    /// The same everywhere.
    #[default]
    Same,
    /// Hexadecimal where it takes a message, and decimal in the text of the receipt, as many do.
    Hexadecimal,
}

impl SmppIds {
    /// The number by which a message was taken, as it is kept.
    pub(crate) fn taken(self, id: &str) -> String {
        match self {
            Self::Same => id.to_owned(),
            Self::Hexadecimal => u128::from_str_radix(id, 16)
                .map_or_else(|_| id.to_owned(), |number| number.to_string()),
        }
    }

    /// The number in the text of a receipt, as it is kept.
    pub(crate) fn told(self, id: &str) -> String {
        match self {
            Self::Same => id.to_owned(),
            Self::Hexadecimal => {
                id.parse::<u128>().map_or_else(|_| id.to_owned(), |number| number.to_string())
            }
        }
    }
}

/// The way to an operator's centre of short messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmppConfig {
    /// `host:port`; none: short messages go to the spool alone. The protocol is in clear: the
    /// way there must be a private one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// By whom it knows us.
    pub system_id: String,
    /// The password; the protocol knows eight characters.
    pub password: Secret,
    /// What kind of system it takes us for; often nothing.
    pub system_type: String,
    /// Whom telephones show as the sender: a registered name, or a number.
    pub source: String,
    /// How many short messages go by it beside those of the others, up to 100; 0: a reserve,
    /// which has some only while none of the others is well.
    pub weight: u32,
    /// Messages at once that it has not answered yet.
    pub window: u16,
    /// How often the connection is tried while nothing else is said, in seconds.
    pub enquire_s: u32,
    /// How long an answer of it is waited for, in seconds.
    pub answer_s: u32,
    /// Whether it is asked to say what became of a message.
    pub receipts: bool,
    /// How it writes its number of a message.
    pub ids: SmppIds,
    /// The longest that it is asked to try, in hours; 0: it is asked nothing of the kind.
    pub validity_h: u32,
}

impl Default for SmppConfig {
    fn default() -> Self {
        Self {
            address: None,
            system_id: String::new(),
            password: Secret::default(),
            system_type: String::new(),
            source: String::new(),
            weight: 1,
            window: 10,
            enquire_s: 30,
            answer_s: 20,
            receipts: true,
            ids: SmppIds::default(),
            validity_h: 72,
        }
    }
}

impl SmppConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let used = self.address.is_some();
        let plain = |text: &str, most: usize| {
            text.len() <= most && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
        };
        let place = |address: &String| {
            address.rsplit_once(':').is_some_and(|(host, port)| {
                !host.is_empty() && !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit())
            })
        };
        // Names have eleven signs at the most on the air.
        let longest = if self.is_named() { 11 } else { 20 };
        let rules = [
            (self.address.as_ref().is_none_or(place), "smpp.address: must be host:port"),
            (
                plain(&self.system_id, 15) && !(used && self.system_id.is_empty()),
                "smpp.system_id: must be 1 to 15 plain characters",
            ),
            (plain(self.password.expose(), 8), "smpp.password: must be at most 8 plain characters"),
            (plain(&self.system_type, 12), "smpp.system_type: must be at most 12 plain characters"),
            (
                plain(&self.source, longest) && !(used && self.source.is_empty()),
                "smpp.source: must be a name of 1 to 11 plain characters, or a number",
            ),
            (self.weight <= 100, "smpp.weight: must be at most 100"),
            ((1..=500).contains(&self.window), "smpp.window: must be 1 to 500"),
            ((1..=600).contains(&self.enquire_s), "smpp.enquire_s: must be 1 to 600"),
            ((1..=100).contains(&self.answer_s), "smpp.answer_s: must be 1 to 100"),
            (self.validity_h <= 720, "smpp.validity_h: must be at most 720"),
        ];
        rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect()
    }

    /// Until when it may be asked to try at the most.
    pub(crate) fn validity(&self, now: Timestamp) -> Option<Timestamp> {
        (self.validity_h > 0).then(|| now + TimeDelta::hours(self.validity_h.into()))
    }

    /// Whether the sender is a name, not a number.
    pub(crate) fn is_named(&self) -> bool {
        !self.source.bytes().all(|c| c.is_ascii_digit())
    }
}
