//! What a file says of a field of one record.

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::admin::difference::{Difference, Part};
use crate::admin::shown::Shown;

/// A value, with its type. Untagged: in JSON it is written as what it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Nothing,
    Text(String),
    Number(i64),
    YesNo(bool),
    Several(Vec<String>),
    Changes(Vec<Changed>),
}

/// What changed of one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    field: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    old: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    new: Vec<String>,
    /// What it was and is nobody may read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    secret: bool,
}

impl Value {
    /// A moment: ISO 8601, UTC, as exact as it is stored.
    pub fn time(time: Option<NaiveDateTime>) -> Self {
        time.map_or(Value::Nothing, |time| Value::Text(time.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()))
    }
}

impl From<Shown> for Value {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Text(text) => Value::Text(text),
            Shown::YesNo(is) => Value::YesNo(is),
            Shown::Time(time) => Value::time(time.map(|moment| moment.0)),
            // One that is too many to be counted is said as it is shown: `100+`.
            Shown::Count(count) => count.label.parse().map_or_else(|_| Value::Text(count.label.clone()), Value::Number),
            Shown::Link(link) => Value::Text(link.label),
            Shown::Links(links) => Value::Several(links.into_iter().map(|link| link.label).collect()),
            Shown::Changes(differences) => Value::Changes(differences.into_iter().map(changed).collect()),
        }
    }
}

fn changed(difference: Difference) -> Changed {
    let (mut old, mut new, mut secret) = (Vec::new(), Vec::new(), false);
    for part in difference.parts {
        match part {
            Part::Gone(text) => old.push(text),
            Part::New(text) => new.push(text),
            Part::Kept(text) => {
                old.push(text.clone());
                new.push(text);
            }
            Part::Secret => secret = true,
        }
    }
    // The parts of a text are put together again.
    let whole = |parts: Vec<String>| if parts.is_empty() { parts } else { vec![parts.concat()] };
    let (old, new) = if difference.is_list { (old, new) } else { (whole(old), whole(new)) };
    Changed { field: difference.label, old, new, secret }
}
