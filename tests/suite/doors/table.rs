//! Every route, with what it needs.

use reqwest::Method;

/// What a route needs.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    Nothing,
    /// The right password, and the second factor still to come.
    Claim,
    Login,
    Permission(&'static str),
    /// One permission, and another beside it.
    Both(&'static str, &'static str),
}

/// A route, and the methods that it takes for this need.
pub struct Route {
    methods: &'static str,
    pub path: &'static str,
    pub need: Need,
}

impl Need {
    /// The permissions without which the door stays shut.
    pub fn permissions(self) -> Vec<&'static str> {
        match self {
            Need::Permission(permission) => vec![permission],
            Need::Both(one, other) => vec![one, other],
            _ => Vec::new(),
        }
    }
}

impl Route {
    const fn new(methods: &'static str, path: &'static str, need: Need) -> Self {
        Route { methods, path, need }
    }

    pub fn methods(&self) -> Vec<Method> {
        self.methods.split(' ').map(|method| method.parse().expect("a method")).collect()
    }
}

/// Every permission that a route needs.
pub fn permissions() -> Vec<String> {
    let mut all: Vec<_> = ROUTES.iter().flat_map(|route| route.need.permissions()).map(ToOwned::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

/// The routes of the program.
pub const ROUTES: &[Route] = &[
    Route::new("GET", "/healthz", Need::Nothing),
    Route::new("GET", "/readyz", Need::Nothing),
    Route::new("GET", "/static/{checksum}/{name}", Need::Nothing),
    Route::new("GET POST", "/login", Need::Nothing),
    Route::new("GET POST", "/setup", Need::Nothing),
    Route::new("GET POST", "/password", Need::Nothing),
    Route::new("POST", "/password/strength", Need::Nothing),
    Route::new("POST", "/login/passkey", Need::Nothing),
    Route::new("POST", "/login/passkey/options", Need::Nothing),
    Route::new("GET POST", "/login/second-factor", Need::Claim),
    Route::new("POST", "/login/second-factor/options", Need::Claim),
    Route::new("POST", "/login/second-factor/passkey", Need::Claim),
    Route::new("POST", "/logout", Need::Login),
    Route::new("GET", "/", Need::Login),
    Route::new("GET", "/account", Need::Login),
    Route::new("GET", "/account/session", Need::Login),
    Route::new("GET", "/jobs", Need::Login),
    Route::new("GET", "/jobs/{id}", Need::Login),
    Route::new("POST", "/jobs/{id}/cancel", Need::Login),
    Route::new("POST", "/users/bulk", Need::Permission("users.view")),
    Route::new("POST", "/users/bulk/start", Need::Permission("users.view")),
    Route::new("POST", "/items/bulk", Need::Permission("items.view")),
    Route::new("POST", "/items/bulk/start", Need::Permission("items.view")),
    Route::new("POST", "/roles/bulk", Need::Permission("roles.view")),
    Route::new("POST", "/roles/bulk/start", Need::Permission("roles.view")),
    Route::new("GET", "/kept", Need::Login),
    Route::new("POST", "/kept/{id}/discard", Need::Login),
    Route::new("POST", "/account/password", Need::Login),
    Route::new("GET", "/account/second-factor", Need::Login),
    Route::new("GET POST", "/account/second-factor/app", Need::Login),
    Route::new("POST", "/account/second-factor/app/confirm", Need::Login),
    Route::new("POST", "/account/second-factor/app/remove", Need::Login),
    Route::new("POST", "/account/second-factor/codes", Need::Login),
    Route::new("POST", "/account/second-factor/passkeys", Need::Login),
    Route::new("POST", "/account/second-factor/passkeys/options", Need::Login),
    Route::new("POST", "/account/second-factor/passkeys/{id}/remove", Need::Login),
    Route::new("POST", "/account/sessions/end", Need::Login),
    Route::new("POST", "/account/sessions/{id}/end", Need::Login),
    Route::new("GET", "/users/{id}/account", Need::Permission("users.view")),
    Route::new("POST", "/users/{id}/account/lock", Need::Permission("users.update")),
    Route::new("POST", "/users/{id}/account/unlock", Need::Permission("users.update")),
    Route::new("POST", "/users/{id}/account/sessions/end", Need::Permission("users.update")),
    Route::new("POST", "/users/{id}/account/sessions/{session}/end", Need::Permission("users.update")),
    Route::new("GET", "/users", Need::Permission("users.view")),
    Route::new("POST", "/users", Need::Permission("users.create")),
    Route::new("GET", "/users/export", Need::Both("users.export", "users.view")),
    Route::new("GET", "/users/new", Need::Permission("users.create")),
    Route::new("GET", "/users/{id}", Need::Permission("users.view")),
    Route::new("POST PATCH", "/users/{id}", Need::Permission("users.update")),
    Route::new("POST", "/users/{id}/account/link", Need::Permission("users.update")),
    Route::new("POST", "/users/{id}/account/hold/clear", Need::Permission("users.update")),
    Route::new("GET", "/throttles", Need::Permission("users.view")),
    Route::new("POST", "/throttles/clear", Need::Permission("users.update")),
    Route::new("GET", "/users/{id}/{field}", Need::Permission("users.view")),
    Route::new("GET", "/users/{id}/{field}/edit", Need::Permission("users.update")),
    Route::new("PATCH", "/users/{id}/{field}", Need::Permission("users.update")),
    Route::new("GET", "/users/{id}/delete", Need::Permission("users.delete")),
    Route::new("POST", "/users/{id}/delete", Need::Permission("users.delete")),
    Route::new("DELETE", "/users/{id}", Need::Permission("users.delete")),
    Route::new("POST", "/users/{id}/account/second-factor/reset", Need::Permission("users.update")),
    Route::new("GET", "/options/users", Need::Permission("users.view")),
    Route::new("GET", "/items", Need::Permission("items.view")),
    Route::new("POST", "/items", Need::Permission("items.create")),
    Route::new("GET", "/items/export", Need::Both("items.export", "items.view")),
    Route::new("GET", "/items/new", Need::Permission("items.create")),
    Route::new("GET", "/items/{id}", Need::Permission("items.view")),
    Route::new("POST PATCH", "/items/{id}", Need::Permission("items.update")),
    Route::new("GET", "/items/{id}/{field}", Need::Permission("items.view")),
    Route::new("GET", "/items/{id}/{field}/edit", Need::Permission("items.update")),
    Route::new("PATCH", "/items/{id}/{field}", Need::Permission("items.update")),
    Route::new("GET", "/items/{id}/delete", Need::Permission("items.delete")),
    Route::new("POST", "/items/{id}/delete", Need::Permission("items.delete")),
    Route::new("DELETE", "/items/{id}", Need::Permission("items.delete")),
    Route::new("GET", "/options/items", Need::Permission("items.view")),
    Route::new("GET", "/roles", Need::Permission("roles.view")),
    Route::new("POST", "/roles", Need::Permission("roles.create")),
    Route::new("GET", "/roles/export", Need::Both("roles.export", "roles.view")),
    Route::new("GET", "/roles/new", Need::Permission("roles.create")),
    Route::new("GET", "/roles/{id}", Need::Permission("roles.view")),
    Route::new("POST PATCH", "/roles/{id}", Need::Permission("roles.update")),
    Route::new("GET", "/roles/{id}/{field}", Need::Permission("roles.view")),
    Route::new("GET", "/roles/{id}/{field}/edit", Need::Permission("roles.update")),
    Route::new("PATCH", "/roles/{id}/{field}", Need::Permission("roles.update")),
    Route::new("GET", "/roles/{id}/delete", Need::Permission("roles.delete")),
    Route::new("POST", "/roles/{id}/delete", Need::Permission("roles.delete")),
    Route::new("DELETE", "/roles/{id}", Need::Permission("roles.delete")),
    Route::new("GET", "/options/roles", Need::Permission("roles.view")),
    Route::new("GET", "/audit", Need::Permission("audit.view")),
    Route::new("GET", "/audit/export", Need::Both("audit.export", "audit.view")),
    Route::new("GET", "/audit/{id}", Need::Permission("audit.view")),
];
