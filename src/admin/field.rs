//! A field of an entity: how it is read, written, checked, and, only where it says so, sorted, searched and filtered by.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::control::{Accepting, Control, Input};
use super::filter::Filter;
use super::relation::PointsTo;
use super::resource::{Fault, Resource};
use super::shown::Shown;
use super::sort::Sort;
use crate::access::Actor;
use crate::db::{AnyConnection, Write};

/// What each of these records shows, in their order; one query for all of them where it takes one.
pub(super) type Show<R> = Box<dyn Fn(&mut AnyConnection, &Actor, &[R]) -> QueryResult<Vec<Shown>> + Send + Sync>;

/// Where a search looks.
pub struct Search {
    pub column: &'static str,
    /// The column in which short words are looked for, at its beginning.
    pub key: Option<&'static str>,
}

/// What is counted of each row of a list, in the query for the list.
pub(super) struct Counted {
    pub table: &'static str,
    /// The column that points to the row.
    pub column: &'static str,
    pub show: ShowCount,
}

type ShowCount = Box<dyn Fn(&Actor, i64, i64) -> Shown + Send + Sync>;
type Rule<R> = fn(&Actor, Option<&R>, &[String]) -> Option<&'static str>;
type Foreseen<R> = fn(&mut AnyConnection, &R, &[String]) -> QueryResult<Option<&'static str>>;
type After = fn(&mut Write, i64) -> Result<(), Fault>;

/// A field of an entity.
pub struct Field<R: Resource> {
    /// Its one name: in URLs, in forms, in the table.
    pub name: &'static str,
    pub label: &'static str,
    /// The label in a sentence.
    pub(super) in_words: String,
    /// What one should know before putting something in.
    pub help: &'static str,
    pub(super) show: Show<R>,
    list: Option<Show<R>>,
    pub(super) input: Option<Input<R>>,
    pub(super) sort: Option<Sort<R>>,
    pub(super) search: Option<Search>,
    pub(super) counted: Option<Counted>,
    pub(super) filters: Vec<Filter<R>>,
    pub(super) is_listed: bool,
    pub(super) is_inline: bool,
    pub(super) is_sensitive: bool,
    pub(super) points_to: Option<PointsTo<R>>,
    rule: Option<Rule<R>>,
    pub(super) foreseen: Option<Foreseen<R>>,
    after: Option<After>,
}

impl<R: Resource> Field<R> {
    /// A field that is only shown.
    pub fn shown(
        name: &'static str,
        label: &'static str,
        show: impl Fn(&mut AnyConnection, &Actor, &[R]) -> QueryResult<Vec<Shown>> + Send + Sync + 'static,
    ) -> Self {
        Field {
            name,
            label,
            in_words: label.to_lowercase(),
            help: "",
            show: Box::new(show),
            list: None,
            input: None,
            sort: None,
            search: None,
            counted: None,
            filters: Vec::new(),
            is_listed: true,
            is_inline: false,
            is_sensitive: false,
            points_to: None,
            rule: None,
            foreseen: None,
            after: None,
        }
    }

    pub(super) fn with_input(
        mut self,
        control: Control,
        stored: impl Fn(&mut AnyConnection, &R) -> crate::error::Result<Vec<String>> + Send + Sync + 'static,
        accept: impl Fn(&mut Accepting<'_, R>, &[String]) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Self {
        self.input = Some(Input {
            control,
            is_required: false,
            is_only_new: false,
            starts: false,
            max: if control == Control::Area { 10_000 } else { 200 },
            stored: Box::new(stored),
            named: None,
            accept: Box::new(accept),
            offer: None,
        });
        self
    }

    /// It may not be empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        if let Some(input) = &mut self.input {
            input.is_required = true;
        }
        self
    }

    /// It can be put in for a new record only; a stored one's is not for whoever administers it.
    #[must_use]
    pub fn only_new(mut self) -> Self {
        if let Some(input) = &mut self.input {
            input.is_only_new = true;
        }
        self
    }

    /// It is yes in a new record until one chooses; say so in `From<Changes> for New` too.
    #[must_use]
    pub fn starts_yes(mut self) -> Self {
        if let Some(input) = &mut self.input {
            input.starts = true;
        }
        self
    }

    /// Its longest text, in characters.
    #[must_use]
    pub fn max(mut self, characters: usize) -> Self {
        if let Some(input) = &mut self.input {
            input.max = characters;
        }
        self
    }

    /// It can be changed in the list, in its cell.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.is_inline = true;
        self
    }

    /// To change it gives somebody power, so whoever does confirms with the own password that it is them.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self
    }

    /// The list does not show it.
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        self.is_listed = false;
        self
    }

    /// The list shows something else of it than the record's page.
    #[must_use]
    pub fn listed_as(
        mut self,
        show: impl Fn(&mut AnyConnection, &Actor, &[R]) -> QueryResult<Vec<Shown>> + Send + Sync + 'static,
    ) -> Self {
        self.list = Some(Box::new(show));
        self
    }

    /// True when the list shows something else of it than the record's page.
    pub(super) fn is_listed_otherwise(&self) -> bool {
        self.list.is_some()
    }

    /// What stands in the list's column.
    pub(super) fn column(&self, conn: &mut AnyConnection, actor: &Actor, rows: &[R]) -> QueryResult<Vec<Shown>> {
        self.list.as_ref().unwrap_or(&self.show)(conn, actor, rows)
    }

    /// What one should know before putting something in.
    #[must_use]
    pub fn help(mut self, text: &'static str) -> Self {
        self.help = text;
        self
    }

    /// What else must be true of a new value; the sentence is shown at the field.
    #[must_use]
    pub fn rule(mut self, rule: Rule<R>) -> Self {
        self.rule = Some(rule);
        self
    }

    /// What a change to a stored record would be refused for only once it is written; asked by who tells of it before.
    #[must_use]
    pub fn foreseen(mut self, foreseen: Foreseen<R>) -> Self {
        self.foreseen = Some(foreseen);
        self
    }

    /// What is done, in the same transaction, once a changed value of a stored record is written.
    #[must_use]
    pub fn then(mut self, after: After) -> Self {
        self.after = Some(after);
        self
    }

    /// The list's search looks into this column. It needs an index of trigrams (see the migration `0011_search`).
    #[must_use]
    pub fn search<C: Column<Table = R::Table, SqlType = Text>>(mut self, _: C) -> Self {
        self.search = Some(Search { column: C::NAME, key: None });
        self
    }

    /// Words that are too short for that index are looked for at the beginning of this column, which holds the same with
    /// ASCII in lower case and leads an index.
    #[must_use]
    pub fn search_start<C: Column<Table = R::Table, SqlType = Text>>(mut self, _: C) -> Self {
        if let Some(search) = &mut self.search {
            search.key = Some(C::NAME);
        }
        self
    }

    /// Takes a changed value into a draft.
    pub(super) fn take(&self, accepting: &mut Accepting<'_, R>, value: &[String]) -> Result<(), Fault> {
        let Some(input) = &self.input else { return Ok(()) };
        if let Some(message) = input.refusal(value) {
            return Err(Fault::At(message));
        }
        if let Some(message) = self.rule.and_then(|rule| rule(accepting.actor, accepting.record, value)) {
            return Err(message.into());
        }
        (input.accept)(accepting, value)?;
        accepting.draft.is_touched = true;
        if let (Some(after), Some(_)) = (self.after, accepting.record) {
            accepting.draft.effects.push((self.name, Box::new(after)));
        }
        Ok(())
    }
}
