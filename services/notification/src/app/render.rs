use chrono::{DateTime, Utc};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use motcua_fault::Fault;
use motcua_vn::{Vnd, local, text};

use crate::domain::{Digest, Language, Marks, News, Refusal, Template, Variant, templates};

/// More steps than any of our texts takes: a text that loops is stopped.
const FUEL: u64 = 5_000;

/// Puts a person's facts into templates.
pub(crate) struct Renderer {
    environment: Environment<'static>,
    marks: Marks,
}

/// A text with the facts in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// One line; empty in a short message.
    pub(crate) title: String,
    /// The text.
    pub(crate) text: String,
}

impl Renderer {
    /// Reads all templates; a text that is no template is told at the start.
    pub(crate) fn new(marks: Marks) -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Plain text: nothing is to be escaped.
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        for template in templates() {
            environment.add_template_owned(template.name(), template.source)?;
        }
        Ok(Self { environment, marks })
    }

    /// One message's text.
    pub(crate) fn render(
        &self,
        template: &Template,
        news: &News,
        code: &str,
        full_name: &str,
    ) -> Result<Rendered, Fault> {
        let Template { variant, language, .. } = *template;
        let of_code = if code.is_empty() { String::new() } else { format!(" {code}") };
        let (upper, lower) = match language {
            Language::Vi => ("Hồ sơ", "hồ sơ"),
            Language::En => ("Dossier", "dossier"),
        };
        let facts = context! {
            dossier => format!("{upper}{of_code}"),
            dossier_lower => format!("{lower}{of_code}"),
            full_name => full_name,
            time => news.time().map(|time| time_text(variant, language, time)),
            case => news.case(),
            paper => news.paper(),
            digest => news.digest().map(|digest| digest_facts(variant, language, digest)),
            amount => news.amount().map(|amount| amount_text(language, amount)),
        };
        let whole = self
            .environment
            .get_template(&template.name())
            .and_then(|text| text.render(facts))
            // The error may quote the facts, which are personal: it is dropped.
            .map_err(|_| Fault::from(Refusal::TemplateBroken).with("template", template.name()))?;
        let whole = whole.trim_end();
        Ok(match template.variant {
            Variant::Long => {
                let (title, text) = whole.split_once("\n\n").unwrap_or(("", whole));
                Rendered { title: title.to_owned(), text: text.to_owned() }
            }
            Variant::Sms => {
                Rendered { title: String::new(), text: self.marks.written(whole.to_owned()) }
            }
        })
    }
}

fn digest_facts(variant: Variant, language: Language, digest: &Digest) -> Value {
    let all = digest.all();
    let urgent = digest.urgent.iter().map(|task| {
        context! { code => task.code.as_str(), time => time_text(variant, language, task.due) }
    });
    context! {
        day => local::date_text(digest.day),
        tasks => all.tasks,
        due_today => all.due_today,
        overdue => all.overdue,
        waiting => digest.waiting.tasks,
        to_approve => digest.to_approve,
        to_return => digest.to_return,
        late => digest.late,
        urgent => urgent.collect::<Vec<_>>(),
    }
}

fn time_text(variant: Variant, language: Language, time: DateTime<Utc>) -> String {
    let form = match (variant, language) {
        (Variant::Long, Language::Vi) => return local::date_time_text(time),
        (Variant::Long, Language::En) => "%H:%M on %d/%m/%Y",
        (Variant::Sms, _) => "%H:%M %d/%m/%Y",
    };
    local::local(time).format(form).to_string()
}

