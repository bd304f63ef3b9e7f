use std::fmt::Write;

use crc::{CRC_16_IBM_3740, Crc};
use motcua_vn::{Vnd, text::plain_ascii};

/// The application of NAPAS for transfers within Viet Nam.
const NAPAS: &str = "A000000727";
/// To an account, not to a card.
const TO_ACCOUNT: &str = "QRIBFTTA";
/// CRC-16/CCITT-FALSE, as EMVCo's specification of merchant-presented codes has it.
const CHECK: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);
const CHECKED: usize = 4;
/// The longest memo, in characters.
const MEMO: usize = 25;
/// The longest account number, in characters.
const ACCOUNT: usize = 19;

/// A transfer to an account as a picture that banks' applications read: VietQR (NAPAS
/// IBFT 1.5.2, over EMVCo's QR code specification for payment systems,
/// merchant-presented mode 1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VietQr {
    /// The bank, by its six digits (BIN): `970403`.
    pub bank: String,
    /// The account, 1 to 19 letters and digits.
    pub account: String,
    /// What is to be paid; nothing where the payer says it.
    pub amount: Option<Vnd>,
    /// The memo, at most 25 plain characters: what the transfer is known by again.
    pub memo: String,
}

/// A text that is no VietQR code, or cannot be made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A bank that is not six digits.
    #[error("the bank is not six digits")]
    Bank,
    /// An account that is empty, too long, or holds signs.
    #[error("the account is not 1 to 19 letters and digits")]
    Account,
    /// An amount that is not positive, or longer than 13 digits.
    #[error("the amount is not between 1 and 9999999999999")]
    Amount,
    /// A memo that is too long, or holds what not every bank shows.
    #[error("the memo is longer than 25 characters, or not plain")]
    Memo,
    /// It is not made of tags, lengths and values.
    #[error("no tags, lengths and values")]
    Shape,
    /// The check at its end does not hold.
    #[error("the check at the end does not hold")]
    Check,
    /// It is a code of another application, currency or country.
    #[error("no code of VietQR for an account in đồng")]
    Other,
}

impl VietQr {
    /// The text of the code, to be drawn as a QR code.
    ///
    /// # Errors
    /// A part that no code can hold.
    pub fn encode(&self) -> Result<String, Unreadable> {
        self.check()?;
        let dynamic = self.amount.is_some();
        let account = tag(0, &self.bank) + &tag(1, &self.account);
        let merchant = tag(0, NAPAS) + &tag(1, &account) + &tag(2, TO_ACCOUNT);
        let mut code = tag(0, "01") + &tag(1, if dynamic { "12" } else { "11" });
        code += &tag(38, &merchant);
        code += &tag(53, "704");
        if let Some(amount) = self.amount {
            code += &tag(54, &amount.dong().to_string());
        }
        code += &tag(58, "VN");
        if !self.memo.is_empty() {
            code += &tag(62, &tag(8, &self.memo));
        }
        code += "6304";
        let _ = write!(code, "{:04X}", CHECK.checksum(code.as_bytes()));
        Ok(code)
    }

    /// What a code says.
    ///
    /// # Errors
    /// It is no code of VietQR for an account, or was damaged.
    pub fn decode(code: &str) -> Result<Self, Unreadable> {
        let end = code.len().checked_sub(CHECKED).filter(|end| code.is_char_boundary(*end));
        let (text, sum) = code.split_at(end.ok_or(Unreadable::Shape)?);
        if !text.ends_with("6304") {
            return Err(Unreadable::Shape);
        }
        if u16::from_str_radix(sum, 16) != Ok(CHECK.checksum(text.as_bytes())) {
            return Err(Unreadable::Check);
        }
        let tags = tags(code)?;
        let merchant = tags_of(&tags, 38)?;
        let account = tags_of(&merchant, 1)?;
        let is = |tags: &[(u8, &str)], tag, value| value_of(tags, tag) == Some(value);
        let ours = is(&tags, 0, "01")
            && is(&tags, 53, "704")
            && is(&tags, 58, "VN")
            && is(&merchant, 0, NAPAS)
            && is(&merchant, 2, TO_ACCOUNT);
        if !ours {
            return Err(Unreadable::Other);
        }
        let amount = value_of(&tags, 54).map(|text| text.parse().map_err(|_| Unreadable::Amount));
        let extra = if value_of(&tags, 62).is_some() { tags_of(&tags, 62)? } else { Vec::new() };
        let text = |tags: &[(u8, &str)], tag| value_of(tags, tag).unwrap_or_default().to_owned();
        let read = Self {
            bank: text(&account, 0),
            account: text(&account, 1),
            amount: amount.transpose()?.map(Vnd::new),
            memo: text(&extra, 8),
        };
        read.check()?;
        Ok(read)
    }

