use proptest::prelude::*;

use super::*;

#[test]
fn names_are_tidied_and_keep_their_marks() {
    assert_eq!(Name::new("  Nguyễn   Thị  Hoa ", 100).unwrap().as_str(), "Nguyễn Thị Hoa");
    assert_eq!(Name::new("Hoa\u{300}", 100).unwrap().as_str(), "Hoà");
    assert!(Name::new("Công ty TNHH Một thành viên «X»", 200).is_err());
    assert!(Name::new("Công ty TNHH An & Bình (chi nhánh 2)", 200).is_ok());
    for wrong in ["", "A", "  ", "1234", "<script>", "Hoa\u{0}"] {
        assert_eq!(Name::new(wrong, 100), Err(Malformed::Name(100)), "{wrong:?}");
    }
    assert_eq!(Name::new(&"a".repeat(101), 100), Err(Malformed::Name(100)));
}

#[test]
fn a_tax_code_proves_itself_by_its_tenth_digit() {
    for right in ["0301452948", "0101248141", "0301452948-001"] {
        assert_eq!(TaxCode::parse(right).unwrap().as_str(), right);
    }
    for wrong in ["0301452947", "030145294", "0301452948-1", "03014529a8", ""] {
        assert_eq!(TaxCode::parse(wrong), Err(Malformed::TaxCode), "{wrong}");
    }
}

#[test]
fn handles_and_scopes_are_plain_words() {
    assert_eq!(Handle::username(" NV.An ").unwrap().as_str(), "nv.an");
    assert_eq!(Handle::username("1an"), Err(Malformed::Username));
    assert_eq!(Handle::client_id("hệ-thống"), Err(Malformed::ClientId));
    assert_eq!(Scope::parse("connector.sync").unwrap().as_str(), "connector.sync");
    for wrong in ["connector", "Connector.sync", "a..b", ".a", "a.b!"] {
        assert_eq!(Scope::parse(wrong), Err(Malformed::Scope(wrong.to_owned())));
    }
}

#[test]
fn personal_values_do_not_print_themselves() {
    assert_eq!(format!("{:?}", Handle::username("nv.an").unwrap()), "Handle(…)");
    assert_eq!(format!("{:?}", TaxCode::parse("0301452948").unwrap()), "TaxCode(…)");
}

proptest! {
    #[test]
    fn any_single_wrong_digit_of_a_tax_code_is_seen(at in 0usize..9, by in 1u32..10) {
        let mut digits: Vec<u32> = "0301452948".chars().filter_map(|c| c.to_digit(10)).collect();
        digits[at] = (digits[at] + by) % 10;
        let text: String = digits.iter().filter_map(|d| char::from_digit(*d, 10)).collect();
        prop_assert!(TaxCode::parse(&text).is_err());
    }

    #[test]
    fn whatever_is_read_is_read_again_the_same(text in "\\PC{0,60}") {
        if let Ok(name) = Name::new(&text, 100) {
            prop_assert_eq!(Name::new(name.as_str(), 100).unwrap(), name);
        }
    }

    #[test]
    fn any_text_is_a_value_or_malformed(text in prop_oneof![
        any::<String>(), "[a-z][a-z0-9._-]{0,70}", "[0-9]{9,14}", "[a-z]{1,9}[.][a-z]{1,9}",
    ]) {
        if let Ok(handle) = Handle::username(&text) {
            prop_assert_eq!(Handle::username(handle.as_str()), Ok(handle));
        }
        if let Ok(handle) = Handle::client_id(&text) {
            prop_assert_eq!(Handle::client_id(handle.as_str()), Ok(handle));
        }
        if let Ok(code) = TaxCode::parse(&text) {
            prop_assert_eq!(TaxCode::parse(code.as_str()), Ok(code));
        }
        if let Ok(scope) = Scope::parse(&text) {
            prop_assert_eq!(Scope::parse(scope.as_str()), Ok(scope));
        }
    }
}
