//! The persons of a dossier. All of it is personal data: sealed at rest, never
//! printed, never in an event.

use std::fmt;

use motcua_fault::Violations;
use motcua_ids::AccountId;
use serde::{Deserialize, Serialize};

/// What kind of person a party is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// Công dân.
    #[default]
    Citizen,
    /// Doanh nghiệp, tổ chức.
    Organisation,
}

/// A person or an organisation as named in the dossier. Texts are empty where unknown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Citizen or organisation.
    pub kind: PartyKind,
    /// Họ và tên, or the organisation's name.
    pub full_name: String,
    /// Twelve digits.
    pub citizen_number: String,
    /// Mã số doanh nghiệp, mã số thuế.
    pub organisation_number: String,
    /// Normalised, `0912345678`.
    pub phone: String,
    /// Normalised.
    pub email: String,
    /// `yyyy-mm-dd`.
    pub birth_date: String,
    /// Nơi cư trú, trụ sở.
    pub address: String,
    /// The account it filed from.
    pub account: Option<AccountId>,
}

impl Party {
    fn check(&self, field: &str, violations: &mut Violations) {
        let (number, number_field, number_text) = match self.kind {
            PartyKind::Citizen => {
                (&self.citizen_number, "citizen_number", "Vui lòng điền số định danh cá nhân.")
            }
            PartyKind::Organisation => (
                &self.organisation_number,
                "organisation_number",
                "Vui lòng điền mã số doanh nghiệp hoặc mã số thuế.",
            ),
        };
        if self.full_name.is_empty() {
            violations.add(format!("{field}.full_name"), "REQUIRED", "Vui lòng điền họ và tên.");
        }
        if number.is_empty() {
            violations.add(format!("{field}.{number_field}"), "REQUIRED", number_text);
        }
    }
}

/// On what ground somebody acts for the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Văn bản ủy quyền.
    Authorisation,
    /// Đại diện theo pháp luật, giám hộ.
    Legal,
    /// A relative the law lets act.
    Relative,
}

/// Who files in the applicant's stead.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representative {
    /// Who.
    pub party: Party,
    /// Why they may.
    pub basis: Basis,
}

/// How the result comes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnWay {
    /// In the account.
    Online,
    /// At the receiving desk.
    #[default]
    Desk,
    /// By post.
    Post,
}

impl ReturnWay {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Desk => "desk",
            Self::Post => "post",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Online, Self::Desk, Self::Post].into_iter().find(|way| way.as_str() == word)
    }
}

/// Where the result goes.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// How.
    pub way: ReturnWay,
    /// For the post.
    pub address: String,
    /// Empty: the one who filed.
    pub receiver_name: String,
    /// Empty: of the one who filed.
    pub receiver_phone: String,
}

/// Everything personal of a dossier but the answers and the papers.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Persons {
    /// Chủ hồ sơ.
    pub applicant: Party,
    /// Who files for them.
    pub represented_by: Option<Representative>,
    /// Where the result goes.
    pub delivery: Delivery,
    /// Trích yếu, one line.
    pub subject: String,
    /// Who took the result at the desk.
    pub received_by: String,
    /// The postal item that carried it.
    pub postal_code: String,
}

impl Persons {
    /// Người nộp: the representative, else the applicant.
    pub fn filer(&self) -> &Party {
        self.represented_by.as_ref().map_or(&self.applicant, |r| &r.party)
    }

    /// Notes what a filing cannot do without, by field. `online`: nobody stands at
    /// the desk to be asked, so there must be a telephone.
    pub fn check(&self, online: bool, violations: &mut Violations) {
        self.applicant.check("applicant", violations);
        if let Some(representative) = &self.represented_by {
            representative.party.check("represented_by.party", violations);
        }
        if online && self.filer().phone.is_empty() {
            let field =
                if self.represented_by.is_some() { "represented_by.party" } else { "applicant" };
            violations.add(format!("{field}.phone"), "REQUIRED", "Vui lòng điền số điện thoại.");
        }
        if self.delivery.way == ReturnWay::Post && self.delivery.address.is_empty() {
            violations.add(
                "delivery.address",
                "REQUIRED",
                "Vui lòng điền địa chỉ nhận kết quả qua bưu chính.",
            );
        }
    }

