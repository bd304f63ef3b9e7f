use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, render::Rendered};
use crate::domain::{Language, News, Refusal, Variant, septets, template};

/// A template with invented facts in it.
#[derive(Debug)]
pub(crate) struct Preview {
    /// The text.
    pub(crate) rendered: Rendered,
    /// In which language it is.
    pub(crate) language: Language,
    /// Its length, for a short message.
    pub(crate) septets: Option<usize>,
}

impl App {
    /// Shows a template with invented facts.
    pub(crate) fn preview(&self, ctx: &Ctx, name: &str) -> Result<Preview, Fault> {
        let template = template(name).ok_or(Refusal::TemplateUnknown)?;
        let news = News::samples(ctx.now() + TimeDelta::days(5))
            .into_iter()
            .find(|news| news.topic() == template.topic)
            .ok_or(Refusal::TemplateUnknown)?;
        let code = "H53.12.05-261121-0001";
        let rendered = self.renderer.render(template, &news, code, "Nguyễn Văn A")?;
        let septets = match template.variant {
            Variant::Sms => septets(&rendered.text),
            Variant::Long => None,
        };
        Ok(Preview { rendered, language: template.language, septets })
    }
}
