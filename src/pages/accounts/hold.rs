//! Whether the user's tries to log in are held back.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::{path, to_change};
use crate::access::{Access, Update};
use crate::admin::Moment;
use crate::crud::throttles::{self, Held};
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::html::{self, local_path};
use crate::models::User;

/// What is counted for a user.
pub struct HoldView {
    pub counts: Vec<HeldView>,
    pub may_clear: bool,
}

/// A count of failures.
pub struct HeldView {
    pub what: &'static str,
    pub failures: i64,
    pub last: Moment,
    /// None for what is over.
    pub until: Option<Until>,
}

/// The end of a hold.
pub struct Until(NaiveDateTime);

/// Where to go on after the hold is cleared.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

impl HoldView {
    pub(super) fn of(conn: &mut AnyConnection, user: &User, now: NaiveDateTime, may_clear: bool) -> Result<Self> {
        let counts = throttles::of_user(conn, user)?;
        Ok(HoldView { counts: counts.iter().map(|held| HeldView::of(held, now)).collect(), may_clear })
    }
}

impl HeldView {
    pub(in crate::pages) fn of(held: &Held, now: NaiveDateTime) -> Self {
        HeldView {
            what: held.what,
            failures: held.failures,
            last: Moment(held.last_failed_at),
            until: Some(Until(held.until)).filter(|_| held.until > now),
        }
    }
}

impl Until {
    /// For the `datetime` attribute, to the second.
    pub fn machine(&self) -> String {
        Moment(self.0).machine().to_string()
    }

    /// To the second, since it may be one.
    pub fn text(&self) -> String {
        self.0.format("%-d %b %Y, %H:%M:%S").to_string()
    }
}

/// POST `/users/{id}/account/hold/clear`: the user may try again at once, from everywhere.
pub async fn clear_hold(
    access: Access<User, Update>,
    id: web::Path<i64>,
    form: web::Form<Back>,
) -> Result<HttpResponse> {
    let (id, actor) = (*id, access.actor.clone());
    let cleared = access.write(move |w| {
        let user = to_change(w, &actor, id)?;
        throttles::clear_user(w, &user)?;
        Ok::<_, Error>(user.email)
    });
    let notice = format!("{} may try again at once.", cleared.await?);
    let path = path(id);
    html::see_other(&access.shell, local_path(&form.back, &path), &notice)
}
