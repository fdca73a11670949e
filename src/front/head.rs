//! HEAD is answered as GET is, by the same route; the server leaves the body out (RFC 9110, 9.3.2).

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest};

/// Marks a request of which the head of the answer alone is wanted.
struct HeadAlone;

/// Leads HEAD to what answers GET.
pub async fn head_as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(HeadAlone);
    }
    next.call(request).await
}

/// True when nobody wants the body: what takes long need not be done.
#[must_use]
pub fn is_head(request: &HttpRequest) -> bool {
    request.extensions().contains::<HeadAlone>()
}
