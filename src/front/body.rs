//! What is sent is a form: of a size, in time, in UTF-8.

use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::rt::time::timeout;
use actix_web::web::{self, Bytes};
use actix_web::{HttpMessage as _, HttpResponse};

use super::{Patience, pairs};
use crate::error::Error;

/// The largest body that is taken: the longest description, with every byte of it escaped, and room.
pub const MAX_BODY: usize = 256 * 1024;

/// Reads the whole body before anybody else looks at it, so that there is one place where it is refused.
pub async fn read_body(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    match body_of(&mut request).await {
        Ok(body) => {
            request.set_payload(Payload::from(body));
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(Refused::Status(status)) => Ok(request.into_response(HttpResponse::new(status)).map_into_right_body()),
        Err(Refused::Nonsense(why)) => Ok(request.error_response(Error::BadRequest(why.into())).map_into_right_body()),
    }
}

enum Refused {
    Status(StatusCode),
    Nonsense(&'static str),
}

async fn body_of(request: &mut ServiceRequest) -> Result<Bytes, Refused> {
    let refuse = |status| Err(Refused::Status(status));
    // What is packed can be a bomb, and no form of a browser is (RFC 9110, 8.4 and 15.5.16).
    if request.headers().get_all(header::CONTENT_ENCODING).any(|coding| coding != "identity") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let said = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if said.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > MAX_BODY as u64) {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let patience = request.app_data::<web::Data<Patience>>().map_or(Duration::MAX, |patience| patience.body);
    let Ok(payload) = request.extract::<web::Payload>().await else { return refuse(StatusCode::BAD_REQUEST) };
    let body = match timeout(patience, payload.to_bytes_limited(MAX_BODY)).await {
        Ok(Ok(Ok(body))) => body,
        Ok(Ok(Err(_))) => return refuse(StatusCode::BAD_REQUEST),
        Ok(Err(_)) => return refuse(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT),
    };
    if !body.is_empty() && !is_form(request) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    pairs::fault(&body).map_or(Ok(body), |why| Err(Refused::Nonsense(why)))
}

/// True when the request says that it brings a form in UTF-8.
fn is_form(request: &ServiceRequest) -> bool {
    let Ok(Some(kind)) = request.mime_type() else { return false };
    kind.essence_str() == "application/x-www-form-urlencoded"
        && kind.params().all(|(name, value)| name == "charset" && value.as_str().eq_ignore_ascii_case("utf-8"))
}
