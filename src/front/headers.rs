//! What every answer says to the browser (OWASP ASVS 5.0, 3.4).

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Connection;
use crate::same_origin::PublicOrigin;

/// What every answer says: its type is what it says, and it is for our own pages alone.
const ALWAYS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// What all but the files in the binary says: pages with people's data stay out of caches.
const PAGES: [(&str, &str); 4] = [
    ("cache-control", "no-store"),
    ("vary", "HX-Request, HX-Request-Type"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS),
];

/// Nothing of what Chromium 156 can lend a page, but passkeys. A browser passes over what it does not know.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), captured-surface-control=(), \
    clipboard-read=(), clipboard-write=(), compute-pressure=(), cross-origin-isolated=(), deferred-fetch=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), microphone=(), \
    midi=(), otp-credentials=(), payment=(), picture-in-picture=(), private-state-token-issuance=(), \
    private-state-token-redemption=(), publickey-credentials-create=(self), publickey-credentials-get=(self), \
    screen-wake-lock=(), serial=(), storage-access=(), sync-xhr=(), unload=(), usb=(), window-management=(), \
    xr-spatial-tracking=()";

/// The policy of a file: opened by itself, a picture loads nothing and runs nothing.
const FILE_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A year, and all hosts below (3.4.1).
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// A word that an answer says in its policy and in its page, and nobody can know before. htmx obeys only elements that say
/// it too (`hx-nonce`), so what somebody slips into a page commands nothing.
#[derive(Clone, Debug)]
pub struct Nonce(String);

impl Nonce {
    fn new() -> Self {
        let mut bytes = [0; 16];
        // Without one htmx obeys nothing, and the pages work as they do without scripts.
        let word = getrandom::fill(&mut bytes).map(|()| URL_SAFE_NO_PAD.encode(bytes));
        Nonce(word.unwrap_or_default())
    }

    /// The word of the answer to this request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> String {
        request.extensions().get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default()
    }

    /// The policy (3.4.3, 3.4.6). The word stands where it permits nothing: no nonce opens the way for a handler in an
    /// attribute (Content Security Policy 3, 6.7.3.3), and for a script there is no way but a file of our own.
    fn policy(&self) -> String {
        format!(
            "default-src 'none'; script-src 'self'; script-src-attr 'nonce-{}'; style-src 'self'; img-src 'self'; \
             font-src 'self'; connect-src 'self'; object-src 'none'; form-action 'self'; base-uri 'self'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx",
            self.0
        )
    }
}

/// Gives every answer its headers, those that are errors of the program too.
pub async fn hold_browser(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let nonce = Nonce::new();
    let policy = nonce.policy();
    request.extensions_mut().insert(nonce);
    let public = request.app_data::<web::Data<PublicOrigin>>();
    let is_secure = public.and_then(|public| public.0.as_ref()).is_some_and(|url| url.scheme() == "https");
    match next.call(request).await {
        Ok(mut response) => {
            say(response.headers_mut(), &policy, is_secure);
            if is_unread(response.status().as_u16()) {
                response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
                if let Some(connection) = response.request().conn_data::<Connection>() {
                    connection.end_soon();
                }
            }
            Ok(response)
        }
        Err(error) => {
            let mut response: HttpResponse = error.error_response();
            say(response.headers_mut(), &policy, is_secure);
            Err(InternalError::from_response(error.to_string(), response).into())
        }
    }
}

fn say(headers: &mut HeaderMap, policy: &str, is_secure: bool) {
    // Only a file says how long it may be kept.
    let is_file = headers.contains_key(header::CACHE_CONTROL);
    let pages = if is_file { &[][..] } else { &PAGES[..] };
    for (name, value) in ALWAYS.iter().chain(pages) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(if is_file { FILE_POLICY } else { policy }) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
}

/// True of an answer after which the rest of the request may still come, and could be taken for another one.
fn is_unread(status: u16) -> bool {
    matches!(status, 400 | 408 | 413 | 415)
}
