//! Texts approved at Zalo (ZNS): we send the values of their parameters alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use motcua_vn::local;
use serde::{Deserialize, Serialize};

use super::News;

/// Before the id of such a text, in place of a template of ours.
const PLACE: &str = "zalo/";
/// Signs that a name or a code has at the most there.
const LONGEST: usize = 30;

/// A text approved at Zalo, and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZnsTemplate {
    /// Its number there.
    pub id: String,
    /// Its parameters, each with what it says.
    pub params: BTreeMap<String, Fact>,
}

/// What a parameter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The person's name.
    Name,
    /// Mã hồ sơ.
    Code,
    /// The time that the news tell: an appointment, a deadline.
    Time,
    /// Số tiền.
    Amount,
}

/// The facts of some news.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The dossier's code; empty where none was minted yet.
    pub code: &'a str,
    /// The time that is told.
    pub time: Option<DateTime<Utc>>,
    /// The sum that is told.
    pub amount: Option<motcua_vn::Vnd>,
}

/// A message as it goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zns {
    /// The text's number.
    pub template: String,
    /// The values of its parameters.
    pub data: BTreeMap<String, String>,
}

impl<'a> Facts<'a> {
    /// Those of some news, told to somebody about a dossier.
    pub fn of(news: &News, name: &'a str, code: &'a str) -> Self {
        Self { name, code, time: news.time(), amount: news.amount() }
    }
}

impl ZnsTemplate {
    /// The values of the parameters; none where one of them has nothing to say: Zalo takes no
    /// empty ones.
    pub fn fill(&self, facts: Facts<'_>) -> Option<Zns> {
        let filled = self.values(facts).map(|(param, value)| Some((param.to_owned(), value?)));
        Some(Zns { template: self.id.clone(), data: filled.collect::<Option<_>>()? })
    }

    /// What each parameter says, if it has something to say.
    pub fn values<'a>(
        &'a self,
        facts: Facts<'a>,
    ) -> impl Iterator<Item = (&'a str, Option<String>)> {
        self.params.iter().map(move |(param, fact)| (param.as_str(), fact.of(facts)))
    }
}

impl Fact {
    fn of(self, facts: Facts<'_>) -> Option<String> {
        let text = match self {
            // A name that is too long is told as far as it goes, a code never in part.
            Self::Name => facts.name.chars().take(LONGEST).collect(),
            Self::Code if facts.code.chars().count() <= LONGEST => facts.code.to_owned(),
            Self::Code => return None,
            Self::Time => local::local(facts.time?).format("%H:%M %d/%m/%Y").to_string(),
            Self::Amount => facts.amount?.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }
}

impl Zns {
    /// The name of its text, in place of a template's.
    pub fn name(&self) -> String {
        format!("{PLACE}{}", self.template)
    }

    /// The values as they stand in a message.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.data).unwrap_or_default()
    }

    /// What a message was written as.
    pub fn of(name: &str, text: &str) -> Option<Self> {
        let template = name.strip_prefix(PLACE)?.to_owned();
        Some(Self { template, data: serde_json::from_str(text).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts<'_> =
        Facts { name: "Trần Thị Đào", code: "H53.12-260302-0001", time: None, amount: None };

    fn template(params: &[(&str, Fact)]) -> ZnsTemplate {
        let params = params.iter().map(|(param, fact)| ((*param).to_owned(), *fact)).collect();
        ZnsTemplate { id: "412345".into(), params }
    }

    #[test]
    fn parameters_are_filled_or_nothing_is_sent() {
        let both = template(&[("ten", Fact::Name), ("ma_ho_so", Fact::Code)]);
        let zns = both.fill(FACTS).unwrap();
        assert_eq!(zns.text(), r#"{"ma_ho_so":"H53.12-260302-0001","ten":"Trần Thị Đào"}"#);
        assert_eq!(Zns::of(&zns.name(), &zns.text()), Some(zns));
        assert_eq!(both.fill(Facts { code: "", ..FACTS }), None);
        assert_eq!(both.fill(Facts { code: &"9".repeat(31), ..FACTS }), None);
        let long = both.fill(Facts { name: &"Đào ".repeat(20), ..FACTS }).unwrap();
        assert_eq!(long.data["ten"].chars().count(), 30);
    }

    #[test]
    fn times_and_sums_read_as_here() {
        let told = template(&[("hen", Fact::Time), ("tien", Fact::Amount)]);
        assert_eq!(told.fill(FACTS), None);
        let time = "2026-11-25T10:00:00Z".parse().ok();
        let amount = Some(motcua_vn::Vnd::new(50_000));
        let zns = told.fill(Facts { time, amount, ..FACTS }).unwrap();
        assert_eq!(zns.data["hen"], "17:00 25/11/2026");
        assert!(zns.data["tien"].starts_with("50.000"), "{zns:?}");
    }
}
