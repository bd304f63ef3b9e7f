//! `[workflow]`: the limits an operator may set.

use chrono::NaiveTime;
use motcua_config::Section;
use motcua_files::MediaType;
use serde::{Deserialize, Serialize};

use crate::domain::DigestHours;

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
    /// When officers are told what awaits them.
    pub digest: DigestConfig,
}

/// `[workflow.digest]`: the hours of a working day's morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DigestConfig {
    /// From when on officers are told, local, `HH:MM`; empty: never.
    pub at: String,
    /// Until when it is still worth telling, local, `HH:MM`.
    pub until: String,
}

impl Default for DigestConfig {
    fn default() -> Self {
        Self { at: "07:15".to_owned(), until: "11:00".to_owned() }
    }
}

impl DigestConfig {
    /// The hours, if officers are told at all.
    pub fn hours(&self) -> Option<DigestHours> {
        let (from, until) = (clock(&self.at)?, clock(&self.until)?);
        Some(DigestHours { from, until })
    }

    fn wrong(&self) -> Option<String> {
        // Nobody is told at night.
        let by_day = |time: NaiveTime| {
            let [first, last] = [6, 18].map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
            Some(time) >= first && Some(time) <= last
        };
        let right = self.hours().is_some_and(|DigestHours { from, until }| {
            from < until && by_day(from) && by_day(until)
        });
        let text = "digest.at: at and until must be HH:MM between 06:00 and 18:00, at before until; \
                    at may be empty";
        (!right && !self.at.is_empty()).then(|| text.to_owned())
    }
}

fn clock(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
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
            digest: DigestConfig::default(),
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
        wrong.extend(self.digest.wrong());
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
            digest: DigestConfig { at: "23:00".to_owned(), until: "11:00".to_owned() },
        };
        assert_eq!(bad.validate().unwrap_err().len(), 4);
    }

    #[test]
    fn nobody_is_told_at_night_or_without_an_hour() {
        let config = |at: &str, until: &str| DigestConfig { at: at.into(), until: until.into() };
        assert_eq!(config("07:15", "11:00").wrong(), None);
        for (at, until) in
            [("05:59", "11:00"), ("07:15", "18:01"), ("11:00", "11:00"), ("7 giờ", "11:00")]
        {
            assert!(config(at, until).wrong().is_some(), "{at} {until}");
        }
        let off = config("", "11:00");
        assert_eq!((off.wrong(), off.hours()), (None, None));
    }
}
