use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::back;
use crate::access::{Access, Action, Create, Update, View};
use crate::admin::form::Form;
use crate::admin::resource::Resource;
use crate::admin::store::{self, Refused};
use crate::admin::views::{RecordPage, Typed, record_url};
use crate::crud::Crud;
use crate::error::{Error, Result};
use crate::html;
use crate::models::Onward;

/// GET `/users/new`
pub async fn new<R: Resource>(access: Access<R, Create>, request: HttpRequest) -> Result<HttpResponse> {
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let page = access.read(move |conn| RecordPage::new::<R>(conn, shell, &actor, None, back.as_deref())).await?;
    html::page(&page.shell, StatusCode::OK, &page)
}

/// POST `/users`
pub async fn create<R: Resource + Crud>(access: Access<R, Create>, mut form: Form) -> Result<HttpResponse> {
    form.check_new_names::<R>()?;
    if form.finding().is_some() {
        return new_again(&access, form, Vec::new(), StatusCode::OK).await;
    }
    form.hash_passwords::<R>(&access).await?;
    let (actor, sent) = (access.actor_for(&form).await?, form.clone());
    let created = access.write_once(move |w| {
        let record = store::create::<R>(w, &actor, &sent)?;
        let page = record_url::<R>(record.id(), sent.back::<R>());
        let location = if actor.may(Action::View, R::NAME) { page } else { format!("/{}/new", R::NAME) };
        Ok(Onward::to(location, format!("Created {}", record.label())))
    });
    match created.await {
        Ok(onward) => html::go_on(&access.shell, &onward),
        Err(Refused::Invalid(faults)) => new_again(&access, form, faults, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(Refused::Stale) => Err(Error::internal("a new record can't be stale")),
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// GET `/users/{id}`
pub async fn show<R: Resource>(
    access: Access<R, View>,
    id: web::Path<i64>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let html = access.read(move |conn| {
        let look = R::look(conn, &actor, *id)?.ok_or(Error::NotFound)?;
        let page = RecordPage::of(conn, shell, &actor, &look, None, back.as_deref())?;
        html::render(&page.shell, &page, &page)
    });
    html::answer(&access.shell, StatusCode::OK, html.await?)
}

/// POST or PATCH `/users/{id}`
pub async fn save<R: Resource + Crud>(
    access: Access<R, Update>,
    id: web::Path<i64>,
    form: Form,
) -> Result<HttpResponse> {
    let id = *id;
    form.check_names::<R>()?;
    if form.finding().is_some() {
        return shown_again::<R>(&access, id, form, Vec::new(), StatusCode::OK).await;
    }
    let (actor, sent) = (access.actor_for(&form).await?, form.clone());
    let saved = access.write_once(move |w| {
        let record = store::update::<R>(w, &actor, id, &sent)?;
        let back = sent.back::<R>();
        let page = record_url::<R>(id, back);
        let location = if sent.text("leave") == "true" { back.unwrap_or(&page) } else { &page };
        Ok(Onward::to(location, format!("Saved {}", record.label())))
    });
    match saved.await {
        Ok(onward) => html::go_on(&access.shell, &onward),
        Err(Refused::Invalid(faults)) => {
            shown_again::<R>(&access, id, form, faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Stale) => shown_again::<R>(&access, id, form, Vec::new(), StatusCode::CONFLICT).await,
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// The form for a new record again, as typed.
async fn new_again<R: Resource>(
    access: &Access<R, Create>,
    form: Form,
    faults: Vec<(&'static str, String)>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let page = access.read(move |conn| {
        let typed = Typed::again(&form, &faults, status);
        RecordPage::new::<R>(conn, shell, &actor, Some(typed), form.back::<R>())
    });
    let page = page.await?;
    html::page(&page.shell, status, &page)
}

/// The form of a stored record again, as typed; after a conflict with what is stored now beside it.
async fn shown_again<R: Resource>(
    access: &Access<R, Update>,
    id: i64,
    form: Form,
    faults: Vec<(&'static str, String)>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let page = access.read(move |conn| {
        let look = R::look(conn, &actor, id)?.ok_or(Error::NotFound)?;
        let typed = Typed::again(&form, &faults, status);
        RecordPage::of(conn, shell, &actor, &look, Some(typed), form.back::<R>())
    });
    let page = page.await?;
    html::page(&page.shell, status, &page)
}
