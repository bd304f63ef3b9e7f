use chrono::{DateTime, Utc};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use motcua_fault::Fault;
use motcua_vn::{Vnd, local, text};

use crate::domain::{Language, News, Refusal, Template, Variant, templates};

/// More steps than any of our texts takes: a text that loops is stopped.
const FUEL: u64 = 5_000;

/// Puts a person's facts into templates.
pub(crate) struct Renderer {
    environment: Environment<'static>,
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
    pub(crate) fn new() -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Plain text: nothing is to be escaped.
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        for template in templates() {
            environment.add_template_owned(template.name(), template.source)?;
        }
        Ok(Self { environment })
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
        let plain = |text: String| match variant {
            Variant::Long => text,
            Variant::Sms => text::plain_ascii(&text),
        };
        let of_code = if code.is_empty() { String::new() } else { format!(" {code}") };
        let (upper, lower) = match language {
            Language::Vi => ("Hồ sơ", "hồ sơ"),
            Language::En => ("Dossier", "dossier"),
        };
        let facts = context! {
            dossier => plain(format!("{upper}{of_code}")),
            dossier_lower => plain(format!("{lower}{of_code}")),
            full_name => plain(full_name.to_owned()),
            time => news.time().map(|time| time_text(variant, language, time)),
            case => news.case(),
            paper => news.paper(),
            amount => news.amount().map(|amount| plain(amount_text(language, amount))),
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
            Variant::Sms => Rendered { title: String::new(), text: whole.to_owned() },
        })
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
    use crate::domain::{Reply, SMS_SEPTETS, StopCause, current, septets};

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
        Renderer::new().unwrap().render(template, news, code, "Trần Thị Đào").unwrap()
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
            let named = text.contains(LONGEST_CODE) || news == News::InquiryAnswered(Reply::Usage);
            assert!(text.is_ascii() && named && title.is_empty(), "{text}");
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
        let text = Renderer::new().unwrap().render(template, &REJECTED, "", name).unwrap().text;
        assert!(text.contains(name));
    }

    #[test]
    fn a_text_that_loops_is_stopped() {
        let mut renderer = Renderer::new().unwrap();
        let template = current(REJECTED.topic(), Variant::Long, Language::Vi).unwrap();
        let endless = "{% for i in range(9000) %}x{% endfor %}";
        renderer.environment.add_template_owned(template.name(), endless).unwrap();
        let fault = renderer.render(template, &REJECTED, "", "A").unwrap_err();
        assert_eq!(fault.reason(), "TEMPLATE_BROKEN");
    }
}
