use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn both_live_formats_are_read() {
    for (text, identifier, date, order) in [
        ("000.00.01.H15-200825-0001", "000.00.01.H15", "2020-08-25", 1),
        ("H15.50.05.13-261008-0975", "H15.50.05.13", "2026-10-08", 975),
        ("G09.20-20260609-0092637", "G09.20", "2026-06-09", 92_637),
        ("h53-261121-10000", "H53", "2026-11-21", 10_000),
        ("H53.12.005-261121-0001", "H53.12.005", "2026-11-21", 1),
    ] {
        let code = DossierCode::parse(text).unwrap();
        assert_eq!(code.as_str(), text.to_uppercase());
        assert_eq!(code.identifier().as_str(), identifier);
        assert_eq!(code.day(), Some(day(date)));
        assert_eq!(code.order(), order);
    }
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "H53",
        "H53-261121",
        "H53-261121-001",
        "H53-261121-00000001",
        "H53-2611211-0001",
        "K53-261121-0001",
        "H5-261121-0001",
        "H53.1-261121-0001",
        "H53.12.05.13.01-261121-0001",
        "00.00.01.H15-200825-0001",
        "000.00.01.15-200825-0001",
        "H53-261121-0001-2",
        "H53-26112a-0001",
    ] {
        assert_eq!(DossierCode::parse(text), Err(BadCode::Code), "{text}");
    }
}

#[test]
fn digits_that_are_no_day_are_kept_but_tell_none() {
    assert_eq!(DossierCode::parse("H53-269999-0001").unwrap().day(), None);
}

#[test]
fn codes_are_minted_and_grow_past_their_width() {
    let agency = AgencyIdentifier::parse("H53.12.05").unwrap();
    let pattern = MintPattern::default();
    assert_eq!(pattern.mint(&agency, day("2026-11-21"), 1).as_str(), "H53.12.05-261121-0001");
    let past = pattern.mint(&agency, day("2026-11-21"), 10_000);
    assert_eq!(past.as_str(), "H53.12.05-261121-10000");
    assert_eq!(DossierCode::parse(past.as_str()), Ok(past));
}

#[test]
fn patterns_are_configuration() {
    let agency = AgencyIdentifier::parse("H53.12.05").unwrap();
    for (pattern, code) in [
        ("{identifier}-{yyMMdd}-{n:0>4}", "H53.12.05-261121-0042"),
        ("{identifier:leaf_first}-{yyMMdd}-{n:0>4}", "000.05.12.H53-261121-0042"),
        ("{identifier}-{yyyyMMdd}-{n:0>7}", "H53.12.05-20261121-0000042"),
    ] {
        let read: MintPattern = pattern.parse().unwrap();
        assert_eq!(read.to_string(), pattern);
        let minted = read.mint(&agency, day("2026-11-21"), 42);
        assert_eq!(minted.as_str(), code);
        assert_eq!(DossierCode::parse(code), Ok(minted));
    }
    for bad in ["", "{identifier}-{n:0>4}", "{identifier}-{yyMMdd}-{n:0>3}", "x-{yyMMdd}-{n:0>4}"] {
        assert_eq!(bad.parse::<MintPattern>(), Err(BadCode::Pattern), "{bad}");
    }
}

#[test]
fn an_identifier_turns_both_ways() {
    for (root, leaf) in [
        ("H53", "000.00.00.H53"),
        ("H53.12", "000.00.12.H53"),
        ("H53.12.05", "000.05.12.H53"),
        ("H53.12.05.113", "113.05.12.H53"),
    ] {
        let (root, leaf) =
            (AgencyIdentifier::parse(root).unwrap(), AgencyIdentifier::parse(leaf).unwrap());
        assert_eq!(root.leaf_first(), leaf);
        assert_eq!(leaf.root_first(), root);
        assert_eq!((root.root_first(), leaf.leaf_first()), (root, leaf));
    }
}
