//! Vietnamese text: one spelling for storage, one for search, one for short messages.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text as it is stored: NFC, runs of white space made one space, ends trimmed.
pub fn tidy(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text as it is searched: marks stripped, đ as d, lower case, everything
/// that is neither letter nor digit made one space.
///
/// `Cấp giấy phép xây dựng (nhà ở)` becomes `cap giay phep xay dung nha o`.
pub fn searchable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            match c {
                'đ' | 'Đ' => out.push('d'),
                _ => out.extend(c.to_lowercase()),
            }
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The text with its marks stripped and nothing but ASCII left, as operators
/// send it: one character a letter. What has no likeness becomes `?`.
pub fn plain_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' => out.push('d'),
            'Đ' => out.push('D'),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '‘' | '’' | '`' => out.push('\''),
            '–' | '—' | '−' | '‐' | '‑' => out.push('-'),
            '…' => out.push_str("..."),
            '\n' | ' '..='~' => out.push(c),
            c if c.is_whitespace() => out.push(' '),
            '₫' => out.push('d'),
            _ => out.push('?'),
        }
    }
    out
}

/// `1.234.567`, with the dots of Vietnamese numbers.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn search_forgets_marks_case_and_signs() {
        let name = "Cấp giấy phép XÂY DỰNG – nhà ở (mới)";
        assert_eq!(searchable(name), "cap giay phep xay dung nha o moi");
        assert_eq!(searchable("Đăng ký đất đai"), "dang ky dat dai");
        let decomposed: String = name.nfd().collect();
        assert_ne!(decomposed, name);
        assert_eq!(searchable(&decomposed), searchable(name));
    }

    #[test]
    fn every_vietnamese_letter_becomes_one_ascii_letter() {
        let letters = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ";
        for letter in letters.chars().chain(letters.to_uppercase().chars()) {
            let plain = plain_ascii(&letter.to_string());
            assert_eq!(plain.len(), 1, "{letter}");
            assert!(plain.chars().all(|c| c.is_ascii_alphabetic()), "{letter} → {plain}");
        }
        assert_eq!(plain_ascii("Hẹn trả “kết quả” – 50.000₫…"), "Hen tra \"ket qua\" - 50.000d...");
        assert_eq!(plain_ascii("mã\u{a0}số 字"), "ma so ?");
    }

    #[test]
    fn tidy_composes_and_joins() {
        assert_eq!(tidy("  Nguye\u{302}\u{303}n   Văn\tA "), "Nguyễn Văn A");
    }

    #[test]
    fn numbers_have_dots() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1.000");
        assert_eq!(grouped(-1_234_567), "-1.234.567");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in ".{0,60}") {
            prop_assert_eq!(searchable(&searchable(&text)), searchable(&text));
            prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
            prop_assert!(plain_ascii(&text).is_ascii());
        }
    }
}
