use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template as _;
use url::form_urlencoded;

use crate::access::{Access, View};
use crate::admin::query::{Query, check_search, check_single};
use crate::admin::resource::Resource;
use crate::admin::views::{ChoicesView, ListPage, OptionsBlock};
use crate::admin::{listing, picker};
use crate::error::{Error, Result};
use crate::html;

/// GET `/users`
pub async fn list<R: Resource>(access: Access<R, View>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::read::<R>(request.query_string())?;
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let html = access.read(move |conn| {
        let page = ListPage::of::<R>(conn, shell, &actor, &query)?;
        html::render(&page.shell, &page, &page.as_list())
    });
    html::answer(&access.shell, StatusCode::OK, html.await?)
}

/// GET `/options/users?q=`: the choices of a picker, as inputs. `name` is the input's, `several` makes them boxes to tick.
pub async fn options<R: Resource>(access: Access<R, View>, request: HttpRequest) -> Result<HttpResponse> {
    let (mut q, mut name, mut is_several, mut chosen) = (String::new(), R::ONE.to_owned(), false, Vec::new());
    check_single(request.query_string(), |name| !matches!(name, "q" | "name" | "several"))?;
    for (key, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        match key.as_ref() {
            "q" => q = value.into_owned(),
            "name" => name = value.into_owned(),
            "several" => is_several = value == "true",
            "chosen" => chosen.push(value.into_owned()),
            // A picker sends its own search box under the name that it has in the form.
            find if find.starts_with("find.") => q = value.into_owned(),
            own if own == name => chosen.push(value.into_owned()),
            _ => return Err(Error::BadRequest(format!("Options can't be asked for {key:?}."))),
        }
    }
    check_search(&q)?;
    if !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        return Err(Error::BadRequest("A name has small letters.".into()));
    }
    let actor = access.actor.clone();
    let choices = access.read(move |conn| {
        let query = Some(q.as_str()).filter(|q| !q.trim().is_empty());
        let records = match query {
            Some(q) => listing::matches::<R>(conn, q, picker::MATCHES)?,
            None => listing::first::<R>(conn, picker::MATCHES)?,
        };
        let mut offered: Vec<_> = records.iter().map(picker::choice).collect();
        let named =
            if chosen.is_empty() { Vec::new() } else { picker::offered::<R>(conn, &actor, None, &chosen)?.choices };
        for choice in named {
            let is_shown = offered.iter().any(|shown| shown.value == choice.value);
            if chosen.contains(&choice.value) && !is_shown {
                offered.insert(0, choice);
            }
        }
        Ok::<_, Error>(ChoicesView::new(name.clone(), is_several, offered, &chosen, None, None))
    });
    let block = OptionsBlock { choices: choices.await? };
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(block.render().map_err(Error::internal)?))
}
