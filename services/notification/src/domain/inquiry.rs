//! Tra cứu bằng tin nhắn: short messages that people send to us, and what they are answered.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::Uuid;
use motcua_vn::{DossierCode, PhoneNumber, text};
use serde::{Deserialize, Serialize};

use super::{Language, Progress};

type Timestamp = DateTime<Utc>;

/// The words a question begins with, and in which language it is answered.
const WORDS: [(&str, Language); 3] =
    [("TRACUU", Language::Vi), ("TC", Language::Vi), ("STATUS", Language::En)];
/// How long an answer is worth sending.
const WORTH: TimeDelta = TimeDelta::hours(1);

/// A short message that somebody sent to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Its id.
    pub id: Uuid,
    /// What was said, and from where: personal data.
    pub said: Said,
    /// When.
    pub heard_at: Timestamp,
}

/// What a telephone said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// From where.
    pub phone: PhoneNumber,
    /// Its words.
    pub text: String,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Of which dossier; none where nobody knows what is meant.
    pub code: Option<String>,
    /// In which language it is answered.
    pub language: Language,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Where the dossier stands.
    Found {
        /// How far it came.
        progress: Progress,
        /// The appointment, if there is one.
        due: Option<Timestamp>,
    },
    /// The same of what is not there and of what is somebody else's.
    Unknown,
    /// How one asks, for whom nobody understands.
    Usage,
}

impl Said {
    /// What is asked, however it is typed: `tra cứu h53.12-261128-0001`, `TRACUU  H53…`, or the code
    /// alone.
    pub fn question(&self) -> Question {
        let dashed: String =
            self.text.chars().map(|c| if "‐‑‒–—−".contains(c) { '-' } else { c }).collect();
        let plain = text::plain_ascii(&dashed).to_ascii_uppercase();
        let packed: String = plain.split_ascii_whitespace().collect();
        let asked = WORDS
            .iter()
            .find_map(|(word, language)| packed.strip_prefix(word).map(|rest| (rest, *language)));
        let (rest, language) = asked.unwrap_or((&packed, Language::Vi));
        let code = rest.trim_start_matches([':', '.', '-']).trim_end_matches('.');
        let code = DossierCode::parse(code).ok().map(|code| code.to_string());
        Question { code, language }
    }
}

impl Inquiry {
    /// Until when an answer is worth sending.
    pub fn worth_until(&self) -> Timestamp {
        self.heard_at + WORTH
    }
}

impl Finding {
    /// The word templates tell it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Found { progress, .. } => progress.word(),
            Self::Unknown => "unknown",
            Self::Usage => "usage",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Question {
        let phone = PhoneNumber::parse("0912345678").unwrap();
        Said { phone, text: text.to_owned() }.question()
    }

    #[test]
    fn a_question_is_understood_however_it_is_typed() {
        let code = Some("H53.12-261128-0001".to_owned());
        for text in [
            "TRACUU H53.12-261128-0001",
            "tracuu h53.12-261128-0001",
            "Tra cứu h53.12-261128-0001",
            "TRA CUU: H53.12 - 261128 - 0001.",
            "tra c\u{1b0}\u{301}u H53.12–261128–0001",
            "  TC H53.12-261128-0001 ",
            "H53.12-261128-0001",
        ] {
            let question = Question { code: code.clone(), language: Language::Vi };
            assert_eq!(asked(text), question, "{text}");
        }
        let english = Question { code, language: Language::En };
        assert_eq!(asked("Status H53.12-261128-0001"), english);
        for text in ["", "TRACUU", "xin chào", "TRACUU H53", "STOP", "TRACUU H53.12-261128-0001 va"]
        {
            assert_eq!(asked(text).code, None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_question_or_unclear(text in "\\PC{0,200}") {
            if let Some(code) = asked(&text).code {
                proptest::prop_assert!(DossierCode::parse(&code).is_ok());
            }
        }
    }
}
