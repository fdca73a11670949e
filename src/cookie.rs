//! The program's own cookies: for the whole site, out of the reach of scripts, and under https bound to the host
//! (RFC 6265bis, 4.1.3.2).

use actix_web::cookie::{Cookie, CookieBuilder, SameSite};

/// A cookie's full name from its own: under https browsers take `__Host-` from this host alone.
#[must_use]
pub fn name(own: &str, is_secure: bool) -> String {
    format!("{}quarterdeck_{own}", if is_secure { "__Host-" } else { "" })
}

/// A cookie that a browser sends to every page.
#[must_use]
pub fn build(own: &str, value: String, same_site: SameSite, is_secure: bool) -> CookieBuilder<'static> {
    Cookie::build(name(own, is_secure), value).path("/").http_only(true).same_site(same_site).secure(is_secure)
}