    /// Whether both name one applicant, by a number that is theirs alone.
    pub fn same_applicant(&self, other: &Self) -> bool {
        let (one, two) = (&self.applicant, &other.applicant);
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        one.kind == two.kind
            && match one.kind {
                PartyKind::Citizen => same(&one.citizen_number, &two.citizen_number),
                PartyKind::Organisation => same(&one.organisation_number, &two.organisation_number),
            }
    }

    /// Notes what even a dossier that is not accepted cannot do without: whom
    /// the desk answers.
    pub fn check_named(&self, violations: &mut Violations) {
        if self.applicant.full_name.is_empty() {
            violations.add("applicant.full_name", "REQUIRED", "Vui lòng điền họ và tên.");
        }
    }

    /// The last four digits of every number a person may be asked for on the
    /// public look-up.
    pub fn look_up_factors(&self) -> Vec<&str> {
        let parties = [Some(&self.applicant), self.represented_by.as_ref().map(|r| &r.party)];
        let mut factors: Vec<&str> = parties
            .into_iter()
            .flatten()
            .flat_map(|p| [&p.phone, &p.citizen_number, &p.organisation_number])
            .filter_map(|number| last_four(number))
            .collect();
        factors.sort_unstable();
        factors.dedup();
        factors
    }
}

/// The last four characters, where they are digits.
fn last_four(number: &str) -> Option<&str> {
    let tail = number.get(number.len().checked_sub(4)?..)?;
    tail.bytes().all(|b| b.is_ascii_digit()).then_some(tail)
}

/// A name as a queue shows it: the family name, and initials. `Nguyễn V. A.`
pub fn masked(name: &str) -> String {
    let mut words = name.split_whitespace();
    let mut shown = words.next().unwrap_or_default().to_owned();
    for word in words {
        shown.push(' ');
        shown.extend(word.chars().take(1));
        shown.push('.');
    }
    shown
}

// Personal data must not reach a log by way of `{:?}`.
macro_rules! unprinted {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(sealed)"))
            }
        }
    )+};
}
unprinted!(Party, Representative, Delivery, Persons);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_masked_to_initials() {
        assert_eq!(masked("Nguyễn Văn An"), "Nguyễn V. A.");
        assert_eq!(masked("  Đỗ  "), "Đỗ");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn factors_are_the_last_four_digits_of_both_persons() {
        let persons = Persons {
            applicant: Party {
                phone: "0912345678".into(),
                citizen_number: "001099012345".into(),
                ..Party::default()
            },
            represented_by: Some(Representative {
                party: Party { phone: "0987655678".into(), ..Party::default() },
                basis: Basis::Authorisation,
            }),
            ..Persons::default()
        };
        assert_eq!(persons.look_up_factors(), ["2345", "5678"]);
    }

    #[test]
    fn an_applicant_is_known_by_a_number_and_never_by_the_lack_of_one() {
        use PartyKind::{Citizen, Organisation};
        let of = |kind, citizen: &str, organisation: &str| Persons {
            applicant: Party {
                kind,
                citizen_number: citizen.into(),
                organisation_number: organisation.into(),
                ..Party::default()
            },
            ..Persons::default()
        };
        let person = of(Citizen, "001099012345", "");
        assert!(person.same_applicant(&of(Citizen, "001099012345", "x")));
        assert!(!person.same_applicant(&of(Citizen, "001099012346", "")));
        assert!(!of(Citizen, "", "").same_applicant(&of(Citizen, "", "")));
        assert!(!person.same_applicant(&of(Organisation, "001099012345", "")));
        assert!(of(Organisation, "", "39").same_applicant(&of(Organisation, "", "39")));
    }

    #[test]
    fn nothing_personal_is_printed() {
        let party = Party { full_name: "Nguyễn Văn An".into(), ..Party::default() };
        let persons = Persons { applicant: party, ..Persons::default() };
        assert!(!format!("{persons:?}").contains("Nguyễn"));
    }
}
