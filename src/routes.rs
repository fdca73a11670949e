//! The table of contents.

use actix_web::web::{self, get, post};

use crate::error::{Error, Result};
use crate::pages::{account, accounts, dashboard, health, kept, login, password, setup};
use crate::{assets, resources};

/// What anybody gets, and no session is asked for.
pub fn public(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/healthz").route(get().to(health::alive)))
        .service(web::resource("/readyz").route(get().to(health::ready)))
        .service(web::resource("/password/strength").route(post().to(password::strength)))
        .service(web::resource("/static/{checksum}/{name}").route(get().to(assets::serve)));
}

/// What goes by who asks, from the doors on.
pub fn with_session(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/login").route(get().to(login::form)).route(post().to(login::log_in)))
        .service(web::resource("/setup").route(get().to(setup::form)).route(post().to(setup::create)))
        .service(web::resource("/password").route(get().to(password::form)).route(post().to(password::choose)))
        .service(web::resource("/logout").route(post().to(login::log_out)))
        .service(web::resource("/").route(get().to(dashboard::show)))
        .service(web::resource("/account").route(get().to(account::show)))
        .service(web::resource("/account/session").route(get().to(account::is_there)))
        .service(web::resource("/account/password").route(post().to(account::change_password)))
        .service(web::resource("/account/sessions/end").route(post().to(account::end_other_sessions)))
        .service(web::resource("/account/sessions/{id}/end").route(post().to(account::end_session)))
        .service(web::resource("/kept").route(get().to(kept::show)))
        .service(web::resource("/kept/{id}/discard").route(post().to(kept::discard)))
        .service(web::resource("/users/{id}/account").route(get().to(accounts::show)))
        .service(web::resource("/users/{id}/account/sessions/end").route(post().to(accounts::end_sessions)))
        .service(web::resource("/users/{id}/account/sessions/{session}/end").route(post().to(accounts::end_session)))
        .service(web::resource("/users/{id}/account/link").route(post().to(accounts::make_link)))
        .configure(resources::mount)
        .default_service(web::route().to(nothing_here));
}

async fn nothing_here() -> Result<&'static str> {
    Err(Error::NotFound)
}