    fn check(&self) -> Result<(), Unreadable> {
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric());
        if self.bank.len() != 6 || !self.bank.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Unreadable::Bank);
        }
        if !(1..=ACCOUNT).contains(&self.account.len()) || !plain(&self.account) {
            return Err(Unreadable::Account);
        }
        if self.amount.is_some_and(|a| !(1..=9_999_999_999_999).contains(&a.dong())) {
            return Err(Unreadable::Amount);
        }
        if self.memo.len() > MEMO || plain_ascii(&self.memo) != self.memo {
            return Err(Unreadable::Memo);
        }
        Ok(())
    }
}

/// A tag, the length of its value in two digits, and the value.
fn tag(tag: u8, value: &str) -> String {
    format!("{tag:02}{:02}{value}", value.len())
}

fn tags(mut text: &str) -> Result<Vec<(u8, &str)>, Unreadable> {
    let mut tags = Vec::new();
    while !text.is_empty() {
        let digits = |at: std::ops::Range<usize>| {
            let digits = text.get(at).filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<u8>().ok()).ok_or(Unreadable::Shape)
        };
        let (tag, length) = (digits(0..2)?, usize::from(digits(2..4)?));
        let value = text.get(4..4 + length).ok_or(Unreadable::Shape)?;
        // A tag twice would be read one way here and another way there.
        if value_of(&tags, tag).is_some() {
            return Err(Unreadable::Shape);
        }
        tags.push((tag, value));
        text = &text[4 + length..];
    }
    Ok(tags)
}

fn tags_of<'a>(all: &[(u8, &'a str)], tag: u8) -> Result<Vec<(u8, &'a str)>, Unreadable> {
    tags(value_of(all, tag).ok_or(Unreadable::Other)?)
}

fn value_of<'a>(tags: &[(u8, &'a str)], tag: u8) -> Option<&'a str> {
    tags.iter().find(|(other, _)| *other == tag).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(amount: Option<i64>, memo: &str) -> VietQr {
        VietQr {
            bank: "970403".to_owned(),
            account: "0011012345678".to_owned(),
            amount: amount.map(Vnd::new),
            memo: memo.to_owned(),
        }
    }

    #[test]
    fn codes_are_as_the_specification_prints_them() {
        assert_eq!(CHECK.checksum(b"123456789"), 0x29b1);
        assert_eq!(
            code(None, "").encode().unwrap(),
            "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA\
             53037045802VN63049E6F"
        );
        assert_eq!(
            code(Some(180_000), "LE PHI H53 261121 0042").encode().unwrap(),
            "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA\
             530370454061800005802VN62260822LE PHI H53 261121 00426304E42F"
        );
    }

    #[test]
    fn what_no_code_can_hold_is_refused() {
        for (wrong, why) in [
            (VietQr { bank: "97040".to_owned(), ..code(None, "") }, Unreadable::Bank),
            (VietQr { account: String::new(), ..code(None, "") }, Unreadable::Account),
            (VietQr { account: "1".repeat(20), ..code(None, "") }, Unreadable::Account),
            (code(Some(0), ""), Unreadable::Amount),
            (code(Some(10_000_000_000_000), ""), Unreadable::Amount),
            (code(Some(1), "lệ phí"), Unreadable::Memo),
            (code(Some(1), &"x".repeat(26)), Unreadable::Memo),
        ] {
            assert_eq!(wrong.encode(), Err(why), "{wrong:?}");
        }
    }

    #[test]
    fn codes_of_others_are_told_from_damaged_ones() {
        let sealed = |text: String| {
            let text = text + "6304";
            format!("{text}{:04X}", CHECK.checksum(text.as_bytes()))
        };
        let good = code(Some(50_000), "MC7K3Q9ZT4XW42").encode().unwrap();
        let body = good[..good.len() - 8].to_owned();
        let other = |from: &str, to: &str| VietQr::decode(&sealed(body.replace(from, to)));
        assert_eq!(VietQr::decode(&good.replace("50000", "60000")), Err(Unreadable::Check));
        assert_eq!(other("5303704", "5303840"), Err(Unreadable::Other));
        assert_eq!(other("QRIBFTTA", "QRIBFTTC"), Err(Unreadable::Other));
        assert_eq!(VietQr::decode(&sealed(format!("{body}540510000"))), Err(Unreadable::Shape));
        assert_eq!(VietQr::decode(""), Err(Unreadable::Shape));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_again(
            bank in "[0-9]{6}",
            account in "[0-9A-Z]{1,19}",
            amount in proptest::option::of(1..=9_999_999_999_999_i64),
            memo in "[A-Z0-9 ]{0,25}",
        ) {
            let code = VietQr { bank, account, amount: amount.map(Vnd::new), memo };
            prop_assert_eq!(VietQr::decode(&code.encode().unwrap()), Ok(code));
        }

        #[test]
        fn any_text_is_a_code_or_is_refused(text in "\\PC{0,120}") {
            let _ = VietQr::decode(&text);
        }

        #[test]
        fn any_tags_under_a_good_check_are_a_code_or_are_refused(text in "[0-9]{0,80}") {
            let text = text + "6304";
            let _ = VietQr::decode(&format!("{text}{:04X}", CHECK.checksum(text.as_bytes())));
        }
    }
}
