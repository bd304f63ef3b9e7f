//! One line of a table: its cells by heading, read with everything that is
//! wrong with them noted. Headings and words are taken in English, as our own
//! format writes them, and in Vietnamese, with marks or without.

use std::collections::BTreeMap;

use motcua_vn::text::searchable;
use serde::de::DeserializeOwned;

/// The headings a table may have, with what they are called in Vietnamese.
const HEADINGS: [(&str, &[&str]); 18] = [
    ("number", &["mã thủ tục", "mã tthc"]),
    ("kind", &["loại dòng", "loại"]),
    ("case", &["trường hợp"]),
    ("channel", &["kênh", "hình thức nộp", "cách nộp"]),
    ("code", &["mã"]),
    ("name", &["tên", "nội dung"]),
    ("amount", &["số lượng", "số tiền", "mức"]),
    ("unit", &["đơn vị", "đơn vị tính"]),
    ("rule", &["cách thu"]),
    ("originals", &["bản chính", "số bản chính"]),
    ("copies", &["bản sao", "số bản sao"]),
    ("need", &["yêu cầu nộp"]),
    ("note", &["ghi chú"]),
    ("field", &["lĩnh vực"]),
    ("level", &["cấp", "cấp thực hiện"]),
    ("audience", &["đối tượng", "đối tượng thực hiện"]),
    ("service_level", &["mức độ", "mức độ dịch vụ"]),
    ("front_door", &["nơi nộp trực tuyến", "cổng"]),
];

/// A word of our own format, and what it is called in Vietnamese.
type Word = (&'static str, &'static [&'static str]);

/// The words each column may hold.
const WORDS: [(&str, &[Word]); 9] = [
    (
        "kind",
        &[
            ("procedure", &["thủ tục"]),
            ("step", &["trình tự", "bước"]),
            ("paper", &["giấy tờ", "thành phần hồ sơ"]),
            ("way", &["cách nộp", "cách thức thực hiện"]),
            ("fee", &["khoản thu", "phí", "lệ phí"]),
            ("result", &["kết quả"]),
            ("legal_basis", &["căn cứ pháp lý", "căn cứ"]),
        ],
    ),
    (
        "level",
        &[
            ("ministry", &["bộ", "cấp bộ"]),
            ("province", &["tỉnh", "cấp tỉnh"]),
            ("district", &["huyện", "cấp huyện"]),
            ("commune", &["xã", "cấp xã", "phường"]),
        ],
    ),
    (
        "audience",
        &[
            ("citizen", &["công dân", "cá nhân", "công dân việt nam"]),
            ("organisation", &["tổ chức", "doanh nghiệp", "hợp tác xã"]),
            ("foreigner", &["người nước ngoài"]),
            ("official", &["cán bộ", "công chức", "cán bộ công chức viên chức"]),
        ],
    ),
    (
        "service_level",
        &[
            ("information_only", &["cung cấp thông tin"]),
            ("partly_online", &["một phần"]),
            ("fully_online", &["toàn trình"]),
            ("unknown", &["chưa rõ"]),
        ],
    ),
    (
        "front_door",
        &[
            ("national", &["quốc gia", "cổng dịch vụ công quốc gia"]),
            ("local", &["tỉnh", "cổng của tỉnh"]),
        ],
    ),
    (
        "channel",
        &[
            ("online", &["trực tuyến"]),
            ("desk", &["trực tiếp"]),
            ("post", &["bưu chính", "bưu chính công ích", "dịch vụ bưu chính"]),
        ],
    ),
    (
        "need",
        &[
            ("always", &["bắt buộc"]),
            ("conditional", &["có điều kiện"]),
            ("shown", &["xuất trình"]),
            ("online_form", &["biểu mẫu điện tử"]),
        ],
    ),
    (
        "rule",
        &[
            ("fixed", &["cố định"]),
            ("free", &["miễn phí"]),
            ("set_by_province", &["tỉnh quy định"]),
            ("see_note", &["xem ghi chú"]),
            ("unknown", &["không rõ"]),
        ],
    ),
    (
        "unit",
        &[
            ("working_days", &["ngày làm việc"]),
            ("calendar_days", &["ngày"]),
            ("working_hours", &["giờ", "giờ làm việc"]),
            ("months", &["tháng"]),
            ("same_day", &["trong ngày"]),
        ],
    ),
];

/// One line: its number in the file, and its cells by heading.
#[derive(Debug)]
pub(super) struct Line {
    pub at: usize,
    pub cells: BTreeMap<&'static str, String>,
}

/// The column a heading stands for.
pub(super) fn column(heading: &str) -> Option<&'static str> {
    HEADINGS.into_iter().find(|(name, called)| is_called(heading, name, called)).map(|(n, _)| n)
}

/// The headings, for whoever wrote another one.
pub(super) fn columns() -> String {
    let shown = HEADINGS.map(|(name, called)| shown(name, called));
    shown.join(", ")
}

/// The words a column may hold, for whoever wrote another one.
fn choices(words: &[Word]) -> String {
    words.iter().map(|(name, called)| shown(name, called)).collect::<Vec<_>>().join(", ")
}

fn shown(name: &str, called: &[&str]) -> String {
    called.first().map_or_else(|| name.to_owned(), |first| format!("{name} ({first})"))
}

fn is_called(text: &str, name: &str, called: &[&str]) -> bool {
    let text = searchable(text);
    text == searchable(name) || called.iter().any(|c| text == searchable(c))
}

/// The word of our own format for what stands in a cell of this column.
fn word(column: &str, text: &str) -> Result<&'static str, String> {
    let words = WORDS.iter().find(|(name, _)| *name == column).map_or(&[][..], |(_, words)| words);
    words
        .iter()
        .find(|(name, called)| is_called(text, name, called))
        .map(|(name, _)| *name)
        .ok_or_else(|| format!("Cột {column}: «{text}» không có trong: {}.", choices(words)))
}

