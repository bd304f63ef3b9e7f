use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, render::Rendered};
use crate::domain::{Language, News, Refusal, Variant, parts, septets, template};

/// A template with invented facts in it.
#[derive(Debug)]
pub(crate) struct Preview {
    /// The text.
    pub(crate) rendered: Rendered,
    /// In which language it is.
    pub(crate) language: Language,
    /// Its length, for a short message without marks.
    pub(crate) septets: Option<usize>,
    /// In how many parts it goes, for a short message.
    pub(crate) segments: Option<usize>,
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
        let short = (template.variant == Variant::Sms).then_some(&*rendered.text);
        let septets = short.and_then(septets);
        let segments = short.and_then(parts).map(|parts| parts.octets.len());
        Ok(Preview { rendered, language: template.language, septets, segments })
    }
}
