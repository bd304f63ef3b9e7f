use motcua_vn::text::{searchable, tidy};

/// What somebody says to the question whether pictures are to be filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// They are, perhaps for the paper of this number.
    Yes(Option<usize>),
    /// They are not.
    No,
}

impl Word {
    /// Reads the word, however it is spelled: `CO`, `Có ạ`, `co 2`, `không`. Any other text is none:
    /// people talk with an official account about much else.
    pub fn read(text: &str) -> Option<Self> {
        // A text of any length is read no further than a word could go.
        let text: String = tidy(text).chars().take(40).collect();
        let spelled: Vec<_> = text.split(' ').collect();
        let plain = searchable(&text);
        let mut words: Vec<_> = plain.split(' ').collect();
        if words.len() > 1 && matches!(words.last(), Some(&"a" | &"nhe")) {
            words.pop();
        }
        match words[..] {
            // «Cô» and «cơ» are other words; marks of tone alone may be wrong.
            ["co", ..] if !is_o(spelled.first()?) => None,
            ["co"] => Some(Self::Yes(None)),
            ["co", number] | ["co", "so", number] => number.parse().ok().map(Some).map(Self::Yes),
            ["khong" | "ko" | "k"] => Some(Self::No),
            _ => None,
        }
    }
}

/// Whether the letter is a plain `o`, whatever tone it bears.
fn is_o(word: &str) -> bool {
    !word.chars().any(|c| "ôơốồổỗộớờởỡợÔƠỐỒỔỖỘỚỜỞỠỢ".contains(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_is_read_however_it_is_spelled() {
        for text in ["CO", "co", "Có", "  CÓ  ", "có ạ", "Co.", "«CÓ»", "CO\u{301}", "cỏ"]
        {
            assert_eq!(Word::read(text), Some(Word::Yes(None)), "{text}");
        }
        for (text, number) in [("CO 2", 2), ("có số 12", 12), ("co 1 a", 1)] {
            assert_eq!(Word::read(text), Some(Word::Yes(Some(number))), "{text}");
        }
        for text in ["KHONG", "không", "Không ạ", "KHÔNG!", "ko"] {
            assert_eq!(Word::read(text), Some(Word::No), "{text}");
        }
    }

    #[test]
    fn what_is_something_else_is_no_word() {
        for text in [
            "",
            "Cô",
            "cơ",
            "Cô 2",
            "có ai không",
            "không có",
            "co x",
            "2",
            "coi",
            "có 99999999999999999999999",
        ] {
            assert_eq!(Word::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_word_or_none(text in "\\PC{0,60}") {
            if let Some(word) = Word::read(&text) {
                // Blanks around it change nothing.
                prop_assert_eq!(Word::read(&format!("  {text} ")), Some(word));
            }
        }

        #[test]
        fn every_number_is_read(number in 0_usize..1000, blanks in " {1,4}") {
            prop_assert_eq!(Word::read(&format!("Có{blanks}{number}")), Some(Word::Yes(Some(number))));
        }
    }
}
