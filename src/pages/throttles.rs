//! What is held back now: accounts and addresses from which was tried too often.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::accounts::HeldView;
use crate::access::{Access, Action, Update, View};
use crate::crud::Entity as _;
use crate::crud::throttles::{self, Held, Whose};
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::models::User;

/// The page shows so many, the newest. Nothing is held for long but by a hundred failures, so more are rare.
const SHOWN: i64 = 100;

/// Accounts that nobody has are counted no further.
const COUNTED: i64 = 1000;

#[derive(Template)]
#[template(path = "pages/throttles.html")]
struct ThrottlesPage {
    shell: Shell,
    rows: Vec<Row>,
    /// Accounts that nobody has: how many, in words.
    nobodys: Option<String>,
    is_partial: bool,
    may_clear: bool,
}

struct Row {
    whose: Whose,
    held: HeldView,
}

#[derive(Deserialize)]
pub struct Cleared {
    #[serde(default)]
    address: String,
}

/// GET `/throttles`
pub async fn show(access: Access<User, View>) -> Result<HttpResponse> {
    let now = access.now();
    let read = access.read(move |conn| {
        let held = throttles::held(conn, now, SHOWN + 1)?;
        Ok::<_, Error>((held, throttles::count_nobodys(conn, now, COUNTED + 1)?))
    });
    let (held, nobodys) = read.await?;
    let row = |held: &Held| Row { whose: held.whose.clone(), held: HeldView::of(held, now) };
    let page = ThrottlesPage {
        shell: access.shell.clone(),
        is_partial: held.len() as i64 > SHOWN,
        rows: held.iter().take(SHOWN as usize).map(row).collect(),
        nobodys: in_words(nobodys),
        may_clear: access.actor.may(Action::Update, User::NAME),
    };
    html::page(&page.shell, StatusCode::OK, &page)
}

/// POST `/throttles/clear`: an address may try again at once. An account is cleared on its own page.
pub async fn clear(access: Access<User, Update>, form: web::Form<Cleared>) -> Result<HttpResponse> {
    let (address, named) = (form.address.clone(), form.into_inner().address);
    let cleared = access.write(move |w| Ok::<_, Error>(throttles::clear_address(w, &address)?));
    if !cleared.await? {
        return Err(Error::NotFound);
    }
    html::see_other(&access.shell, "/throttles", &format!("{named} may try again at once."))
}

fn in_words(nobodys: i64) -> Option<String> {
    match nobodys {
        0 => None,
        1 => Some("1 address that is nobody’s account is held as well.".into()),
        n if n > COUNTED => Some(format!("More than {COUNTED} addresses that are nobody’s account are held as well.")),
        n => Some(format!("{n} addresses that are nobody’s account are held as well.")),
    }
}
