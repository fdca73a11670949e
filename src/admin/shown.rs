//! A value as it is shown.

use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;
use chrono::{Datelike as _, NaiveDateTime, Timelike as _};

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

/// Said here and not by chrono's formats, which are read anew for each moment: a list shows a hundred of them.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment in UTC, shown to the minute.
#[derive(Clone, Copy, Debug)]
pub struct Moment(pub NaiveDateTime);

/// A moment for the `datetime` attribute, to the second.
#[derive(Clone, Copy, Debug)]
pub struct Machine(NaiveDateTime);

impl Moment {
    /// For the `datetime` attribute.
    #[must_use]
    pub fn machine(&self) -> Machine {
        Machine(self.0)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        let month = MONTHS[date.month0() as usize];
        write!(f, "{} {month} {}, {}:{}", date.day(), date.year(), Pair(time.hour()), Pair(time.minute()))
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        let (month, day) = (Pair(date.month()), Pair(date.day()));
        let (hour, minute, second) = (Pair(time.hour()), Pair(time.minute()), Pair(time.second()));
        write!(f, "{:04}-{month}-{day}T{hour}:{minute}:{second}Z", date.year())
    }
}

// Digits, letters and what stands between them.
impl HtmlSafe for Moment {}
impl HtmlSafe for Machine {}

/// A number below a hundred, in two digits.
struct Pair(u32);

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |n: u32| char::from(b'0' + (n % 10) as u8);
        f.write_char(digit(self.0 / 10))?;
        f.write_char(digit(self.0))
    }
}
