use std::fmt::Write;

use super::Choice;

/// The longest text of a message in a conversation, in characters (Zalo's tin tư vấn).
const LONGEST: usize = 2_000;
/// Characters of a paper's name that are said: many are whole sentences.
const NAME: usize = 90;
/// Papers that are named in one message.
const MOST: usize = 15;

/// What is answered in the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply<'a> {
    /// Nothing was asked of whoever sent the picture.
    Unknown,
    /// What was asked is not awaited any more.
    NothingAwaited,
    /// Nobody answered in time, so that they are no longer there.
    Lapsed,
    /// Others are on their way still: they are asked about together.
    StillComing,
    /// It cannot be fetched, or is no picture.
    Unreadable,
    /// More pictures wait already than may.
    TooMany,
    /// It is not taken, for this reason.
    Refused(&'a str),
    /// Whether pictures are to be filed.
    Ask {
        /// Of this dossier.
        code: &'a str,
        /// How many.
        pictures: usize,
        /// For one of these.
        choices: &'a [Choice],
    },
    /// For which paper they are was not said.
    Which(&'a [Choice]),
    /// They were filed.
    Bound {
        /// With this dossier.
        code: &'a str,
        /// How many.
        pictures: usize,
        /// The whole supplement is.
        provided: bool,
        /// What is missing still.
        lacking: &'a [String],
    },
    /// They were thrown away.
    Dropped {
        /// Of this dossier.
        code: &'a str,
    },
}

impl Reply<'_> {
    /// The text, within Zalo's length.
    pub fn text(&self) -> String {
        let text = match self {
            Self::Unknown => "Chúng tôi đã thấy ảnh bác gửi, nhưng không có hồ sơ nào đang chờ bác \
                              bổ sung giấy tờ qua Zalo này nên ảnh không được lưu lại. Bác vui lòng \
                              nộp giấy tờ trên Cổng dịch vụ công hoặc tại bộ phận một cửa."
                .to_owned(),
            Self::NothingAwaited => "Hồ sơ của bác hiện không chờ bổ sung giấy tờ nên ảnh không \
                                     được lưu lại. Bác xem tình trạng hồ sơ trên Cổng dịch vụ \
                                     công, hoặc hỏi bộ phận một cửa."
                .to_owned(),
            Self::Lapsed => "Ảnh bác gửi trước đó đã quá thời gian chờ trả lời nên không còn được \
                             giữ. Bác vui lòng gửi lại ảnh."
                .to_owned(),
            Self::StillComing => "Chúng tôi còn đang nhận ảnh bác vừa gửi. Bác vui lòng chờ tin \
                                  nhắn tiếp theo rồi trả lời."
                .to_owned(),
            Self::Unreadable => "Chúng tôi không mở được ảnh bác vừa gửi. Bác vui lòng chụp và gửi \
                                 lại ảnh đó."
                .to_owned(),
            Self::TooMany => "Bác đã gửi nhiều ảnh chưa trả lời. Bác vui lòng trả lời CO hoặc KHONG \
                              cho các ảnh trước rồi gửi tiếp."
                .to_owned(),
            Self::Refused(why) => format!("Ảnh bác gửi không nhận được. {why}"),
            Self::Ask { code, pictures, choices } => ask(code, *pictures, choices),
            Self::Which(choices) => {
                format!("Ảnh bác gửi là giấy tờ nào ạ? {}", numbered(choices))
            }
            Self::Bound { code, pictures, provided: true, .. } => format!(
                "Đã bổ sung {pictures} ảnh vào {}. Hồ sơ đã đủ giấy tờ được yêu cầu và đã được \
                 gửi đến bộ phận một cửa. Cảm ơn bác.",
                of(code)
            ),
            Self::Bound { code, pictures, lacking, .. } => {
                let mut text = format!("Đã thêm {pictures} ảnh vào {}. Hồ sơ còn thiếu:", of(code));
                for lack in lacking.iter().take(MOST) {
                    text.push_str("\n- ");
                    text.push_str(&cut(lack));
                }
                text.push_str(
                    "\nBác gửi tiếp ảnh giấy tờ còn thiếu tại đây, hoặc hoàn tất trên Cổng dịch vụ \
                     công hay tại bộ phận một cửa.",
                );
                text
            }
            Self::Dropped { code } => {
                format!("Đã bỏ ảnh, {} không thay đổi.", of(code))
            }
        };
        text.chars().take(LONGEST).collect()
    }
}

fn ask(code: &str, pictures: usize, choices: &[Choice]) -> String {
    let got = format!("Chúng tôi đã nhận {pictures} ảnh của bác cho {}.", of(code));
    let rest = "Nếu còn ảnh khác, bác gửi hết rồi hãy trả lời.";
    match choices {
        [only] => {
            format!("{got} Trả lời CO để bổ sung làm «{}», KHONG để bỏ. {rest}", cut(&only.title))
        }
        several => format!("{got} {} Trả lời KHONG để bỏ. {rest}", numbered(several)),
    }
}

fn numbered(choices: &[Choice]) -> String {
    let mut text = "Trả lời CO kèm số của giấy tờ:".to_owned();
    for (number, choice) in (1..).zip(choices.iter().take(MOST)) {
        let _ = write!(text, "\nCO {number}: {}", cut(&choice.title));
    }
    text.push('\n');
    text
}

fn of(code: &str) -> String {
    if code.is_empty() { "hồ sơ của bác".to_owned() } else { format!("hồ sơ {code}") }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= NAME {
        return text.to_owned();
    }
    let short: String = text.chars().take(NAME - 1).collect();
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(count: usize) -> Vec<Choice> {
        let choice = |n| Choice { code: format!("c{n}"), title: "Giấy chứng sinh ".repeat(20) };
        (0..count).map(choice).collect()
    }

    #[test]
    fn one_paper_is_confirmed_and_several_are_numbered() {
        let one = [Choice { code: "c".into(), title: "Giấy chứng sinh".into() }];
        let ask = Reply::Ask { code: "H53-1", pictures: 2, choices: &one }.text();
        assert!(ask.contains("2 ảnh") && ask.contains("hồ sơ H53-1"), "{ask}");
        assert!(ask.contains("Trả lời CO để bổ sung làm «Giấy chứng sinh», KHONG để bỏ"), "{ask}");
        let ask = Reply::Ask { code: "", pictures: 1, choices: &choices(3) }.text();
        assert!(ask.contains("hồ sơ của bác") && ask.contains("\nCO 3: "), "{ask}");
    }

    #[test]
    fn every_text_is_within_zalos_length() {
        let (many, words) = (choices(99), vec!["Thiếu giấy tờ: ".repeat(40); 99]);
        let long = "x".repeat(5_000);
        for reply in [
            Reply::Ask { code: "H53-1", pictures: 99, choices: &many },
            Reply::Which(&many),
            Reply::Bound { code: "H", pictures: 9, provided: false, lacking: &words },
        ] {
            assert!(reply.text().chars().count() < LONGEST, "nothing is cut off: {reply:?}");
        }
        assert_eq!(Reply::Refused(&long).text().chars().count(), LONGEST);
    }
}
