//! The table of contents.

use actix_web::web::{self, get, post};

use crate::error::{Error, Result};
use crate::pages::{
    account, accounts, authenticator_app, dashboard, health, jobs, kept, login, login_factor, passkeys, password,
    second_factor, setup, throttles,
};
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
        .service(
            web::resource("/login/second-factor")
                .route(get().to(login_factor::form))
                .route(post().to(login_factor::give)),
        )
        .service(web::resource("/login/second-factor/options").route(post().to(passkeys::ask_to_give)))
        .service(web::resource("/login/second-factor/passkey").route(post().to(passkeys::give)))
        .service(web::resource("/login/passkey").route(post().to(passkeys::enter)))
        .service(web::resource("/login/passkey/options").route(post().to(passkeys::ask_to_enter)))
        .service(web::resource("/setup").route(get().to(setup::form)).route(post().to(setup::create)))
        .service(web::resource("/password").route(get().to(password::form)).route(post().to(password::choose)))
        .service(web::resource("/logout").route(post().to(login::log_out)))
        .service(web::resource("/").route(get().to(dashboard::show)))
        .service(web::resource("/account").route(get().to(account::show)))
        .service(web::resource("/account/session").route(get().to(account::is_there)))
        .service(web::resource("/account/password").route(post().to(account::change_password)))
        .service(web::resource("/account/sessions/end").route(post().to(account::end_other_sessions)))
        .service(web::resource("/account/sessions/{id}/end").route(post().to(account::end_session)))
        .service(web::resource("/jobs").route(get().to(jobs::list)))
        .service(web::resource("/jobs/{id}").route(get().to(jobs::show)))
        .service(web::resource("/jobs/{id}/cancel").route(post().to(jobs::cancel)))
        .service(web::resource("/kept").route(get().to(kept::show)))
        .service(web::resource("/kept/{id}/discard").route(post().to(kept::discard)))
        .configure(own_factors)
        .configure(accounts)
        .configure(resources::mount)
        .default_service(web::route().to(nothing_here));
}

/// The own second factors: for who has to set one up, these come before anything else.
fn own_factors(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/account/second-factor").route(get().to(second_factor::show)))
        .service(web::resource("/account/second-factor/codes").route(post().to(second_factor::renew_codes)))
        .service(
            web::resource("/account/second-factor/app")
                .route(get().to(authenticator_app::show))
                .route(post().to(authenticator_app::begin)),
        )
        .service(web::resource("/account/second-factor/app/confirm").route(post().to(authenticator_app::confirm)))
        .service(web::resource("/account/second-factor/app/remove").route(post().to(authenticator_app::remove)))
        .service(web::resource("/account/second-factor/passkeys").route(post().to(passkeys::add)))
        .service(web::resource("/account/second-factor/passkeys/options").route(post().to(passkeys::ask_to_add)))
        .service(web::resource("/account/second-factor/passkeys/{id}/remove").route(post().to(passkeys::remove)));
}

/// Of a user what is no field. Before the routes of every entity, which would take these words for fields.
fn accounts(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/users/{id}/account").route(get().to(accounts::show)))
        .service(web::resource("/users/{id}/account/lock").route(post().to(accounts::lock)))
        .service(web::resource("/users/{id}/account/unlock").route(post().to(accounts::unlock)))
        .service(web::resource("/users/{id}/account/sessions/end").route(post().to(accounts::end_sessions)))
        .service(web::resource("/users/{id}/account/sessions/{session}/end").route(post().to(accounts::end_session)))
        .service(web::resource("/users/{id}/account/link").route(post().to(accounts::make_link)))
        .service(
            web::resource("/users/{id}/account/second-factor/reset").route(post().to(accounts::reset_second_factor)),
        )
        .service(web::resource("/users/{id}/account/hold/clear").route(post().to(accounts::clear_hold)))
        .service(web::resource("/throttles").route(get().to(throttles::show)))
        .service(web::resource("/throttles/clear").route(post().to(throttles::clear)));
}

async fn nothing_here() -> Result<&'static str> {
    Err(Error::NotFound)
}
