//! A value as it is shown.

use std::fmt;

use chrono::NaiveDateTime;

use super::difference::Difference;
use super::resource::COUNT_CAP;

/// A way to a page; without an address only its text is shown.
#[derive(Clone, Debug)]
pub struct Link {
    pub label: String,
    pub href: Option<String>,
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub enum Shown {
    Text(String),
    YesNo(bool),
    Time(Option<Moment>),
    /// A number, capped, and where the counted are listed.
    Count(Link),
    Link(Link),
    Links(Vec<Link>),
    Changes(Vec<Difference>),
}

impl Shown {
    /// A moment, or "never".
    #[must_use]
    pub fn time(time: Option<NaiveDateTime>) -> Self {
        Shown::Time(time.map(Moment))
    }

    /// A count that went no further than [`COUNT_CAP`].
    #[must_use]
    pub fn count(count: i64, href: Option<String>) -> Self {
        let label = if count > COUNT_CAP { format!("{COUNT_CAP}+") } else { count.to_string() };
        Shown::Count(Link { label, href })
    }

    /// True for what is set in columns of digits.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Shown::Count(_))
    }
}

/// A moment in UTC, shown to the minute.
#[derive(Clone, Copy, Debug)]
pub struct Moment(pub NaiveDateTime);

impl Moment {
    /// For the `datetime` attribute, to the second.
    #[must_use]
    pub fn machine(&self) -> String {
        self.0.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%-d %b %Y, %H:%M"))
    }
}
