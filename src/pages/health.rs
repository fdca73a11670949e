//! For whoever watches over the process.

use actix_web::{HttpResponse, web};

use crate::access::Readiness;
use crate::error::{Error, Result};

/// GET `/healthz`: the process lives.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// GET `/readyz`: the database answers and no migration is pending.
pub async fn ready(readiness: web::Data<Readiness>) -> Result<HttpResponse> {
    if !readiness.is_ready().await? {
        return Err(Error::Unavailable("Migrations are pending.".into()));
    }
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}
