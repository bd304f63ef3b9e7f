//! `[workflow]`: the limits an operator may set.

use motcua_config::Section;
use motcua_files::MediaType;
use serde::{Deserialize, Serialize};

/// `[workflow]` in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkflowConfig {
    /// The largest file of a result, in bytes.
    pub result_max_bytes: u64,
    /// The media types a result may have, found by content.
    pub result_media_types: Vec<String>,
    /// The longest reason, opinion or decision, in characters.
    pub text_max_chars: usize,
}

impl Default for WorkflowConfig {
    fn default() -> Self {
        Self {
            result_max_bytes: 50 * 1024 * 1024,
            result_media_types: [
                "application/pdf",
                "image/png",
                "image/jpeg",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ]
            .map(str::to_owned)
            .to_vec(),
            text_max_chars: 10_000,
        }
    }
}

impl Section for WorkflowConfig {
    fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if self.result_max_bytes == 0 {
            wrong.push("result_max_bytes must be above 0".to_owned());
        }
        if self.result_media_types.is_empty() {
            wrong.push("result_media_types must name at least one type".to_owned());
        }
        for name in &self.result_media_types {
            if MediaType::parse(name).is_none() {
                wrong.push(format!("result_media_types: {name} is not a type that is recognised"));
            }
        }
        if !(1..=100_000).contains(&self.text_max_chars) {
            wrong.push("text_max_chars must be between 1 and 100000".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold_and_nonsense_is_refused_at_once() {
        assert_eq!(WorkflowConfig::default().validate(), Ok(()));
        let bad = WorkflowConfig {
            result_max_bytes: 0,
            result_media_types: vec!["application/x-msdownload".to_owned()],
            text_max_chars: 0,
        };
        assert_eq!(bad.validate().unwrap_err().len(), 3);
    }
}
