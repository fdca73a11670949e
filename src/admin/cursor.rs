//! A place in a list: opaque in the URL, bound to the order that it is a place of.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The place of one row in an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The order, like `-email`.
    #[serde(rename = "s")]
    pub sort: String,
    /// What the sorted column holds in the row.
    #[serde(rename = "k")]
    pub key: Value,
    #[serde(rename = "i")]
    pub id: i64,
    /// The row's number in the list, counted from 1, where it is known.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
}

impl Cursor {
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The cursor that a text is, or none when it is not one of this order.
    pub fn decode(text: &str, sort: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let cursor: Cursor = serde_json::from_slice(&bytes).ok()?;
        // A number from nowhere is none that a list of ours has made.
        let is_numbered = cursor.number.is_none_or(|number| (1..=i64::from(u32::MAX)).contains(&number));
        (cursor.sort == sort && is_numbered).then_some(cursor)
    }
}
