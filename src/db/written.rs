//! Queries of Diesel's own whose text is written once. Diesel writes a query letter by letter, and for a connection to either of
//! two databases three times for each use: a fifth of the time of a record's page.

use std::fmt::Write as _;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::SingleValue;

use super::fragment::{Fragment, Piece};

/// The text of a query, in pieces between which there is something bound or put in. It is a query of either database: nothing in it is
/// spelled in PostgreSQL's own way, as lists and limits are.
pub struct Written(Vec<String>);

impl Written {
    /// Writes a query. The values in it mean nothing, only their places do.
    #[must_use]
    pub fn of(query: &impl QueryFragment<Pg>) -> Self {
        let text = text(query);
        let mut parts = text.split('$');
        let first = parts.next().unwrap_or_default().to_owned();
        // After each sign its number, or the mark of a place.
        let rest = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == PUT_IN).to_owned());
        Written(std::iter::once(first).chain(rest).collect())
    }

    /// The query with what stands in its places, in their order in the text: what is selected, then what it is filtered by.
    ///
    /// # Panics
    /// When there are more places or fewer, which the first use tells.
    #[must_use]
    pub fn with<ST>(
        &'static self,
        values: impl IntoIterator<Item = Piece, IntoIter: ExactSizeIterator>,
    ) -> Fragment<ST> {
        let values = values.into_iter();
        assert_eq!(values.len() + 1, self.0.len(), "the places of {:?}", self.0);
        let mut pieces = self.0.iter();
        let first = Fragment::new(pieces.next().map(String::as_str).unwrap_or_default());
        values.zip(pieces).fold(first, |query, (value, piece)| query.piece(value).sql(piece.as_str()))
    }
}

/// What marks a place where something is put in, after the sign.
const PUT_IN: char = '?';

/// A place in a query where a piece of ours is put in.
pub fn put_in<ST: SingleValue>() -> SqlLiteral<ST> {
    sql(&format!("${PUT_IN}"))
}

/// The text of a query or of a part of one, as either database takes it.
#[must_use]
pub fn text(query: &impl QueryFragment<Pg>) -> String {
    let mut shown = String::new();
    let _ = write!(shown, "{}", diesel::debug_query::<Pg, _>(query));
    shown.truncate(shown.find(" -- binds").unwrap_or(shown.len()));
    shown
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use diesel::prelude::*;
    use diesel::sql_types::Bool;

    use super::*;
    use crate::db::schema::users;

    #[test]
    fn a_query_is_taken_apart_where_something_is_bound_or_put_in() {
        let query =
            users::table.filter(users::email.eq("")).filter(users::id.gt(0)).select((users::id, put_in::<Bool>()));
        let Written(pieces) = Written::of(&query);
        let expected = [
            r#"SELECT "users"."id", "#,
            r#" FROM "users" WHERE (("users"."email" = "#,
            r#") AND ("users"."id" > "#,
            "))",
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    #[should_panic(expected = "the places of")]
    fn nothing_is_left_out_where_the_places_are_others() {
        let written = LazyLock::force(&BY_EMAIL);
        let _ = written.with::<Bool>([]);
    }

    static BY_EMAIL: LazyLock<Written> =
        LazyLock::new(|| Written::of(&users::table.filter(users::email.eq("")).select(users::is_active)));
}
