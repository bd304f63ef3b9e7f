//! The texts of messages. A version that was shipped is never changed: a new
//! text is a new file, and the highest version writes new messages.

use super::{Channel, Topic};

/// A text before a person's facts are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// What it is about.
    pub topic: Topic,
    /// What it is for.
    pub variant: Variant,
    /// Counted from 1.
    pub version: u16,
    /// The text with its placeholders.
    pub source: &'static str,
}

/// Whether a text is long, with diacritics and a title, or short and in plain letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// For the inbox and e-mail: a title, an empty line, the text.
    Vi,
    /// For short messages.
    Sms,
}

impl Variant {
    /// The one a channel is written with.
    pub const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Inbox | Channel::Email | Channel::Zalo => Self::Vi,
            Channel::Sms => Self::Sms,
        }
    }

    /// The channels it is for.
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            Self::Vi => &[Channel::Inbox, Channel::Email],
            Self::Sms => &[Channel::Sms],
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::Sms => "sms",
        }
    }
}

impl Template {
    /// `templates/result-ready.sms.v1`.
    pub fn name(&self) -> String {
        format!("templates/{}.{}.v{}", self.topic.key(), self.variant.key(), self.version)
    }

    /// Whether new messages are written with it.
    pub fn is_current(&self) -> bool {
        current(self.topic, self.variant).is_some_and(|current| current.version == self.version)
    }
}

macro_rules! texts {
    ($($topic:ident, $key:literal, $version:literal;)+) => {
        &[$(
            Template {
                topic: Topic::$topic,
                variant: Variant::Vi,
                version: $version,
                source: include_str!(concat!("../../templates/", $key, "/vi.v", $version, ".txt")),
            },
            Template {
                topic: Topic::$topic,
                variant: Variant::Sms,
                version: $version,
                source: include_str!(concat!("../../templates/", $key, "/sms.v", $version, ".txt")),
            },
        )+]
    };
}

static TEMPLATES: &[Template] = texts! {
    DossierSubmitted, "dossier-submitted", 1;
    DossierAccepted, "dossier-accepted", 1;
    SupplementRequested, "supplement-requested", 1;
    DossierRejected, "dossier-rejected", 1;
    DossierStopped, "dossier-stopped", 1;
    WithdrawalRefused, "withdrawal-refused", 1;
    DueDateChanged, "due-date-changed", 1;
    DueDateChanged, "due-date-changed", 2;
    ResultReady, "result-ready", 1;
    ResultReturned, "result-returned", 1;
    WithdrawalRequested, "withdrawal-requested", 1;
    SupplementReceived, "supplement-received", 1;
    DossierOverdue, "dossier-overdue", 1;
    PaperQuarantined, "paper-quarantined", 1;
    PaymentRequested, "payment-requested", 1;
    PaymentReceived, "payment-received", 1;
    PaymentRefunded, "payment-refunded", 1;
};

/// All templates with all their versions.
pub fn templates() -> &'static [Template] {
    TEMPLATES
}

/// The template new messages are written with.
pub fn current(topic: Topic, variant: Variant) -> Option<&'static Template> {
    (TEMPLATES.iter())
        .filter(|template| template.topic == topic && template.variant == variant)
        .max_by_key(|template| template.version)
}

/// The template of a name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name() == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_topic_has_a_long_and_a_short_text() {
        for topic in Topic::ALL {
            for variant in [Variant::Vi, Variant::Sms] {
                assert!(current(topic, variant).is_some(), "{topic:?} {variant:?}");
            }
        }
    }

    #[test]
    fn names_are_distinct_and_read_back() {
        let names: BTreeSet<_> = templates().iter().map(Template::name).collect();
        assert_eq!(names.len(), templates().len());
        for one in templates() {
            assert_eq!(template(&one.name()), Some(one));
        }
        assert_eq!(template("templates/x.vi.v1"), None);
    }
}
