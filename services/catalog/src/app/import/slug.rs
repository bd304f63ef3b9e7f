//! Codes made from names, for sources that give none.

use std::collections::BTreeSet;

const LONGEST: usize = 40;

/// `Tờ khai đăng ký` gives `to-khai-dang-ky`; long names are cut at a word.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for word in motcua_vn::text::searchable(name).split(' ').filter(|word| word.is_ascii()) {
        if !slug.is_empty() && slug.len() + word.len() >= LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug.truncate(LONGEST);
    if slug.is_empty() { "khac".to_owned() } else { slug }
}

/// Codes that were given out in one list.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// The code, with a number behind it if it was given out before.
    pub(super) fn unique(&mut self, code: &str) -> String {
        let numbered = (2..).map(|n| format!("{code}-{n}"));
        let free = std::iter::once(code.to_owned()).chain(numbered).find(|c| !self.0.contains(c));
        let free = free.unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_codes_and_stay_apart() {
        assert_eq!(slug("Tờ khai đăng ký khai sinh"), "to-khai-dang-ky-khai-sinh");
        assert_eq!(slug("«…»"), "khac");
        assert!(slug(&"đơn đề nghị ".repeat(20)).len() <= LONGEST);
        let mut names = Names::default();
        assert_eq!(["a", "a", "b", "a"].map(|c| names.unique(c)), ["a", "a-2", "b", "a-3"]);
    }
}
