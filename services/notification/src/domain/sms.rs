//! The length of short messages (GSM 03.38).

/// What fits one message in the seven-bit alphabet.
pub const SMS_SEPTETS: usize = 160;

/// The length of a text in septets; none where a character is outside the
/// alphabet, so that the whole message would be sent in sixteen bits, 70 to a part.
pub fn septets(text: &str) -> Option<usize> {
    text.chars()
        .map(|c| match c {
            '^' | '{' | '}' | '[' | ']' | '~' | '|' | '\\' | '€' => Some(2),
            '`' => None,
            '\n' | '\r' | ' '..='~' => Some(1),
            _ => None,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
