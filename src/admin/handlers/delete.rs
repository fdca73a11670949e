use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::back;
use crate::access::{Access, Action, Delete};
use crate::admin::Registry;
use crate::admin::form::Form;
use crate::admin::resource::Resource;
use crate::admin::store::{self, Refused};
use crate::admin::views::{DeletePage, Entity, record_url};
use crate::crud::Crud;
use crate::error::{Error, Result};
use crate::html;
use crate::models::Onward;

/// GET `/users/{id}/delete`
pub async fn confirm_delete<R: Resource>(
    access: Access<R, Delete>,
    id: web::Path<i64>,
    request: HttpRequest,
    registry: web::Data<Registry>,
) -> Result<HttpResponse> {
    ask(&access, &registry, *id, back::<R>(&request), StatusCode::OK).await
}

/// POST `/users/{id}/delete` or DELETE `/users/{id}`
pub async fn delete<R: Resource + Crud>(
    access: Access<R, Delete>,
    id: web::Path<i64>,
    request: HttpRequest,
    registry: web::Data<Registry>,
    form: Form,
) -> Result<HttpResponse> {
    let id = *id;
    form.check_own_words()?;
    let version = match form.text("version") {
        "" => None,
        _ => Some(form.version()?),
    };
    let back = form.back::<R>().map(ToOwned::to_owned).or_else(|| back::<R>(&request));
    let (actor, all) = (access.actor_for(&form).await?, **registry);
    let list = back.clone().unwrap_or_else(|| format!("/{}", R::NAME));
    let deleted = access.write_once(move |w| {
        let record = store::delete::<R>(w, &actor, all, id, version, &form)?;
        Ok(Onward::to(list, format!("Deleted {}", record.label())))
    });
    match deleted.await {
        Ok(onward) => html::go_on(&access.shell, &onward),
        Err(Refused::Stale) => ask(&access, &registry, id, back, StatusCode::CONFLICT).await,
        Err(Refused::Invalid(faults)) => {
            Err(Error::Forbidden(faults.into_iter().next().map(|(_, message)| message).unwrap_or_default()))
        }
        Err(Refused::Failed(error)) => Err(error),
    }
}

async fn ask<R: Resource>(
    access: &Access<R, Delete>,
    registry: &Registry,
    id: i64,
    back: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let all = *registry;
    let page = access.read(move |conn| {
        let record = R::get(conn, id)?.ok_or(Error::NotFound)?;
        store::refuse_protected(conn, &actor, Action::Delete, &record)?;
        let goes_with = all.going_with(conn, &record)?;
        Ok::<_, Error>(DeletePage {
            shell,
            entity: Entity::of::<R>(&actor),
            id,
            label: record.label(),
            version: record.version(),
            goes_with,
            is_stale: status == StatusCode::CONFLICT,
            record_url: record_url::<R>(id, back.as_deref()),
            back: back.unwrap_or_default(),
        })
    });
    let page = page.await?;
    html::respond(&page.shell, status, &page, &page.as_question())
}
