use serde::{Deserialize, Serialize};

/// How people are answered who ask by short message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InquiriesConfig {
    /// Questions of one telephone that are answered in a day; 0: nobody's.
    pub a_day: u32,
}

impl Default for InquiriesConfig {
    fn default() -> Self {
        Self { a_day: 10 }
    }
}

impl InquiriesConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let right = self.a_day <= 100;
        (!right).then(|| "inquiries.a_day: must be 0 to 100".to_owned()).into_iter().collect()
    }
}
