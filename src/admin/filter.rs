//! A condition that a list's URL can set, one parameter a filter.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta};
use diesel::dsl::{Eq, GtEq, Lt};
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamp};

use super::Field;
use super::control::Offer;
use super::picker;
use super::resource::Resource;
use crate::crud::Condition;
use crate::db::Backend;

/// How the value of a filter is put in.
#[derive(Clone, Copy, Debug)]
pub enum FilterControl {
    YesNo,
    /// A day.
    Date,
    /// A minute; of a day that is said alone the one at `of_day`.
    Moment {
        of_day: &'static str,
    },
    Text,
    Number,
    /// One of a few values, each with what it is called.
    Among(fn() -> Vec<(&'static str, String)>),
    One {
        entity: &'static str,
    },
}

type ConditionFor<R> = Box<dyn Fn(&str) -> Result<Condition<R>, &'static str> + Send + Sync>;

/// A condition on a list.
pub struct Filter<R: Resource> {
    pub name: &'static str,
    pub label: &'static str,
    pub control: FilterControl,
    /// The condition for a value, or a sentence on what is allowed.
    pub condition: ConditionFor<R>,
    pub offer: Option<Offer>,
}

impl<R: Resource> Field<R> {
    /// The list can show the rows with yes or with no alone.
    #[must_use]
    pub fn filter<C>(self, column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Bool> + ExpressionMethods + Copy + Send + Sync + 'static,
        Eq<C, bool>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
    {
        let (name, label) = (self.name, self.label);
        self.with_filter(name, label, FilterControl::YesNo, move |value| match value {
            "true" => Ok(Box::new(column.eq(true))),
            "false" => Ok(Box::new(column.eq(false))),
            _ => Err("true or false is allowed"),
        })
    }

    /// The list can show the rows from one day on and up to another, both included, in UTC.
    #[must_use]
    pub fn range<C>(self, names: [&'static str; 2], labels: [&'static str; 2], column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Timestamp> + ExpressionMethods + Copy + Send + Sync + 'static,
        GtEq<C, NaiveDateTime>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
        Lt<C, NaiveDateTime>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
    {
        let control = FilterControl::Date;
        self.with_filter(names[0], labels[0], control, move |value| Ok(Box::new(column.ge(day(value, 0)?))))
            .with_filter(names[1], labels[1], control, move |value| Ok(Box::new(column.lt(day(value, 1)?))))
    }

    /// As [`Field::range`], and a minute of a day may be said too, like `2026-03-31T10:00`.
    #[must_use]
    pub fn range_of_minutes<C>(self, names: [&'static str; 2], labels: [&'static str; 2], column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Timestamp> + ExpressionMethods + Copy + Send + Sync + 'static,
        GtEq<C, NaiveDateTime>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
        Lt<C, NaiveDateTime>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
    {
        let [first, last] = ["T00:00", "T23:59"].map(|of_day| FilterControl::Moment { of_day });
        self.with_filter(names[0], labels[0], first, move |value| Ok(Box::new(column.ge(minute(value, 0)?))))
            .with_filter(names[1], labels[1], last, move |value| Ok(Box::new(column.lt(minute(value, 1)?))))
    }

    /// The list can show the rows that have to do with one record of `T`.
    #[must_use]
    pub fn filter_by<T: Resource>(
        self,
        name: &'static str,
        label: &'static str,
        meets: fn(i64) -> Condition<R>,
    ) -> Self {
        let mut field = self.with_filter(name, label, FilterControl::One { entity: T::NAME }, numbered::<R>(meets));
        if let Some(filter) = field.filters.last_mut() {
            filter.offer = Some(picker::offer::<T>());
        }
        field
    }

    /// The list can show the rows with a number.
    #[must_use]
    pub fn filter_number(self, name: &'static str, label: &'static str, meets: fn(i64) -> Condition<R>) -> Self {
        self.with_filter(name, label, FilterControl::Number, numbered::<R>(meets))
    }

    /// The list can show the rows with just this text.
    #[must_use]
    pub fn filter_text(self, name: &'static str, label: &'static str, meets: fn(String) -> Condition<R>) -> Self {
        self.with_filter(name, label, FilterControl::Text, move |value| {
            if value.contains('\0') { Err("a text is allowed") } else { Ok(meets(value.to_owned())) }
        })
    }

    /// The list can show the rows with one of a few values.
    #[must_use]
    pub fn filter_among(
        self,
        name: &'static str,
        label: &'static str,
        choices: fn() -> Vec<(&'static str, String)>,
        meets: fn(&'static str) -> Condition<R>,
    ) -> Self {
        self.with_filter(name, label, FilterControl::Among(choices), move |value| {
            let choice = choices().into_iter().find(|(choice, _)| *choice == value);
            choice.map(|(choice, _)| meets(choice)).ok_or("one of those that can be chosen is allowed")
        })
    }

    fn with_filter(
        mut self,
        name: &'static str,
        label: &'static str,
        control: FilterControl,
        condition: impl Fn(&str) -> Result<Condition<R>, &'static str> + Send + Sync + 'static,
    ) -> Self {
        self.filters.push(Filter { name, label, control, condition: Box::new(condition), offer: None });
        self
    }
}

fn numbered<R: Resource>(meets: fn(i64) -> Condition<R>) -> impl Fn(&str) -> Result<Condition<R>, &'static str> {
    move |value| value.parse().map(meets).map_err(|_| "the number of a record is allowed")
}

/// The first moment of a day, or of one some days later.
fn day(value: &str, later: u64) -> Result<NaiveDateTime, &'static str> {
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().filter(|_| value.len() == 10);
    // A year of five digits would be no time that a database compares.
    let day = day.map(|day| day.checked_add_days(Days::new(later)).filter(|day| day.year() < 10_000).unwrap_or(day));
    day.and_then(|day| day.and_hms_opt(0, 0, 0)).ok_or("a day like 2026-03-31 is allowed")
}

/// A minute, or one some minutes later; of a day its first or, later, the first of the next.
fn minute(value: &str, later: u8) -> Result<NaiveDateTime, &'static str> {
    if !value.contains('T') {
        return day(value, later.into());
    }
    let minute = NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M").ok().filter(|_| value.len() == 16);
    let minute = minute.filter(|minute| (1..10_000).contains(&minute.year()));
    let minute = minute.and_then(|minute| minute.checked_add_signed(TimeDelta::minutes(later.into())));
    minute.ok_or("a day like 2026-03-31 or a minute like 2026-03-31T10:00 is allowed")
}
