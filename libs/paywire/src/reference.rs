use std::{fmt, str::FromStr};

use motcua_vn::text::plain_ascii;

/// What every reference begins with.
const MARK: &str = "MC";
/// Digits and letters that are not taken for each other (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BODY: usize = 10;
const LENGTH: usize = MARK.len() + BODY + 2;
/// A reference that was cut is worth a look from here on: 30 bits.
const CUT: usize = MARK.len() + 6;

/// The word by which a bank transfer is known again: `MC7K3Q9ZT4XW02`, 14 letters and digits.
/// Banks change case, drop signs, put words before and after, and cut the end off;
/// people type. The last two digits check the rest, so that one wrong character or two
/// exchanged ones are no other payment's reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(String);

/// What a memo may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The reference, whole.
    Whole(Reference),
    /// The beginning of a reference, at least eight letters, where a word or the memo ends. It is
    /// checked by nothing: whose it is, is for the sum and for what is waited for to say.
    Cut(String),
}

impl Reference {
    /// The reference of 50 random bits; higher ones are left out.
    pub fn new(random: u64) -> Self {
        let letter = |at: usize| {
            let at = usize::try_from((random >> (5 * at)) & 31).unwrap_or_default();
            char::from(LETTERS[at])
        };
        let body: String = (0..BODY).rev().map(letter).collect();
        let check = check(&body);
        Self(format!("{MARK}{body}{check:02}"))
    }

    /// The text, as it is put into a memo.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No reference: of another length, or its check digits do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no payment reference")]
pub struct NoReference;

impl FromStr for Reference {
    type Err = NoReference;

    fn from_str(text: &str) -> Result<Self, NoReference> {
        let text = letters(text);
        if text.len() != LENGTH {
            return Err(NoReference);
        }
        whole(&text).ok_or(NoReference)
    }
}

/// The references in a bank's memo, each once, and in the order they stand there. Of one that is
/// not whole, what stands before the next sign or space comes before what stands before the memo's
/// end: some banks put words of their own behind what they cut.
pub fn find(memo: &str) -> Vec<Found> {
    let (text, ends) = words(memo);
    let mut found: Vec<Found> = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let rest = &text[at..];
        let these = if let Some(reference) = rest.get(..LENGTH).and_then(whole) {
            vec![Found::Whole(reference)]
        } else {
            let word = ends.iter().find(|end| **end > at).map(|end| &text[at..*end]);
            word.into_iter().chain([rest]).filter_map(cut).map(Found::Cut).collect()
        };
        for this in these {
            if !found.contains(&this) {
                found.push(this);
            }
        }
    }
    found
}

/// The beginning of a reference, if this is one.
fn cut(text: &str) -> Option<String> {
    if !(CUT..LENGTH).contains(&text.len()) {
        return None;
    }
    body(&text[MARK.len()..]).map(|body| format!("{MARK}{body}"))
}

/// What [`letters`] answers, and where in it each word ends.
fn words(text: &str) -> (String, Vec<usize>) {
    let (mut all, mut ends) = (String::new(), Vec::new());
    for word in plain_ascii(text).split(|c: char| !c.is_ascii_alphanumeric()) {
        all += &word.to_ascii_uppercase();
        ends.push(all.len());
    }
    (all, ends)
}

/// The letters and digits of a text, in upper case and without marks.
fn letters(text: &str) -> String {
    words(text).0
}

fn whole(text: &str) -> Option<Reference> {
    let (body_read, digits) = text.strip_prefix(MARK)?.split_at_checked(BODY)?;
    let body = body(body_read)?;
    let digits = body_of_digits(digits)?;
    (digits.parse() == Ok(check(&body))).then(|| Reference(format!("{MARK}{body}{digits}")))
}

/// The letters as they were made: an O was a 0, an I or an L was a 1.
fn body(text: &str) -> Option<String> {
    let meant = |c: char| match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let body: String = text.chars().map(meant).collect();
    body.bytes().all(|b| LETTERS.contains(&b)).then_some(body)
}

