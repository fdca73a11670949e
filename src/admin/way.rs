//! How the rows that meet a filter are found.

/// How the rows that meet a filter are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// An index begins with this column; one for each sorted column goes on with that and the id.
    Equal(&'static str),
    /// One end of a range. An index begins with this column.
    Range(&'static str, End),
    /// By the rows of another table.
    Through(Through),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    From,
    To,
}

/// A table of pairs that also holds each sorted column of the entity, by its name there and kept alike by the database: an
/// index on `key`, the column and `id` then holds the filtered list in each order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    pub table: &'static str,
    /// The column that points to the entity.
    pub id: &'static str,
    /// The column that points to what is filtered by.
    pub key: &'static str,
}
