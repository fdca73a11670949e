//! The handlers of every entity: read the input, call, answer.

mod bulk;
mod cell;
mod delete;
mod export;
mod list;
mod record;

pub use bulk::{preview, start};
pub use cell::{cell, edit_cell, save_cell};
pub use delete::{confirm_delete, delete};
pub use export::export;
pub use list::{list, options};
pub use record::{create, new, save, show};

use actix_web::HttpRequest;
use url::form_urlencoded;

use super::form::back_to;
use super::resource::Resource;

/// The list that the person came from, from the URL of this page.
fn back<R: Resource>(request: &HttpRequest) -> Option<String> {
    let query = form_urlencoded::parse(request.query_string().as_bytes());
    let back = query.into_iter().find(|(name, _)| name == "back").map(|(_, value)| value.into_owned())?;
    back_to::<R>(&back).map(ToOwned::to_owned)
}
