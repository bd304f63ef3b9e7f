//! Whatever people and other systems write: it is read or refused, never broken by.

use std::str::FromStr;

use motcua_vn::{
    AgencyIdentifier, CitizenNumber, DossierCode, EmailAddress, MintPattern, PhoneNumber,
    text::{plain_ascii, searchable, tidy},
};
use proptest::prelude::*;

/// Text of any kind, and text that begins well.
fn texts() -> impl Strategy<Value = String> {
    let near = "[ +()0-9.@H\u{300}-\u{303}a-zđệ٣\u{a0}-]{0,40}";
    prop_oneof![
        any::<String>(),
        near,
        "H[0-9.]{0,12}-[0-9]{4,8}-[0-9]{1,12}",
        "[{a-zA-Z:0-9>}-]{0,40}"
    ]
}

proptest! {
    #[test]
    fn what_is_read_is_read_again_the_same(text in texts()) {
        if let Ok(number) = PhoneNumber::parse(&text) {
            prop_assert_eq!(PhoneNumber::parse(number.e164()), Ok(number));
        }
        if let Ok(code) = DossierCode::parse(&text) {
            prop_assert_eq!(DossierCode::parse(code.as_str()), Ok(code.clone()));
            let _ = (code.identifier(), code.day(), code.order());
        }
        if let Ok(identifier) = AgencyIdentifier::parse(&text) {
            prop_assert_eq!(AgencyIdentifier::parse(identifier.as_str()), Ok(identifier.clone()));
            let _ = (identifier.root_first(), identifier.leaf_first());
        }
        let _ = CitizenNumber::parse(&text);
        let _ = EmailAddress::parse(&text);
        let _ = MintPattern::from_str(&text);
    }

    #[test]
    fn composing_a_text_bounds_it(text in texts(), marks in "[\u{300}-\u{315}\u{fb2c}\u{1d160}ﷺ]{0,200}") {
        let text = text + &marks;
        // No character has more than eighteen in it (U+FDFA), nor three times its octets (NFC).
        prop_assert!(tidy(&text).len() <= 3 * text.len());
        prop_assert!(searchable(&text).len() <= 18 * 3 * text.len() + 1);
        prop_assert!(plain_ascii(&text).is_ascii());
        prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
    }
}
