use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Access, Export};
use crate::admin::export::{self, Asked};
use crate::admin::resource::Resource;
use crate::error::{Error, Result};
use crate::front::{Connection, is_head};
use crate::same_origin;

/// GET `/users/export?format=csv`, with the query of the list. It changes nothing, so it is a link; but it is on record, so
/// only a person's own wish counts.
pub async fn export<R: Resource>(access: Access<R, Export>, request: HttpRequest) -> Result<HttpResponse> {
    if same_origin::is_nobodys_wish(&request) {
        return Err(Error::Forbidden("An export begins on a page of ours, when somebody asks for it.".into()));
    }
    let asked = Asked::read::<R>(request.query_string())?;
    let format = asked.format;
    let file = format!("{}-{}.{}", R::NAME, access.now().format("%Y-%m-%d"), format.name());
    let mut response = HttpResponse::Ok();
    response
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")));
    if is_head(&request) {
        return Ok(response.body(export::Body::none()));
    }
    let slot = access.slot()?;
    let pulse = request.conn_data::<Connection>().map(Connection::pulse);
    Ok(response.body(export::begin(access, slot, asked, pulse).await?))
}
