//! The first page: what there is, and where to begin.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::access::{Action, SignedIn};
use crate::admin::Summary;
use crate::error::Result;
use crate::html::{self, Shell};
use crate::resources::REGISTRY;

#[derive(Template)]
#[template(path = "pages/dashboard.html")]
struct DashboardPage {
    shell: Shell,
    summaries: Vec<Summary>,
}

/// GET `/`
pub async fn show(person: SignedIn) -> Result<HttpResponse> {
    let actor = person.actor.clone();
    let summaries = person.read(move |conn| {
        let visible = REGISTRY.0.iter().filter(|entity| actor.may(Action::View, entity.name));
        visible.map(|entity| (entity.summary)(conn, &actor)).collect::<Result<Vec<_>>>()
    });
    let page = DashboardPage { shell: person.shell.clone(), summaries: summaries.await? };
    html::page(&page.shell, StatusCode::OK, &page)
}