fn amount_text(language: Language, amount: Vnd) -> String {
    match language {
        Language::Vi => amount.to_string(),
        Language::En => format!("VND {}", text::grouped(amount.dong()).replace('.', ",")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Finding, Load, SMS_SEPTETS, StopCause, Urgent, current, septets};

    /// The longest code we answer for.
    const LONGEST_CODE: &str = "000.123.45.H53-20261121-000001";

    const REJECTED: News = News::Rejected { expired: false };

    fn time() -> DateTime<Utc> {
        "2026-11-25T10:00:00Z".parse().unwrap()
    }

    fn render(news: &News, variant: Variant, code: &str) -> Rendered {
        render_in(Language::Vi, news, variant, code)
    }

    fn render_in(language: Language, news: &News, variant: Variant, code: &str) -> Rendered {
        let template = current(news.topic(), variant, language).unwrap();
        Renderer::new(Marks::Never).unwrap().render(template, news, code, "Trần Thị Đào").unwrap()
    }

    /// Every news in every language.
    fn samples() -> impl Iterator<Item = (Language, News)> {
        let news = || News::samples(time()).into_iter();
        Language::ALL.into_iter().flat_map(move |language| news().map(move |news| (language, news)))
    }

    #[test]
    fn every_short_message_fits_one_part_with_the_longest_code() {
        assert_eq!(LONGEST_CODE.len(), 30);
        for (language, news) in samples() {
            let Rendered { title, text } = render_in(language, &news, Variant::Sms, LONGEST_CODE);
            let length = septets(&text).unwrap_or_else(|| panic!("not plain: {text}"));
            assert!(length <= SMS_SEPTETS, "{length}: {text}");
            // A digest is about no single dossier, and how one asks about none.
            let coded = text.contains(LONGEST_CODE)
                || news.digest().is_some()
                || news == News::InquiryAnswered(Finding::Usage);
            assert!(text.is_ascii() && coded && title.is_empty(), "{text}");
        }
    }

    #[test]
    fn no_short_message_names_the_person() {
        for (language, news) in samples() {
            let text = render_in(language, &news, Variant::Sms, LONGEST_CODE).text;
            assert!(!text.contains("Dao"), "{text}");
        }
    }

    #[test]
    fn every_long_text_has_a_title_a_person_and_no_loose_ends() {
        for (language, news) in samples().filter(|(_, news)| !news.topic().is_answer()) {
            let (upper, dear) = match language {
                Language::Vi => ("Hồ sơ", "Kính gửi Ông/Bà Trần Thị Đào,\n\n"),
                Language::En => ("Dossier", "Dear Trần Thị Đào,\n\n"),
            };
            let upper = match (news.digest(), language) {
                (None, _) => upper,
                (Some(_), Language::Vi) => "Sáng nay: ",
                (Some(_), Language::En) => "This morning: ",
            };
            for code in [LONGEST_CODE, ""] {
                let Rendered { title, text } = render_in(language, &news, Variant::Long, code);
                assert!(title.starts_with(upper) && !title.contains('\n'), "{title}");
                assert!(text.starts_with(dear), "{text}");
                let loose = ["{", "}", "\n\n\n", "  ", " ,", " .", "none"];
                assert!(loose.iter().all(|l| !text.contains(l)), "{text}");
                assert_eq!(text, motcua_vn_nfc(&text), "{text}");
            }
        }
    }

    fn motcua_vn_nfc(text: &str) -> String {
        text.lines().map(motcua_vn::text::tidy).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_acceptance_reads_like_this() {
        let news = News::Accepted { due: Some(time()) };
        let long = render(&news, Variant::Long, "H53.12-261121-0001");
        assert_eq!(long.title, "Hồ sơ H53.12-261121-0001 đã được tiếp nhận");
        assert!(long.text.contains("Thời gian hẹn trả kết quả: 17:00 ngày 25/11/2026."));
        let short = render(&news, Variant::Sms, "H53.12-261121-0001");
        assert_eq!(
            short.text,
            "Ho so H53.12-261121-0001 da duoc tiep nhan. Hen tra ket qua: 17:00 25/11/2026."
        );
    }

    fn digest(tasks: u32, due_today: u32, overdue: u32) -> Digest {
        Digest {
            day: chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap(),
            held: Load { tasks, due_today, overdue },
            waiting: Load::default(),
            to_approve: 0,
            to_return: 0,
            late: 0,
            urgent: Vec::new(),
        }
    }

    #[test]
    fn what_awaits_an_officer_is_said_in_words_for_none_one_and_many() {
        for (told, vi, en) in [
            (digest(1, 0, 0), "1 hồ sơ chờ xử lý", "1 task to do"),
            (digest(5, 0, 0), "5 hồ sơ chờ xử lý", "5 tasks to do"),
            (
                digest(5, 2, 1),
                "5 hồ sơ chờ xử lý, 2 hết hạn hôm nay, 1 đã quá hạn",
                "5 tasks to do, 2 due today, 1 overdue",
            ),
            (digest(5, 0, 1), "5 hồ sơ chờ xử lý, 1 đã quá hạn", "5 tasks to do, 1 overdue"),
            (
                Digest { to_return: 1, ..digest(0, 0, 0) },
                "1 kết quả chờ trả",
                "1 result to hand over",
            ),
            (
                Digest { late: 2, ..digest(0, 0, 0) },
                "2 hồ sơ quá ngày hẹn trả",
                "2 dossiers past the appointment",
            ),
        ] {
            let news = News::OfficerDigest(told);
            let title = |language| render_in(language, &news, Variant::Long, "").title;
            assert_eq!(title(Language::Vi), format!("Sáng nay: {vi}"));
            assert_eq!(title(Language::En), format!("This morning: {en}"));
        }
    }

    #[test]
    fn a_digest_reads_like_this() {
        let urgent = Urgent { code: "H53-261125-0001".to_owned(), due: time() };
        let told = Digest {
            waiting: Load { tasks: 2, ..Load::default() },
            to_return: 3,
            urgent: vec![urgent],
            ..digest(3, 2, 0)
        };
        let news = News::OfficerDigest(told);
        let text = render(&news, Variant::Long, "").text;
        let said = "Kính gửi Ông/Bà Trần Thị Đào,\n\n\
                    Việc chờ Ông/Bà sáng ngày 25/11/2026:\n\
                    - 5 hồ sơ chờ xử lý, trong đó 2 hồ sơ hết hạn hôm nay.\n\
                    - Trong số đó 2 hồ sơ chưa có ai nhận.\n\
                    - 3 hồ sơ đã có kết quả, chờ trả tại nơi tiếp nhận.\n\n\
                    Gấp nhất:\n\
                    - H53-261125-0001: hạn 17:00 ngày 25/11/2026\n\n";
        assert!(text.starts_with(said), "{text}");
        let short = render(&news, Variant::Sms, "").text;
        assert_eq!(short, "Sang nay: 5 ho so cho xu ly, 2 het han hom nay. 3 ket qua cho tra.");
    }

    #[test]
    fn sums_and_times_are_written_as_the_language_writes_them() {
        let news = News::PaymentRequested { amount: Vnd::new(1_250_000), due: Some(time()) };
        let text = render_in(Language::En, &news, Variant::Long, "H53-261121-0001").text;
        for part in ["dossier H53-261121-0001: VND 1,250,000.", "due by 17:00 on 25/11/2026."] {
            assert!(text.contains(part), "{text}");
        }
        let text = render(&news, Variant::Long, "H53-261121-0001").text;
        assert!(text.contains("1.250.000 đồng") && text.contains("17:00 ngày 25/11/2026"));
    }

    #[test]
    fn without_an_appointment_none_is_told() {
        let long = render(&News::Accepted { due: None }, Variant::Long, "H53-261121-0001");
        assert!(long.text.contains("không quy định ngày hẹn trả"));
    }

    #[test]
    fn no_clock_stands_still_before_one_runs() {
        let asked = |before_acceptance| {
            let deadline = Some(time());
            render(&News::SupplementRequested { deadline, before_acceptance }, Variant::Long, "")
                .text
        };
        assert!(asked(false).contains("tạm dừng tính") && asked(false).contains("giải quyết tiếp"));
        assert!(!asked(true).contains("tạm dừng") && asked(true).contains("được tiếp nhận"));
    }

    #[test]
    fn no_letter_is_spoken_of_that_nobody_wrote() {
        let text = |news| render(&news, Variant::Long, "").text;
        assert!(text(REJECTED).contains("phiếu từ chối"));
        assert!(!text(News::Rejected { expired: true }).contains("phiếu"));
        let stopped = |cause| text(News::Stopped { cause });
        assert!(stopped(StopCause::Withdrawn).contains("Thông báo dừng"));
        for cause in [StopCause::WithdrawnEarly, StopCause::SupplementExpired] {
            assert!(!stopped(cause).contains("hông báo"), "{}", stopped(cause));
        }
    }

    #[test]
    fn a_name_with_signs_of_templates_is_only_a_name() {
        let template = current(REJECTED.topic(), Variant::Long, Language::Vi).unwrap();
        let name = "{{ 7 * 7 }} <b>";
        let text = Renderer::new(Marks::Never)
            .unwrap()
            .render(template, &REJECTED, "", name)
            .unwrap()
            .text;
        assert!(text.contains(name));
    }

    #[test]
    fn a_text_that_loops_is_stopped() {
        let mut renderer = Renderer::new(Marks::Never).unwrap();
        let template = current(REJECTED.topic(), Variant::Long, Language::Vi).unwrap();
        let endless = "{% for i in range(9000) %}x{% endfor %}";
        renderer.environment.add_template_owned(template.name(), endless).unwrap();
        let fault = renderer.render(template, &REJECTED, "", "A").unwrap_err();
        assert_eq!(fault.reason(), "TEMPLATE_BROKEN");
    }
}
