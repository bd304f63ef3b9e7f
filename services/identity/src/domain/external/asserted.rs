use std::collections::BTreeMap;

use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Claims, NotTaken, text};
use crate::domain::{Handle, Identifier, Name};

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 100;
/// The longest subject (OpenID Connect Core 1.0, 2).
const LONGEST_SUBJECT: usize = 255;

/// What a provider may say of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Số định danh cá nhân.
    CitizenNumber,
    /// Họ, chữ đệm và tên.
    FullName,
    /// Số điện thoại.
    Phone,
    /// Thư điện tử.
    Email,
    /// An officer's username here.
    Username,
}

/// Which claim says what, and what of it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// The claim that names a person for ever.
    pub subject: String,
    /// The claims of what is known of a person.
    pub names: BTreeMap<Fact, String>,
    /// What the provider vouches for whenever it says it.
    pub vouched: Vec<Fact>,
    /// What it vouches for where another claim is true: `phone = "phone_number_verified"`.
    pub verified_by: BTreeMap<Fact, String>,
    /// The claim of how surely the person was known.
    pub level: String,
    /// The levels that are enough; none means any.
    pub levels: Vec<String>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            subject: "sub".to_owned(),
            names: BTreeMap::new(),
            vouched: Vec::new(),
            verified_by: BTreeMap::new(),
            level: "acr".to_owned(),
            levels: Vec::new(),
        }
    }
}

/// What a provider vouches for. What it only repeats is not in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asserted {
    /// Names the person for ever, at this provider.
    pub subject: String,
    /// Số định danh cá nhân.
    pub citizen_number: Option<CitizenNumber>,
    /// Họ, chữ đệm và tên.
    pub full_name: Option<Name>,
    /// Số điện thoại.
    pub phone: Option<PhoneNumber>,
    /// Thư điện tử.
    pub email: Option<EmailAddress>,
    /// An officer's username here.
    pub username: Option<Handle>,
}

impl Mapping {
    /// Whether there is a claim of this that can count.
    pub fn has(&self, fact: Fact) -> bool {
        self.names.contains_key(&fact)
            && (self.vouched.contains(&fact) || self.verified_by.contains_key(&fact))
    }

    /// Everything that makes no sense, by its key.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.subject.is_empty() {
            wrong.push("claims.subject: must name a claim".to_owned());
        }
        if !self.levels.is_empty() && self.level.is_empty() {
            wrong.push("claims.level: must name a claim where levels are asked".to_owned());
        }
        if self.has(Fact::CitizenNumber) && !self.has(Fact::FullName) {
            let text = "claims.names: a citizen number needs full_name beside it, vouched for too";
            wrong.push(text.to_owned());
        }
        let named = |fact: &&Fact| !self.names.contains_key(fact);
        for fact in self.vouched.iter().chain(self.verified_by.keys()).filter(named) {
            wrong.push(format!("claims.names: {fact:?} is vouched for, and no claim is its name"));
        }
        wrong
    }

    /// Reads what counts of the claims.
    pub fn read(&self, claims: &Claims) -> Result<Asserted, NotTaken> {
        let level = text(claims, &self.level);
        if !self.levels.is_empty() && !level.is_some_and(|level| self.levels.contains(&level)) {
            return Err(NotTaken::LevelTooLow);
        }
        let subject = text(claims, &self.subject)
            .filter(|subject| subject.len() <= LONGEST_SUBJECT)
            .ok_or_else(|| NotTaken::ClaimMissing(self.subject.clone()))?;
        Ok(Asserted {
            subject,
            // Whom these name must not be guessed at: what cannot be read is not passed over.
            citizen_number: self.exact(claims, Fact::CitizenNumber, CitizenNumber::parse)?,
            username: self.exact(claims, Fact::Username, Handle::username)?,
            full_name: self
                .vouched(claims, Fact::FullName)
                .and_then(|name| Name::new(&name, LONGEST_NAME).ok()),
            phone: self.vouched(claims, Fact::Phone).and_then(|t| PhoneNumber::parse(&t).ok()),
            email: self.vouched(claims, Fact::Email).and_then(|t| EmailAddress::parse(&t).ok()),
        })
    }

    fn exact<T, E>(
        &self,
        claims: &Claims,
        fact: Fact,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, NotTaken> {
        let Some(said) = self.vouched(claims, fact) else { return Ok(None) };
        let name = self.names.get(&fact).cloned().unwrap_or_default();
        parse(&said).map(Some).map_err(|_| NotTaken::ClaimMissing(name))
    }

    fn vouched(&self, claims: &Claims, fact: Fact) -> Option<String> {
        let verified = self.verified_by.get(&fact).and_then(|claim| claims.get(claim));
        if !self.vouched.contains(&fact) && !verified.is_some_and(is_true) {
            return None;
        }
        text(claims, self.names.get(&fact)?)
    }
}

