//! Numbers as they are read aloud, for sums "bằng chữ".

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const BILLION: u64 = 1_000_000_000;

/// `20000` as `hai mươi nghìn`.
pub(crate) fn in_words(number: u64) -> String {
    let mut words = Vec::new();
    read(number, false, &mut words);
    if words.is_empty() { DIGITS[0].to_owned() } else { words.join(" ") }
}

/// `inner`: something was said before, so that empty places are said too.
fn read(number: u64, inner: bool, words: &mut Vec<&'static str>) {
    let (billions, rest) = (number / BILLION, number % BILLION);
    if billions > 0 {
        read(billions, inner, words);
        words.push("tỷ");
    }
    let mut inner = inner || billions > 0;
    for (scale, name) in [(1_000_000, "triệu"), (1_000, "nghìn"), (1, "")] {
        let three = rest / scale % 1_000;
        if three == 0 {
            continue;
        }
        hundreds(three, inner, words);
        if !name.is_empty() {
            words.push(name);
        }
        inner = true;
    }
}

fn hundreds(three: u64, inner: bool, words: &mut Vec<&'static str>) {
    let digit = |place: u64| usize::try_from(three / place % 10).unwrap_or_default();
    let (hundred, ten, one) = (digit(100), digit(10), digit(1));
    if hundred > 0 || inner {
        words.extend([DIGITS[hundred], "trăm"]);
    }
    match ten {
        0 if one > 0 && (hundred > 0 || inner) => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([DIGITS[ten], "mươi"]),
    }
    match one {
        0 => {}
        1 if ten > 1 => words.push("mốt"),
        5 if ten > 0 => words.push("lăm"),
        _ => words.push(DIGITS[one]),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn numbers_are_read_as_people_read_them() {
        for (number, words) in [
            (0, "không"),
            (5, "năm"),
            (10, "mười"),
            (15, "mười lăm"),
            (21, "hai mươi mốt"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (8_000, "tám nghìn"),
            (20_005, "hai mươi nghìn không trăm linh năm"),
            (70_001, "bảy mươi nghìn không trăm linh một"),
            (1_000_000, "một triệu"),
            (1_050_000, "một triệu không trăm năm mươi nghìn"),
            (2_000_000_015, "hai tỷ không trăm mười lăm"),
            (1_000_000_000_000, "một nghìn tỷ"),
            (12_345_678, "mười hai triệu ba trăm bốn mươi lăm nghìn sáu trăm bảy mươi tám"),
        ] {
            assert_eq!(in_words(number), words, "{number}");
        }
    }
}
