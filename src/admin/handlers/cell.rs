use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::back;
use crate::access::{Access, Action, Actor, Update, View};
use crate::admin::Field;
use crate::admin::form::Form;
use crate::admin::look::Look;
use crate::admin::resource::Resource;
use crate::admin::store::{self, Refused};
use crate::admin::views::{CellPage, CellView, Entity, Typed, WayBack, record_url};
use crate::crud::Crud;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::html::{self, Shell, Wants};
use crate::models::Onward;

/// GET `/users/{id}/{field}`
pub async fn cell<R: Resource>(
    access: Access<R, View>,
    path: web::Path<(i64, String)>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let field = field::<R>(&name).filter(|field| field.is_listed || field.is_inline).ok_or(Error::NotFound)?;
    let (shell, actor, back) = (access.shell.clone(), access.actor.clone(), back::<R>(&request));
    let page = access.read(move |conn| {
        let look = R::look(conn, &actor, id)?.ok_or(Error::NotFound)?;
        let cell = shown_cell(conn, &actor, field, &look, back.as_deref())?;
        Ok::<_, Error>(cell_page(shell, &actor, cell, &look.record, back.as_deref()))
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
        let look = R::look(conn, &actor, id)?.ok_or(Error::NotFound)?;
        if let Some(why) = look.refusal(conn, &actor, Action::Update)? {
            return Err(Error::Forbidden(why.to_owned()));
        }
        let cell = CellView::editing(conn, &actor, field, &look, None, back.as_deref())?;
        Ok::<_, Error>(cell_page(shell, &actor, cell, &look.record, back.as_deref()))
    });
    respond_cell(&page.await?, StatusCode::OK)
}

/// PATCH `/users/{id}/{field}`
pub async fn save_cell<R: Resource + Crud>(
    access: Access<R, Update>,
    path: web::Path<(i64, String)>,
    form: Form,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let field = inline_field::<R>(&name)?;
    form.check_names::<R>()?;
    form.only(field.name)?;
    if form.finding().is_some() {
        return cell_again(&access, field, id, form, Vec::new(), StatusCode::OK).await;
    }
    let (actor, sent) = (access.actor_for(&form).await?, form.clone());
    let url = format!("/{}/{id}/{name}", R::NAME);
    let saved = access.write_once(move |w| store::update::<R>(w, &actor, id, &sent).map(|_| Onward::to(url, "")));
    match saved.await {
        Ok(_) => {
            let (shell, actor) = (access.shell.clone(), access.actor.clone());
            let back = form.back::<R>().map(ToOwned::to_owned);
            let page = access.read(move |conn| {
                let look = R::look(conn, &actor, id)?.ok_or(Error::NotFound)?;
                let cell = shown_cell(conn, &actor, field, &look, back.as_deref())?;
                Ok::<_, Error>(cell_page(shell, &actor, cell, &look.record, back.as_deref()))
            });
            respond_cell(&page.await?, StatusCode::OK)
        }
        Err(Refused::Invalid(faults)) => {
            cell_again(&access, field, id, form, faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Stale) => cell_again(&access, field, id, form, Vec::new(), StatusCode::CONFLICT).await,
        Err(Refused::Failed(error)) => Err(error),
    }
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
        let look = R::look(conn, &actor, id)?.ok_or(Error::NotFound)?;
        let typed = Typed::again(&form, &faults, status);
        let back = form.back::<R>();
        let cell = CellView::editing(conn, &actor, field, &look, Some(typed), back)?;
        Ok::<_, Error>(cell_page(shell, &actor, cell, &look.record, back))
    });
    respond_cell(&page.await?, status)
}

fn shown_cell<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    field: &'static Field<R>,
    look: &Look<R>,
    back: Option<&str>,
) -> Result<CellView> {
    let shown = look.listed(conn, actor, field)?;
    let may_edit = actor.may(Action::Update, R::NAME) && look.refusal(conn, actor, Action::Update)?.is_none();
    let of = (look.record.id(), &Arc::from(look.record.label()));
    Ok(CellView::shown(field, of, shown, may_edit, &WayBack::to(back)))
}

fn cell_page<R: Resource>(shell: Shell, actor: &Actor, cell: CellView, record: &R, back: Option<&str>) -> CellPage {
    let record_url = record_url::<R>(record.id(), back);
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
