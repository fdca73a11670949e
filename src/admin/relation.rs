//! Fields that point to other records: to one, or to several.

use std::collections::HashMap;

use diesel::dsl::Eq;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::Field;
use super::control::{Control, Offer, Offered};
use super::field::Counted;
use super::picker;
use super::resource::{COUNT_CAP, Fault, Resource};
use super::shown::{Link, Shown};
use crate::access::{Action, Actor};
use crate::crud::Condition;
use crate::crud::audit::Value;
use crate::db::sql::{self, Fragment};
use crate::db::{AnyConnection, Backend, Write};
use crate::error::Result;

/// Something that a record holds: the record's id, the value, and its label.
pub type Held = (i64, String, String);

/// How a set of other things that belong to a record is read and written.
pub struct SetOf {
    /// The entity whose records they are; none for names from a list.
    pub entity: Option<&'static str>,
    /// What these records hold, in one query.
    pub held: fn(&mut AnyConnection, &[i64]) -> QueryResult<Vec<Held>>,
    /// The choices: all of them or what matches a query, and in any case those chosen already.
    pub offer: fn(&mut AnyConnection, &Actor, Option<&str>, &[String]) -> Result<Offered>,
    /// Gives what is not held yet.
    pub give: fn(&mut Write, i64, &[String]) -> Result<(), Fault>,
    /// Takes what is held.
    pub take: fn(&mut Write, i64, &[String]) -> Result<(), Fault>,
}

/// The entity whose records a field points to, and the records that point to one of them.
pub(super) struct PointsTo<R: Resource> {
    pub entity: &'static str,
    pub condition: Box<dyn Fn(i64) -> Condition<R> + Send + Sync>,
}

impl<R: Resource> Field<R> {
    /// A record of `T` that this one points to; before that one is deleted, these are counted.
    pub fn one<T: Resource, C>(
        name: &'static str,
        label: &'static str,
        column: C,
        read: fn(&R) -> i64,
        slot: fn(&mut R::Changes) -> &mut Option<i64>,
    ) -> Self
    where
        C: Column<Table = R::Table, SqlType = BigInt> + ExpressionMethods + Copy + Send + Sync + 'static,
        Eq<C, i64>: BoxableExpression<R::Table, Backend, SqlType = Bool>,
    {
        let show = move |conn: &mut AnyConnection, actor: &Actor, rows: &[R]| {
            let mut ids: Vec<_> = rows.iter().map(read).collect();
            ids.sort_unstable();
            ids.dedup();
            let targets: HashMap<_, _> =
                T::get_many(conn, &ids)?.into_iter().map(|target| (target.id(), target)).collect();
            let link = |row| {
                let target = targets.get(&read(row));
                target.map_or(Shown::Links(Vec::new()), |target| Shown::Link(record_link(actor, target)))
            };
            Ok(rows.iter().map(link).collect())
        };
        let mut field = Field::shown(name, label, show).with_input(
            Control::One { entity: T::NAME },
            move |_, row| Ok(vec![read(row).to_string()]),
            move |accepting, value| {
                let id = value.first().and_then(|value| value.parse().ok());
                if !accepting.actor.may(Action::View, T::NAME) {
                    return Err(Fault::At(format!(
                        "To choose here you need the permission {}.",
                        Action::View.permission(T::NAME)
                    )));
                }
                let target = id.map(|id| T::get(accepting.conn, id)).transpose()?.flatten();
                let target = target.ok_or("Choose one of the list; this one is not there any more.")?;
                *slot(&mut accepting.draft.changes) = Some(target.id());
                Ok(())
            },
        );
        if let Some(input) = &mut field.input {
            input.offer = Some(picker::offer::<T>());
            input.named = Some(Box::new(move |conn, rows| {
                let ids: Vec<_> = rows.iter().map(read).collect();
                let targets = T::get_many(conn, &ids)?;
                let label = |id| targets.iter().find(|target| target.id() == id).map_or_else(String::new, T::label);
                Ok(ids.iter().map(|id| vec![Value::named(&id, &label(*id))]).collect())
            }));
        }
        let condition = move |id| -> Condition<R> { Box::new(column.eq(id)) };
        field.points_to = Some(PointsTo { entity: T::NAME, condition: Box::new(condition) });
        field
    }

    /// How many records of `T` there are for this one: rows of `table` whose `column` points here. The list of `T` shows them
    /// by its filter of the name `filter`.
    #[must_use]
    pub fn count<T: Resource>(
        name: &'static str,
        label: &'static str,
        (table, column): (&'static str, &'static str),
        filter: &'static str,
    ) -> Self {
        let mut field = Field::shown(name, label, move |conn, actor, rows: &[R]| {
            let ids: Vec<_> = rows.iter().map(R::id).collect();
            let counts = counts_of::<R>(conn, table, column, &ids)?;
            let count = |id: &i64| counts.get(id).copied().unwrap_or_default();
            Ok(ids.iter().map(|id| counted_link::<T>(actor, filter, *id, count(id))).collect())
        });
        field.counted = Some(Counted {
            table,
            column,
            show: Box::new(move |actor, id, count| counted_link::<T>(actor, filter, id, count)),
        });
        field
    }

