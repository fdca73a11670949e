//! Any list as a file, as it is filtered, searched and sorted: CSV or JSON Lines, streamed in constant memory.
//!
//! The list is walked by places in its order, a batch at a time, each read by itself: no connection and no snapshot is held
//! while somebody's network is slow. So a row that is made, changed or deleted meanwhile is in the file as it is when the walk
//! comes to its place. One that keeps its place is in it once; one that moves in the order may come twice or not at all.

mod stream;
mod value;
mod writing;

pub use stream::{Body, begin};

use url::form_urlencoded;

use super::query::{Query, check_single};
use super::resource::Resource;
use crate::access::{Action, Actor};
use crate::error::{Error, Result};

/// How a list is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180.
    Csv,
    JsonLines,
}

impl Format {
    const ALL: [Format; 2] = [Format::Csv, Format::JsonLines];

    /// Its name in an address, and the end of a file's.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::JsonLines => "jsonl",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; header=present; charset=utf-8",
            Format::JsonLines => "application/jsonl; charset=utf-8",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Format::Csv => "Export CSV",
            Format::JsonLines => "Export JSON Lines",
        }
    }
}

/// What is asked for: a list, and how it is to be written down.
#[derive(Clone, Debug)]
pub struct Asked {
    pub format: Format,
    pub query: Query,
}

impl Asked {
    /// Reads the query of a URL: the list's own, and `format`.
    ///
    /// Fails at what the list would refuse, and at what names a page of it: a file has all rows.
    pub fn read<R: Resource>(text: &str) -> Result<Self> {
        check_single(text, |_| false)?;
        let mut format = None;
        let mut list = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match name.as_ref() {
                "format" => format = Format::ALL.into_iter().find(|format| format.name() == value),
                "after" | "before" | "limit" => {
                    return Err(bad("An export has every row of the list: leave out after, before and limit."));
                }
                _ => drop(list.append_pair(&name, &value)),
            }
        }
        let format = format.ok_or_else(|| bad("Say which format: format=csv or format=jsonl."))?;
        Ok(Asked { format, query: Query::read::<R>(&list.finish())? })
    }
}

/// The ways to export a list, each with its label, for those who may.
pub fn links<R: Resource>(actor: &Actor, query: &Query) -> Vec<(&'static str, String)> {
    if !actor.may(Action::Export, R::NAME) {
        return Vec::new();
    }
    let link = |format: Format| {
        let pairs = query.pairs::<R>().into_iter().filter(|(name, _)| name != "limit");
        let mut link = form_urlencoded::Serializer::new(String::new());
        link.append_pair("format", format.name()).extend_pairs(pairs);
        (format.label(), format!("/{}/export?{}", R::NAME, link.finish()))
    };
    Format::ALL.map(link).into()
}

fn bad(message: &str) -> Error {
    Error::BadRequest(message.to_owned())
}
