//! What may be a password (mật khẩu). Long, not among the first that anybody
//! tries, not the person's own number: no rules about capitals and signs, which
//! make passwords worse.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use super::Malformed;

/// Tried first by everybody who guesses, here and abroad; all in lower case, none shorter than ten.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "a123456789",
    "123456789abc",
    "1234567891",
    "9876543210",
    "0987654321",
    "1122334455",
    "1111111111",
    "0000000000",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl;",
    "abc1234567",
    "abcd123456",
    "abc123456789",
    "aa12345678",
    "a1234567890",
    "abcdefghij",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "iloveyou123",
    "administrator",
    "admin12345",
    "admin123456",
    "administrator1",
    "letmein1234",
    "welcome123",
    "welcome1234",
    "matkhau123",
    "matkhau1234",
    "matkhau12345",
    "matkhau123456",
    "matkhau@123",
    "matkhaumoi",
    "quenmatkhau",
    "khongcomatkhau",
    "anhyeuem123",
    "emyeuanh123",
    "anhyeuemnhieu",
    "yeuemnhieulam",
    "iloveyou1234",
    "vietnam123",
    "vietnam1234",
    "vietnam12345",
    "vietnamvodich",
    "tayninh123",
    "hanoi123456",
    "saigon12345",
    "hochiminh123",
    "congdan123",
    "canbo12345",
    "motcua12345",
    "motcua123456",
    "dichvucong",
    "dichvucong123",
    "hanhchinhcong",
    "nguyenvana",
    "nguyenvana123",
    "chinhphu123",
    "p@ssw0rd123",
    "p@ssword123",
    "abcd@12345",
    "abc@123456",
    "admin@12345",
];

/// A password that somebody offers, right or wrong. It is never printed.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// What the caller typed. Composed and decomposed letters are one.
    pub fn new(text: &str) -> Self {
        Self(text.nfc().collect::<String>().into())
    }

    /// The text, for hashing alone.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it is longer than any password may be, so that hashing it would be wasted work.
    pub fn is_too_long(&self) -> bool {
        self.expose().len() > Password::LONGEST * 4
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A password that may be kept.
#[derive(Debug, Clone)]
pub struct Password(Secret);

impl Password {
    /// In characters, as people count.
    pub const SHORTEST: usize = 10;
    /// In characters.
    pub const LONGEST: usize = 128;

    /// Weighs a password for somebody with these numbers, addresses and names.
    pub fn new(text: &str, own: &[String]) -> Result<Self, Malformed> {
        let secret = Secret::new(text);
        let count = secret.expose().chars().count();
        if count < Self::SHORTEST {
            return Err(Malformed::PasswordTooShort);
        }
        if count > Self::LONGEST {
            return Err(Malformed::PasswordTooLong);
        }
        let folded = secret.expose().to_lowercase();
        if COMMON.contains(&folded.as_str()) || is_monotonous(&folded) {
            return Err(Malformed::PasswordTooCommon);
        }
        if own.iter().any(|value| repeats(&folded, value)) {
            return Err(Malformed::PasswordRepeatsContact);
        }
        Ok(Self(secret))
    }

    /// A system's secret: long and with the look of chance.
    pub fn client_secret(text: &str) -> Result<Self, Malformed> {
        let count = text.chars().count();
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters.dedup();
        // 32 random hexadecimal digits use 14 different ones on average, and hardly ever under 8.
        if (32..=Self::LONGEST).contains(&count) && letters.len() >= 8 {
            Ok(Self(Secret::new(text)))
        } else {
            Err(Malformed::SecretTooWeak)
        }
    }

    /// For hashing.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// Three different letters at most, or each one step from the last: `aaaaaaaaaa`, `abcdefghijkl`.
fn is_monotonous(text: &str) -> bool {
    let letters: Vec<u32> = text.chars().map(u32::from).collect();
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    let runs = |step: i64| letters.windows(2).all(|w| i64::from(w[1]) - i64::from(w[0]) == step);
    different.len() <= 3 || runs(1) || runs(-1)
}

/// Whether the password is made of `own`: short values must not be all of it, long ones not even a
/// part. `0912345678` hides in `0912345678!` and not the other way about.
fn repeats(folded: &str, own: &str) -> bool {
    let own = own.to_lowercase();
    let local = own.split('@').next().unwrap_or_default();
    let hides = |part: &str| part.chars().count() >= 8 && folded.contains(part);
    let spelled = |part: &str| {
        !part.is_empty() && folded.trim_matches(|c: char| !c.is_alphanumeric()) == part
    };
    hides(&own) || hides(local) || spelled(&own) || spelled(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weigh(text: &str) -> Result<(), Malformed> {
        let own = ["0912345678", "hoa.nguyen@vidu.vn", "001199012345", "nv.an"].map(String::from);
        Password::new(text, &own).map(|_| ())
    }

    #[test]
    fn a_long_sentence_in_any_script_is_a_password() {
        for right in [
            "con mèo trèo cây cau",
            "mua-he-xanh-1986",
            "Nhà tôi có 3 con chó",
            "ありがとうございます。",
        ] {
            assert_eq!(weigh(right), Ok(()), "{right}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(weigh("ngắnquá"), Err(Malformed::PasswordTooShort));
        assert_eq!(weigh("đườngđượng"), Ok(()));
        assert_eq!(weigh(&"mèo ".repeat(33)), Err(Malformed::PasswordTooLong));
    }

    #[test]
    fn what_everybody_tries_is_refused() {
        for common in [
            "1234567890",
            "MatKhau123",
            "DichVuCong",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "9876543210",
            "aabbaabbaabb",
        ] {
            assert_eq!(weigh(common), Err(Malformed::PasswordTooCommon), "{common}");
        }
    }

    #[test]
    fn ones_own_numbers_are_refused() {
        for own in
            ["0912345678", "0912345678!!", "Hoa.Nguyen@vidu.vn", "hoa.nguyen2026", "x001199012345"]
        {
            assert_eq!(weigh(own), Err(Malformed::PasswordRepeatsContact), "{own}");
        }
        assert_eq!(
            weigh("nv.an-con-meo-den"),
            Ok(()),
            "a short username inside a sentence is no clue"
        );
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        let composed = Secret::new("mèo trèo cây");
        let decomposed = Secret::new("me\u{300}o tre\u{300}o ca\u{302}y");
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn a_client_secret_looks_like_chance() {
        assert!(Password::client_secret("3f9c0a7e51d24b68a0c4e9137bd25f86").is_ok());
        for weak in ["short", &"ab".repeat(20), &"x".repeat(129)] {
            assert_eq!(Password::client_secret(weak).map(|_| ()), Err(Malformed::SecretTooWeak));
        }
    }

    #[test]
    fn the_list_holds_only_what_length_lets_through() {
        for common in COMMON {
            assert!(common.chars().count() >= Password::SHORTEST, "{common}");
            assert_eq!(common.to_lowercase(), *common);
        }
    }

    #[test]
    fn a_password_does_not_print_itself() {
        assert_eq!(format!("{:?}", Secret::new("con mèo")), "Secret(…)");
    }
}
