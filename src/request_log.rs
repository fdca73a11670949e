//! A number for every request, on the answer and on every line that the log has of it; and what the request cost.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};
use tracing::Instrument as _;

use crate::tally::{self, Tally};
use crate::token;

/// The number of a request.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    /// The number of this request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> String {
        request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

/// Whether answers say what they cost, to those who are logged in.
#[derive(Clone, Copy, Debug)]
pub struct ServerTiming(pub bool);

/// Numbers the request and logs its end. Of the URL only the path: what people search for, and the token of a setup link,
/// stand in the query.
pub async fn log_requests(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let id = RequestId(token::number());
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = id.0, method = %request.method(), path = request.path());
    let is_told = request.app_data::<web::Data<ServerTiming>>().is_some_and(|timing| timing.0);
    let tally = Arc::new(Tally::default());
    let cost = Arc::clone(&tally);
    let answering = async move {
        let start = Instant::now();
        let mut answer = next.call(request).await;
        if let (Ok(response), Ok(value)) = (&mut answer, HeaderValue::from_str(&id.0)) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
        }
        let total = start.elapsed();
        let told = if is_told { cost.told(total) } else { None };
        if let (Ok(response), Some(Ok(value))) = (&mut answer, told.map(HeaderValue::try_from)) {
            response.headers_mut().insert(HeaderName::from_static("server-timing"), value);
        }
        let status = match &answer {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        let (queries, db_micros) = (cost.queries(), cost.time().as_micros());
        tracing::info!(status = status.as_u16(), micros = total.as_micros(), queries, db_micros, "answered");
        answer
    };
    tally::of(tally, answering).instrument(span).await
}
