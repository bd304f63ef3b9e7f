//! Short messages on the air (GSM 03.38, 03.40): which alphabet, how many septets, which parts.

use motcua_vn::text::plain_ascii;
use serde::{Deserialize, Serialize};

/// What fits one message in the seven-bit alphabet.
pub const SMS_SEPTETS: usize = 160;
/// What fits each of several parts that belong together, beside the header that says so.
const PART_SEPTETS: usize = 153;
/// The same in sixteen bits: units of UTF-16.
const SMS_UNITS: usize = 70;
const PART_UNITS: usize = 67;
/// The header counts parts in one octet.
const PARTS: usize = 255;

/// The basic table: a character's place is its septet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Announces a character of the extension table.
const ESCAPE: u8 = 0x1b;
const EXTENSION: [(char, u8); 10] = [
    ('\u{c}', 0x0a),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2f),
    ('[', 0x3c),
    ('~', 0x3d),
    (']', 0x3e),
    ('|', 0x40),
    ('€', 0x65),
];

/// How a text is written on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// Seven bits a sign, each in an octet of its own.
    Gsm7,
    /// Sixteen bits a sign, the higher octet first.
    Ucs2,
}

/// A text as it goes out: one part, or several that the telephone puts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// How all of them are written.
    pub alphabet: Alphabet,
    /// The octets of each, without the header of parts.
    pub octets: Vec<Vec<u8>>,
}

/// The length of a text in septets; none where a character is outside the
/// alphabet, so that the whole message would be sent in sixteen bits, 70 to a part.
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(|c| gsm7(c).map(|sign| sign.len())).sum()
}

/// A text in parts; no sign is torn in two. None if it would be more than can be counted.
pub fn parts(text: &str) -> Option<Parts> {
    let signs: Option<Vec<Vec<u8>>> = text.chars().map(gsm7).collect();
    let (alphabet, signs, whole, part) = match signs {
        Some(signs) => (Alphabet::Gsm7, signs, SMS_SEPTETS, PART_SEPTETS),
        None => (Alphabet::Ucs2, text.chars().map(ucs2).collect(), 2 * SMS_UNITS, 2 * PART_UNITS),
    };
    let length: usize = signs.iter().map(Vec::len).sum();
    let most = if length <= whole { whole } else { part };
    let mut octets = vec![Vec::new()];
    for sign in signs {
        match octets.last_mut() {
            Some(last) if last.len() + sign.len() <= most => last.extend(sign),
            _ => octets.push(sign),
        }
    }
    (octets.len() <= PARTS).then_some(Parts { alphabet, octets })
}

/// Dấu tiếng Việt in short messages. With them a message goes out in sixteen bits, so that less of it
/// fits a part, and operators charge each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marks {
    /// Without.
    #[default]
    Never,
    /// With, where that takes no more parts than without.
    WhereFree,
    /// With.
    Always,
}

impl Marks {
    /// A text as it is to go out.
    pub fn written(self, text: String) -> String {
        let plain = plain_ascii(&text);
        let count = |text: &str| parts(text).map_or(usize::MAX, |parts| parts.octets.len());
        let with = match self {
            Self::Never => false,
            Self::WhereFree => count(&text) <= count(&plain),
            Self::Always => true,
        };
        if with { text } else { plain }
    }
}