fn body_of_digits(text: &str) -> Option<String> {
    body(text).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Two digits that make the weighted sum of all a multiple of 97. The weights are
/// powers of 32 for the letters, 10 and 1 for the digits: as 97 is prime, no one wrong
/// character and no two exchanged neighbours leave it one.
fn check(body: &str) -> u32 {
    let value = |c: u8| LETTERS.iter().position(|l| *l == c).and_then(|v| u32::try_from(v).ok());
    let sum = body.bytes().filter_map(value).fold(0, |sum, value| (sum * 32 + value) % 97);
    (97 - 3 * sum % 97) % 97
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(memo: &str) -> Vec<Reference> {
        let whole = |found| match found {
            Found::Whole(reference) => Some(reference),
            Found::Cut(_) => None,
        };
        find(memo).into_iter().filter_map(whole).collect()
    }

    #[test]
    fn a_reference_is_known_again_in_what_banks_make_of_a_memo() {
        let reference = Reference::new(0x0001_2345_6789_abcd);
        let text = reference.as_str().to_owned();
        assert_eq!(text.len(), 14);
        assert!("MC7K3Q9ZT4XW02".parse::<Reference>().is_ok());
        let (head, tail) = text.split_at(7);
        for memo in [
            text.clone(),
            text.to_lowercase(),
            format!("{head} {tail}"),
            format!("{head}-{tail}."),
            format!("MBVCB.4512345678.{text}.CT tu 0011001234567 NGUYEN VAN AN toi UBND"),
            format!("Nộp lệ phí {text} cảm ơn"),
            format!("{text} {text}"),
        ] {
            assert_eq!(whole(&memo), std::slice::from_ref(&reference), "{memo}");
        }
        let typed = "MC".to_owned() + &text[2..].replace('0', "O").replace('1', "l");
        assert_eq!(whole(&typed), [reference], "{typed}");
    }

    #[test]
    fn what_was_cut_is_a_hint_and_no_reference() {
        let reference = Reference::new(0x0001_2345_6789_abcd);
        let text = reference.as_str();
        let cut = [Found::Cut(text[..11].to_owned())];
        for memo in ["IBFT {}", "{}.CT tu 0011001234567 toi UBND", "ck {}- cam on", "{} nop phi"] {
            let memo = memo.replace("{}", &text[..11].to_lowercase());
            assert_eq!(find(&memo), cut, "{memo}");
        }
        // Where the words behind it could be its own letters, both are told of.
        let both = find(&format!("{} AB", &text[..11]));
        assert_eq!(both, [cut[0].clone(), Found::Cut(format!("{}AB", &text[..11]))]);
        // Words that touch it are taken for its own letters, and nobody has one that begins so.
        let longer = format!("{}CT", &text[..11]);
        assert_eq!(find(&format!("{longer} tu 0011")), [Found::Cut(longer)]);
        assert_eq!(find(&format!("{}.CT tu 0011", &text[..7])), [], "too short to be anybody's");
        assert_eq!(find(&text[..7]), []);
        assert_eq!(find("MC DONALD chuyen tien an trua hom qua"), []);
        assert_eq!(find(""), []);
    }

    proptest! {
        #[test]
        fn any_reference_is_read_again(random in any::<u64>(), before in "[a-z .]{0,20}") {
            let reference = Reference::new(random);
            prop_assert_eq!(reference.as_str().parse::<Reference>(), Ok(reference.clone()));
            let memo = format!("{before}{reference}");
            prop_assert!(whole(&memo).contains(&reference), "{}", memo);
        }

        #[test]
        fn one_wrong_character_is_no_other_reference(
            random in any::<u64>(),
            at in 2..14_usize,
            other in 0..32_usize,
        ) {
            let reference = Reference::new(random);
            let mut wrong = reference.as_str().as_bytes().to_vec();
            wrong[at] = LETTERS[other];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assume!(wrong != reference.as_str());
            prop_assert_eq!(wrong.parse::<Reference>(), Err(NoReference));
        }

        #[test]
        fn two_exchanged_characters_are_no_other_reference(
            random in any::<u64>(),
            at in 2..13_usize,
        ) {
            let reference = Reference::new(random);
            let mut wrong = reference.as_str().as_bytes().to_vec();
            wrong.swap(at, at + 1);
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assume!(wrong != reference.as_str());
            prop_assert_eq!(wrong.parse::<Reference>(), Err(NoReference));
        }

        #[test]
        fn a_cut_reference_is_nobody_elses(
            (own, other) in any::<(u64, u64)>(),
            at in CUT..LENGTH,
            before in "([a-z0-9]{0,12}[ .:-]){0,2}",
            after in "([ .;,/-][A-Za-z0-9 .]{0,40})?",
        ) {
            let (own, other) = (Reference::new(own), Reference::new(other));
            let begin = &own.as_str()[..at];
            let found = find(&format!("{before}{begin}{after}"));
            let cut = Found::Cut(begin.to_owned());
            // The bank's next words may by chance be just what it cut off.
            let seen = found.iter().any(|one| *one == cut || *one == Found::Whole(own.clone()));
            prop_assert!(seen, "{:?}", found);
            // Whatever else the bank's words look like, it is no sign of another reference: one
            // that begins as this one does is a second that it may be, and so is neither.
            for one in found {
                let names = |reference: &Reference| match &one {
                    Found::Whole(whole) => whole == reference,
                    Found::Cut(cut) => reference.as_str().starts_with(cut.as_str()),
                };
                prop_assert!(!names(&other) || names(&own), "{:?}", one);
            }
        }

        #[test]
        fn any_memo_is_read(memo in "\\PC{0,80}") {
            find(&memo);
        }
    }
}
