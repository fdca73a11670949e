//! Moments as rows hold them. SQLite has them as text; Diesel reads it by chrono's formats, which are read anew for each moment:
//! that was a twentieth of the work for a list.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::Pg;
use diesel::sql_types::{Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::Backend;

/// What a row's moment is read as: `#[diesel(deserialize_as = Stamp)]`.
#[derive(FromSqlRow)]
pub struct Stamp(NaiveDateTime);

/// What a row's moment is read as, where there may be none.
#[derive(FromSqlRow)]
pub struct MaybeStamp(Option<NaiveDateTime>);

impl From<Stamp> for NaiveDateTime {
    fn from(stamp: Stamp) -> Self {
        stamp.0
    }
}

impl From<MaybeStamp> for Option<NaiveDateTime> {
    fn from(stamp: MaybeStamp) -> Self {
        stamp.0
    }
}

impl FromSql<Timestamp, Sqlite> for Stamp {
    fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        let read = read(text.as_bytes()).or_else(|| read_slowly(&text));
        read.map(Stamp).ok_or_else(|| format!("{text:?} is no moment").into())
    }
}

impl FromSql<Timestamp, Pg> for Stamp {
    fn from_sql(value: <Pg as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Stamp)
    }
}

impl FromSql<Timestamp, Backend> for Stamp {
    fn from_sql(value: <Backend as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Stamp, Timestamp>()
    }
}

impl FromSql<Nullable<Timestamp>, Backend> for MaybeStamp {
    fn from_sql(value: <Backend as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Stamp, Timestamp>().map(|stamp| MaybeStamp(Some(stamp.0)))
    }

    fn from_nullable_sql(
        value: Option<<Backend as diesel::backend::Backend>::RawValue<'_>>,
    ) -> deserialize::Result<Self> {
        value.map_or(Ok(MaybeStamp(None)), Self::from_sql)
    }
}

/// A moment as other programs may write it (ISO 8601), in UTC; nothing of anything else.
fn read_slowly(text: &str) -> Option<NaiveDateTime> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    ["%F %T%.f", "%FT%T%.f", "%F %R", "%FT%R"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// A moment as `2026-11-28 21:04:31.123456`, with as many digits after the second as are needed or none; nothing of what is
/// written otherwise.
fn read(text: &[u8]) -> Option<NaiveDateTime> {
    let number = |digits: &[u8]| {
        let digit = |number: u32, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'));
        digits.iter().try_fold(0, digit)
    };
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2, rest @ ..] = text else {
        return None;
    };
    let micros = match rest {
        [] => 0,
        [b'.', digits @ ..] if digits.len() <= 6 => number(digits)? * 10_u32.pow(6 - digits.len() as u32),
        _ => return None,
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let day = NaiveDate::from_ymd_opt(year.try_into().ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)?;
    day.and_hms_micro_opt(number(&[*h1, *h2])?, number(&[*n1, *n2])?, number(&[*s1, *s2])?, micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_by_chronos_formats() {
        for text in [
            "2026-11-28 21:04:31",
            "2026-11-28 21:04:31.5",
            "2026-02-28 00:00:00.000001",
            "0999-01-01 23:59:59.999999",
            "9999-12-31 23:59:59.120",
        ] {
            let slowly = NaiveDateTime::parse_from_str(text, "%F %T%.f").expect(text);
            assert_eq!(read(text.as_bytes()), Some(slowly), "{text}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_them() {
        let moment = read(b"2026-11-28 21:04:31");
        for text in
            ["2026-11-28T21:04:31", "2026-11-28 21:04:31Z", "2026-11-28T21:04:31.000Z", "2026-11-28 21:04:31.0000000"]
        {
            assert_eq!((read(text.as_bytes()), read_slowly(text)), (None, moment), "{text}");
        }
        for text in ["", "2026-11-28", "2026-02-30 00:00:00", "2026-11-28 24:00:00", "2o26-11-28 21:04:31", "2461008.5"]
        {
            assert_eq!((read(text.as_bytes()), read_slowly(text)), (None, None), "{text}");
        }
    }
}
