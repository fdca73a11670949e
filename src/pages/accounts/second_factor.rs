//! Which second factors the user has, and the way back in when the devices are lost.

use actix_web::{HttpResponse, web};

use super::{path, to_change};
use crate::access::{Access, Update};
use crate::crud::second_factors;
use crate::error::{Error, Result};
use crate::html;
use crate::models::{Onward, User};
use crate::submission::Submission;

/// POST `/users/{id}/account/second-factor/reset`: takes all second factors and ends the sessions.
pub async fn reset_second_factor(
    access: Access<User, Update>,
    id: web::Path<i64>,
    form: Submission,
) -> Result<HttpResponse> {
    let id = *id;
    if id == access.actor.user_id {
        return Err(Error::Forbidden("You remove your own second factor on your account.".into()));
    }
    let actor = access.actor_for(&form).await?;
    let reset = access.write_once(move |w| {
        let user = to_change(w, &actor, id)?;
        let is_reset = second_factors::reset(w, user.id)?;
        actor.confirmed(w.at, &form)?;
        let done = "The second factor is reset. All sessions have ended.";
        Ok::<_, Error>(Onward::to(path(id), if is_reset { done } else { "There is no second factor to reset." }))
    });
    html::go_on(&access.shell, &reset.await?)
}
