//! What came when nobody was logged in any more, offered again to whoever it was.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::{Kept, SignedIn};
use crate::admin::{Moment, Registered};
use crate::error::Result;
use crate::html::{self, Shell};
use crate::resources::REGISTRY;
use crate::submission::in_words;

#[derive(Template)]
#[template(path = "pages/kept.html")]
struct KeptPage {
    shell: Shell,
    submissions: Vec<KeptView>,
}

struct KeptView {
    kept: Kept,
    /// What it was about to do, in words.
    was: String,
    /// What the button says that does it.
    does: &'static str,
    until: Moment,
    /// What was put in: the label of each field and its value.
    typed: Vec<(String, String)>,
    /// The passwords to be put in again: name and label.
    secrets: Vec<(String, String)>,
}

/// GET `/kept`
pub async fn show(person: SignedIn, request: HttpRequest) -> Result<HttpResponse> {
    let submissions = person.kept_submissions(&request).await?.into_iter().map(KeptView::of).collect();
    let page = KeptPage { shell: person.shell.clone(), submissions };
    html::page(&page.shell, StatusCode::OK, &page)
}

/// POST `/kept/{id}/discard`
pub async fn discard(person: SignedIn, id: web::Path<i64>) -> Result<HttpResponse> {
    person.discard_kept(*id).await?;
    html::see_other(&person.shell, "/kept", "Discarded")
}

impl KeptView {
    fn of(kept: Kept) -> Self {
        let (was, does) = in_question(&kept.path);
        let label = |name: &str| label(&kept.path, name);
        let secrets = kept.secrets.iter().map(|name| (name.clone(), label(name))).collect();
        let typed = kept.form.shown().into_iter().map(|(name, value)| (label(name), value)).collect();
        KeptView { was, does, until: Moment(kept.until), typed, secrets, kept }
    }
}

/// What a form sent to this path does, and the button for it.
fn in_question(path: &str) -> (String, &'static str) {
    let segments: Vec<_> = path.split('/').skip(1).collect();
    match (segments.as_slice(), entity(path)) {
        ([_], Some(entity)) => (format!("saving a new {}", entity.one), "Save it now"),
        ([_, id], Some(entity)) => (format!("saving {} {id}", entity.one), "Save it now"),
        ([_, id, "delete"], Some(entity)) => (format!("deleting {} {id}", entity.one), "Delete it now"),
        _ => (format!("sending “{}”", segments.join(" ").replace('-', " ")), "Send it now"),
    }
}

fn label(path: &str, name: &str) -> String {
    let label = entity(path).and_then(|entity| (entity.field_label)(name));
    label.map_or_else(|| in_words(name), ToOwned::to_owned)
}

/// The entity that a path is about.
fn entity(path: &str) -> Option<&'static Registered> {
    REGISTRY.0.iter().find(|entity| path.split('/').nth(1) == Some(entity.name))
}
