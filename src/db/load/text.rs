//! How values are spelled: times for both databases, the rest for PostgreSQL's COPY.

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};

use super::rows::Value;

/// Appends a time as both databases read it. By hand: chrono's formats take ten times as long, and there are millions.
pub fn time(at: NaiveDateTime, out: &mut String) {
    let mut number = |number: u32, after: char| {
        out.push(char::from(b'0' + (number / 10 % 10) as u8));
        out.push(char::from(b'0' + (number % 10) as u8));
        if after != '\0' {
            out.push(after);
        }
    };
    let year = at.year() as u32;
    number(year / 100, '\0');
    number(year % 100, '-');
    number(at.month(), '-');
    number(at.day(), ' ');
    number(at.hour(), ':');
    number(at.minute(), ':');
    number(at.second(), '\0');
}

/// Appends a row in COPY's text format.
pub fn copy_line(values: &[Value], out: &mut String) {
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            out.push('\t');
        }
        match value {
            Value::Null => out.push_str("\\N"),
            Value::Bool(value) => out.push(if *value { 't' } else { 'f' }),
            Value::Number(value) => out.push_str(&value.to_string()),
            Value::Text(value) => escaped(value, out),
            Value::Time(value) => time(*value, out),
        }
    }
    out.push('\n');
}

fn escaped(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(place) = rest.find(['\\', '\t', '\n', '\r']) {
        out.push_str(&rest[..place]);
        out.push('\\');
        out.push(match rest.as_bytes()[place] {
            b'\t' => 't',
            b'\n' => 'n',
            b'\r' => 'r',
            _ => '\\',
        });
        rest = &rest[place + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_copy_has_every_value_as_it_was() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 1, 9).and_then(|day| day.and_hms_opt(3, 4, 5)).expect("a time");
        let mut line = String::new();
        let text = Value::Text("a\tb\\c\nd\r Łódź");
        copy_line(
            &[Value::Null, Value::Bool(true), Value::Number(-7), text, Value::Time(at), Value::Text("")],
            &mut line,
        );
        assert_eq!(line, "\\N\tt\t-7\ta\\tb\\\\c\\nd\\r Łódź\t2026-01-09 03:04:05\t\n");
    }
}
