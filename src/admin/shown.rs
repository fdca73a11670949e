//! A value as it is shown.

use std::fmt;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};

use super::difference::Difference;
use super::resource::COUNT_CAP;
use crate::html::{Plain, number, pair, plain};

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

impl Plain for Moment {
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        number(to, date.day().into())?;
        to.write_char(' ')?;
        to.write_str(MONTHS[date.month0() as usize])?;
        to.write_char(' ')?;
        number(to, date.year().into())?;
        to.write_str(", ")?;
        pair(to, time.hour())?;
        to.write_char(':')?;
        pair(to, time.minute())
    }
}

impl Plain for Machine {
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        match u32::try_from(date.year()) {
            Ok(year @ 0..=9999) => {
                pair(to, year / 100)?;
                pair(to, year % 100)?;
            }
            _ => write!(to, "{:04}", date.year())?,
        }
        let rest =
            [('-', date.month()), ('-', date.day()), ('T', time.hour()), (':', time.minute()), (':', time.second())];
        for (before, number) in rest {
            to.write_char(before)?;
            pair(to, number)?;
        }
        to.write_char('Z')
    }
}

plain!(Moment, Machine);

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn moments_are_written_for_people_and_for_machines() {
        for (year, people, machine) in [
            (2026, "3 Jan 2026, 04:05", "2026-01-03T04:05:06Z"),
            (7, "3 Jan 7, 04:05", "0007-01-03T04:05:06Z"),
            (12_345, "3 Jan 12345, 04:05", "12345-01-03T04:05:06Z"),
            (-44, "3 Jan -44, 04:05", "-044-01-03T04:05:06Z"),
        ] {
            let at = NaiveDate::from_ymd_opt(year, 1, 3).and_then(|day| day.and_hms_opt(4, 5, 6)).expect("a moment");
            let moment = Moment(at);
            assert_eq!((moment.to_string().as_str(), moment.machine().to_string().as_str()), (people, machine));
        }
    }
}
