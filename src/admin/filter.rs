//! A condition that a list's URL can set, one parameter a filter.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta};
use diesel::dsl::Eq;
use diesel::expression::{AsExpression, BoxableExpression};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};

use super::Field;
use super::control::Offer;
use super::picker;
use super::resource::Resource;
pub use super::way::{End, Through, Way};
use crate::crud::Condition;
use crate::db::Backend;
use crate::db::sql::Fragment;

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

/// The condition for a value on the rows of a table, or a sentence on what is allowed.
type ConditionFor<R> = Box<dyn Fn(&str, &'static str) -> Result<Condition<R>, &'static str> + Send + Sync>;

/// A condition on a list.
pub struct Filter<R: Resource> {
    pub name: &'static str,
    pub label: &'static str,
    pub control: FilterControl,
    pub condition: ConditionFor<R>,
    pub way: Way,
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
        self.with_filter(name, label, FilterControl::YesNo, Way::Equal(C::NAME), move |value, _| match value {
            "true" => Ok(Box::new(column.eq(true))),
            "false" => Ok(Box::new(column.eq(false))),
            _ => Err("true or false is allowed"),
        })
    }

    /// The list can show the rows from one day on and up to another, both included, in UTC.
    #[must_use]
    pub fn range<C>(self, names: [&'static str; 2], labels: [&'static str; 2], column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Timestamp>,
    {
        self.with_range(names, labels, [FilterControl::Date; 2], column, day)
    }

    /// As [`Field::range`], and a minute of a day may be said too, like `2026-03-31T10:00`.
    #[must_use]
    pub fn range_of_minutes<C>(self, names: [&'static str; 2], labels: [&'static str; 2], column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Timestamp>,
    {
        let controls = ["T00:00", "T23:59"].map(|of_day| FilterControl::Moment { of_day });
        self.with_range(names, labels, controls, column, minute)
    }

    fn with_range<C: Column>(
        mut self,
        names: [&'static str; 2],
        labels: [&'static str; 2],
        controls: [FilterControl; 2],
        _: C,
        moment: fn(&str, u8) -> Result<NaiveDateTime, &'static str>,
    ) -> Self {
        for (end, (way, than)) in [(End::From, " >= "), (End::To, " < ")].into_iter().enumerate() {
            self = self.with_filter(
                names[end],
                labels[end],
                controls[end],
                Way::Range(C::NAME, way),
                move |value, table| {
                    let moment = AsExpression::<Timestamp>::as_expression(moment(value, end as u8)?);
                    Ok(Box::new(Fragment::new(format!("{table}.{}{than}", C::NAME)).part(moment)))
                },
            );
        }
        self
    }

    /// The list can show the rows that have to do with one record of `T`.
    #[must_use]
    pub fn filter_by<T: Resource, C>(self, name: &'static str, label: &'static str, _: C) -> Self
    where
        C: Column<Table = R::Table> + 'static,
        C::SqlType: Number,
    {
        self.filter_by_one::<T>(name, label, Way::Equal(C::NAME), numbered::<R, C>)
    }

    /// As [`Field::filter_by`], where another table holds which rows have to do with which record of `T`.
    #[must_use]
    pub fn filter_through<T: Resource>(self, name: &'static str, label: &'static str, through: Through) -> Self {
        let Through { table, id, key } = through;
        self.filter_by_one::<T>(name, label, Way::Through(through), move |value, of| {
            let number = value.parse().map_err(|_| NUMBER)?;
            let pair = format!("EXISTS (SELECT 1 FROM {table} WHERE {table}.{id} = {of}.id AND {table}.{key} = ");
            Ok(Box::new(Fragment::new(pair).number(number).sql(")")))
        })
    }

    fn filter_by_one<T: Resource>(
        self,
        name: &'static str,
        label: &'static str,
        way: Way,
        condition: impl Fn(&str, &'static str) -> Result<Condition<R>, &'static str> + Send + Sync + 'static,
    ) -> Self {
        let mut field = self.with_filter(name, label, FilterControl::One { entity: T::NAME }, way, condition);
        if let Some(filter) = field.filters.last_mut() {
            filter.offer = Some(picker::offer::<T>());
        }
        field
    }

    /// The list can show the rows with a number.
    #[must_use]
    pub fn filter_number<C>(self, name: &'static str, label: &'static str, _: C) -> Self
    where
        C: Column<Table = R::Table> + 'static,
        C::SqlType: Number,
    {
        self.with_filter(name, label, FilterControl::Number, Way::Equal(C::NAME), numbered::<R, C>)
    }

    /// The list can show the rows with just this text.
    #[must_use]
    pub fn filter_text<C>(self, name: &'static str, label: &'static str, _: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Text>,
    {
        self.with_filter(name, label, FilterControl::Text, Way::Equal(C::NAME), move |value, table| {
            if value.contains('\0') { Err("a text is allowed") } else { Ok(Box::new(is_text::<C>(table, value))) }
        })
    }

    /// The list can show the rows with one of a few values.
    #[must_use]
    pub fn filter_among<C>(
        self,
        name: &'static str,
        label: &'static str,
        choices: fn() -> Vec<(&'static str, String)>,
        _: C,
    ) -> Self
    where
        C: Column<Table = R::Table, SqlType = Text>,
    {
        self.with_filter(name, label, FilterControl::Among(choices), Way::Equal(C::NAME), move |value, table| {
            let is_one = choices().iter().any(|(choice, _)| *choice == value);
            let condition = is_one.then(|| -> Condition<R> { Box::new(is_text::<C>(table, value)) });
            condition.ok_or("one of those that can be chosen is allowed")
        })
    }

    fn with_filter(
        mut self,
        name: &'static str,
        label: &'static str,
        control: FilterControl,
        way: Way,
        condition: impl Fn(&str, &'static str) -> Result<Condition<R>, &'static str> + Send + Sync + 'static,
    ) -> Self {
        self.filters.push(Filter { name, label, control, condition: Box::new(condition), way, offer: None });
        self
    }
}

const NUMBER: &str = "the number of a record is allowed";

/// What a column of numbers holds, in each row or in some.
pub trait Number {}

impl Number for BigInt {}

impl Number for Nullable<BigInt> {}

fn numbered<R: Resource, C: Column>(value: &str, table: &'static str) -> Result<Condition<R>, &'static str> {
    let number = value.parse().map_err(|_| NUMBER)?;
    Ok(Box::new(Fragment::new(format!("{table}.{} = ", C::NAME)).number(number)))
}

fn is_text<C: Column>(table: &'static str, value: &str) -> Fragment<Bool> {
    Fragment::new(format!("{table}.{} = ", C::NAME)).text(value.to_owned())
}

/// The first moment of a day, or of one some days later.
fn day(value: &str, later: u8) -> Result<NaiveDateTime, &'static str> {
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().filter(|_| value.len() == 10);
    // A year of five digits would be no time that a database compares.
    let day =
        day.map(|day| day.checked_add_days(Days::new(later.into())).filter(|day| day.year() < 10_000).unwrap_or(day));
    day.and_then(|day| day.and_hms_opt(0, 0, 0)).ok_or("a day like 2026-03-31 is allowed")
}

/// A minute, or one some minutes later; of a day its first or, later, the first of the next.
fn minute(value: &str, later: u8) -> Result<NaiveDateTime, &'static str> {
    if !value.contains('T') {
        return day(value, later);
    }
    let minute = NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M").ok().filter(|_| value.len() == 16);
    let minute = minute.filter(|minute| (1..10_000).contains(&minute.year()));
    let minute = minute.and_then(|minute| minute.checked_add_signed(TimeDelta::minutes(later.into())));
    minute.ok_or("a day like 2026-03-31 or a minute like 2026-03-31T10:00 is allowed")
}
