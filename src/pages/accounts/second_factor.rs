//! Which second factors the user has, and the way back in when the devices are lost.

use actix_web::{HttpResponse, web};

use super::{path, to_change};
use crate::access::{Access, Update};
use crate::crud::second_factors;
use crate::error::{Error, Result};
use crate::html;
use crate::models::User;

/// POST `/users/{id}/account/second-factor/reset`: takes all second factors and ends the sessions.
pub async fn reset_second_factor(access: Access<User, Update>, id: web::Path<i64>) -> Result<HttpResponse> {
    let (id, actor) = (*id, access.actor.clone());
    if id == actor.user_id {
        return Err(Error::Forbidden("You remove your own second factor on your account.".into()));
    }
    let reset = access.write(move |w| {
        let user = to_change(w, &actor, id)?;
        Ok::<_, Error>(second_factors::reset(w, user.id)?)
    });
    let notice = if reset.await? {
        "The second factor is reset. All sessions have ended."
    } else {
        "There is no second factor to reset."
    };
    html::see_other(&access.shell, &path(id), notice)
}
