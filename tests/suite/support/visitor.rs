//! Someone with a browser: keeps cookies, follows nothing, and comes from the application's own pages.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder};

use super::{Page, TestApp};

/// Someone who asks.
#[derive(Clone)]
pub struct Visitor {
    client: Client,
    url: String,
}

impl Visitor {
    pub fn new(url: &str) -> Self {
        // The server keeps a connection for five seconds; a test that is busy with something else would miss its end.
        let client = Client::builder().cookie_store(true).pool_idle_timeout(Duration::from_secs(2));
        let client = client.redirect(reqwest::redirect::Policy::none()).build();
        Visitor { client: client.expect("a client"), url: url.to_owned() }
    }

    /// The same browser, which asks another application on the same database.
    pub fn at(&self, app: &TestApp) -> Self {
        Visitor { client: self.client.clone(), url: app.url.clone() }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.with_form(Method::POST, path, form)).await
    }

    pub async fn patch(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.with_form(Method::PATCH, path, form)).await
    }

    pub async fn delete(&self, path: &str) -> Page {
        self.send(self.with_form(Method::DELETE, path, &[])).await
    }

    /// As htmx asks for a part of a page.
    pub async fn htmx(&self, method: Method, path: &str, form: &[(&str, &str)]) -> Page {
        let request =
            if method == Method::GET { self.request(method, path) } else { self.with_form(method, path, form) };
        let page = format!("{}/users", self.url);
        let request = request.header("HX-Request", "true").header("HX-Request-Type", "partial");
        self.send(request.header("HX-Current-URL", page)).await
    }

    /// A request to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A request with a form, as from one of the application's own pages.
    pub fn with_form(&self, method: Method, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static("same-origin"));
        headers.insert(
            HeaderName::from_static("content-type"),
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        self.request(method, path).headers(headers).body(body)
    }

    pub async fn send(&self, request: RequestBuilder) -> Page {
        Page::read(request.send().await.expect("an answer")).await
    }
}