/// Octets of the seven-bit alphabet as text; an octet beyond it is the sign for that.
pub fn gsm7_text(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    let mut octets = octets.iter();
    while let Some(&octet) = octets.next() {
        let sign = if octet == ESCAPE {
            octets
                .next()
                .and_then(|next| EXTENSION.iter().find(|(_, sign)| sign == next))
                .map(|(sign, _)| *sign)
        } else {
            BASIC.chars().nth(octet.into())
        };
        text.push(sign.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    text
}

fn gsm7(c: char) -> Option<Vec<u8>> {
    if let Some((_, sign)) = EXTENSION.iter().find(|(known, _)| *known == c) {
        return Some(vec![ESCAPE, *sign]);
    }
    let place = BASIC.chars().position(|known| known == c)?;
    u8::try_from(place).ok().filter(|place| *place != ESCAPE).map(|place| vec![place])
}

fn ucs2(c: char) -> Vec<u8> {
    let mut units = [0; 2];
    c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_stand_where_they_are_wanted_and_cost_nothing() {
        // 70 units are one part; so are 160 septets.
        let (short, long) = ("ệ".repeat(70), "ệ".repeat(71));
        for (marks, free, dear) in [
            (Marks::Never, "e".repeat(70), "e".repeat(71)),
            (Marks::WhereFree, short.clone(), "e".repeat(71)),
            (Marks::Always, short.clone(), long.clone()),
        ] {
            assert_eq!(marks.written(short.clone()), free, "{marks:?}");
            assert_eq!(marks.written(long.clone()), dear, "{marks:?}");
        }
        // 154 septets are two parts, and 134 units are no more.
        let two = "ệ".repeat(134);
        assert_eq!(Marks::WhereFree.written(two.clone()), "e".repeat(134));
        let mixed = format!("{}{}", "ệ", "a".repeat(200));
        assert_eq!(Marks::WhereFree.written(mixed), format!("e{}", "a".repeat(200)));
    }

    #[test]
    fn most_signs_take_one_septet_and_some_two() {
        assert_eq!(septets("Ho so H53-261121-0001"), Some(21));
        assert_eq!(septets("[a]"), Some(5));
        assert_eq!(septets("€"), Some(2));
        assert_eq!(septets(""), Some(0));
    }

    #[test]
    fn vietnamese_letters_are_outside_the_alphabet() {
        assert_eq!(septets("Hồ sơ"), None);
        assert_eq!(septets("`"), None);
        assert_eq!(septets("\u{1b}"), None);
    }

    #[test]
    fn the_table_is_that_of_the_standard() {
        assert_eq!(BASIC.chars().count(), 128);
        let septet = |c| gsm7(c).unwrap();
        for (c, place) in
            [('@', 0), ('_', 0x11), (' ', 0x20), ('A', 0x41), ('a', 0x61), ('à', 0x7f)]
        {
            assert_eq!(septet(c), [place], "{c}");
        }
        assert_eq!(septet('€'), [ESCAPE, 0x65]);
    }

    #[test]
    fn a_text_fits_one_part_or_is_split_earlier() {
        let lengths =
            |text: &str| parts(text).unwrap().octets.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(""), [0]);
        assert_eq!(lengths(&"a".repeat(160)), [160]);
        assert_eq!(lengths(&"a".repeat(161)), [153, 8]);
        assert_eq!(lengths(&"ồ".repeat(70)), [140]);
        assert_eq!(lengths(&"ồ".repeat(71)), [134, 8]);
        // A sign of two septets, or of two units, stays in one piece.
        assert_eq!(lengths(&format!("{}€{}", "a".repeat(152), "a".repeat(10))), [152, 12]);
        assert_eq!(lengths(&format!("{}😀{}", "ồ".repeat(66), "a".repeat(10))), [132, 24]);
        assert_eq!(parts(&"a".repeat(153 * 255 + 1)), None);
    }

    fn read(parts: &Parts) -> String {
        let octets = parts.octets.concat();
        match parts.alphabet {
            Alphabet::Ucs2 => {
                let units: Vec<_> =
                    octets.chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
                String::from_utf16(&units).unwrap()
            }
            Alphabet::Gsm7 => gsm7_text(&octets),
        }
    }

    proptest! {
        #[test]
        fn parts_put_together_are_the_text(text in "(\\PC|[ -~]){0,400}") {
            let split = parts(&text).unwrap();
            prop_assert_eq!(read(&split), text.clone());
            let most = match (split.alphabet, split.octets.len()) {
                (Alphabet::Gsm7, 1) => 160,
                (Alphabet::Gsm7, _) => 153,
                (Alphabet::Ucs2, 1) => 140,
                (Alphabet::Ucs2, _) => 134,
            };
            prop_assert!(split.octets.iter().all(|part| part.len() <= most));
            prop_assert_eq!(septets(&text).is_some(), split.alphabet == Alphabet::Gsm7);
        }

        #[test]
        fn plain_letters_are_never_sent_in_sixteen_bits(text in "[ -_a-~]{0,400}") {
            prop_assert_eq!(parts(&text).unwrap().alphabet, Alphabet::Gsm7);
        }
    }
}
