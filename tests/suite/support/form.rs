//! A form as a browser without scripts sends it.

use scraper::{ElementRef, Html, Selector};

use super::Page;

/// What a form sends, control by control.
#[derive(Clone, Debug)]
pub struct Filled(Vec<(String, String)>);

impl Page {
    /// The form that a CSS selector finds, as it is filled now.
    pub fn form(&self, selector: &str) -> Filled {
        let html = Html::parse_document(&self.body);
        let parse = |text: &str| Selector::parse(text).expect("a selector");
        let (wanted, controls, options) = (parse(selector), parse("input, textarea, select"), parse("option"));
        let form = html.select(&wanted).next().unwrap_or_else(|| panic!("no {selector} in: {}", self.body));
        let mut pairs = Vec::new();
        for control in form.select(&controls) {
            let Some(name) = control.attr("name").filter(|_| control.attr("disabled").is_none()) else { continue };
            if matches!(control.attr("type"), Some("checkbox" | "radio")) && control.attr("checked").is_none() {
                continue;
            }
            let value = match control.value().name() {
                "textarea" => control.text().collect(),
                "select" => chosen(control, &options),
                _ => control.attr("value").unwrap_or_default().to_owned(),
            };
            pairs.push((name.to_owned(), value));
        }
        Filled(pairs)
    }
}

fn chosen(select: ElementRef, options: &Selector) -> String {
    let all: Vec<_> = select.select(options).collect();
    let chosen = all.iter().find(|option| option.attr("selected").is_some()).or(all.first());
    chosen.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
}

impl Filled {
    /// With one value, instead of all there are of this name.
    pub fn set(self, name: &str, value: &str) -> Self {
        let mut filled = self.without(name);
        filled.0.push((name.to_owned(), value.to_owned()));
        filled
    }

    /// With one value more of this name.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(sent, _)| sent != name);
        self
    }

    pub fn values(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(sent, _)| sent == name).map(|(_, value)| value.as_str()).collect()
    }

    /// As [`super::Visitor`] takes it.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
