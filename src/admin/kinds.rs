//! The kinds of fields: what each shows, and how it takes a value.

use chrono::NaiveDateTime;

use super::Field;
use super::control::Control;
use super::resource::Resource;
use super::shown::Shown;
use crate::access::Actor;
use crate::db::AnyConnection;
use crate::email;

impl<R: Resource> Field<R> {
    /// A moment, shown in UTC; `None` is "never".
    pub fn time(name: &'static str, label: &'static str, read: fn(&R) -> Option<NaiveDateTime>) -> Self {
        Field::shown(name, label, move |_, _, rows| Ok(rows.iter().map(|row| Shown::time(read(row))).collect()))
    }

    /// A text of one line.
    pub fn text(
        name: &'static str,
        label: &'static str,
        read: fn(&R) -> &str,
        slot: fn(&mut R::Changes) -> &mut Option<String>,
    ) -> Self {
        Field::written(name, label, Control::Line, read, slot)
    }

    /// A text of several lines; the list does not show it.
    pub fn area(
        name: &'static str,
        label: &'static str,
        read: fn(&R) -> &str,
        slot: fn(&mut R::Changes) -> &mut Option<String>,
    ) -> Self {
        Field::written(name, label, Control::Area, read, slot)
    }

    /// An address for mail: trimmed, lower case, checked by RFC 5321 and RFC 5322.
    pub fn email(
        name: &'static str,
        label: &'static str,
        read: fn(&R) -> &str,
        slot: fn(&mut R::Changes) -> &mut Option<String>,
    ) -> Self {
        Field::written(name, label, Control::Email, read, slot)
    }

    fn written(
        name: &'static str,
        label: &'static str,
        control: Control,
        read: fn(&R) -> &str,
        slot: fn(&mut R::Changes) -> &mut Option<String>,
    ) -> Self {
        let show = move |_: &mut AnyConnection, _: &Actor, rows: &[R]| {
            Ok(rows.iter().map(|row| Shown::Text(read(row).to_owned())).collect())
        };
        Field::shown(name, label, show).with_input(
            control,
            move |_, row| Ok(Some(read(row).to_owned()).filter(|text| !text.is_empty()).into_iter().collect()),
            move |accepting, value| {
                let text = value.first().cloned().unwrap_or_default();
                if let Some(why) = email::refusal(&text).filter(|_| control == Control::Email) {
                    return Err(why.into());
                }
                *slot(&mut accepting.draft.changes) = Some(text);
                Ok(())
            },
        )
    }

    /// Yes or no.
    pub fn yes_no(
        name: &'static str,
        label: &'static str,
        read: fn(&R) -> bool,
        slot: fn(&mut R::Changes) -> &mut Option<bool>,
    ) -> Self {
        let show = move |_: &mut AnyConnection, _: &Actor, rows: &[R]| {
            Ok(rows.iter().map(|row| Shown::YesNo(read(row))).collect())
        };
        Field::shown(name, label, show).with_input(
            Control::YesNo,
            move |_, row| Ok(vec![read(row).to_string()]),
            move |accepting, value| {
                *slot(&mut accepting.draft.changes) = Some(value.first().is_some_and(|value| value == "true"));
                Ok(())
            },
        )
    }

    /// A password: never shown, for a new record only; left blank, no password verifies. What `accept` gets is what is stored.
    pub fn password(name: &'static str, label: &'static str, slot: fn(&mut R::Changes) -> &mut Option<String>) -> Self {
        let mut field = Field::shown(name, label, |_, _, rows| Ok(vec![Shown::Text(String::new()); rows.len()]));
        field.is_listed = false;
        let field = field.with_input(
            Control::Password,
            |_, _| Ok(Vec::new()),
            move |accepting, value| {
                *slot(&mut accepting.draft.changes) = value.first().cloned();
                Ok(())
            },
        );
        field.only_new()
    }
}
