//! Whether a request is one: framed in one way, meant for us, in text.

use actix_web::HttpResponse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, Version, header};
use actix_web::middleware::Next;
use actix_web::web;
use url::Url;

use super::{Connection, pairs};
use crate::error::Error;
use crate::same_origin::PublicOrigin;

/// Lets in what is well formed and asks for this host.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    if let Some(connection) = request.request().conn_data::<Connection>() {
        connection.begin();
    }
    let refused = if let Some(why) = nonsense(&request) {
        request.error_response(Error::BadRequest(why.into()))
    } else if is_misdirected(&request) {
        request.into_response(HttpResponse::new(StatusCode::MISDIRECTED_REQUEST))
    } else if request.method() == Method::CONNECT {
        // What follows it would be no body but a tunnel, and have no end.
        request.into_response(HttpResponse::new(StatusCode::METHOD_NOT_ALLOWED))
    } else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    Ok(refused.map_into_right_body())
}

fn nonsense(request: &ServiceRequest) -> Option<&'static str> {
    let has = |name| request.headers().contains_key(name);
    let version = request.head().version;
    // Two lengths are two opinions on where the next request begins (RFC 9112, 6.1 and 6.3).
    if has(header::TRANSFER_ENCODING) && (has(header::CONTENT_LENGTH) || version < Version::HTTP_11) {
        return Some("The request says its length in two ways.");
    }
    if host(request).is_none() && (has(header::HOST) || version >= Version::HTTP_11) {
        return Some("The request does not say which host it is for.");
    }
    // A proxy's request line names the host as well (RFC 9112, 3.2.2); it must be the same.
    let named = request.uri().authority().map(|authority| authority.as_str().to_lowercase());
    if named.is_some_and(|named| Some(named) != host(request).map(str::to_lowercase)) {
        return Some("The request names two hosts.");
    }
    pairs::fault(request.query_string().as_bytes())
}

/// The host that is asked for, if it is a host and nothing else.
fn host(request: &ServiceRequest) -> Option<&str> {
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    (is_plain && !host.is_empty() && Url::parse(&format!("http://{host}")).is_ok()).then_some(host)
}

/// True when the request is for a host that is neither the public one nor our end of the connection. Nothing is built of
/// the host, so this only keeps other names from leading here (RFC 9110, 7.4 and 15.5.20). Whoever watches over the process
/// may not know the name.
fn is_misdirected(request: &ServiceRequest) -> bool {
    let public = request.app_data::<web::Data<PublicOrigin>>().and_then(|public| public.0.as_ref());
    let (Some(public), false) = (public, matches!(request.path(), "/healthz" | "/readyz")) else { return false };
    let asked = host(request).unwrap_or_default();
    let own = request.request().conn_data::<Connection>().map(|connection| connection.own);
    let is_own = own.is_some_and(|own| {
        asked == own.to_string() || (own.ip().is_loopback() && asked == format!("localhost:{}", own.port()))
    });
    let asked = Url::parse(&format!("{}://{asked}", public.scheme()));
    !is_own && !asked.is_ok_and(|asked| asked.origin() == public.origin())
}
