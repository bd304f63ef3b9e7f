use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};

use super::{Handle, Holder, TaxCode};

/// A value that belongs to one account alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// Số điện thoại of a citizen or an organisation.
    Phone(PhoneNumber),
    /// Thư điện tử of a citizen or an organisation.
    Email(EmailAddress),
    /// Số định danh cá nhân of a citizen.
    CitizenNumber(CitizenNumber),
    /// Số định danh cá nhân of an officer, who may have a citizen's account beside.
    OfficerNumber(CitizenNumber),
    /// Mã số thuế.
    TaxCode(TaxCode),
    /// A username or a client id.
    Handle(Handle),
}

impl Identifier {
    /// What somebody who signs in may mean; nothing, if no account can have such a login.
    pub fn login(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains('@') {
            return EmailAddress::parse(text).ok().map(Self::Email);
        }
        PhoneNumber::parse(text)
            .ok()
            .map(Self::Phone)
            .or_else(|| Handle::username(text).ok().map(Self::Handle))
    }

    /// The one text under which tries with this login are counted, however it is spelled:
    /// whoever guesses gains nothing by spaces, and nothing by a country's prefix.
    pub fn counted(text: &str) -> String {
        match Self::login(text) {
            Some(login) => {
                let (label, text) = login.parts();
                format!("{label}/{text}")
            }
            None => format!("nobody/{}", text.trim().to_lowercase()),
        }
    }

    /// Everything that somebody who looks for an account may mean.
    pub fn any(text: &str) -> Vec<Self> {
        let text = text.trim();
        Self::login(text)
            .into_iter()
            .chain(CitizenNumber::parse(text).ok().map(Self::CitizenNumber))
            .chain(CitizenNumber::parse(text).ok().map(Self::OfficerNumber))
            .chain(TaxCode::parse(text).ok().map(Self::TaxCode))
            .collect()
    }

    /// What no other account may have. An officer's contacts are the office's, shared by many.
    pub fn of(holder: &Holder) -> Vec<Self> {
        let contacts = |contacts: &super::Contacts| {
            let phone = contacts.phone.clone().map(Self::Phone);
            phone.into_iter().chain(contacts.email.clone().map(Self::Email)).collect::<Vec<_>>()
        };
        match holder {
            Holder::Citizen(citizen) => {
                let number = citizen.citizen_number.clone().map(Self::CitizenNumber);
                number.into_iter().chain(contacts(&citizen.contacts)).collect()
            }
            Holder::Organisation(organisation) => {
                let code = Self::TaxCode(organisation.tax_code.clone());
                std::iter::once(code).chain(contacts(&organisation.contacts)).collect()
            }
            Holder::Officer(officer) => {
                let number = officer.citizen_number.clone().map(Self::OfficerNumber);
                let handle = Self::Handle(officer.username.clone());
                std::iter::once(handle).chain(number).collect()
            }
            Holder::System(system) => vec![Self::Handle(system.client_id.clone())],
        }
    }

    /// The label of its blind index and its text in one form.
    pub fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Phone(phone) => ("identity/phone", phone.e164().to_owned()),
            Self::Email(email) => ("identity/email", email.key()),
            Self::CitizenNumber(number) => ("identity/citizen_number", number.reveal().to_owned()),
            Self::OfficerNumber(number) => ("identity/officer_number", number.reveal().to_owned()),
            Self::TaxCode(code) => ("identity/tax_code", code.as_str().to_owned()),
            Self::Handle(handle) => ("identity/handle", handle.as_str().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_a_telephone_an_address_or_a_username() {
        let label = |text| Identifier::login(text).map(|i| i.parts().0);
        assert_eq!(label(" 0912 345 678 "), Some("identity/phone"));
        assert_eq!(label("+84912345678"), Some("identity/phone"));
        assert_eq!(label("Hoa@vidu.vn"), Some("identity/email"));
        assert_eq!(label("nv.an"), Some("identity/handle"));
        assert_eq!(label("không phải"), None);
        assert_eq!(label(""), None);
    }

    #[test]
    fn one_telephone_is_one_text_however_it_is_written() {
        let text = |t| Identifier::login(t).map(|i| i.parts().1);
        assert_eq!(text("0912 345 678"), text("+84 912345678"));
    }

    #[test]
    fn tries_are_counted_for_the_login_and_not_for_its_spelling() {
        let spellings = ["0912345678", " 0912 345 678 ", "+84912345678", "84 912.345.678"];
        let counted: Vec<String> = spellings.map(Identifier::counted).into();
        assert!(counted.windows(2).all(|two| two[0] == two[1]), "{counted:?}");
        assert_eq!(Identifier::counted("NV.An"), Identifier::counted("nv.an "));
        assert_eq!(Identifier::counted("??? "), Identifier::counted("???"));
        assert_ne!(Identifier::counted("nv.an"), Identifier::counted("nv.binh"));
    }

    #[test]
    fn a_search_takes_numbers_too() {
        let labels = |text| Identifier::any(text).iter().map(|i| i.parts().0).collect::<Vec<_>>();
        let numbers = ["identity/citizen_number", "identity/officer_number"];
        assert_eq!(labels("001199012345"), numbers);
        assert_eq!(labels("0301452948-001"), ["identity/tax_code"]);
        assert!(labels("???").is_empty());
    }
}
