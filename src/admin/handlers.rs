//! The handlers of every entity: read the input, call, answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template as _;
use url::form_urlencoded;

use super::Field;
use super::form::{Form, back_to};
use super::picker;
use super::query::{Query, check_search};
use super::resource::Resource;
use super::store::{self, Refused};
use super::views::{CellPage, CellView, ChoicesView, DeletePage, Entity, ListPage, OptionsBlock, RecordPage, Typed};
use super::views::record_url;
use crate::access::{Access, Action, Actor, Create, Delete, Update, View};
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::html::{self, Shell, Wants};

/// GET `/users`
pub async fn list<R: Resource>(access: Access<R, View>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::read::<R>(request.query_string())?;
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let page = access.read(move |conn| ListPage::of::<R>(conn, shell, &actor, &query)).await?;
    html::respond(&page.shell, StatusCode::OK, &page, &page.as_list())
}

/// GET `/users/new`
pub async fn new<R: Resource>(access: Access<R, Create>, request: HttpRequest) -> Result<HttpResponse> {
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let page = access.read(move |conn| RecordPage::new::<R>(conn, shell, &actor, None, back.as_deref())).await?;
    html::page(&page.shell, StatusCode::OK, &page)
}

/// POST `/users`
pub async fn create<R: Resource>(access: Access<R, Create>, mut form: Form) -> Result<HttpResponse> {
    form.check_names::<R>()?;
    if form.finding().is_some() {
        return new_again(&access, form, Vec::new(), StatusCode::OK).await;
    }
    form.hash_passwords::<R>(&access).await?;
    let (actor, sent) = (access.actor.clone(), form.clone());
    match access.write(move |w| store::create::<R>(w, &actor, &sent)).await {
        Ok(record) => {
            html::see_other(&record_url::<R>(record.id(), form.back::<R>()), &format!("Created {}", record.label()))
        }
        Err(Refused::Invalid(faults)) => new_again(&access, form, faults, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(Refused::Stale(_)) => Err(Error::internal("a new record can't be stale")),
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// GET `/users/{id}`
pub async fn show<R: Resource>(access: Access<R, View>, id: web::Path<i64>, request: HttpRequest) -> Result<HttpResponse> {
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let page = access.read(move |conn| {
        let record = R::get(conn, *id)?.ok_or(Error::NotFound)?;
        RecordPage::of(conn, shell, &actor, &record, None, back.as_deref())
    });
    let page = page.await?;
    html::page(&page.shell, StatusCode::OK, &page)
}

/// POST or PATCH `/users/{id}`
pub async fn save<R: Resource>(access: Access<R, Update>, id: web::Path<i64>, mut form: Form) -> Result<HttpResponse> {
    let id = *id;
    form.check_names::<R>()?;
    if form.finding().is_some() {
        return shown_again::<R>(&access, id, form, Vec::new(), StatusCode::OK).await;
    }
    form.hash_passwords::<R>(&access).await?;
    let (actor, sent) = (access.actor.clone(), form.clone());
    match access.write(move |w| store::update::<R>(w, &actor, id, &sent)).await {
        Ok(record) => {
            let back = form.back::<R>();
            let page = record_url::<R>(id, back);
            let onward = if form.text("leave") == "true" { back.unwrap_or(&page) } else { &page };
            html::see_other(onward, &format!("Saved {}", record.label()))
        }
        Err(Refused::Invalid(faults)) => {
            shown_again::<R>(&access, id, form, faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Stale(_)) => shown_again::<R>(&access, id, form, Vec::new(), StatusCode::CONFLICT).await,
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// GET `/users/{id}/{field}`
pub async fn cell<R: Resource>(
    access: Access<R, View>,
    path: web::Path<(i64, String)>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let field = field::<R>(&name).filter(|field| field.is_listed).ok_or(Error::NotFound)?;
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let page = access.read(move |conn| {
        let record = R::get(conn, id)?.ok_or(Error::NotFound)?;
        let cell = shown_cell(conn, &actor, field, &record, back.as_deref())?;
        Ok::<_, Error>(cell_page(shell, &actor, cell, &record, back))
    });
    respond_cell(&page.await?, StatusCode::OK)
}

/// GET `/users/{id}/{field}/edit`
pub async fn edit_cell<R: Resource>(
    access: Access<R, Update>,
    path: web::Path<(i64, String)>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let field = inline_field::<R>(&name)?;
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let page = access.read(move |conn| {
        let record = R::get(conn, id)?.ok_or(Error::NotFound)?;
        refuse_protected(conn, &actor, &record)?;
        let cell = CellView::editing(conn, &actor, field, &record, None, back.as_deref())?;
        Ok::<_, Error>(cell_page(shell, &actor, cell, &record, back))
    });
    respond_cell(&page.await?, StatusCode::OK)
}

/// PATCH `/users/{id}/{field}`
pub async fn save_cell<R: Resource>(
    access: Access<R, Update>,
    path: web::Path<(i64, String)>,
    mut form: Form,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let field = inline_field::<R>(&name)?;
    form.check_names::<R>()?;
    form.only(field.name)?;
    if form.finding().is_some() {
        return cell_again(&access, field, id, form, Vec::new(), StatusCode::OK).await;
    }
    form.hash_passwords::<R>(&access).await?;
    let (actor, sent) = (access.actor.clone(), form.clone());
    match access.write(move |w| store::update::<R>(w, &actor, id, &sent)).await {
        Ok(record) => {
            let (shell, actor) = (access.shell.clone(), access.actor.clone());
            let back = form.back::<R>().map(ToOwned::to_owned);
            let page = access.read(move |conn| {
                let cell = shown_cell(conn, &actor, field, &record, back.as_deref())?;
                Ok::<_, Error>(cell_page(shell, &actor, cell, &record, back))
            });
            respond_cell(&page.await?, StatusCode::OK)
        }
        Err(Refused::Invalid(faults)) => {
            cell_again(&access, field, id, form, faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Stale(_)) => cell_again(&access, field, id, form, Vec::new(), StatusCode::CONFLICT).await,
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// GET `/users/{id}/delete`
pub async fn confirm_delete<R: Resource>(
    access: Access<R, Delete>,
    id: web::Path<i64>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    ask(&access, *id, back::<R>(&request), StatusCode::OK).await
}

/// POST `/users/{id}/delete` or DELETE `/users/{id}`
pub async fn delete<R: Resource>(
    access: Access<R, Delete>,
    id: web::Path<i64>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let id = *id;
    let version = match form.text("version") {
        "" => None,
        _ => Some(form.version()?),
    };
    let back = form.back::<R>().map(ToOwned::to_owned).or_else(|| back::<R>(&request));
    let actor = access.actor.clone();
    match access.write(move |w| store::delete::<R>(w, &actor, id, version)).await {
        Ok(record) => {
            let list = back.unwrap_or_else(|| format!("/{}", R::NAME));
            html::see_other(&list, &format!("Deleted {}", record.label()))
        }
        Err(Refused::Stale(_)) => ask(&access, id, back, StatusCode::CONFLICT).await,
        Err(Refused::Invalid(faults)) => {
            Err(Error::Forbidden(faults.into_iter().next().map(|(_, message)| message).unwrap_or_default()))
        }
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// GET `/options/users?q=`: the choices of a picker, as inputs. `name` is the input's, `several` makes them boxes to tick.
pub async fn options<R: Resource>(access: Access<R, View>, request: HttpRequest) -> Result<HttpResponse> {
    let (mut q, mut name, mut is_several, mut chosen) = (String::new(), R::ONE.to_owned(), false, Vec::new());
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
            Some(q) => super::listing::matches::<R>(conn, q, picker::MATCHES)?,
            None => super::listing::first::<R>(conn, picker::MATCHES)?,
        };
        let mut offered: Vec<_> = records.iter().map(picker::choice).collect();
        let (kept, _) = picker::records::<R>(conn, &actor, None, &chosen)?;
        let is_offered = |value: &str, offered: &[super::Choice]| offered.iter().any(|choice| choice.value == value);
        for choice in kept.iter().map(picker::choice).filter(|choice| chosen.contains(&choice.value)) {
            if !is_offered(&choice.value, &offered) {
                offered.insert(0, choice);
            }
        }
        Ok::<_, Error>(ChoicesView::new(name.clone(), is_several, offered, &chosen, None, None))
    });
    let block = OptionsBlock { choices: choices.await? };
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(block.render().map_err(Error::internal)?))
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
        let typed = Typed { form: &form, faults: &faults, is_stale: false };
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
        let record = R::get(conn, id)?.ok_or(Error::NotFound)?;
        let typed = Typed { form: &form, faults: &faults, is_stale: status == StatusCode::CONFLICT };
        RecordPage::of(conn, shell, &actor, &record, Some(typed), form.back::<R>())
    });
    let page = page.await?;
    html::page(&page.shell, status, &page)
}

/// The cell again, as typed.
async fn cell_again<R: Resource>(
    access: &Access<R, Update>,
    field: &'static Field<R>,
    id: i64,
    form: Form,
    faults: Vec<(&'static str, String)>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let page = access.read(move |conn| {
        let record = R::get(conn, id)?.ok_or(Error::NotFound)?;
        let typed = Typed { form: &form, faults: &faults, is_stale: status == StatusCode::CONFLICT };
        let back = form.back::<R>();
        let cell = CellView::editing(conn, &actor, field, &record, Some(typed), back)?;
        Ok::<_, Error>(cell_page(shell, &actor, cell, &record, back.map(ToOwned::to_owned)))
    });
    respond_cell(&page.await?, status)
}

async fn ask<R: Resource>(
    access: &Access<R, Delete>,
    id: i64,
    back: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let page = access.read(move |conn| {
        let record = R::get(conn, id)?.ok_or(Error::NotFound)?;
        let protected = R::protected(conn, &actor, Action::Delete, std::slice::from_ref(&record))?;
        if let Some((_, why)) = protected.first() {
            return Err(Error::Forbidden((*why).to_owned()));
        }
        Ok(DeletePage {
            shell,
            entity: Entity::of::<R>(&actor),
            id,
            label: record.label(),
            version: record.version(),
            goes_with: R::goes_with(conn, &record)?,
            is_stale: status == StatusCode::CONFLICT,
            record_url: record_url::<R>(id, back.as_deref()),
            back: back.unwrap_or_default(),
        })
    });
    let page = page.await?;
    html::respond(&page.shell, status, &page, &page.as_question())
}

fn refuse_protected<R: Resource>(conn: &mut AnyConnection, actor: &Actor, record: &R) -> Result<()> {
    let protected = R::protected(conn, actor, Action::Update, std::slice::from_ref(record))?;
    protected.first().map_or(Ok(()), |(_, why)| Err(Error::Forbidden((*why).to_owned())))
}

fn shown_cell<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    field: &Field<R>,
    record: &R,
    back: Option<&str>,
) -> Result<CellView> {
    let rows = std::slice::from_ref(record);
    let shown = field.column(conn, actor, rows)?.into_iter().next().ok_or(Error::NotFound)?;
    let may_edit = actor.may(Action::Update, R::NAME) && R::protected(conn, actor, Action::Update, rows)?.is_empty();
    Ok(CellView::shown(field, record, shown, may_edit, back))
}

fn cell_page<R: Resource>(shell: Shell, actor: &Actor, cell: CellView, record: &R, back: Option<String>) -> CellPage {
    let record_url = record_url::<R>(record.id(), back.as_deref());
    CellPage { shell, entity: Entity::of::<R>(actor), cell, record_url }
}

fn respond_cell(page: &CellPage, status: StatusCode) -> Result<HttpResponse> {
    // Without a page around it, for whoever asks for a cell alone, the cell is what is meant.
    let mut shell = page.shell.clone();
    if page.cell.editing.is_none() {
        shell.wants = Wants::Block;
    }
    html::respond(&shell, status, page, &page.as_alone())
}

fn field<R: Resource>(name: &str) -> Option<&'static Field<R>> {
    R::fields().iter().find(|field| field.name == name)
}

fn inline_field<R: Resource>(name: &str) -> Result<&'static Field<R>> {
    field::<R>(name).filter(|field| field.is_inline).ok_or(Error::NotFound)
}

/// The list that the person came from, from the URL of this page.
fn back<R: Resource>(request: &HttpRequest) -> Option<String> {
    let query = form_urlencoded::parse(request.query_string().as_bytes());
    let back = query.into_iter().find(|(name, _)| name == "back").map(|(_, value)| value.into_owned())?;
    back_to::<R>(&back).map(ToOwned::to_owned)
}
