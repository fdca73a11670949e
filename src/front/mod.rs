//! What stands before every handler: connections that must not dawdle, requests that must be what they claim, bodies that
//! must be forms, and the headers that hold the browser.

mod admit;
mod body;
mod connection;
mod head;
mod headers;
mod pairs;

pub use admit::admit;
pub use body::{MAX_BODY, read_body};
pub use connection::{Connection, Patience, Pulse};
pub use head::{head_as_get, is_head};
pub use headers::{Nonce, hold_browser};
