use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, render::Rendered};
use crate::domain::{Facts, Language, News, Refusal, Variant, parts, septets, template};

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
    /// What goes by Zalo in place of a long text, where Zalo has one of its topic.
    pub(crate) zalo: Option<ZaloPreview>,
}

/// What goes by Zalo.
#[derive(Debug)]
pub(crate) struct ZaloPreview {
    /// The number of the text there.
    pub(crate) template: String,
    /// Its parameters; one without a value lets nothing go.
    pub(crate) values: Vec<(String, Option<String>)>,
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
        let name = "Nguyễn Văn A";
        let rendered = self.renderer.render(template, &news, code, name)?;
        let short = (template.variant == Variant::Sms).then_some(&*rendered.text);
        let septets = short.and_then(septets);
        let segments = short.and_then(parts).map(|parts| parts.octets.len());
        let long = template.variant == Variant::Long;
        let zns = self.zns.get(&template.topic).filter(|_| long);
        let zalo = zns.map(|zns| ZaloPreview {
            template: zns.id.clone(),
            values: zns
                .values(Facts::of(&news, name, code))
                .map(|(param, value)| (param.to_owned(), value))
                .collect(),
        });
        Ok(Preview { rendered, language: template.language, septets, segments, zalo })
    }
}