    /// Several things that belong to the record. What a form does not offer to this person stays as it is.
    #[must_use]
    pub fn several(name: &'static str, label: &'static str, set: &SetOf) -> Self {
        let SetOf { entity, held, offer, give, take } = *set;
        let show = move |conn: &mut AnyConnection, actor: &Actor, rows: &[R]| {
            let ids: Vec<_> = rows.iter().map(R::id).collect();
            let all = if ids.is_empty() { Vec::new() } else { held(conn, &ids)? };
            let mut links: HashMap<i64, Vec<Link>> = HashMap::new();
            for (id, value, label) in all {
                links.entry(id).or_default().push(held_link(actor, entity, &value, &label));
            }
            Ok(ids.iter().map(|id| Shown::Links(links.remove(id).unwrap_or_default())).collect())
        };
        let stored = move |conn: &mut AnyConnection, id: i64| -> Result<Vec<String>> {
            let mut values: Vec<_> = held(conn, &[id])?.into_iter().map(|(_, value, _)| value).collect();
            values.sort();
            Ok(values)
        };
        let mut field = Field::shown(name, label, show).with_input(
            Control::Several { entity },
            move |conn, row| stored(conn, row.id()),
            move |accepting, wanted| {
                let held =
                    accepting.record.map(|row| stored(accepting.conn, row.id())).transpose()?.unwrap_or_default();
                let mut all: Vec<_> = wanted.iter().chain(&held).cloned().collect();
                all.sort();
                all.dedup();
                let choices = offer(accepting.conn, accepting.actor, None, &all)?.choices;
                let choice = |value: &String| choices.iter().find(|choice| choice.value == *value);
                let added: Vec<_> = wanted.iter().filter(|value| !held.contains(value)).cloned().collect();
                for value in &added {
                    let choice = choice(value).ok_or("One of these is not there any more. Choose again.")?;
                    if let Some(why) = choice.fixed {
                        return Err(Fault::At(format!("{}: {why}", choice.label)));
                    }
                }
                let may_take = |value: &&String| choice(value).is_some_and(|choice| choice.fixed.is_none());
                let taken: Vec<_> =
                    held.iter().filter(|value| !wanted.contains(value)).filter(may_take).cloned().collect();
                let effect = move |w: &mut Write, id| {
                    take(w, id, &taken)?;
                    give(w, id, &added)
                };
                accepting.draft.effects.push((name, Box::new(effect)));
                Ok(())
            },
        );
        if let Some(input) = &mut field.input {
            input.offer = Some(Box::new(offer) as Offer);
            input.named = Some(Box::new(move |conn, rows| {
                let ids: Vec<_> = rows.iter().map(R::id).collect();
                let held = held(conn, &ids)?;
                // What is its own name needs no other.
                let value = |(_, value, label): &Held| {
                    if value == label { Value::Plain(value.clone()) } else { Value::named(&value, label) }
                };
                let of = |id: &i64| held.iter().filter(|held| held.0 == *id).map(value).collect();
                Ok(ids.iter().map(of).collect())
            }));
        }
        field
    }
}

/// How many rows of a table point to each of these records.
fn counts_of<R: Resource>(
    conn: &mut AnyConnection,
    table: &'static str,
    column: &'static str,
    ids: &[i64],
) -> QueryResult<HashMap<i64, i64>> {
    let id = format!("{}.id", R::TABLE);
    let counts = Fragment::<(BigInt, BigInt)>::new(format!("SELECT {id}, "));
    let counts = counts.part(sql::count_related(table, column, R::TABLE, COUNT_CAP + 1));
    let of = sql::among(conn.engine(), Fragment::<BigInt>::new(id), ids);
    let counts: Vec<_> = counts.sql(format!(" FROM {} WHERE ", R::TABLE)).part(of).load(conn)?;
    Ok(counts.into_iter().collect())
}

/// How many records of `T` there are for a record with this id, and the way to the list of them by its filter of that name,
/// for those who may see it.
#[must_use]
pub fn counted_link<T: Resource>(actor: &Actor, filter: &str, id: i64, count: i64) -> Shown {
    Shown::count(count, actor.may(Action::View, T::NAME).then(|| format!("/{}?{filter}={id}", T::NAME)))
}

/// Something that a record holds, and the way to it, where it is a record that this person may see.
pub(super) fn held_link(actor: &Actor, entity: Option<&str>, value: &str, label: &str) -> Link {
    let entity = entity.filter(|entity| actor.may(Action::View, entity));
    Link { label: label.to_owned(), href: entity.map(|entity| format!("/{entity}/{value}")) }
}

/// A record by its label, and the way to it for those who may see it.
pub fn record_link<T: Resource>(actor: &Actor, record: &T) -> Link {
    let href = actor.may(Action::View, T::NAME).then(|| format!("/{}/{}", T::NAME, record.id()));
    Link { label: record.label(), href }
}
