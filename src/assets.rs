//! The files that a browser needs, in the binary, each under an address that changes when the file does.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::header::{CacheControl, CacheDirective};
use actix_web::{HttpResponse, web};

use crate::error::{Error, Result};
use crate::token;

struct Asset {
    url: String,
    content_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal, $path:literal, $content_type:literal;)*) => {
        [$(($name, $content_type, &include_bytes!(concat!("../static/", $path))[..])),*]
    };
}

static ASSETS: LazyLock<HashMap<&'static str, Asset>> = LazyLock::new(|| {
    let files = assets! {
        "app.css", "app.css", "text/css; charset=utf-8";
        "app.js", "app.js", "text/javascript; charset=utf-8";
        "lossless.js", "lossless.js", "text/javascript; charset=utf-8";
        "passkeys.js", "passkeys.js", "text/javascript; charset=utf-8";
        "htmx.js", "vendor/htmx-4.0.1.min.js", "text/javascript; charset=utf-8";
        "hx-csp.js", "vendor/hx-csp-4.0.1.min.js", "text/javascript; charset=utf-8";
        "icons.svg", "icons.svg", "image/svg+xml";
        "favicon.svg", "favicon.svg", "image/svg+xml";
    };
    let asset = |(name, content_type, bytes): (&'static str, _, &'static [u8])| {
        let checksum = &token::hash_of_bytes(bytes)[..16];
        (name, Asset { url: format!("/static/{checksum}/{name}"), content_type, bytes })
    };
    files.map(asset).into_iter().collect()
});

/// The address of a file, for a template.
///
/// # Panics
/// When there is no such file, which the first look at the page tells.
#[must_use]
pub fn url(name: &str) -> &'static str {
    &ASSETS[name].url
}

/// GET `/static/{checksum}/{name}`: the file, to be kept for ever. Another checksum is another file: 404.
pub async fn serve(path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (checksum, name) = path.into_inner();
    let asset = ASSETS.get(name.as_str()).filter(|asset| asset.url.split('/').nth(2) == Some(checksum.as_str()));
    let asset = asset.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header(CacheControl(vec![
            CacheDirective::Public,
            CacheDirective::MaxAge(31_536_000),
            CacheDirective::Extension("immutable".into(), None),
        ]))
        .content_type(asset.content_type)
        .body(asset.bytes))
}
