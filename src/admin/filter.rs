//! A condition that a list's URL can set, one parameter a filter.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime};
use diesel::dsl::{Eq, GtEq, Lt};
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamp};

use super::Field;
use super::control::{Control, Offer};
use super::resource::Resource;
use crate::crud::Condition;
use crate::db::Backend;

/// How the value of a filter is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterControl {
    YesNo,
    Date,
    One { entity: &'static str },
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
    pub fn filter<C>(mut self, column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Bool> + ExpressionMethods + Copy + Send + Sync + 'static,
        Eq<C, bool>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
    {
        let condition = move |value: &str| -> Result<Condition<R>, &'static str> {
            match value {
                "true" => Ok(Box::new(column.eq(true))),
                "false" => Ok(Box::new(column.eq(false))),
                _ => Err("true or false is allowed"),
            }
        };
        self.filters.push(Filter {
            name: self.name,
            label: self.label,
            control: FilterControl::YesNo,
            condition: Box::new(condition),
            offer: None,
        });
        self
    }

    /// The list can show the rows from one day on and up to another, both included, in UTC. The parameters are the
    /// field's name, without `_at`, with `_from` and `_to`.
    #[must_use]
    pub fn range<C>(mut self, names: [&'static str; 2], labels: [&'static str; 2], column: C) -> Self
    where
        C: Column<Table = R::Table, SqlType = Timestamp> + ExpressionMethods + Copy + Send + Sync + 'static,
        GtEq<C, NaiveDateTime>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
        Lt<C, NaiveDateTime>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
    {
        let from = move |value: &str| -> Result<Condition<R>, &'static str> { Ok(Box::new(column.ge(day(value, 0)?))) };
        let to = move |value: &str| -> Result<Condition<R>, &'static str> { Ok(Box::new(column.lt(day(value, 1)?))) };
        let control = FilterControl::Date;
        self.filters.push(Filter { name: names[0], label: labels[0], control, condition: Box::new(from), offer: None });
        self.filters.push(Filter { name: names[1], label: labels[1], control, condition: Box::new(to), offer: None });
        self
    }

    /// The list can show the rows that have to do with one record of the entity that this field points to.
    #[must_use]
    pub fn filter_one(
        mut self,
        name: &'static str,
        label: &'static str,
        offer: Offer,
        condition: fn(i64) -> Condition<R>,
    ) -> Self {
        let Some(Control::One { entity } | Control::Several { entity: Some(entity) }) =
            self.input.as_ref().map(|input| input.control)
        else {
            return self;
        };
        let condition =
            move |value: &str| value.parse().map(condition).map_err(|_| "the number of a record is allowed");
        let control = FilterControl::One { entity };
        self.filters.push(Filter { name, label, control, condition: Box::new(condition), offer: Some(offer) });
        self
    }
}

/// The first moment of a day, or of one some days later.
fn day(value: &str, later: u64) -> Result<NaiveDateTime, &'static str> {
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().filter(|_| value.len() == 10);
    // A year of five digits would be no time that a database compares.
    let day = day.map(|day| day.checked_add_days(Days::new(later)).filter(|day| day.year() < 10_000).unwrap_or(day));
    day.and_then(|day| day.and_hms_opt(0, 0, 0)).ok_or("a day like 2026-03-31 is allowed")
}