/// Some providers write their truth as text.
fn is_true(claim: &Value) -> bool {
    matches!(claim, Value::Bool(true)) || claim.as_str() == Some("true")
}

impl Asserted {
    /// By what the person's account is looked for, where none is linked yet. Never by a telephone
    /// or an e-mail address: what an account says of those nobody has proved.
    pub fn identifier(&self) -> Option<Identifier> {
        let username = self.username.clone().map(Identifier::Handle);
        username.or_else(|| self.citizen_number.clone().map(Identifier::CitizenNumber))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping() -> Mapping {
        let names = [
            (Fact::CitizenNumber, "citizen_id"),
            (Fact::FullName, "name"),
            (Fact::Phone, "phone_number"),
            (Fact::Email, "email"),
            (Fact::Username, "preferred_username"),
        ];
        Mapping {
            names: names.map(|(fact, claim)| (fact, claim.to_owned())).into(),
            vouched: vec![Fact::CitizenNumber, Fact::FullName, Fact::Username],
            verified_by: [(Fact::Phone, "phone_number_verified".to_owned())].into(),
            levels: vec!["2".to_owned(), "3".to_owned()],
            ..Mapping::default()
        }
    }

    fn read(claims: &Value) -> Result<Asserted, NotTaken> {
        mapping().read(claims.as_object().unwrap())
    }

    #[test]
    fn what_the_provider_vouches_for_counts_and_nothing_else() {
        let said = json!({
            "sub": 42, "acr": "2", "citizen_id": "001199012345", "name": " Nguyễn  Thị Hoa ",
            "phone_number": "+84912345678", "phone_number_verified": true,
            "email": "hoa@example.vn", "email_verified": true,
        });
        let asserted = read(&said).unwrap();
        assert_eq!(asserted.subject, "42");
        assert_eq!(asserted.citizen_number, CitizenNumber::parse("001199012345").ok());
        assert_eq!(asserted.full_name.unwrap().as_str(), "Nguyễn Thị Hoa");
        assert_eq!(asserted.phone, PhoneNumber::parse("0912345678").ok());
        assert_eq!(asserted.email, None, "nothing says that e-mail is vouched for");
        for unproved in [json!(false), json!("no"), json!(1), Value::Null] {
            let said = json!({"sub": "1", "acr": 3, "phone_number": "0912345678",
                              "phone_number_verified": unproved});
            assert_eq!(read(&said).unwrap().phone, None, "{said}");
        }
    }

    #[test]
    fn what_names_a_person_is_read_exactly_or_refused() {
        let missing = |claim: &str| Err(NotTaken::ClaimMissing(claim.to_owned()));
        let table = [
            (json!({"acr": "2"}), missing("sub")),
            (json!({"acr": "2", "sub": ""}), missing("sub")),
            (json!({"acr": "2", "sub": "x".repeat(256)}), missing("sub")),
            (json!({"acr": "2", "sub": ["1"]}), missing("sub")),
            (json!({"acr": "2", "sub": "1", "citizen_id": "12"}), missing("citizen_id")),
            (
                json!({"acr": "2", "sub": "1", "preferred_username": "ông An"}),
                missing("preferred_username"),
            ),
            (json!({"sub": "1"}), Err(NotTaken::LevelTooLow)),
            (json!({"acr": "1", "sub": "1"}), Err(NotTaken::LevelTooLow)),
        ];
        for (claims, expected) in table {
            assert_eq!(read(&claims), expected, "{claims}");
        }
    }

    #[test]
    fn an_account_is_never_looked_for_by_a_contact() {
        let said = json!({"sub": "1", "acr": "2", "phone_number": "0912345678",
                          "phone_number_verified": true});
        assert_eq!(read(&said).unwrap().identifier(), None);
    }

    #[test]
    fn a_mapping_that_makes_no_sense_is_told_all_at_once() {
        assert_eq!(mapping().wrong(), Vec::<String>::new());
        let nonsense = Mapping {
            subject: String::new(),
            level: String::new(),
            levels: vec!["2".into()],
            names: [(Fact::CitizenNumber, "cccd".to_owned())].into(),
            vouched: vec![Fact::CitizenNumber, Fact::Email],
            ..Mapping::default()
        };
        assert_eq!(nonsense.wrong().len(), 4, "{:?}", nonsense.wrong());
    }
}
