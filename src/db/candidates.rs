//! The rows that a search may find, as the database's index of trigrams knows them.

use diesel::sql_types::Bool;

use super::Engine;
use super::fragment::Fragment;
use super::search::contains_by_index;
use super::trigrams::Trigrams;

/// In PostgreSQL rows are few up to this number: as many as a list counts.
const FEW: i64 = 1000;

/// Counted once for the whole statement.
pub(super) const ARE_FEW: &str = "(SELECT is_small FROM size)";

/// What is looked for where.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    pub table: &'static str,
    pub columns: &'a [&'static str],
    /// What the rows are sorted by.
    pub order: &'static str,
    /// Texts that are all found, each in some column.
    pub texts: &'a [&'a str],
    /// True when nothing else is asked of a row.
    pub is_all: bool,
}

/// The rows that may be found: none is missing. All of them are asked for by `SELECT`s that go on from a head.
#[derive(Clone, Debug)]
pub struct Candidates {
    table: &'static str,
    index: Index,
}

#[derive(Clone, Debug)]
enum Index {
    /// PostgreSQL's planner knows for each text how common it is, and so whether to ask the index or to look at one row
    /// after the other until there are more than few.
    Planned {
        columns: Vec<&'static str>,
        order: &'static str,
        texts: Vec<String>,
        is_all: bool,
    },
    Trigrams(Trigrams),
}

/// What the index knows of the rows in which all these texts are found; none when it knows no part of them.
#[must_use]
pub fn candidates(engine: Engine, sought: Sought) -> Option<Candidates> {
    let Sought { table, columns, order, texts, is_all } = sought;
    let index = match engine {
        Engine::Postgres => texts.iter().any(|text| has_trigram(text)).then(|| Index::Planned {
            columns: columns.to_vec(),
            order,
            texts: texts.iter().map(ToString::to_string).collect(),
            is_all,
        }),
        Engine::Sqlite => Trigrams::of(table, texts).map(Index::Trigrams),
    };
    index.map(|index| Candidates { table, index })
}

/// True of a text in which PostgreSQL's index finds something to look for: three letters or digits in a row, two before
/// another character, or one after it (`pg_trgm` pads words with blanks). SQLite's knows any three characters.
#[must_use]
pub fn has_trigram(text: &str) -> bool {
    let chars: Vec<_> = text.chars().map(char::is_alphanumeric).collect();
    let begins = || chars.windows(2).any(|two| two == [false, true]);
    chars.len() >= 3 && (chars.windows(3).any(|three| three[0] && three[1]) || begins())
}

impl Candidates {
    /// What the other pieces speak of, for the head of their statement, to be gone on with.
    #[must_use]
    pub fn head(&self) -> Fragment<()> {
        let table = self.table;
        match &self.index {
            Index::Planned { columns, order, texts, .. } => {
                let rows =
                    format!("WITH candidates AS MATERIALIZED (SELECT {table}.id, {table}.{order} FROM {table} WHERE ");
                Fragment::new(rows).joined(found(table, columns, texts), " AND ").sql(format!(
                    " LIMIT {FEW} + 1), size AS MATERIALIZED (SELECT count(*) <= {FEW} AS is_small FROM candidates)"
                ))
            }
            Index::Trigrams(trigrams) => trigrams.head(),
        }
    }

    /// So many of them are known at least when they are not few, and each of them is found: where nothing else is asked of a
    /// row.
    #[must_use]
    pub fn least(&self) -> Option<i64> {
        match self.index {
            Index::Planned { is_all: true, .. } => Some(FEW + 1),
            _ => None,
        }
    }

    /// True when each of them has the texts; else they may have their parts in another order.
    #[must_use]
    pub fn are_exact(&self) -> bool {
        matches!(self.index, Index::Planned { .. })
    }

    /// What is true of each of them and of no other row, where an index leads to that by itself.
    #[must_use]
    pub fn exact(&self) -> Option<Vec<Fragment<Bool>>> {
        match &self.index {
            Index::Planned { columns, texts, .. } => Some(found(self.table, columns, texts)),
            Index::Trigrams(_) => None,
        }
    }

    /// True when they are few; then the first of them are all.
    #[must_use]
    pub fn are_few() -> Fragment<Bool> {
        Fragment::new(ARE_FEW)
    }

    /// A `SELECT` of something of each of the first of their rows, to which conditions may be added.
    #[must_use]
    pub fn first<ST>(&self, what: &str) -> Fragment<ST> {
        match &self.index {
            Index::Planned { .. } => Fragment::new(format!("SELECT {what} FROM {} WHERE TRUE", self.rows())),
            Index::Trigrams(trigrams) => trigrams.first(what),
        }
    }

    /// As [`Candidates::first`], of all of them when they are few, else of none.
    #[must_use]
    pub fn few<ST>(&self, what: &str) -> Fragment<ST> {
        match &self.index {
            Index::Planned { .. } => Fragment::new(format!("SELECT {what} FROM {} WHERE {ARE_FEW}", self.rows())),
            Index::Trigrams(trigrams) => trigrams.few(what),
        }
    }

    /// A `SELECT` of something of each of their rows, to which conditions may be added.
    #[must_use]
    pub fn all<ST>(&self, what: &str) -> Fragment<ST> {
        let table = self.table;
        match &self.index {
            // The planner takes the order and the other conditions for another query's, so that the index leads.
            Index::Planned { columns, texts, .. } => {
                Fragment::new(format!("SELECT {what} FROM (SELECT {table}.* FROM {table} WHERE "))
                    .joined(found(table, columns, texts), " AND ")
                    .sql(format!(" OFFSET 0) AS {table} WHERE TRUE"))
            }
            Index::Trigrams(trigrams) => trigrams.all(what),
        }
    }

    /// Those that are known, with all that is needed of their rows.
    fn rows(&self) -> String {
        let table = self.table;
        if self.least().is_some() {
            format!("candidates AS {table}")
        } else {
            format!("candidates JOIN {table} ON {table}.id = candidates.id")
        }
    }
}

fn found(table: &str, columns: &[&'static str], texts: &[String]) -> Vec<Fragment<Bool>> {
    // A plan that is made once, for any text, would be wrong for the common ones or for the rare.
    texts.iter().map(|text| contains_by_index(table, columns, text).prepared_anew(true)).collect()
}