/// A line being read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    line: &'a Line,
    /// Everything wrong so far.
    pub bad: Vec<String>,
}

impl Line {
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    pub(super) fn read(&self) -> Reading<'_> {
        Reading { line: self, bad: Vec::new() }
    }

    /// What the line is, where it says something known.
    pub(super) fn kind(&self) -> Option<&'static str> {
        word("kind", self.get("kind")?).ok()
    }
}

impl<'a> Reading<'a> {
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        self.line.get(column)
    }

    pub(super) fn owned(&self, column: &str) -> Option<String> {
        self.get(column).map(ToOwned::to_owned)
    }

    /// A cell that must not be empty.
    pub(super) fn need(&mut self, column: &str) -> Option<&'a str> {
        let text = self.get(column);
        if text.is_none() {
            self.bad.push(format!("Cột {column}: không được để trống."));
        }
        text
    }

    /// One of the column's words.
    pub(super) fn word<T: DeserializeOwned>(&mut self, column: &str) -> Option<T> {
        let text = self.need(column)?;
        self.one(column, text)
    }

    /// One of the column's words, or none.
    pub(super) fn maybe_word<T: DeserializeOwned>(&mut self, column: &str) -> Option<T> {
        let text = self.get(column)?;
        self.one(column, text)
    }

    /// Several of the column's words, between `;` or `,`.
    pub(super) fn words<T: DeserializeOwned>(&mut self, column: &str) -> Vec<T> {
        let text = self.need(column).unwrap_or_default();
        let parts = text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty());
        parts.filter_map(|part| self.one(column, part)).collect()
    }

    fn one<T: DeserializeOwned>(&mut self, column: &str, text: &str) -> Option<T> {
        let read = word(column, text).and_then(|word| {
            serde_json::from_value(serde_json::Value::from(word)).map_err(|e| e.to_string())
        });
        read.map_err(|why| self.bad.push(why)).ok()
    }

    /// A number of things; none written is none.
    pub(super) fn count(&mut self, column: &str) -> Option<u32> {
        let Some(text) = self.get(column) else { return Some(0) };
        let read = text.parse().ok();
        if read.is_none() {
            self.bad.push(format!("Cột {column}: «{text}» không phải số nguyên không âm."));
        }
        read
    }

    /// A sum, where one is written.
    pub(super) fn money(&mut self, column: &str) -> Option<i64> {
        let text = self.get(column)?;
        let read = dong(text);
        if read.is_none() {
            self.bad.push(format!(
                "Cột {column}: «{text}» không phải số đồng; viết 50000 hoặc 50.000."
            ));
        }
        read
    }
}

/// A sum in đồng: `50000`, `50.000`, `50,000 đồng` are the same. What is no
/// whole number, or grouped in another way, is no sum: 99,5 is not 995.
pub(super) fn dong(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase();
    let text = ["việt nam đồng", "đồng", "vnđ", "vnd", "đ", "₫"]
        .into_iter()
        .find_map(|unit| text.strip_suffix(unit))
        .unwrap_or(&text)
        .trim_end();
    let groups: Vec<&str> = text.split(['.', ',', ' ']).collect();
    let digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    let sound = match groups.as_slice() {
        [one] => !one.is_empty() && digits(one),
        [first, rest @ ..] => {
            (1..=3).contains(&first.len())
                && digits(first)
                && rest.iter().all(|group| group.len() == 3 && digits(group))
        }
        [] => false,
    };
    if sound { groups.concat().parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_people_write_them_and_never_guessed() {
        for text in ["50000", "50.000", "50,000", "50 000 đồng", "50.000đ", "50,000 Việt Nam Đồng"]
        {
            assert_eq!(dong(text), Some(50_000), "{text}");
        }
        assert_eq!(dong("1.250.000"), Some(1_250_000));
        for text in ["99,5", "50.00", "1.0000", "-5", "", "đồng", "10 USD", "năm mươi", "5,000.00"]
        {
            assert_eq!(dong(text), None, "{text}");
        }
    }

    #[test]
    fn headings_and_words_are_known_in_both_languages() {
        assert_eq!(column("Mã thủ tục"), Some("number"));
        assert_eq!(column("SERVICE_LEVEL"), Some("service_level"));
        assert_eq!(column("so"), None);
        assert_eq!(word("level", "Cấp Xã"), Ok("commune"));
        assert_eq!(word("unit", "Ngay lam viec"), Ok("working_days"));
        assert_eq!(word("channel", "post"), Ok("post"));
        let refused = word("channel", "quay").unwrap_err();
        assert!(refused.contains("«quay»") && refused.contains("desk (trực tiếp)"), "{refused}");
    }

    #[test]
    fn every_word_is_one_of_our_own_format() {
        fn read<T: DeserializeOwned>(word: &str) -> bool {
            serde_json::from_value::<T>(serde_json::Value::from(word)).is_ok()
        }
        for (column, words) in WORDS {
            for (name, _) in words {
                let known = match column {
                    "level" => read::<crate::domain::Level>(name),
                    "audience" => read::<crate::domain::Audience>(name),
                    "service_level" => read::<crate::domain::ServiceLevel>(name),
                    "front_door" => read::<crate::domain::FrontDoor>(name),
                    "channel" => read::<crate::domain::Channel>(name),
                    "need" => read::<crate::domain::PaperNeed>(name),
                    "unit" => read::<motcua_vn::LimitUnit>(name),
                    "rule" => read::<super::super::document::FeeWord>(name),
                    _ => column == "kind",
                };
                assert!(known, "{column}: {name}");
            }
        }
    }
}
