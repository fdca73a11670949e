//! An answer, read as a browser would.

use reqwest::Response;
use reqwest::header::HeaderMap;
use scraper::{Html, Selector};

/// An answer.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub async fn read(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page { status, headers, body: response.text().await.expect("a text") }
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Its content policy, with `NONCE` for the word that is another one in each answer.
    pub fn policy(&self) -> String {
        let policy = self.header("content-security-policy");
        let Some((before, rest)) = policy.split_once("'nonce-") else { return policy.to_owned() };
        format!("{before}'nonce-NONCE'{}", rest.split_once('\'').map_or("", |(_, after)| after))
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The text that a person sees, its white space folded.
    pub fn text(&self) -> String {
        folded(Html::parse_document(&self.body).root_element().text())
    }

    /// The texts of the elements that a CSS selector finds.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let html = self.html();
        let wanted = Selector::parse(selector).expect("a selector");
        html.select(&wanted).map(|element| folded(element.text())).collect()
    }

    /// An attribute of the elements that a CSS selector finds, where they have it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = self.html();
        let wanted = Selector::parse(selector).expect("a selector");
        html.select(&wanted).filter_map(|element| element.attr(name).map(ToOwned::to_owned)).collect()
    }

    /// An attribute of the first such element.
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let found = self.attributes(selector, name).into_iter().next();
        found.unwrap_or_else(|| panic!("no {name} of {selector} in: {}", self.body))
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    /// The address of the link of this name, if there is one.
    pub fn link(&self, name: &str) -> Option<String> {
        let wanted = Selector::parse("a[href]").expect("a selector");
        let html = self.html();
        let mut links = html.select(&wanted).filter(|link| folded(link.text()) == name);
        links.next().and_then(|link| link.attr("href")).map(ToOwned::to_owned)
    }

    /// The ids of the records that a list shows, in its order.
    pub fn ids(&self) -> Vec<i64> {
        let id = |row: &String| row.rsplit_once('-').and_then(|(_, id)| id.parse().ok());
        let rows = self.attributes("tbody tr[id]", "id");
        rows.iter().map(|row| id(row).unwrap_or_else(|| panic!("a row called {row}"))).collect()
    }

    /// True when it is a whole page and not a part of one.
    pub fn is_whole(&self) -> bool {
        self.body.trim_start().starts_with("<!doctype html>")
    }

    /// A fragment may begin with a cell or a row, which a document would drop.
    fn html(&self) -> Html {
        let start = self.body.trim_start();
        if start.starts_with("<td") {
            return Html::parse_document(&format!("<table><tbody><tr>{start}</tr></tbody></table>"));
        }
        Html::parse_document(start)
    }
}

fn folded<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
