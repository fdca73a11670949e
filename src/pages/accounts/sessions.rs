//! Where the user is logged in.

use actix_web::{HttpResponse, web};

use super::{path, to_change};
use crate::access::{Access, Update};
use crate::crud::sessions;
use crate::error::{Error, Result};
use crate::html;
use crate::models::{Onward, User};

/// POST `/users/{id}/account/sessions/{session}/end`
pub async fn end_session(access: Access<User, Update>, ids: web::Path<(i64, i64)>) -> Result<HttpResponse> {
    let ((id, session), actor) = (ids.into_inner(), access.actor.clone());
    let ended = access.write_once(move |w| {
        let user = to_change(w, &actor, id)?;
        if !sessions::delete_of_user(w, user.id, session)? {
            return Err(Error::NotFound);
        }
        Ok(Onward::to(path(id), "The session has ended."))
    });
    html::go_on(&access.shell, &ended.await?)
}

/// POST `/users/{id}/account/sessions/end`: ends all of them, but for the one that asks.
pub async fn end_sessions(access: Access<User, Update>, id: web::Path<i64>) -> Result<HttpResponse> {
    let (id, actor) = (*id, access.actor.clone());
    let ended = access.write_once(move |w| {
        let user = to_change(w, &actor, id)?;
        sessions::delete_all_of_user(w, user.id, Some(actor.session_id))?;
        Ok::<_, Error>(Onward::to(path(id), "All sessions have ended."))
    });
    html::go_on(&access.shell, &ended.await?)
}
