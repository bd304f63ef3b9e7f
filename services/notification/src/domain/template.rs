//! The texts of messages. A version that was shipped is never changed: a new
//! text is a new file, and the highest version writes new messages.

use super::{Channel, Language, Topic};

/// A text before a person's facts are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// What it is about.
    pub topic: Topic,
    /// What it is for.
    pub variant: Variant,
    /// For whom.
    pub language: Language,
    /// Counted from 1.
    pub version: u16,
    /// The text with its placeholders.
    pub source: &'static str,
}

/// Whether a text is long, with a title, or short and in plain letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// For the inbox and e-mail: a title, an empty line, the text.
    Long,
    /// For short messages.
    Sms,
}

impl Variant {
    /// The one a channel is written with.
    pub const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Inbox | Channel::Email | Channel::Zalo | Channel::Webhook => Self::Long,
            Channel::Sms => Self::Sms,
        }
    }

    /// The channels it is for.
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            Self::Long => &[Channel::Inbox, Channel::Email],
            Self::Sms => &[Channel::Sms],
        }
    }

    const fn key(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Long, Language::Vi) => "vi",
            (Self::Sms, Language::Vi) => "sms",
            (Self::Long, Language::En) => "en",
            (Self::Sms, Language::En) => "sms-en",
        }
    }
}

impl Template {
    /// `templates/result-ready.sms.v1`.
    pub fn name(&self) -> String {
        format!(
            "templates/{}.{}.v{}",
            self.topic.key(),
            self.variant.key(self.language),
            self.version
        )
    }

    /// Whether new messages are written with it.
    pub fn is_current(&self) -> bool {
        let current = current(self.topic, self.variant, self.language);
        current.is_some_and(|current| current.version == self.version)
    }
}

macro_rules! texts {
    (
        both { $(
            $topic:ident, $key:literal,
            vi $($vi:literal)+, sms $($sms:literal)+, en $($en:literal)+;
        )+ }
        short { $(
            $short:ident, $short_key:literal, sms $($short_vi:literal)+, en $short_en:literal;
        )+ }
    ) => {
        &[$(
            $(text!($topic, $key, Long, Vi, "vi", $vi),)+
            $(text!($topic, $key, Sms, Vi, "sms", $sms),)+
            $(
                text!($topic, $key, Long, En, "en", $en),
                text!($topic, $key, Sms, En, "sms-en", $en),
            )+
        )+ $(
            $(text!($short, $short_key, Sms, Vi, "sms", $short_vi),)+
            text!($short, $short_key, Sms, En, "sms-en", $short_en),
        )+]
    };
}

macro_rules! text {
    ($topic:ident, $key:literal, $variant:ident, $language:ident, $file:literal, $version:literal) => {
        Template {
            topic: Topic::$topic,
            variant: Variant::$variant,
            language: Language::$language,
            version: $version,
            source: include_str!(concat!(
                "../../templates/",
                $key,
                "/",
                $file,
                ".v",
                $version,
                ".txt"
            )),
        }
    };
}

static TEMPLATES: &[Template] = texts! {
    both {
        DossierSubmitted, "dossier-submitted", vi 1, sms 1 2, en 1;
        DossierAccepted, "dossier-accepted", vi 1, sms 1 2, en 1;
        SupplementRequested, "supplement-requested", vi 1, sms 1 2, en 1;
        DossierRejected, "dossier-rejected", vi 1, sms 1 2, en 1;
        DossierStopped, "dossier-stopped", vi 1, sms 1 2, en 1;
        WithdrawalRefused, "withdrawal-refused", vi 1, sms 1 2, en 1;
        DueDateChanged, "due-date-changed", vi 1 2, sms 1 2 3, en 1;
        ResultReady, "result-ready", vi 1, sms 1 2, en 1;
        ResultReturned, "result-returned", vi 1, sms 1 2, en 1;
        WithdrawalRequested, "withdrawal-requested", vi 1, sms 1 2, en 1;
        SupplementReceived, "supplement-received", vi 1, sms 1 2, en 1;
        DossierOverdue, "dossier-overdue", vi 1, sms 1 2, en 1;
        PaperQuarantined, "paper-quarantined", vi 1, sms 1 2, en 1;
        PaymentRequested, "payment-requested", vi 1, sms 1 2, en 1;
        PaymentReceived, "payment-received", vi 1, sms 1 2, en 1;
        PaymentRefunded, "payment-refunded", vi 1, sms 1 2, en 1;
        PaymentDueSoon, "payment-due-soon", vi 1, sms 1 2, en 1;
        SupplementDueSoon, "supplement-due-soon", vi 1, sms 1 2, en 1;
        WebhookOff, "webhook-off", vi 1, sms 1 2, en 1;
        OfficerDigest, "officer-digest", vi 1, sms 1 2, en 1;
    }
    short {
        InquiryAnswered, "inquiry-answered", sms 1 2, en 1;
    }
};

/// All templates with all their versions.
pub fn templates() -> &'static [Template] {
    TEMPLATES
}

/// The template new messages are written with.
pub fn current(topic: Topic, variant: Variant, language: Language) -> Option<&'static Template> {
    let wanted = (topic, variant, language);
    (TEMPLATES.iter())
        .filter(|template| (template.topic, template.variant, template.language) == wanted)
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
    fn every_topic_has_a_long_and_a_short_text_in_every_language() {
        for topic in Topic::ALL {
            let long = (!topic.is_answer()).then_some(Variant::Long);
            for variant in long.into_iter().chain([Variant::Sms]) {
                for language in Language::ALL {
                    let found = current(topic, variant, language);
                    assert!(found.is_some(), "{topic:?} {variant:?} {language:?}");
                }
            }
        }
    }

    #[test]
    fn a_short_text_with_its_marks_says_what_it_said_without() {
        for marked in TEMPLATES.iter().filter(|one| {
            one.variant == Variant::Sms && !one.source.is_ascii() && one.language == Language::Vi
        }) {
            let name = marked.name();
            let before = template(&name.replace(&format!("v{}", marked.version), "v1"));
            let before = before.unwrap().source;
            assert_eq!(motcua_vn::text::plain_ascii(marked.source), before, "{name}");
            assert!(marked.is_current(), "{name}");
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
