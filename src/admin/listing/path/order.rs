//! Which part of the list's order the rows of a page are in.

use diesel::sql_types::Bool;
use serde_json::Value;

use super::{From, Part, Path};
use crate::admin::filter::{End, Filter, Way};
use crate::admin::listing::search;
use crate::admin::resource::Resource;
use crate::admin::sort::Rows;
use crate::db::sql::{Clause, Fragment};
use crate::error::{Error, Result};

impl<R: Resource> Path<'_, R> {
    /// True of a part that the sorted column decides alone.
    pub(super) fn is_in_order(&self, part: Part) -> bool {
        match part {
            Part::Range(_) | Part::Start(_) => self.is_led(part),
            Part::Equal(place) => self.filters[place].0.way == Way::Equal(self.sort.column),
            Part::Search | Part::Through(..) => false,
        }
    }

    /// What all rows of the list hold in the sorted column, where a filter says so. The order is that of the ids alone then, and
    /// a planner may take all rows by id and pass over those that the filter does not want; between two places it can't.
    fn only_key(&self) -> Option<Value> {
        let is_only = |(filter, _): &&(&Filter<R>, &str)| filter.way == Way::Equal(self.sort.column);
        let (_, value) = self.filters.iter().find(is_only)?;
        let keys = [Some(Value::from(*value)), serde_json::from_str(value).ok()];
        keys.into_iter().flatten().find(|key| (self.sort.beyond)(self.own(), key, 0, false).is_some())
    }

    /// The part of the order in which the rows of a page are: from a place on, and as far as what the sorted column decides goes.
    /// Of two conditions on where to begin a database takes either, so only the place is one.
    pub(super) fn in_order(&self, rows: Rows, from: From) -> Result<Vec<Clause>> {
        let is_own = rows.table == R::TABLE;
        let only = self.only_key().filter(|_| is_own);
        // All that holds the only key is between two places of it: no filter is needed, nor one that a planner may begin by.
        let is_between = only.is_some() && from.cursor.is_none_or(|cursor| Some(&cursor.key) == only.as_ref());
        let whole = self.conditions(rows.table, |part| {
            let is_needed = match part {
                Part::Equal(_) => is_own && !is_between,
                Part::Range(_) => true,
                _ => is_own,
            };
            is_needed && self.is_in_order(part)
        })?;
        if from.cursor.is_none() && only.is_none() {
            return Ok(whole);
        }
        let mut pieces: Vec<_> = whole.into_iter().map(hidden_from_planner).collect();
        let (first, last) = if from.descending { (i64::MAX, i64::MIN) } else { (i64::MIN, i64::MAX) };
        pieces.extend(self.beyond(rows, from)?);
        if let Some(key) = only {
            if from.cursor.is_none() {
                pieces.push(self.place(rows, &key, first, from.descending)?);
            }
            pieces.push(self.place(rows, &key, last, !from.descending)?);
        }
        let far = if from.descending { End::From } else { End::To };
        for (filter, value) in self.filters.iter().filter(|(filter, _)| filter.way == Way::Range(self.sort.column, far))
        {
            pieces.push(Box::new(
                (filter.condition)(value, rows.table).map_err(|allowed| Error::BadRequest(allowed.to_owned()))?,
            ));
        }
        if is_own && search::key::<R>() == Some(self.sort.column) {
            let ends = self.words.iter().filter_map(|word| search::end::<R>(word, from.descending));
            pieces.extend(ends.map(|end| -> Clause { Box::new(end) }));
        }
        Ok(pieces)
    }

    /// The rows beyond the place that a page goes on from.
    pub(super) fn beyond(&self, rows: Rows, from: From) -> Result<Option<Clause>> {
        from.cursor.map(|cursor| self.place(rows, &cursor.key, cursor.id, from.descending)).transpose()
    }

    fn place(&self, rows: Rows, key: &Value, id: i64, descending: bool) -> Result<Clause> {
        let beyond = (self.sort.beyond)(rows, key, id, descending);
        let beyond = beyond.ok_or_else(|| Error::BadRequest("The page of this list can't be found.".into()))?;
        Ok(Box::new(beyond))
    }

    /// The entity's own table, to be walked.
    pub(super) fn own(&self) -> Rows {
        Rows { engine: self.engine, table: R::TABLE, id: "id" }
    }
}

/// A condition that no index is used for.
pub(super) fn hidden_from_planner(condition: Clause) -> Clause {
    Box::new(Fragment::<Bool>::new("(").part(condition).sql(") IS TRUE"))
}
