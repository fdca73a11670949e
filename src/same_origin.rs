//! Requests that change something come from our own pages only. No token stands in a form, so none can run out.
//!
//! Asked are, in this order, what the browser says: Sec-Fetch-Site, else Origin, else Referer; a request with none of them
//! is refused (OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata", "Verifying Origin").

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpRequest, web};
use url::Url;

use crate::error::Error;

const REFUSED: &str =
    "This request came from another site, or does not say where it came from. Use the pages of this one.";

/// What browsers see as our address, where it is not simply the Host they ask.
#[derive(Clone, Debug, Default)]
pub struct PublicOrigin(pub Option<Url>);

/// Refuses unsafe methods from other sites.
pub async fn require_same_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    if request.method().is_safe() || is_same_origin(&request) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let refused = Error::Forbidden(REFUSED.into());
    Ok(request.error_response(refused).map_into_right_body())
}

/// True of a request that a browser makes for another site, or in advance, for nobody yet. Asked of what is safe and still
/// not to be done unasked.
#[must_use]
pub fn is_nobodys_wish(request: &HttpRequest) -> bool {
    let says = |name, words: &[&str]| {
        let said = request.headers().get(name).and_then(|value| value.to_str().ok());
        said.is_some_and(|said| words.iter().any(|word| said.contains(word)))
    };
    says("sec-fetch-site", &["cross-site", "same-site"])
        || says("sec-purpose", &["prefetch", "prerender"])
        || says("purpose", &["prefetch"])
}

fn is_same_origin(request: &ServiceRequest) -> bool {
    let text =
        |name: header::HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let Some(source) = text(header::ORIGIN).or_else(|| text(header::REFERER)).and_then(|url| Url::parse(url).ok())
    else {
        return false;
    };
    let public = request.app_data::<web::Data<PublicOrigin>>().and_then(|public| public.0.as_ref());
    if let Some(public) = public {
        return source.origin() == public.origin();
    }
    // Not what a proxy says: it is not known here which one is to be believed.
    let Some(host) = text(header::HOST) else { return false };
    let own = Url::parse(&format!("{}://{host}", source.scheme()));
    matches!(source.scheme(), "http" | "https") && own.is_ok_and(|own| own.origin() == source.origin())
}
